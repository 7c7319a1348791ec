import { describe, expect, it } from "vitest";
import { moveCorner } from "./corners";
import type { Px } from "./model";
import { backCorners, project } from "./projection";
import { CAMERA, ROOM } from "./testkit";

describe("corners", () => {
  it("keep the wall's edge upright when its foot moves", () => {
    const moved = moveCorner(backCorners(CAMERA, ROOM), "back_left_floor", [380, 790], CAMERA);
    expect(moved.back_left_floor).toEqual([380, 790]);
    expect(moved.back_left_ceiling[0]).toBeCloseTo(380, 6);
    expect(moved.back_left_ceiling[1]).toBeCloseTo(260, 6);
    expect(moved.back_right_ceiling).toEqual(backCorners(CAMERA, ROOM).back_right_ceiling);
  });

  it("follow the lean of edges under a camera that looks down", () => {
    const b = (8 * Math.PI) / 180;
    const camera = {
      ...CAMERA,
      rotation: [1, 0, 0, 0, Math.cos(b), -Math.sin(b), 0, Math.sin(b), Math.cos(b)],
    };
    const corners = backCorners(camera, ROOM);
    // The same wall 30 cm farther left, as that camera sees it.
    const to = project(camera, [-2.3, 1.4, 5]) as Px;
    const moved = moveCorner(corners, "back_left_floor", to, camera);
    const wanted = project(camera, [-2.3, -1.2, 5]) as Px;
    expect(moved.back_left_ceiling[0]).toBeCloseTo(wanted[0], 6);
    expect(moved.back_left_ceiling[1]).toBeCloseTo(wanted[1], 6);
  });

  it("at the ceiling move alone", () => {
    const corners = backCorners(CAMERA, ROOM);
    const moved = moveCorner(corners, "back_right_ceiling", [1210, 250], CAMERA);
    expect(moved).toEqual({ ...corners, back_right_ceiling: [1210, 250] });
  });
});
