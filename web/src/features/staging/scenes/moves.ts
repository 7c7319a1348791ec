/**
 * What hands do to furniture. Every function takes the whole list and gives a new one: things that stand on a
 * piece go where it goes, and nothing leaves the room. Pure.
 */
import type { CatalogueItem, Furniture, RoomBox, SceneCamera } from "../../../api";
import { type Extent, extentOf, liesFlat, type Px, topOf, type Vec3 } from "./model";
import { footprint, isInside, onLevel, onWall, project } from "./projection";
import { hungAt, limit, NEAREST_M, wallOf } from "./walls";

export const TURN_DEG = 15;

const at = (piece: Furniture) => piece.position_m as Vec3;
const size = (piece: { size_m: number[] }) => piece.size_m as Vec3;

/** Half of what a piece takes up along X and Z. */
export function reach(piece: Furniture): { x: number; z: number } {
  const [x, , z] = at(piece);
  const ring = footprint(piece);
  return {
    x: Math.max(...ring.map((corner) => Math.abs(corner[0] - x))),
    z: Math.max(...ring.map((corner) => Math.abs(corner[1] - z))),
  };
}

/** What a piece with `support: "item"` stands on. */
export function baseOf(list: readonly Furniture[], piece: Furniture): Furniture | null {
  if (piece.support !== "item") return null;
  const named = list.find((other) => other.id === piece.support_id);
  if (named) return named;
  const [x, y, z] = at(piece);
  let found: Furniture | null = null;
  for (const other of list) {
    if (other.id === piece.id || at(other)[1] < y - 1e-6 || liesFlat(other)) continue;
    if (!isInside([x, z], footprint(other))) continue;
    // Of a bench on a rug and a table around it, the highest below the thing carries it.
    if (!found || at(other)[1] - topOf(other) < at(found)[1] - topOf(found)) found = other;
  }
  return found;
}

/** The ids of everything that stands on the piece, also at second hand. */
export function carriedBy(list: readonly Furniture[], id: string): Set<string> {
  const carried = new Set<string>();
  let before = -1;
  while (before !== carried.size) {
    before = carried.size;
    for (const piece of list) {
      const base = baseOf(list, piece)?.id;
      if (base !== undefined && (base === id || carried.has(base))) carried.add(piece.id);
    }
  }
  carried.delete(id);
  return carried;
}

/** The nearest place where the piece is inside the room, on its wall, or on what carries it. */
export function settled(piece: Furniture, room: RoomBox, base: Furniture | null): Furniture {
  const [x, y, z] = at(piece);
  if (piece.support === "wall") {
    const wall = wallOf(piece);
    return hungAt(piece, wall, wall === "back" ? x : z, y, room);
  }
  if (base) {
    const inside = intoFootprint([x, z], base);
    return { ...piece, position_m: [inside[0], y, inside[1]] };
  }
  const { left, right, back } = extentOf(room);
  const half = reach(piece);
  return {
    ...piece,
    position_m: [
      limit(x, left + half.x, right - half.x),
      y,
      limit(z, Math.min(NEAREST_M + half.z, back - half.z), back - half.z),
    ],
  };
}

/** The point of a piece's top nearest to `(x, z)`, a little in from its edge. */
function intoFootprint([x, z]: [number, number], base: Furniture): [number, number] {
  const [bx, , bz] = at(base);
  const [width, , depth] = size(base);
  const yaw = (base.yaw_deg * Math.PI) / 180;
  const [cos, sin] = [Math.cos(yaw), Math.sin(yaw)];
  const [dx, dz] = [x - bx, z - bz];
  const edge = 0.08;
  const u = limit(dx * cos + dz * sin, edge - width / 2, width / 2 - edge);
  const front = limit(dx * sin - dz * cos, edge - depth / 2, depth / 2 - edge);
  return [bx + u * cos + front * sin, bz + u * sin - front * cos];
}

