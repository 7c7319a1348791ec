import { distance } from "../../../lib/lengths";

/** The keys of the editor that work wherever the focus is. */
export type Command = "undo" | "redo" | "save" | "help" | "peek";

type Press = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "shiftKey" | "target">;

/**
 * What a key means to the editor; null when it is not the editor's. Fields that take text keep their own undo and their
 * letters; switches, radios and sliders have none, and keep the focus after a press.
 */
export function commandOf(event: Press): Command | null {
  const target = event.target as Element | null;
  if (target?.closest?.("[role=dialog]")) return null;
  const key = event.key.toLowerCase();
  const isCommand = event.ctrlKey || event.metaKey;
  if (isCommand && key === "s") return "save";
  if (takesText(target)) return null;
  if (isCommand && key === "z") return event.shiftKey ? "redo" : "undo";
  if (isCommand) return key === "y" ? "redo" : null;
  if (key === "?") return "help";
  return key === "p" ? "peek" : null;
}

const WITHOUT_TEXT = new Set(["button", "checkbox", "color", "file", "radio", "range", "reset", "submit"]);

function takesText(target: Element | null): boolean {
  if (target instanceof HTMLInputElement) return !WITHOUT_TEXT.has(target.type);
  return target instanceof HTMLTextAreaElement || (target instanceof HTMLElement && target.isContentEditable);
}

/** Steps are the same in every unit; their names are not. */
export const shortcuts = (): [string[], string][] => [
  [["Tab"], "Next piece or corner"],
  [["←", "→", "↑", "↓"], `Move by ${distance(0.05)}`],
  [["Shift", "arrows"], `Move by ${distance(0.25)}`],
  [["Q", "E"], "Turn left, right by 15°"],
  [["[", "]"], "Turn left, right by 15°"],
  [["Shift"], "While turning by hand: any angle"],
  [["Delete"], "Remove the piece"],
  [["Esc"], "Let go of the piece"],
  [["Ctrl", "Z"], "Undo"],
  [["Ctrl", "Shift", "Z"], "Redo"],
  [["Ctrl", "S"], "Save"],
  [["P"], "Show the photo alone"],
];
