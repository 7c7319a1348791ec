/** How the corners of the back wall move together. Pure; pixels of the photo. */
import type { SceneCamera } from "../../../api";
import { ideal, shown } from "./lens";
import type { CornerName, Px } from "./model";
import { toCamera } from "./projection";

type Corners = Record<CornerName, Px>;

const ABOVE: Partial<Record<CornerName, [ceiling: CornerName, beside: CornerName]>> = {
  back_left_floor: ["back_left_ceiling", "back_right_ceiling"],
  back_right_floor: ["back_right_ceiling", "back_left_ceiling"],
};

/**
 * A corner at the floor takes the one above along, on the ceiling's line, so that the wall's edge stays upright
 * under the camera as it is: an edge that leans says that the camera is tilted, which nobody means who only
 * moves a wall. A corner at the ceiling moves alone and may say just that.
 */
export function moveCorner(corners: Corners, name: CornerName, to: Px, camera: SceneCamera): Corners {
  const moved = { ...corners, [name]: to };
  const pair = ABOVE[name];
  if (!pair) return moved;
  const [ceiling, beside] = pair;
  const foot = ideal(camera, to);
  const line = [ideal(camera, corners[ceiling]), ideal(camera, corners[beside])] as const;
  const met = crossing(foot, uprightAt(camera, foot), ...line);
  return met ? { ...moved, [ceiling]: shown(camera, met) } : moved;
}

/** Direction in which a plumb line appears at a pixel of an ideal lens. */
function uprightAt(camera: SceneCamera, [x, y]: Px): Px {
  const [dx, dy, dz] = toCamera(camera, [0, 1, 0]);
  const [cx, cy] = camera.center_px as Px;
  // The image of a point moving along a direction: d(f·X/Z) ~ f·dX − (pixel − centre)·dZ.
  return [camera.focal_px * dx - (x - cx) * dz, camera.focal_px * dy - (y - cy) * dz];
}

/** Where the line from `at` along `along` meets the line through `a` and `b`. */
function crossing(at: Px, along: Px, a: Px, b: Px): Px | null {
  const [ex, ey] = [b[0] - a[0], b[1] - a[1]];
  const cross = along[0] * ey - along[1] * ex;
  if (Math.abs(cross) < 1e-9 * Math.hypot(...along) * Math.hypot(ex, ey)) return null;
  const t = ((a[0] - at[0]) * ey - (a[1] - at[1]) * ex) / cross;
  const met: Px = [at[0] + along[0] * t, at[1] + along[1] * t];
  return met.every(Number.isFinite) ? met : null;
}
