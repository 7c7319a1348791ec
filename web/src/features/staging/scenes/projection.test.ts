import { describe, expect, it } from "vitest";
import type { SceneCamera } from "../../../api";
import type { Px, Vec3 } from "./model";
import {
  backCorners,
  centreOf,
  convexHull,
  footprint,
  isInside,
  onLevel,
  onWall,
  outlineOf,
  project,
  projectLine,
  rayThrough,
  roomLines,
} from "./projection";
import { CAMERA, piece, ROOM } from "./testkit";

/** Looks 10° to the right and 5° down: rotations of known matrices, worked out apart from the code. */
function tilted(): SceneCamera {
  const [a, b] = [(10 * Math.PI) / 180, (5 * Math.PI) / 180];
  const yaw = [Math.cos(a), 0, -Math.sin(a), 0, 1, 0, Math.sin(a), 0, Math.cos(a)];
  const pitch = [1, 0, 0, 0, Math.cos(b), -Math.sin(b), 0, Math.sin(b), Math.cos(b)];
  const rotation = [0, 1, 2].flatMap((row) =>
    [0, 1, 2].map((column) =>
      [0, 1, 2].reduce((sum, k) => sum + (pitch[row * 3 + k] as number) * (yaw[k * 3 + column] as number), 0),
    ),
  );
  return { ...CAMERA, rotation };
}

describe("projection", () => {
  it("puts a point of a straight view where similar triangles put it", () => {
    expect(project(CAMERA, [1, 1.4, 5])).toEqual([1000, 780]);
    expect(project(CAMERA, [0, 0, 3])).toEqual([800, 500]);
  });

  it("shows nothing of what is behind the camera", () => {
    expect(project(CAMERA, [0, 1, -1])).toBeNull();
  });

  it("moves the scene left when the camera turns right, and up when it looks down", () => {
    const [x, y] = project(tilted(), [0, 0, 5]) as Px;
    expect(x).toBeCloseTo(800 - (1000 * Math.tan((10 * Math.PI) / 180)) / Math.cos((5 * Math.PI) / 180), 6);
    expect(y).toBeCloseTo(500 - 1000 * Math.tan((5 * Math.PI) / 180), 6);
  });

  it("goes back along the ray it came from", () => {
    const camera = tilted();
    const point: Vec3 = [1.2, 0.7, 4.1];
    const ray = rayThrough(camera, project(camera, point) as Px);
    const t = point[2] / ray[2];
    expect(ray[0] * t).toBeCloseTo(point[0], 9);
    expect(ray[1] * t).toBeCloseTo(point[1], 9);
  });
});

describe("rays and planes", () => {
  it("finds the floor under a pixel, also for a tilted camera", () => {
    const spot: Vec3 = [-0.8, 1.4, 3.3];
    for (const camera of [CAMERA, tilted()]) {
      const hit = onLevel(camera, project(camera, spot) as Px, 1.4) as Vec3;
      expect(hit[0]).toBeCloseTo(spot[0], 9);
      expect(hit[2]).toBeCloseTo(spot[2], 9);
    }
  });

  it("finds no floor above the horizon", () => {
    expect(onLevel(CAMERA, [800, 499], 1.4)).toBeNull();
    expect(onLevel(CAMERA, [800, 500], 1.4)).toBeNull();
  });

  it("finds the nearest wall under a pixel", () => {
    const extent = { left: -2, right: 2, back: 5 };
    expect(onWall(CAMERA, [800, 400], extent)).toEqual({ wall: "back", point: [0, -0.5, 5] });
    expect(onWall(CAMERA, [1600, 500], extent)).toEqual({ wall: "right", point: [2, 0, 2.5] });
    expect(onWall(CAMERA, [0, 500], extent)?.wall).toBe("left");
  });
});

describe("lines and outlines", () => {
  it("cuts the part of an edge that is behind the camera", () => {
    const [from, to] = projectLine(CAMERA, [1, 1.4, 5], [1, 1.4, -1]) as [Px, Px];
    expect(from).toEqual([1000, 780]);
    // Both ends on the picture of one straight line through the vanishing point.
    expect((to[1] - 500) / (to[0] - 800)).toBeCloseTo(1.4, 6);
    expect(projectLine(CAMERA, [1, 1, -1], [1, 1, -2])).toBeNull();
  });

  it("draws only walls that are there", () => {
    expect(roomLines(CAMERA, ROOM)).toHaveLength(8);
    expect(roomLines(CAMERA, { ...ROOM, left_m: null })).toHaveLength(5);
    expect(roomLines(CAMERA, { ...ROOM, back_m: null }).filter(({ kind }) => kind === "floor")).toHaveLength(
      2,
    );
  });

  it("knows the corners of the back wall", () => {
    const corners = Object.entries(backCorners(CAMERA, ROOM));
    expect(Object.fromEntries(corners.map(([name, at]) => [name, at.map(Math.round)]))).toEqual({
      back_left_floor: [400, 780],
      back_right_floor: [1200, 780],
      back_left_ceiling: [400, 260],
      back_right_ceiling: [1200, 260],
    });
  });

  it("turns a footprint so that a yaw of 90° faces right", () => {
    const ring = footprint(piece({ position_m: [0, 1.4, 3], size_m: [2, 1, 1], yaw_deg: 90 }));
    const front = ring.slice(0, 2);
    for (const [x] of front) expect(x).toBeCloseTo(0.5, 9);
    expect(front.map(([, z]) => z).sort()).toEqual([2, 4]);
  });

  it("covers a piece's middle with its outline", () => {
    const outline = outlineOf(CAMERA, piece());
    expect(isInside(project(CAMERA, [0, 1, 3]) as Px, outline?.hull ?? [])).toBe(true);
    expect(isInside([10, 10], outline?.hull ?? [])).toBe(false);
    expect(outlineOf(CAMERA, piece({ position_m: [0, 1.4, -3] }))).toBeNull();
  });

  it("finds hulls and centres of area", () => {
    const square: Px[] = [
      [0, 0],
      [4, 0],
      [4, 4],
      [0, 4],
    ];
    expect(convexHull([...square, [2, 2], [1, 3]])).toHaveLength(4);
    expect(centreOf(square)).toEqual([2, 2]);
    expect(
      centreOf([
        [0, 0],
        [1, 1],
      ]),
    ).toBeNull();
  });
});
