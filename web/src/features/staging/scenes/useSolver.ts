/** Finds the room that belongs to the corners while they are dragged. */
import { useCallback, useEffect, useRef, useState } from "react";
import { asApiError, type RoomBox, type SceneCorners, type Solved, scenes } from "../../../api";
import { LatestWins } from "./latest";
import type { CornerName, Draft } from "./model";
import { refit } from "./moves";

type Ask = {
  corners: Draft["corners"];
  moved: CornerName;
  hasCeiling: boolean;
  cameraHeight: number | null;
  straightenedFrom: Draft["straightenedFrom"];
  gesture: number;
};

export function useSolver(imageId: string, amend: (how: (draft: Draft) => Draft) => void) {
  const [error, setError] = useState<string | null>(null);
  /** Answers to what was undone or replaced must not come back. */
  const gesture = useRef(0);
  const latest = useRef<LatestWins<Ask, Solved>>(null);
  const put = useRef(amend);
  put.current = amend;

  useEffect(() => {
    latest.current = new LatestWins(
      ({ corners, hasCeiling, cameraHeight, straightenedFrom }, signal) => {
        const { back_left_floor, back_right_floor } = corners;
        const corners_px: Partial<SceneCorners> = hasCeiling
          ? corners
          : { back_left_floor, back_right_floor };
        const height = cameraHeight === null ? {} : { camera_height_m: cameraHeight };
        return scenes.solve(
          imageId,
          { corners_px, ...height, straightened: { from: straightenedFrom } },
          signal,
        );
      },
      (solved, ask) => {
        if (ask.gesture !== gesture.current) return;
        setError(null);
        put.current((draft) => {
          const camera = { ...solved.camera, picture_px: draft.camera.picture_px };
          const room = withUnseen(solved.room, draft.room, ask.moved);
          const furniture = refit(draft.furniture, draft, { camera, room });
          return { ...draft, camera, room, isSolved: true, furniture };
        });
      },
      (cause, ask) => {
        if (ask.gesture !== gesture.current) return;
        setError(asApiError(cause).message);
        put.current((draft) => (draft.isSolved ? { ...draft, isSolved: false } : draft));
      },
    );
    return () => latest.current?.cancel();
  }, [imageId]);

  const solve = useCallback(
    (corners: Draft["corners"], moved: CornerName, { room, straightenedFrom }: Draft) => {
      latest.current?.send({
        corners,
        moved,
        hasCeiling: room.ceiling_seen,
        cameraHeight: room.scale_source === "user" ? room.camera_height_m : null,
        straightenedFrom,
        gesture: gesture.current,
      });
    },
    [],
  );
  /** What is under way no longer matters. */
  const forget = useCallback(() => {
    gesture.current += 1;
    setError(null);
  }, []);
  return { solve, forget, error };
}

/** A side wall that is not in the picture stays so until one of its corners is moved. */
export function withUnseen(room: RoomBox, before: RoomBox, moved: CornerName): RoomBox {
  const isUnseen = (side: "left" | "right") => before[`${side}_m`] === null && !moved.includes(side);
  return {
    ...room,
    left_m: isUnseen("left") ? null : room.left_m,
    right_m: isUnseen("right") ? null : room.right_m,
  };
}
