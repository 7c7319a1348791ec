/** Finds the room that belongs to the corners while they are dragged. */
import { useCallback, useEffect, useRef, useState } from "react";
import { asApiError, type SceneCorners, type Solved, scenes } from "../../../api";
import { LatestWins } from "./latest";
import type { Draft } from "./model";
import { refit } from "./moves";

type Ask = { corners: Draft["corners"]; hasCeiling: boolean; cameraHeight: number | null; gesture: number };

export function useSolver(imageId: string, amend: (how: (draft: Draft) => Draft) => void) {
  const [error, setError] = useState<string | null>(null);
  /** Answers to what was undone or replaced must not come back. */
  const gesture = useRef(0);
  const latest = useRef<LatestWins<Ask, Solved>>(null);
  const put = useRef(amend);
  put.current = amend;

  useEffect(() => {
    latest.current = new LatestWins(
      ({ corners, hasCeiling, cameraHeight }, signal) => {
        const { back_left_floor, back_right_floor } = corners;
        const corners_px: Partial<SceneCorners> = hasCeiling
          ? corners
          : { back_left_floor, back_right_floor };
        const height = cameraHeight === null ? {} : { camera_height_m: cameraHeight };
        return scenes.solve(imageId, { corners_px, ...height }, signal);
      },
      ({ camera, room }, ask) => {
        if (ask.gesture !== gesture.current) return;
        setError(null);
        put.current((draft) => ({
          ...draft,
          camera,
          room,
          isSolved: true,
          furniture: refit(draft.furniture, draft, { camera, room }),
        }));
      },
      (cause, ask) => {
        if (ask.gesture !== gesture.current) return;
        setError(asApiError(cause).message);
        put.current((draft) => (draft.isSolved ? { ...draft, isSolved: false } : draft));
      },
    );
    return () => latest.current?.cancel();
  }, [imageId]);

  const solve = useCallback((corners: Draft["corners"], room: Draft["room"]) => {
    latest.current?.send({
      corners,
      hasCeiling: room.ceiling_seen,
      cameraHeight: room.scale_source === "user" ? room.camera_height_m : null,
      gesture: gesture.current,
    });
  }, []);
  /** What is under way no longer matters. */
  const forget = useCallback(() => {
    gesture.current += 1;
    setError(null);
  }, []);
  return { solve, forget, error };
}
