/** The picture with everything that can be taken hold of: furniture on the floor, or the corners of the room. */
import { useElementSize } from "@mantine/hooks";
import { useEffect, useMemo, useRef } from "react";
import { fitInto } from "../images/zoom";
import type { Px } from "./model";
import { PieceLayer } from "./PieceLayer";
import { RoomLayer } from "./RoomLayer";
import classes from "./Stage.module.css";
import type { Editor } from "./useEditor";

export type Tool = "furniture" | "surfaces" | "room";

export type StageFrame = {
  /** CSS pixels per pixel of the photo. */
  scale: number;
  width: number;
  height: number;
  /** From a pointer to a pixel of the photo. */
  toPhoto: (event: { clientX: number; clientY: number }) => Px;
};

export type Pictures = { original: string | null; staged: string | null; preview: string | null };

type Props = {
  editor: Editor;
  tool: Tool;
  photo: { width: number; height: number };
  pictures: Pictures;
  alt: string;
  /** Shows the photo alone. */
  isPeeking: boolean;
  hasDoor: boolean;
  onStagedShown: (url: string) => void;
  onWidth: (px: number) => void;
  note?: React.ReactNode;
};

export function Stage(props: Props) {
  const { editor, tool, photo, pictures } = props;
  const { ref: roomRef, width, height } = useElementSize();
  const frameRef = useRef<HTMLDivElement>(null);
  const fit = useMemo(() => fitInto(photo, { width, height }), [photo, width, height]);
  const frame = useMemo<StageFrame>(() => {
    const scale = fit.width / photo.width;
    return {
      ...fit,
      scale,
      toPhoto: ({ clientX, clientY }) => {
        const box = frameRef.current?.getBoundingClientRect();
        return [(clientX - (box?.left ?? 0)) / (scale || 1), (clientY - (box?.top ?? 0)) / (scale || 1)];
      },
    };
  }, [fit, photo.width]);
  const isBare = tool === "room" || props.isPeeking;
  const top = isBare ? "original" : pictures.preview ? "preview" : pictures.staged ? "staged" : "original";

  const { onWidth } = props;
  useEffect(() => onWidth(fit.width), [fit.width, onWidth]);

  return (
    <div className={classes.wrap} data-tool={tool}>
      <div ref={roomRef} className={classes.room}>
        <div
          ref={frameRef}
          className={classes.frame}
          style={{ width: fit.width, height: fit.height }}
          data-dragging={editor.isDragging || undefined}
        >
          {(["original", "staged", "preview"] as const).map(
            (kind) =>
              pictures[kind] && (
                <img
                  key={kind}
                  src={pictures[kind]}
                  alt={kind === top ? props.alt : ""}
                  className={classes.picture}
                  data-on={kind === top || undefined}
                  draggable={false}
                  onLoad={
                    kind === "staged" ? () => props.onStagedShown(pictures.staged as string) : undefined
                  }
                />
              ),
          )}
          {fit.width > 0 && !props.isPeeking && tool === "furniture" && (
            <PieceLayer editor={editor} frame={frame} photo={photo} />
          )}
          {fit.width > 0 && !props.isPeeking && tool === "room" && (
            <RoomLayer
              editor={editor}
              frame={frame}
              photo={photo}
              original={pictures.original}
              hasDoor={props.hasDoor}
            />
          )}
        </div>
      </div>
      {props.note && <div className={classes.note}>{props.note}</div>}
    </div>
  );
}
