/** The wire box of the room over the photo, with the back wall's corners to drag and a door to compare with. */
import { useRef, useState } from "react";
import { bowed } from "./lens";
import { CORNERS, type CornerName, extentOf, type Px, type Vec3 } from "./model";
import { onWall, project, projectPath, roomLines, type Wall } from "./projection";
import type { StageFrame } from "./Stage";
import classes from "./Stage.module.css";
import type { Editor } from "./useEditor";

type Props = {
  editor: Editor;
  frame: StageFrame;
  photo: { width: number; height: number };
  original: string | null;
  hasDoor: boolean;
};

/** An inner door's leaf, metres. */
const DOOR: [width: number, height: number] = [0.8, 2.03];
const LABELS: Record<CornerName, string> = {
  back_left_ceiling: "Back left corner at the ceiling",
  back_right_ceiling: "Back right corner at the ceiling",
  back_right_floor: "Back right corner at the floor",
  back_left_floor: "Back left corner at the floor",
};
const LOUPE_PX = 132;
const LOUPE_ZOOM = 3;

export function RoomLayer({ editor, frame, photo, original, hasDoor }: Props) {
  const { camera, room, corners, isSolved } = editor.draft;
  const [held, setHeld] = useState<CornerName | null>(null);
  const drag = useRef<{ from: Px; corner: Px } | null>(null);
  const names = CORNERS.filter((name) => room.ceiling_seen || name.endsWith("floor"));
  const quad = CORNERS.flatMap((name, n) =>
    bowed(camera, [corners[name], corners[CORNERS[(n + 1) % 4] as CornerName]]),
  ).join(" ");

  const onKeyDown = (event: React.KeyboardEvent, name: CornerName) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = (photo.width / 1000) * (event.shiftKey ? 12 : 2);
    const by: Record<string, Px> = {
      ArrowLeft: [-step, 0],
      ArrowRight: [step, 0],
      ArrowUp: [0, -step],
      ArrowDown: [0, step],
    };
    const move = by[event.key];
    if (!move) return;
    event.preventDefault();
    editor.moveCorner(name, [corners[name][0] + move[0], corners[name][1] + move[1]]);
  };
  const end = () => {
    if (drag.current) editor.endDrag();
    drag.current = null;
    setHeld(null);
  };

  return (
    <div className={classes.layer}>
      <svg className={classes.svg} viewBox={`0 0 ${photo.width} ${photo.height}`} aria-hidden="true">
        <g className={classes.wires} data-bad={!isSolved || undefined}>
          {roomLines(camera, room).map(({ kind, line }, n) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the lines are a fixed list
            <polyline key={n} data-kind={kind} points={line.join(" ")} />
          ))}
          {room.ceiling_seen && <polygon className={classes.wall} points={quad} />}
        </g>
        {hasDoor && <Door editor={editor} frame={frame} />}
      </svg>
      {names.map((name) => {
        const [x, y] = corners[name];
        const [shownX, shownY] = [within(x, photo.width), within(y, photo.height)];
        const isOut = shownX !== x || shownY !== y;
        return (
          <button
            key={name}
            type="button"
            className={classes.corner}
            data-held={held === name || undefined}
            data-out={isOut || undefined}
            style={{ left: shownX * frame.scale, top: shownY * frame.scale }}
            aria-label={`${LABELS[name]}${isOut ? ", outside the picture" : ""}`}
            aria-describedby="corner-keys"
            onKeyDown={(event) => onKeyDown(event, name)}
            onPointerDown={(event) => {
              if (event.button !== 0) return;
              event.currentTarget.setPointerCapture(event.pointerId);
              drag.current = { from: frame.toPhoto(event), corner: [shownX, shownY] };
              setHeld(name);
              editor.startDrag();
            }}
            onPointerMove={(event) => {
              if (!drag.current || held !== name) return;
              const at = frame.toPhoto(event);
              const { from, corner } = drag.current;
              editor.moveCorner(name, [corner[0] + at[0] - from[0], corner[1] + at[1] - from[1]]);
            }}
            onPointerUp={end}
            onPointerCancel={end}
          />
        );
      })}
      {held && original && <Loupe at={corners[held]} src={original} frame={frame} />}
    </div>
  );
}

