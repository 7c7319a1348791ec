/** Undo and redo over whole drafts. One drag, or one run of the same key, is one step. Pure. */
import type { Draft } from "./model";

/** Steps that can be taken back. */
const DEPTH = 200;

export type History = {
  past: readonly Draft[];
  present: Draft;
  future: readonly Draft[];
  /** The draft the server has; the same object as `present` when there is nothing to save. */
  saved: Draft;
  /** Changes with this name go into the same step. */
  group: string | null;
};

export type HistoryAction =
  | { type: "change"; how: (draft: Draft) => Draft; group?: string }
  /** Completes what was changed before, without a step of its own. */
  | { type: "amend"; how: (draft: Draft) => Draft }
  /** What comes next is a new step, whatever its name. */
  | { type: "settle" }
  | { type: "undo" }
  | { type: "redo" }
  /** The server took this draft. */
  | { type: "saved"; draft: Draft }
  /** What was sent came to nothing: the server still has this draft. */
  | { type: "refused"; draft: Draft }
  | { type: "load"; draft: Draft };

export function startHistory(draft: Draft): History {
  return { past: [], present: draft, future: [], saved: draft, group: null };
}

export function isDirty(history: History): boolean {
  return history.present !== history.saved;
}

export function historyReducer(state: History, action: HistoryAction): History {
  switch (action.type) {
    case "change": {
      const next = action.how(state.present);
      if (next === state.present) return state;
      const group = action.group ?? null;
      const isSameStep = group !== null && group === state.group && state.past.length > 0;
      return {
        ...state,
        past: isSameStep ? state.past : [...state.past, state.present].slice(-DEPTH),
        present: next,
        future: [],
        group,
      };
    }
    case "amend": {
      const next = action.how(state.present);
      return next === state.present ? state : { ...state, present: next };
    }
    case "settle":
      return state.group === null ? state : { ...state, group: null };
    case "undo": {
      const before = state.past.at(-1);
      if (!before) return state;
      return {
        ...state,
        past: state.past.slice(0, -1),
        present: before,
        future: [state.present, ...state.future],
        group: null,
      };
    }
    case "redo": {
      const [next, ...rest] = state.future;
      if (!next) return state;
      return { ...state, past: [...state.past, state.present], present: next, future: rest, group: null };
    }
    case "saved":
    case "refused":
      return { ...state, saved: action.draft, group: null };
    case "load":
      return startHistory(action.draft);
  }
}
