/**
 * Furniture over the picture. What is drawn is for the eye; beside it every piece has a button, in the order of
 * the picture from left to right, which holds the focus, the name and the keys. The pointer is not theirs: a
 * press takes the piece whose box is hit.
 */
import { IconRotate } from "@tabler/icons-react";
import { useMemo, useRef, useState } from "react";
import type { Furniture } from "../../../api";
import { nameOf, placeOf } from "./describe";
import { liesFlat, type Px, type Vec3 } from "./model";
import { isInside, type Outline, onLevel, outlineOf, project } from "./projection";
import type { StageFrame } from "./Stage";
import classes from "./Stage.module.css";
import type { Editor } from "./useEditor";

type Seen = { piece: Furniture; outline: Outline; middle: Px; distance: number };
type Props = { editor: Editor; frame: StageFrame; photo: { width: number; height: number } };

const STEP_M = 0.05;
const BIG_STEP_M = 0.25;
/** A press becomes a drag after this many CSS pixels. */
const SLACK_PX = 4;
export const PIECE_HINT = "piece-keys";

export function PieceLayer({ editor, frame, photo }: Props) {
  const { draft, selected } = editor;
  const seen = useMemo(() => look(draft, photo), [draft, photo]);
  const [hoverId, setHoverId] = useState<string | null>(null);
  const buttons = useRef(new Map<string, HTMLButtonElement>());
  const layer = useRef<HTMLDivElement>(null);
  const drag = useRef<{ id: string; from: Px; place: Px; isMoving: boolean } | null>(null);

  const onPointerDown = (event: React.PointerEvent) => {
    if (event.button !== 0) return;
    const at = frame.toPhoto(event);
    const hit = hitAt(seen, at, editor.selected?.id ?? null);
    // The press decides about the focus, not the browser.
    event.preventDefault();
    if (!hit) {
      editor.select(null);
      (document.activeElement as HTMLElement | null)?.blur?.();
      return;
    }
    editor.select(hit.piece.id);
    buttons.current.get(hit.piece.id)?.focus({ preventScroll: true });
    const place = project(draft.camera, hit.piece.position_m as Vec3);
    if (!hit.piece.movable || !place) return;
    layer.current?.setPointerCapture(event.pointerId);
    drag.current = { id: hit.piece.id, from: at, place, isMoving: false };
  };
  const onPointerMove = (event: React.PointerEvent) => {
    const at = frame.toPhoto(event);
    const held = drag.current;
    if (!held) {
      if (event.pointerType !== "touch") setHoverId(hitAt(seen, at, null)?.piece.id ?? null);
      return;
    }
    const [dx, dy] = [at[0] - held.from[0], at[1] - held.from[1]];
    if (!held.isMoving) {
      if (Math.hypot(dx, dy) * frame.scale < SLACK_PX) return;
      held.isMoving = true;
      editor.startDrag();
    }
    editor.moveTo(held.id, [held.place[0] + dx, held.place[1] + dy]);
  };
  const onPointerEnd = () => {
    if (drag.current?.isMoving) editor.endDrag();
    drag.current = null;
  };

  const onKeyDown = (event: React.KeyboardEvent, piece: Furniture) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = event.shiftKey ? BIG_STEP_M : STEP_M;
    const isHung = piece.support === "wall";
    const keys: Record<string, () => void> = {
      ArrowLeft: () => editor.moveBy(piece.id, [-step, 0, isHung ? sideways(piece) * -step : 0]),
      ArrowRight: () => editor.moveBy(piece.id, [step, 0, isHung ? sideways(piece) * step : 0]),
      ArrowUp: () => editor.moveBy(piece.id, isHung ? [0, step, 0] : [0, 0, step]),
      ArrowDown: () => editor.moveBy(piece.id, isHung ? [0, -step, 0] : [0, 0, -step]),
      q: () => editor.turnBy(piece.id, 1),
      "[": () => editor.turnBy(piece.id, 1),
      e: () => editor.turnBy(piece.id, -1),
      "]": () => editor.turnBy(piece.id, -1),
      Delete: () => removeWithFocus(piece.id),
      Backspace: () => removeWithFocus(piece.id),
      Escape: () => {
        editor.select(null);
        (event.currentTarget as HTMLElement).blur();
      },
    };
    const handler = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!handler) return;
    event.preventDefault();
    event.stopPropagation();
    handler();
  };
  /** The focus goes on to the next piece, so that the keyboard does not lose its place. */
  const removeWithFocus = (id: string) => {
    const index = seen.findIndex((one) => one.piece.id === id);
    const next = seen[index + 1] ?? seen[index - 1];
    editor.remove(id);
    if (next) buttons.current.get(next.piece.id)?.focus({ preventScroll: true });
  };

  const shown = seen.find((one) => one.piece.id === selected?.id);
  const hovered = seen.find((one) => one.piece.id === hoverId && one.piece.id !== selected?.id);
  return (
    <div
      ref={layer}
      className={classes.layer}
      data-over={hovered !== undefined || undefined}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerEnd}
      onPointerCancel={onPointerEnd}
      onPointerLeave={() => setHoverId(null)}
    >
      <svg className={classes.svg} viewBox={`0 0 ${photo.width} ${photo.height}`} aria-hidden="true">
        {seen.map(
          ({ piece, middle }) =>
            piece.id !== selected?.id && (
              <circle
                key={piece.id}
                className={classes.dot}
                cx={middle[0]}
                cy={middle[1]}
                r={5 / frame.scale}
              />
            ),
        )}
        {hovered && <Box outline={hovered.outline} state="hover" />}
        {shown && <Box outline={shown.outline} state="selected" />}
      </svg>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms */}
      <div role="group" aria-label="Furniture in the picture">
        {seen.map(({ piece, outline }) => (
          <button
            key={piece.id}
            type="button"
            ref={(element) => {
              if (element) buttons.current.set(piece.id, element);
              else buttons.current.delete(piece.id);
            }}
            className={classes.piece}
            style={boundsOf(outline.hull, frame, photo)}
            aria-pressed={piece.id === selected?.id}
            aria-label={`${nameOf(piece)}, ${placeOf(piece, draft.room)}`}
            aria-describedby={PIECE_HINT}
            onFocus={() => editor.select(piece.id)}
            onKeyDown={(event) => onKeyDown(event, piece)}
            onClick={() => editor.select(piece.id)}
          />
        ))}
      </div>
      {shown && shown.piece.support !== "wall" && shown.piece.movable && (
        <TurnHandle editor={editor} seen={shown} frame={frame} photo={photo} />
      )}
    </div>
  );
}

