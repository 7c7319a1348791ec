/** Zoom and pan of a picture that fills its frame at scale 1. Pure; lengths are CSS pixels of the frame. */
export type View = { scale: number; x: number; y: number };
export type Size = { width: number; height: number };
export type Point = { x: number; y: number };

export const FIT: View = { scale: 1, x: 0, y: 0 };
export const MAX_SCALE = 8;

/** Never shows anything beside the picture. */
export function clamp(view: View, frame: Size): View {
  const scale = Math.min(MAX_SCALE, Math.max(1, view.scale));
  return {
    scale,
    x: Math.min(0, Math.max(frame.width * (1 - scale), view.x)),
    y: Math.min(0, Math.max(frame.height * (1 - scale), view.y)),
  };
}

/** Scales so that the picture's point under `at` stays where it is. */
export function zoomAt(view: View, at: Point, factor: number, frame: Size): View {
  const scale = Math.min(MAX_SCALE, Math.max(1, view.scale * factor));
  const ratio = scale / view.scale;
  return clamp({ scale, x: at.x - (at.x - view.x) * ratio, y: at.y - (at.y - view.y) * ratio }, frame);
}

export function panBy(view: View, dx: number, dy: number, frame: Size): View {
  return clamp({ ...view, x: view.x + dx, y: view.y + dy }, frame);
}

/** The largest frame of the picture's shape that fits into the room there is. */
export function fitInto(picture: Size, room: Size): Size {
  if (picture.width <= 0 || picture.height <= 0) return room;
  const scale = Math.min(room.width / picture.width, room.height / picture.height);
  return { width: Math.floor(picture.width * scale), height: Math.floor(picture.height * scale) };
}

/** The next position of the before/after line for a key, or null when the key is not for it. */
export function sliderKey(position: number, key: string, isShift: boolean): number | null {
  const step = isShift ? 10 : 1;
  const moves: Record<string, number> = {
    ArrowLeft: position - step,
    ArrowDown: position - step,
    ArrowRight: position + step,
    ArrowUp: position + step,
    PageDown: position - 10,
    PageUp: position + 10,
    Home: 0,
    End: 100,
  };
  const next = moves[key];
  return next === undefined ? null : Math.min(100, Math.max(0, next));
}
