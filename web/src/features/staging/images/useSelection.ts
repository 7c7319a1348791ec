import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { PhotoGroup } from "../../../api";
import { type Card, NOTHING, prune, selectAll, toggleCard, toggleImage } from "./selection";

/** Ctrl+A takes all, Escape none; neither while somebody writes or the viewer is open. */
export function useSelection(groups: readonly PhotoGroup[], hasKeys: boolean) {
  const [selection, setSelection] = useState(NOTHING);
  const cards = useMemo<Card[]>(
    () => groups.map((group) => ({ id: group.original.id, parts: group.images.map((image) => image.id) })),
    [groups],
  );
  const latest = useRef(cards);
  latest.current = cards;

  useEffect(() => setSelection((old) => prune(old, cards)), [cards]);

  useEffect(() => {
    if (!hasKeys) return;
    const onKey = (event: KeyboardEvent) => {
      if (isWriting(event.target) || document.querySelector("[role=dialog], [role=menu]")) return;
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "a" && latest.current.length > 0) {
        event.preventDefault();
        setSelection(selectAll(latest.current));
      } else if (event.key === "Escape") {
        setSelection(NOTHING);
      }
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [hasKeys]);

  return {
    ids: selection.ids,
    toggle: useCallback(
      (id: string, isRange: boolean) => setSelection((old) => toggleCard(old, latest.current, id, isRange)),
      [],
    ),
    toggleImage: useCallback((id: string) => setSelection((old) => toggleImage(old, id)), []),
    clear: useCallback(() => setSelection(NOTHING), []),
  };
}

function isWriting(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return target.type !== "checkbox";
  return target instanceof HTMLTextAreaElement || target.isContentEditable;
}
