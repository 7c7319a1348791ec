/**
 * What the editor works on. Room frame: origin at the camera, X right, Y down, Z away from it, metres, so that
 * the floor is the plane y = camera height. Pixels are those of the upright photo. A yaw of 0 faces the camera;
 * a front's direction is (sin yaw, 0, −cos yaw).
 */
import type { Furniture, Redecoration, RoomBox, SceneCamera, SceneCorners } from "../../../api";

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
  /** Other walls or another floor than the photo shows. */
  redecoration: Redecoration;
  /** The camera that took the photo, when the photo is turned level; pixels are then those of the level picture. */
  straightenedFrom: SceneCamera | null;
  /** Which of the arrangements the furniture began as. */
  plan: number;
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

/** What carries other things, and how much of its size stands above that surface, metres. */
const CARRIERS: Record<string, number> = {
  coffee_table: 0.3,
  desk: 0.42,
  side_table: 0,
  tv_bench: 0,
  bedside_table: 0,
  dresser: 0,
  bench: 0,
  dining_table: 0,
  sideboard: 0,
  console: 0,
  shoe_bench: 0,
  stool: 0,
  pouf: 0,
  outdoor_table: 0,
};

/** Height of the surface that carries other things above the piece's base; 0 when it carries nothing. */
export function topOf(piece: { kind: string; size_m: number[] }): number {
  const above = CARRIERS[piece.kind];
  return above === undefined ? 0 : Math.max(0, (piece.size_m[1] as number) - above);
}

/** Rugs lie under everything else. */
export function liesFlat(piece: { size_m: number[] }): boolean {
  return (piece.size_m[1] ?? 0) < 0.05;
}
