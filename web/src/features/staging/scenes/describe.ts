/** What happened and where things stand, in words for everybody who does not see the picture. Pure. */
import type { Furniture, RoomBox } from "../../../api";
import { humanize } from "../../../lib/format";
import { distance, measure, sides, smallSides } from "../../../lib/lengths";
import { extentOf, type Vec3 } from "./model";
import { reach, wrapped } from "./moves";
import { wallOf } from "./walls";

/** "Three-seat sofa, oat weave" is called "Three-seat sofa" in a sentence. */
export function nameOf(piece: { name: string; kind: string }): string {
  return piece.name.split(",")[0]?.trim() || humanize(piece.kind);
}

export function sizeOf(piece: { size_m: number[] }): string {
  const [width, height, depth] = piece.size_m as Vec3;
  return `${sides(width, depth)}, ${measure(height)} high`;
}

/** Of what hangs: how wide and high it is to the eye. */
export function sizeOnWall(piece: { size_m: number[] }): string {
  const [width, height] = piece.size_m as Vec3;
  return smallSides(width, height);
}

/** How far the piece is from the wall behind it, or what it hangs on or stands on. */
export function placeOf(piece: Furniture, room: RoomBox): string {
  const [x, y, z] = piece.position_m as Vec3;
  if (piece.support === "wall") {
    return `on the ${wallOf(piece)} wall, ${distance(room.camera_height_m - y)} above the floor`;
  }
  const half = reach(piece);
  const { left, right, back } = extentOf(room);
  const walls: [name: string, isThere: boolean, gap: number][] = [
    ["back wall", room.back_m !== null, back - z - half.z],
    ["left wall", room.left_m !== null, x - half.x - left],
    ["right wall", room.right_m !== null, right - x - half.x],
  ];
  const seen = walls.filter(([, isThere]) => isThere);
  const wall = seen.find(([name]) => name === "back wall") ?? seen.sort((a, b) => a[2] - b[2])[0];
  if (!wall) return `${distance(z)} from the camera`;
  const [name, , gap] = wall;
  return gap < 0.015 ? `against the ${name}` : `${distance(gap)} from the ${name}`;
}

/** "Sofa moved 20 cm left, 1.8 m from the back wall". Null when nothing that can be told changed. */
export function describeMove(before: Furniture, after: Furniture, room: RoomBox): string | null {
  const [x0, y0, z0] = before.position_m as Vec3;
  const [x1, y1, z1] = after.position_m as Vec3;
  const name = nameOf(after);
  const turned = Math.round(wrapped(after.yaw_deg - before.yaw_deg));
  const ways: string[] = [];
  const say = (by: number, more: string, less: string) => {
    if (Math.abs(by) >= 0.005) ways.push(`${distance(by)} ${by > 0 ? more : less}`);
  };
  if (after.support === "wall" && wallOf(before) !== wallOf(after)) {
    return `${name} moved, ${placeOf(after, room)}`;
  }
  say(x1 - x0, "right", "left");
  say(z1 - z0, "away", "closer");
  say(y0 - y1, "up", "down");
  if (ways.length > 0) return `${name} moved ${ways.join(" and ")}, ${placeOf(after, room)}`;
  if (turned !== 0)
    return `${name} turned ${Math.abs(turned)}° ${turned > 0 ? "counter-clockwise" : "clockwise"}`;
  return null;
}

/** Width, depth and height, as far as there are walls to measure between. */
export function roomSize(room: RoomBox): { width: string; depth: string; height: string } {
  const say = (value: number | null) => (value === null ? "open" : measure(value));
  return {
    width: say(room.left_m === null || room.right_m === null ? null : room.right_m - room.left_m),
    depth: say(room.back_m),
    height: say(room.ceiling_height_m),
  };
}
