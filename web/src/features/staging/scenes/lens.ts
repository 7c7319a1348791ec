/**
 * Lenses that bow straight lines, as the server has them: the division model about the picture's middle (Fitzgibbon
 * 2001). A pixel at `d` from there would be at `d / (1 + distortion · |d|²)` behind an ideal lens, `d` in long sides. Pure.
 */
import type { SceneCamera } from "../../../api";
import type { Px } from "./model.ts";

type Lens = { middle: Px; bend: number; longest: number };

function lensOf({ distortion, picture_px }: SceneCamera): Lens | null {
  if (!distortion || !picture_px) return null;
  const [width, height] = picture_px;
  const side = Math.max(width, height);
  return { middle: [width / 2, height / 2], bend: distortion / (side * side), longest: side / 32 };
}

function scaled({ middle: [mx, my] }: Lens, [x, y]: Px, scale: (squared: number) => number): Px {
  const [dx, dy] = [x - mx, y - my];
  const by = scale(dx * dx + dy * dy);
  return [mx + dx * by, my + dy * by];
}

/** Where an ideal lens would show what is at a pixel. */
export function ideal(camera: SceneCamera, pixel: Px): Px {
  const lens = lensOf(camera);
  return lens ? scaled(lens, pixel, (squared) => 1 / Math.max(1e-3, 1 + lens.bend * squared)) : pixel;
}

/** The pixel that shows what an ideal lens would have at another. */
export function shown(camera: SceneCamera, pixel: Px): Px {
  const lens = lensOf(camera);
  if (!lens) return pixel;
  return scaled(lens, pixel, (squared) => 2 / (1 + Math.sqrt(Math.max(0, 1 - 4 * lens.bend * squared))));
}

/** The picture of a straight line between two pixels that show its ends. */
export function bowed(camera: SceneCamera, [from, to]: [Px, Px]): Px[] {
  const lens = lensOf(camera);
  if (!lens) return [from, to];
  const [a, b] = [ideal(camera, from), ideal(camera, to)];
  const parts = Math.min(64, Math.max(1, Math.ceil(Math.hypot(b[0] - a[0], b[1] - a[1]) / lens.longest)));
  const at = (t: number): Px => [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t];
  const inner = Array.from({ length: parts - 1 }, (_, n) => shown(camera, at((n + 1) / parts)));
  return [from, ...inner, to];
}
