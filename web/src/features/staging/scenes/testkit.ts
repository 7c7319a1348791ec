/** A room and furniture to test with: a camera looking straight at the back wall, 1.4 m above the floor. */
import type { Furniture, RoomBox, SceneCamera } from "../../../api";
import type { Draft } from "./model";
import { backCorners } from "./projection";

export const CAMERA: SceneCamera = {
  focal_px: 1000,
  center_px: [800, 500],
  rotation: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  source: "lines",
  focal_sigma: 0.02,
};

export const ROOM: RoomBox = {
  camera_height_m: 1.4,
  ceiling_height_m: 2.6,
  ceiling_seen: true,
  left_m: -2,
  right_m: 2,
  back_m: 5,
  scale_source: "ceiling",
  scale_sigma: 0.05,
  floor_polygon_px: [
    [400, 780],
    [1200, 780],
    [1600, 1060],
    [0, 1060],
  ],
  openings: [],
  obstacles: [],
  confidence: 0.9,
};

export function piece(patch: Partial<Furniture> = {}): Furniture {
  return {
    id: "f1",
    kind: "sofa",
    option: 3,
    style: "modern",
    name: "Three-seat sofa, oat weave",
    position_m: [0, 1.4, 3],
    yaw_deg: 0,
    size_m: [2, 0.8, 0.9],
    support: "floor",
    support_id: null,
    palette: null,
    color: null,
    seed: 1,
    asset: null,
    movable: true,
    ...patch,
  };
}

export const TABLE = piece({
  id: "table",
  kind: "coffee_table",
  name: "Coffee table",
  position_m: [0.5, 1.4, 2],
  size_m: [1.2, 0.7, 0.6],
});
export const VASE = piece({
  id: "vase",
  kind: "vase",
  name: "Vase",
  position_m: [0.8, 1, 2.1],
  size_m: [0.2, 0.3, 0.2],
  support: "item",
});
export const ART = piece({
  id: "art",
  kind: "art",
  name: "Framed print",
  position_m: [0, -0.1, 4.98],
  size_m: [1, 0.7, 0.04],
  support: "wall",
});

const AS_PHOTOGRAPHED = { floor: null, walls: null };

export function draft(furniture: Furniture[] = [piece()]): Draft {
  return {
    camera: CAMERA,
    room: ROOM,
    corners: backCorners(CAMERA, ROOM),
    isSolved: true,
    furniture,
    redecoration: AS_PHOTOGRAPHED,
    straightenedFrom: null,
    plan: 0,
  };
}