/** Along a side wall, right in the picture is nearer on the right wall and farther on the left one. */
function sideways(piece: Furniture): number {
  return Math.round(Math.sin((piece.yaw_deg * Math.PI) / 180));
}

function Box({ outline, state }: { outline: Outline; state: "hover" | "selected" }) {
  const points = (list: readonly Px[]) => list.map((point) => point.join(",")).join(" ");
  return (
    <g className={classes.box} data-state={state}>
      <polygon className={classes.base} points={points(outline.base)} />
      {outline.edges.map((edge) => (
        <polyline key={`${edge[0]}${edge.at(-1)}`} points={points(edge)} />
      ))}
    </g>
  );
}

/** A knob on the floor in front of the piece. */
function TurnHandle({ editor, seen, frame, photo }: Props & { seen: Seen }) {
  const { piece } = seen;
  const { camera } = editor.draft;
  const isHeld = useRef(false);
  const spot = knobOf(editor.draft.camera, piece, photo);
  if (!spot) return null;
  const level = (piece.position_m as Vec3)[1];
  return (
    <button
      type="button"
      tabIndex={-1}
      className={classes.turn}
      style={{ left: spot[0] * frame.scale, top: spot[1] * frame.scale }}
      aria-label={`Turn ${nameOf(piece)}`}
      onPointerDown={(event) => {
        event.stopPropagation();
        event.preventDefault();
        event.currentTarget.setPointerCapture(event.pointerId);
        isHeld.current = true;
        editor.startDrag();
      }}
      onPointerMove={(event) => {
        if (!isHeld.current) return;
        event.stopPropagation();
        const hit = onLevel(camera, frame.toPhoto(event), level);
        if (hit) editor.turnTowards(piece.id, hit, event.shiftKey);
      }}
      onPointerUp={(event) => {
        event.stopPropagation();
        if (isHeld.current) editor.endDrag();
        isHeld.current = false;
      }}
      onPointerCancel={() => {
        if (isHeld.current) editor.endDrag();
        isHeld.current = false;
      }}
    >
      <IconRotate size={18} aria-hidden />
    </button>
  );
}

