import { describe, expect, it } from "vitest";
import type { SceneCamera } from "../../../api";
import { moveCorner } from "./corners";
import { bowed } from "./lens";
import type { Px, Vec3 } from "./model";
import { backCorners, isInside, onLevel, outlineOf, project, rayThrough } from "./projection";
import { CAMERA, piece, ROOM } from "./testkit";

/** The camera of `a_lens_shows_points_where_the_editor_draws_them` in the server's `camera/lens.rs`, with its numbers. */
const LENS: SceneCamera = {
  ...CAMERA,
  center_px: [790, 520],
  rotation: [
    0.984807753012, 0, -0.173648177667, -0.015134435901, 0.996194698092, -0.085831651177, 0.172987393925,
    0.087155742748, 0.98106026219,
  ],
  distortion: -0.12,
  picture_px: [1600, 1000],
};
const CASES: [number, Vec3, Px][] = [
  [-0.12, [-1.5, 1.4, 3], [100.365051, 919.872689]],
  [-0.12, [1.2, -1.1, 4.5], [878.071017, 190.06021]],
  [-0.12, [0.3, 0.2, 2], [764.478086, 531.336058]],
  [0.06, [-1.5, 1.4, 3], [65.403731, 940.854064]],
  [0.06, [1.2, -1.1, 4.5], [878.637231, 187.812355]],
];

describe("a lens that bows lines", () => {
  it.each(CASES)("of %f shows %j where the server has it, and is undone", (distortion, point, pixel) => {
    const camera = { ...LENS, distortion };
    const seen = project(camera, point) as Px;
    expect(seen[0]).toBeCloseTo(pixel[0], 3);
    expect(seen[1]).toBeCloseTo(pixel[1], 3);
    const ray = rayThrough(camera, seen);
    expect(ray[0] / ray[2]).toBeCloseTo(point[0] / point[2], 6);
    expect(ray[1] / ray[2]).toBeCloseTo(point[1] / point[2], 6);
  });

  it("sets a piece on the floor where the hand is", () => {
    const spot: Vec3 = [-1.5, 1.4, 3];
    const hit = onLevel(LENS, project(LENS, spot) as Px, 1.4) as Vec3;
    spot.forEach((value, axis) => {
      expect(hit[axis]).toBeCloseTo(value, 5);
    });
  });

  it("bows what is straight, through the pictures of the points between", () => {
    const [from, to]: [Vec3, Vec3] = [
      [-2, -1.2, 4],
      [2, -1.2, 4],
    ];
    const path = bowed(LENS, [project(LENS, from) as Px, project(LENS, to) as Px]);
    expect(path.length).toBeGreaterThan(4);
    const [a, b] = [path[0] as Px, path.at(-1) as Px];
    const off = ([x, y]: Px) =>
      ((b[0] - a[0]) * (y - a[1]) - (b[1] - a[1]) * (x - a[0])) / Math.hypot(b[0] - a[0], b[1] - a[1]);
    expect(Math.max(...path.map((pixel) => Math.abs(off(pixel))))).toBeGreaterThan(2);
    expect(bowed(CAMERA, [a, b])).toEqual([a, b]);
    const outline = outlineOf(LENS, piece());
    const middle = project(LENS, [0, 1, 3]) as Px;
    expect(isInside(middle, outline?.hull ?? [])).toBe(true);
  });

  it("keeps the corner above upright when one at the floor is moved", () => {
    const corners = backCorners(LENS, ROOM);
    const wider = { ...ROOM, left_m: -2.4 };
    const to = backCorners(LENS, wider);
    const moved = moveCorner(corners, "back_left_floor", to.back_left_floor, LENS);
    expect(moved.back_left_ceiling[0]).toBeCloseTo(to.back_left_ceiling[0], 3);
    expect(moved.back_left_ceiling[1]).toBeCloseTo(to.back_left_ceiling[1], 3);
  });
});
