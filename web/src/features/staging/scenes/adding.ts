/** What comes into a room: a piece of the catalogue, a picture of one's own. Pure. */
import type { CatalogueItem, Furniture, Print, RoomBox, SceneCamera } from "../../../api";
import { extentOf, liesFlat, type Px, topOf, type Vec3 } from "./model";
import { reach, settled } from "./moves";
import { centreOf, onLevel } from "./projection";
import { besides, hungAt, visibleWall } from "./walls";

/** Pieces hang with their middle at this height above the floor, metres. */
const EYE_M = 1.5;

const at = (piece: Furniture) => piece.position_m as Vec3;

/** Puts something out of the catalogue into the middle of the visible floor, on a wall, or on what is selected. */
export function add(
  list: Furniture[],
  item: CatalogueItem,
  room: RoomBox,
  camera: SceneCamera,
  selected: string | null,
): { list: Furniture[]; id: string } {
  const id = freshId(list);
  const floor = room.camera_height_m;
  const height = item.size_m[1] as number;
  const piece: Furniture = {
    id,
    kind: item.kind,
    option: item.option,
    style: item.style,
    name: item.name,
    size_m: item.size_m,
    position_m: [0, floor, 1],
    yaw_deg: 0,
    support: item.support,
    support_id: null,
    palette: null,
    color: null,
    asset: item.asset ?? null,
    seed: seedOf(id),
    movable: true,
  };
  if (piece.support === "wall") {
    const centre = visibleWall(camera, room);
    const base = item.kind === "curtain" ? floor : floor - EYE_M + height / 2;
    const hangs = hungAt(piece, centre.wall, centre.u, base, room);
    return { list: [...list, besides(list, hangs, room, camera)], id };
  }
  const table = piece.support === "item" ? tableFor(list, selected) : null;
  if (table) {
    const [x, y, z] = at(table);
    return { list: [...list, { ...piece, position_m: [x, y - topOf(table), z], support_id: table.id }], id };
  }
  const { left, right, back } = extentOf(room);
  const middle = centreOf(room.floor_polygon_px as Px[]);
  const spot = (middle && onLevel(camera, middle, floor)) ?? [(left + right) / 2, floor, back * 0.6];
  if (piece.support === "ceiling") {
    const hangs = { ...piece, position_m: [spot[0], floor - room.ceiling_height_m + height, spot[2]] };
    return { list: [...list, settled(hangs, room, null)], id };
  }
  const placed = settled({ ...piece, support: "floor", position_m: spot }, room, null);
  return { list: [...list, freed(list, placed, room)], id };
}

/** Hangs a picture of one's own where there is wall to see. */
export function hang(
  list: Furniture[],
  print: Print,
  size_m: number[],
  style: string,
  room: RoomBox,
  camera: SceneCamera,
): { list: Furniture[]; id: string } {
  const frame = {
    kind: "art",
    option: 1,
    style,
    name: "Framed print",
    size_m,
    support: "wall",
    asset: null,
  } as CatalogueItem;
  const added = add(list, frame, room, camera, null);
  return {
    ...added,
    list: added.list.map((piece) => (piece.id === added.id ? { ...piece, print } : piece)),
  };
}

function tableFor(list: readonly Furniture[], selected: string | null): Furniture | null {
  const chosen = list.find((piece) => piece.id === selected);
  if (chosen && topOf(chosen) > 0) return chosen;
  return list.find((piece) => topOf(piece) > 0) ?? null;
}

/** Directions to look for a free place in, and how far, metres. */
const AROUND = Array.from({ length: 8 }, (_, n) => [
  Math.cos((n * Math.PI) / 4),
  Math.sin((n * Math.PI) / 4),
]);
const RINGS_M = [0, 0.35, 0.7, 1.05, 1.4, 1.75];

/** The free place nearest to where the piece is; where it is when there is none. Rugs lie wherever they like. */
function freed(list: readonly Furniture[], piece: Furniture, room: RoomBox): Furniture {
  if (liesFlat(piece)) return piece;
  const obstacles = list.filter((other) => other.support === "floor" && !liesFlat(other));
  const [x, y, z] = at(piece);
  for (const ring of RINGS_M) {
    for (const [dx, dz] of AROUND as [number, number][]) {
      const moved = settled({ ...piece, position_m: [x + dx * ring, y, z + dz * ring] }, room, null);
      if (!obstacles.some((other) => areTogether(moved, other))) return moved;
    }
  }
  return piece;
}

/** Whether the rectangles that two pieces take up along X and Z meet. */
function areTogether(a: Furniture, b: Furniture): boolean {
  const [halfA, halfB] = [reach(a), reach(b)];
  return (
    Math.abs(at(a)[0] - at(b)[0]) < halfA.x + halfB.x && Math.abs(at(a)[2] - at(b)[2]) < halfA.z + halfB.z
  );
}

function freshId(list: readonly Furniture[]): string {
  const taken = new Set(list.map((piece) => piece.id));
  let n = list.length + 1;
  while (taken.has(`n${n}`)) n += 1;
  return `n${n}`;
}

/** A seed that is the same for the same id, so that undo and redo show the same piece. */
function seedOf(id: string): number {
  let hash = 2166136261;
  for (const letter of id) hash = Math.imul(hash ^ letter.charCodeAt(0), 16777619);
  return (hash >>> 0) % 2 ** 31;
}