function knobOf(
  camera: Editor["draft"]["camera"],
  piece: Furniture,
  photo: { width: number; height: number },
): Px | null {
  const [x, y, z] = piece.position_m as Vec3;
  const depth = (piece.size_m as Vec3)[2];
  const yaw = (piece.yaw_deg * Math.PI) / 180;
  const at = (front: number) => project(camera, [x + front * Math.sin(yaw), y, z - front * Math.cos(yaw)]);
  // In front of it; behind it when its front is out of the picture.
  for (const reach of [depth / 2 + 0.28, -depth / 2 - 0.28]) {
    const spot = at(reach);
    if (spot && spot[0] > 0 && spot[0] < photo.width && spot[1] > 0 && spot[1] < photo.height) return spot;
  }
  return null;
}

/** What of the furniture is in the picture, from left to right. */
function look({ camera, furniture }: Editor["draft"], photo: { width: number; height: number }): Seen[] {
  return furniture
    .flatMap((piece): Seen[] => {
      const outline = outlineOf(camera, piece);
      if (!outline) return [];
      const inFrame = outline.hull.map(([x, y]): Px => [clamp(x, photo.width), clamp(y, photo.height)]);
      const [xs, ys] = [inFrame.map((p) => p[0]), inFrame.map((p) => p[1])];
      const middle: Px = [(Math.min(...xs) + Math.max(...xs)) / 2, (Math.min(...ys) + Math.max(...ys)) / 2];
      const isOut = Math.max(...xs) - Math.min(...xs) < 2 || Math.max(...ys) - Math.min(...ys) < 2;
      const [x, , z] = piece.position_m as Vec3;
      return isOut ? [] : [{ piece, outline, middle, distance: Math.hypot(x, z) }];
    })
    .sort((a, b) => a.middle[0] - b.middle[0]);
}

/** The piece under a pixel: the nearest box hit, small things before what carries them, rugs last. */
function hitAt(seen: readonly Seen[], at: Px, selectedId: string | null): Seen | null {
  const hits = seen.filter(({ outline }) => isInside(at, outline.hull));
  const held = hits.find(({ piece }) => piece.id === selectedId);
  if (held && !liesFlat(held.piece)) return held;
  const rank = ({ piece, distance }: Seen) =>
    (liesFlat(piece) ? 1000 : piece.support === "wall" ? 500 : 0) +
    distance -
    (piece.support === "item" ? 0.8 : 0);
  return hits.sort((a, b) => rank(a) - rank(b))[0] ?? null;
}

function clamp(value: number, most: number): number {
  return Math.min(most, Math.max(0, value));
}

function boundsOf(hull: readonly Px[], frame: StageFrame, photo: { width: number; height: number }) {
  const xs = hull.map(([x]) => clamp(x, photo.width) * frame.scale);
  const ys = hull.map(([, y]) => clamp(y, photo.height) * frame.scale);
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  return {
    left,
    top,
    width: Math.max(24, Math.max(...xs) - left),
    height: Math.max(24, Math.max(...ys) - top),
  };
}
