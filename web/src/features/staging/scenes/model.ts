/**
 * What the editor works on. Room frame: origin at the camera, X right, Y down, Z away from it, metres, so that
 * the floor is the plane y = camera height. Pixels are those of the upright photo. A yaw of 0 faces the camera;
 * a front's direction is (sin yaw, 0, −cos yaw).
 */
import type { Furniture, RoomBox, SceneCamera, SceneCorners } from "../../../api";

export type Vec3 = [x: number, y: number, z: number];
export type Px = [x: number, y: number];

export type CornerName = keyof SceneCorners;
export const CORNERS: CornerName[] = [
  "back_left_ceiling",
  "back_right_ceiling",
  "back_right_floor",
  "back_left_floor",
];

/** One state of the room under the person's hands. */
export type Draft = {
  camera: SceneCamera;
  room: RoomBox;
  /** Where the person sees the corners of the back wall. */
  corners: Record<CornerName, Px>;
  /** False while no room fits the corners; camera and room are then those of the last that did. */
  isSolved: boolean;
  furniture: Furniture[];
};

/** Extent assumed where no wall is in the picture, metres; the engine assumes the same. */
const UNSEEN_M = 6;

export type Extent = { left: number; right: number; back: number };

export function extentOf(room: RoomBox): Extent {
  return {
    left: room.left_m ?? -UNSEEN_M,
    right: room.right_m ?? UNSEEN_M,
    back: room.back_m ?? 1.5 * UNSEEN_M,
  };
}

/** Heights of the surfaces that carry things, metres, for answers that do not name them. */
const TOPS: Record<string, number> = {
  coffee_table: 0.4,
  side_table: 0.55,
  tv_bench: 0.5,
  bedside_table: 0.55,
  dresser: 0.82,
  bench: 0.47,
  dining_table: 0.75,
  sideboard: 0.78,
  desk: 0.74,
};

/** Height of the surface that carries other things above the piece's base; 0 when it carries nothing. */
export function topOf(piece: { kind: string; top_m?: number | null }): number {
  return piece.top_m ?? TOPS[piece.kind] ?? 0;
}

const HUNG = new Set(["art", "mirror", "curtain"]);
const SMALL = new Set(["vase", "books", "table_lamp", "tableware"]);

/** What a new piece of the kind stands or hangs on. */
export function supportOf(piece: { kind: string; support?: Furniture["support"] }): Furniture["support"] {
  if (piece.support) return piece.support;
  return HUNG.has(piece.kind) ? "wall" : SMALL.has(piece.kind) ? "item" : "floor";
}

/** Rugs lie under everything else. */
export function liesFlat(piece: { size_m: number[] }): boolean {
  return (piece.size_m[1] ?? 0) < 0.05;
}