function withRiders(list: Furniture[], before: Furniture, after: Furniture): Furniture[] {
  const riders = carriedBy(list, before.id);
  const [fromX, fromY, fromZ] = at(before);
  const [toX, toY, toZ] = at(after);
  const turned = ((after.yaw_deg - before.yaw_deg) * Math.PI) / 180;
  const [cos, sin] = [Math.cos(turned), Math.sin(turned)];
  return list.map((piece) => {
    if (piece.id === before.id) return after;
    if (!riders.has(piece.id)) return piece;
    const [x, y, z] = at(piece);
    const [dx, dz] = [x - fromX, z - fromZ];
    return {
      ...piece,
      position_m: [toX + dx * cos - dz * sin, y + toY - fromY, toZ + dx * sin + dz * cos],
      yaw_deg: wrapped(piece.yaw_deg + after.yaw_deg - before.yaw_deg),
    };
  });
}

function change(
  list: Furniture[],
  id: string,
  room: RoomBox,
  how: (piece: Furniture) => Furniture,
): Furniture[] {
  const piece = list.find((one) => one.id === id);
  if (!piece?.movable) return list;
  const after = settled(how(piece), room, baseOf(list, piece));
  return withRiders(list, piece, after);
}

/** Moves by metres: right, up (hung pieces only) and away from the camera. */
export function moveBy(list: Furniture[], id: string, [right, up, away]: Vec3, room: RoomBox): Furniture[] {
  return change(list, id, room, (piece) => {
    const [x, y, z] = at(piece);
    return { ...piece, position_m: [x + right, y - up, z + away] };
  });
}

/** Sets the piece where the photo shows `pixel`: floor pieces on the floor, hung ones on the wall that is there. */
export function moveToPixel(
  list: Furniture[],
  id: string,
  pixel: Px,
  room: RoomBox,
  camera: SceneCamera,
): Furniture[] {
  const piece = list.find((one) => one.id === id);
  if (!piece?.movable) return list;
  if (piece.support === "wall") {
    const hit = onWall(camera, pixel, extentOf(room));
    if (!hit) return list;
    const u = hit.wall === "back" ? hit.point[0] : hit.point[2];
    return change(list, id, room, (one) => hungAt(one, hit.wall, u, hit.point[1], room));
  }
  const hit = onLevel(camera, pixel, at(piece)[1]);
  return hit ? change(list, id, room, (one) => ({ ...one, position_m: hit })) : list;
}

export function turnTo(list: Furniture[], id: string, yaw_deg: number, room: RoomBox): Furniture[] {
  return change(list, id, room, (piece) =>
    piece.support === "wall" ? piece : { ...piece, yaw_deg: wrapped(yaw_deg) },
  );
}

/** The next multiple of fifteen degrees in the direction of `by`. */
export function turnBy(list: Furniture[], id: string, by: 1 | -1, room: RoomBox): Furniture[] {
  const piece = list.find((one) => one.id === id);
  if (!piece) return list;
  const steps = piece.yaw_deg / TURN_DEG;
  const next = by > 0 ? Math.floor(steps + 1e-6) + 1 : Math.ceil(steps - 1e-6) - 1;
  return turnTo(list, id, next * TURN_DEG, room);
}

/** Yaw of a piece whose front looks at a point of the floor. */
export function yawTowards(piece: Furniture, [x, , z]: Vec3, isFree: boolean): number {
  const [px, , pz] = at(piece);
  const yaw = (Math.atan2(x - px, pz - z) * 180) / Math.PI;
  return isFree ? Math.round(yaw) : Math.round(yaw / TURN_DEG) * TURN_DEG;
}

/** Degrees in −180 … 180. */
export function wrapped(degrees: number): number {
  const turned = ((degrees % 360) + 360) % 360;
  return turned > 180 ? turned - 360 : turned;
}

