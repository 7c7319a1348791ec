/** The quick picture of a draft, asked for while the hands move and shown as soon as it can be painted. */
import { useEffect, useRef, useState } from "react";
import { asApiError, type SceneChange, scenes } from "../../../api";
import { LatestWins, previewWidth } from "./latest";

type Shown = { url: string; ms: number };
type Ask = SceneChange & { width: number };

export function usePreview(
  imageId: string,
  /** What to show; null while the saved picture is the right one. The same object is asked for once. */
  wanted: SceneChange | null,
  stagePx: number,
  isDragging: boolean,
) {
  const [shown, setShown] = useState<Shown | null>(null);
  const [error, setError] = useState<string | null>(null);
  const lastMs = useRef<number | null>(null);
  const latest = useRef<LatestWins<Ask, { shown: Shown; image: HTMLImageElement }>>(null);

  useEffect(() => {
    latest.current = new LatestWins(
      async (ask, signal) => {
        const start = performance.now();
        const { picture, renderMs } = await scenes.preview(imageId, ask, signal);
        const url = URL.createObjectURL(picture);
        const image = new Image();
        image.src = url;
        // Painted at once when it is put in; a picture that cannot be decoded shows as nothing.
        await image.decode?.().catch(() => {});
        const ms = performance.now() - start;
        lastMs.current = ms;
        return { shown: { url, ms: Math.round(renderMs ?? ms) }, image };
      },
      (result) => {
        setError(null);
        setShown(result.shown);
      },
      (cause) => setError(asApiError(cause).message),
    );
    return () => latest.current?.cancel();
  }, [imageId]);

  const width = previewWidth(stagePx * Math.min(2, window.devicePixelRatio || 1), lastMs.current, isDragging);
  const widthNow = useRef(width);
  widthNow.current = width;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the end of a drag asks once more, at the better width
  useEffect(() => {
    if (wanted) latest.current?.send({ ...wanted, width: widthNow.current });
    else {
      latest.current?.cancel();
      setShown(null);
      setError(null);
    }
  }, [wanted, isDragging]);

  useEffect(() => () => void (shown && URL.revokeObjectURL(shown.url)), [shown]);
  return { url: shown?.url ?? null, ms: shown?.ms ?? null, error };
}
