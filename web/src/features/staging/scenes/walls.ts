/** Where pieces hang: on which wall, how far along it, and beside what is there already. Pure. */
import type { Furniture, RoomBox, SceneCamera } from "../../../api";
import { type Extent, extentOf, type Px, type Vec3 } from "./model";
import { footprint, onWall, project, type Wall } from "./projection";

/** Nothing is set nearer to the camera than this, metres. */
export const NEAREST_M = 0.3;
/** Room that is left between things on a wall, and steps in which a free place is looked for, metres. */
const GAP_M = 0.08;
const STEP_M = 0.1;
/** What stands this near to a wall covers it, metres. */
const COVERS_M = 0.5;

const at = (piece: Furniture) => piece.position_m as Vec3;
const size = (piece: { size_m: number[] }) => piece.size_m as Vec3;
export const limit = (value: number, low: number, high: number) =>
  low > high ? (low + high) / 2 : Math.min(high, Math.max(low, value));

/** Which wall a hung piece is on, by the way it faces. */
export function wallOf(piece: Furniture): Wall {
  const sin = Math.sin((piece.yaw_deg * Math.PI) / 180);
  return sin > 0.7 ? "left" : sin < -0.7 ? "right" : "back";
}

const WALL_YAW: Record<Wall, number> = { back: 0, left: 90, right: -90 };

/** The piece with its middle at `u` along a wall and its lower edge at `base`, or as near to that as the wall allows. */
export function hungAt(piece: Furniture, wall: Wall, u: number, base: number, room: RoomBox): Furniture {
  const { left, right, back } = extentOf(room);
  const [width, height, depth] = size(piece);
  const floor = room.camera_height_m;
  const y = limit(base, floor - room.ceiling_height_m + height, floor);
  const along =
    wall === "back"
      ? limit(u, left + width / 2, right - width / 2)
      : limit(u, Math.min(NEAREST_M + width / 2, back), back - width / 2);
  const position: Vec3 =
    wall === "back"
      ? [along, y, back - depth / 2]
      : [wall === "left" ? left + depth / 2 : right - depth / 2, y, along];
  return { ...piece, position_m: position, yaw_deg: WALL_YAW[wall], support_id: wall };
}

/** A part of a wall: from and to along it, upper and lower edge (y points down), metres. */
type Patch = { u: [number, number]; y: [number, number] };

const areTogether = (a: Patch, b: Patch) =>
  a.u[0] < b.u[1] + GAP_M && b.u[0] < a.u[1] + GAP_M && a.y[0] < b.y[1] && b.y[0] < a.y[1];

/** The part of a wall that a piece hides; null when it stands or hangs elsewhere. */
function hiddenBy(piece: Furniture, wall: Wall, extent: Extent): Patch | null {
  const [, y] = at(piece);
  const ring = footprint(piece);
  const [along, away] = wall === "back" ? [0, 2] : [2, 0];
  const us = ring.map((corner) => corner[along] as number);
  const gaps = ring.map((corner) => Math.abs(extent[wall] - (corner[away] as number)));
  const isHere = piece.support === "wall" ? wallOf(piece) === wall : Math.min(...gaps) < COVERS_M;
  return isHere ? { u: [Math.min(...us), Math.max(...us)], y: [y - size(piece)[1], y] } : null;
}

/**
 * Aside along its wall to the nearest place that is in the picture and where it covers nothing; where it is when there is
 * none.
 */
export function besides(
  list: readonly Furniture[],
  piece: Furniture,
  room: RoomBox,
  camera: SceneCamera,
): Furniture {
  const [wall, extent, floor] = [wallOf(piece), extentOf(room), room.camera_height_m];
  const taken = list.map((other) => hiddenBy(other, wall, extent)).filter((patch) => patch !== null);
  for (const { wall: own, u_m, heights_m } of room.openings) {
    if (own !== wall) continue;
    const [low, high] = heights_m as [number, number];
    taken.push({ u: u_m as [number, number], y: [floor - high, floor - low] });
  }
  const [cx, cy] = camera.center_px as Px;
  const isSeen = (where: Vec3) => {
    const pixel = project(camera, where);
    return pixel !== null && Math.abs(pixel[0] - cx) < cx && Math.abs(pixel[1] - cy) < cy;
  };
  const [x, y, z] = at(piece);
  const u = wall === "back" ? x : z;
  const reach = Math.ceil((extent.right - extent.left + extent.back) / STEP_M);
  for (let n = 0; n <= reach; n += 1) {
    for (const step of n === 0 ? [0] : [n * STEP_M, -n * STEP_M]) {
      const moved = hungAt(piece, wall, u + step, y, room);
      const patch = hiddenBy(moved, wall, extent);
      if (!patch || !isSeen(at(moved)) || taken.some((other) => areTogether(patch, other))) continue;
      return moved;
    }
  }
  return piece;
}

/** The part of the walls in the middle of the picture. */
export function visibleWall(camera: SceneCamera, room: RoomBox): { wall: Wall; u: number } {
  const [cx, cy] = camera.center_px as Px;
  const hit = onWall(camera, [cx, cy], extentOf(room));
  if (!hit) return { wall: "back", u: 0 };
  return { wall: hit.wall, u: hit.wall === "back" ? hit.point[0] : hit.point[2] };
}