export function recolour(list: Furniture[], id: string, color: string | null): Furniture[] {
  return list.map((piece) => (piece.id === id ? { ...piece, color } : piece));
}

/** Takes a piece away together with what stands on it. */
export function remove(list: Furniture[], id: string): Furniture[] {
  const gone = carriedBy(list, id).add(id);
  return list.filter((piece) => !gone.has(piece.id));
}

/** Puts another design of the kind in the place of a piece; what stood on it stands on the new one. */
export function swap(list: Furniture[], id: string, to: CatalogueItem, room: RoomBox): Furniture[] {
  const old = list.find((one) => one.id === id);
  if (!old) return list;
  const riders = carriedBy(list, id);
  // A picture of one's own goes with its frame.
  const { print: _print, ...kept } = old;
  const next = settled(
    {
      ...kept,
      kind: to.kind,
      option: to.option,
      style: to.style,
      // Palettes belong to their style.
      palette: to.style === old.style ? old.palette : null,
      name: to.name,
      size_m: to.size_m,
      asset: to.asset ?? null,
      color: null,
    },
    room,
    baseOf(list, old),
  );
  const raise = topOf(next) - topOf(old);
  return list.map((piece) => {
    if (piece.id === id) return next;
    if (!riders.has(piece.id)) return piece;
    const [x, y, z] = at(piece);
    const [inX, inZ] = intoFootprint([x, z], next);
    return { ...piece, position_m: [inX, y - raise, inZ] };
  });
}

/** Keeps every piece where the photo shows it when the room or the camera turn out to be others. */
export function refit(
  list: Furniture[],
  from: { camera: SceneCamera; room: RoomBox },
  to: { camera: SceneCamera; room: RoomBox },
): Furniture[] {
  const scale = to.room.camera_height_m / from.room.camera_height_m;
  const floorNow = to.room.camera_height_m;
  const moved = list.map((piece): Furniture => {
    const [x, y, z] = at(piece);
    const lift = from.room.camera_height_m - y;
    if (piece.support === "wall") {
      const [a, b] = [extentOf(from.room), extentOf(to.room)];
      const wall = wallOf(piece);
      const u = wall === "back" ? between(x, a, b) : (z / a.back) * b.back;
      return hungAt(piece, wall, u, floorNow - lift, to.room);
    }
    const pixel = project(from.camera, [x, from.room.camera_height_m, z]);
    const spot = pixel && onLevel(to.camera, pixel, floorNow);
    const up =
      piece.support === "ceiling" ? lift + to.room.ceiling_height_m - from.room.ceiling_height_m : lift;
    return { ...piece, position_m: [spot?.[0] ?? x * scale, floorNow - up, spot?.[2] ?? z * scale] };
  });
  return moved.map((piece) =>
    piece.support === "item" ? settled(piece, to.room, baseOf(moved, piece)) : settled(piece, to.room, null),
  );
}

function between(x: number, from: Extent, to: Extent): number {
  return to.left + ((x - from.left) / (from.right - from.left)) * (to.right - to.left);
}

/** The same picture in other metres: everything grows with the height of the camera. */
export function scaleRoom(room: RoomBox, factor: number): RoomBox {
  const scaled = (value: number | null) => (value === null ? null : value * factor);
  return {
    ...room,
    camera_height_m: room.camera_height_m * factor,
    ceiling_height_m: room.ceiling_height_m * factor,
    left_m: scaled(room.left_m),
    right_m: scaled(room.right_m),
    back_m: scaled(room.back_m),
    openings: room.openings.map((opening) => ({
      ...opening,
      u_m: opening.u_m.map((value) => value * factor),
      heights_m: opening.heights_m.map((value) => value * factor),
    })),
    obstacles: room.obstacles.map((obstacle) => ({
      ...obstacle,
      footprint_m: obstacle.footprint_m?.map((point) => point.map((value) => value * factor)) ?? null,
    })),
    scale_source: "user",
  };
}
