/** The words for the live region. Runs of the same key are told once, when the hand rests. */
import { useCallback, useEffect, useRef, useState } from "react";

const REST_MS = 450;

export function useAnnouncer() {
  const [text, setText] = useState("");
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);

  const say = useCallback((next: string) => {
    clearTimeout(timer.current);
    // The same words twice are an announcement each time only when something changed between them.
    setText((old) => (old === next ? `${next}\u00a0` : next));
  }, []);
  const saySoon = useCallback(
    (next: () => string | null) => {
      clearTimeout(timer.current);
      timer.current = setTimeout(() => {
        const words = next();
        if (words) say(words);
      }, REST_MS);
    },
    [say],
  );
  return { text, say, saySoon };
}