function within(value: number, most: number): number {
  return Math.min(most, Math.max(0, value));
}

/** What is under the finger, larger, in the corner where the hand is not. */
function Loupe({ at, src, frame }: { at: Px; src: string; frame: StageFrame }) {
  const [x, y] = [at[0] * frame.scale, at[1] * frame.scale];
  const isLeft = x > frame.width / 2;
  return (
    <div className={classes.loupe} data-side={isLeft ? "left" : "right"} aria-hidden="true">
      <img
        src={src}
        alt=""
        style={{
          width: frame.width * LOUPE_ZOOM,
          height: frame.height * LOUPE_ZOOM,
          transform: `translate(${LOUPE_PX / 2 - x * LOUPE_ZOOM}px, ${LOUPE_PX / 2 - y * LOUPE_ZOOM}px)`,
        }}
      />
    </div>
  );
}

/** A door of the usual size, standing on the floor against a wall; it slides along the walls. */
function Door({ editor, frame }: { editor: Editor; frame: StageFrame }) {
  const { camera, room } = editor.draft;
  const extent = extentOf(room);
  const [spot, setSpot] = useState<{ wall: Wall; share: number } | null>(null);
  const isHeld = useRef(false);
  const real = room.openings.find(
    (one) => one.kind === "door" && ["back", "left", "right"].includes(one.wall),
  );
  const length = (wall: Wall) => (wall === "back" ? extent.right - extent.left : extent.back);
  const start = (wall: Wall) => (wall === "back" ? extent.left : 0);
  const wall = spot?.wall ?? (real?.wall as Wall | undefined) ?? "back";
  const wanted = spot
    ? start(wall) + spot.share * length(wall)
    : real
      ? ((real.u_m[0] as number) + (real.u_m[1] as number)) / 2
      : visibleMiddle(camera, extent);
  const u = Math.min(start(wall) + length(wall) - DOOR[0] / 2, Math.max(start(wall) + DOOR[0] / 2, wanted));

  const at = (along: number, height: number): Vec3 => {
    const y = room.camera_height_m - height;
    if (wall === "back") return [along, y, extent.back];
    return [wall === "left" ? extent.left : extent.right, y, along];
  };
  const ring: Vec3[] = [
    at(u - DOOR[0] / 2, 0),
    at(u - DOOR[0] / 2, DOOR[1]),
    at(u + DOOR[0] / 2, DOOR[1]),
    at(u + DOOR[0] / 2, 0),
  ];
  const points = ring.flatMap((point, n) => projectPath(camera, point, ring[(n + 1) % 4] as Vec3) ?? []);
  if (points.length < 3) return null;
  const knob = project(camera, at(u + DOOR[0] * 0.36, 1));
  return (
    <g
      className={classes.door}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        isHeld.current = true;
      }}
      onPointerMove={(event) => {
        if (!isHeld.current) return;
        const hit = onWall(camera, frame.toPhoto(event), extent);
        if (!hit) return;
        const along = hit.wall === "back" ? hit.point[0] : hit.point[2];
        setSpot({ wall: hit.wall, share: (along - start(hit.wall)) / length(hit.wall) });
      }}
      onPointerUp={() => {
        isHeld.current = false;
      }}
      onPointerCancel={() => {
        isHeld.current = false;
      }}
    >
      <polygon points={points.map((point) => point.join(",")).join(" ")} />
      {knob && <circle cx={knob[0]} cy={knob[1]} r={3 / frame.scale} />}
    </g>
  );
}

function visibleMiddle(camera: Editor["draft"]["camera"], extent: ReturnType<typeof extentOf>): number {
  const hit = onWall(camera, camera.center_px as Px, extent);
  return hit?.wall === "back" ? hit.point[0] : (extent.left + extent.right) / 2;
}
