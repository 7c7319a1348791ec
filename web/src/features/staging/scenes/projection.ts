/** From the room to the photo and back: pixel = f · (R · P).xy / z + c, and what the lens makes of it. Pure. */
import type { Furniture, RoomBox, SceneCamera } from "../../../api";
import { bowed, ideal, shown } from "./lens.ts";
import { type CornerName, type Extent, extentOf, type Px, type Vec3 } from "./model.ts";

/** Nothing nearer than this to the camera's plane is drawn, metres. */
const NEAR_M = 0.08;

export function toCamera(camera: SceneCamera, [x, y, z]: Vec3): Vec3 {
  const r = camera.rotation as number[];
  const at = (n: number) => r[n] as number;
  return [
    at(0) * x + at(1) * y + at(2) * z,
    at(3) * x + at(4) * y + at(5) * z,
    at(6) * x + at(7) * y + at(8) * z,
  ];
}

function toPixel(camera: SceneCamera, [x, y, z]: Vec3): Px {
  const [cx, cy] = camera.center_px as Px;
  return shown(camera, [(camera.focal_px * x) / z + cx, (camera.focal_px * y) / z + cy]);
}

/** Null for a point behind the camera. */
export function project(camera: SceneCamera, point: Vec3): Px | null {
  const seen = toCamera(camera, point);
  return seen[2] > 1e-4 ? toPixel(camera, seen) : null;
}

/** Direction through a pixel in the room frame, not normalised. */
export function rayThrough(camera: SceneCamera, pixel: Px): Vec3 {
  const [px, py] = ideal(camera, pixel);
  const [cx, cy] = camera.center_px as Px;
  const x = (px - cx) / camera.focal_px;
  const y = (py - cy) / camera.focal_px;
  const r = camera.rotation as number[];
  const along = (column: number) =>
    (r[column] as number) * x + (r[column + 3] as number) * y + (r[column + 6] as number);
  return [along(0), along(1), along(2)];
}

/** Where the ray through a pixel meets the level plane `y`; null when it never does in front of the camera. */
export function onLevel(camera: SceneCamera, pixel: Px, y: number): Vec3 | null {
  const ray = rayThrough(camera, pixel);
  const t = y / ray[1];
  return Number.isFinite(t) && t > 1e-6 ? [ray[0] * t, y, ray[2] * t] : null;
}

export type Wall = "left" | "right" | "back";
export type WallPoint = { wall: Wall; point: Vec3 };

/** Where the ray through a pixel meets the walls, heights not limited; the nearest one counts. */
export function onWall(camera: SceneCamera, pixel: Px, extent: Extent): WallPoint | null {
  const ray = rayThrough(camera, pixel);
  const candidates: [Wall, number][] = [
    ["left", extent.left / ray[0]],
    ["right", extent.right / ray[0]],
    ["back", extent.back / ray[2]],
  ];
  let nearest: [Wall, number] | null = null;
  for (const [wall, t] of candidates) {
    if (Number.isFinite(t) && t > 1e-6 && (!nearest || t < nearest[1])) nearest = [wall, t];
  }
  if (!nearest) return null;
  const [wall, t] = nearest;
  return { wall, point: [ray[0] * t, ray[1] * t, ray[2] * t] };
}

export type Line = [from: Px, to: Px];
/** A line as the lens shows it: two points, or more where it is bowed. */
export type Path = Px[];

/** The ends of a straight edge of the room in the photo; the part behind the camera is cut off. */
export function projectLine(camera: SceneCamera, from: Vec3, to: Vec3): Line | null {
  const a = toCamera(camera, from);
  const b = toCamera(camera, to);
  if (a[2] < NEAR_M && b[2] < NEAR_M) return null;
  const cut = (behind: Vec3, ahead: Vec3): Vec3 => {
    const t = (NEAR_M - behind[2]) / (ahead[2] - behind[2]);
    return [behind[0] + (ahead[0] - behind[0]) * t, behind[1] + (ahead[1] - behind[1]) * t, NEAR_M];
  };
  return [toPixel(camera, a[2] < NEAR_M ? cut(a, b) : a), toPixel(camera, b[2] < NEAR_M ? cut(b, a) : b)];
}

/** A straight edge of the room as the photo shows it. */
export function projectPath(camera: SceneCamera, from: Vec3, to: Vec3): Path | null {
  const line = projectLine(camera, from, to);
  return line && bowed(camera, line);
}

/** The lines between floor, walls and ceiling; walls that are not in the picture have none. */
export function roomLines(
  camera: SceneCamera,
  room: RoomBox,
): { kind: "back" | "floor" | "ceiling"; line: Path }[] {
  const { left, right, back } = extentOf(room);
  const floor = room.camera_height_m;
  const ceiling = floor - room.ceiling_height_m;
  const near = 0.05;
  const all: ["back" | "floor" | "ceiling", boolean, Vec3, Vec3][] = [
    ["back", room.back_m !== null, [left, floor, back], [right, floor, back]],
    ["back", room.back_m !== null, [left, ceiling, back], [right, ceiling, back]],
    ["back", room.left_m !== null, [left, floor, back], [left, ceiling, back]],
    ["back", room.right_m !== null, [right, floor, back], [right, ceiling, back]],
    ["floor", room.left_m !== null, [left, floor, back], [left, floor, near]],
    ["floor", room.right_m !== null, [right, floor, back], [right, floor, near]],
    ["ceiling", room.left_m !== null, [left, ceiling, back], [left, ceiling, near]],
    ["ceiling", room.right_m !== null, [right, ceiling, back], [right, ceiling, near]],
  ];
  return all.flatMap(([kind, isThere, from, to]) => {
    const line = isThere ? projectPath(camera, from, to) : null;
    return line ? [{ kind, line }] : [];
  });
}

/** The corners of the back wall in pixels, walls that are not seen taken where they are assumed. */
export function backCorners(camera: SceneCamera, room: RoomBox): Record<CornerName, Px> {
  const { left, right, back } = extentOf(room);
  const floor = room.camera_height_m;
  const ceiling = floor - room.ceiling_height_m;
  const at = (x: number, y: number): Px => project(camera, [x, y, back]) ?? (camera.center_px as Px);
  return {
    back_left_floor: at(left, floor),
    back_right_floor: at(right, floor),
    back_left_ceiling: at(left, ceiling),
    back_right_ceiling: at(right, ceiling),
  };
}

/** Corners of a piece's footprint around its place, in the order front left, front right, back right, back left. */
export function footprint(piece: Furniture): [x: number, z: number][] {
  const [x, , z] = piece.position_m as Vec3;
  const [width, , depth] = piece.size_m as Vec3;
  const yaw = (piece.yaw_deg * Math.PI) / 180;
  const [cos, sin] = [Math.cos(yaw), Math.sin(yaw)];
  const at = (u: number, front: number): [number, number] => [
    x + u * width * cos + front * depth * sin,
    z + u * width * sin - front * depth * cos,
  ];
  return [at(-0.5, 0.5), at(0.5, 0.5), at(0.5, -0.5), at(-0.5, -0.5)];
}

export type Outline = {
  /** Closed ring on the floor, as far as it is in front of the camera. */
  base: Px[];
  edges: Path[];
  /** Everything the piece may cover. */
  hull: Px[];
};

/** A piece's box as the photo shows it; null when all of it is behind the camera. */
export function outlineOf(camera: SceneCamera, piece: Furniture): Outline | null {
  const y = (piece.position_m as Vec3)[1];
  const top = y - (piece.size_m as Vec3)[1];
  const ring = footprint(piece);
  const edges: Path[] = [];
  const base: Px[] = [];
  ring.forEach(([x, z], n) => {
    const [nextX, nextZ] = ring[(n + 1) % ring.length] as [number, number];
    const low = projectPath(camera, [x, y, z], [nextX, y, nextZ]);
    const high = projectPath(camera, [x, top, z], [nextX, top, nextZ]);
    const up = projectPath(camera, [x, y, z], [x, top, z]);
    if (low) base.push(...low);
    for (const line of [high, up]) if (line) edges.push(line);
  });
  const hull = convexHull([...base, ...edges.flat()]);
  return hull.length > 2 ? { base, edges, hull } : null;
}

/** Andrew's monotone chain, counter-clockwise in a frame with y up. */
export function convexHull(points: readonly Px[]): Px[] {
  const sorted = [...points].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const half = (list: readonly Px[]): Px[] => {
    const chain: Px[] = [];
    for (const point of list) {
      while (chain.length > 1 && turn(chain.at(-2) as Px, chain.at(-1) as Px, point) <= 0) chain.pop();
      chain.push(point);
    }
    chain.pop();
    return chain;
  };
  return [...half(sorted), ...half(sorted.reverse())];
}

function turn(o: Px, a: Px, b: Px): number {
  return (a[0] - o[0]) * (b[1] - o[1]) - (a[1] - o[1]) * (b[0] - o[0]);
}

export function isInside([x, y]: Px, ring: readonly Px[]): boolean {
  let inside = false;
  ring.forEach(([ax, ay], n) => {
    const [bx, by] = ring[(n + 1) % ring.length] as Px;
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
  });
  return inside;
}

/** Centre of a polygon's area. */
export function centreOf(ring: readonly Px[]): Px | null {
  let [area, x, y] = [0, 0, 0];
  ring.forEach(([ax, ay], n) => {
    const [bx, by] = ring[(n + 1) % ring.length] as Px;
    const cross = ax * by - bx * ay;
    area += cross;
    x += (ax + bx) * cross;
    y += (ay + by) * cross;
  });
  return Math.abs(area) < 1e-9 ? null : [x / (3 * area), y / (3 * area)];
}
