import { describe, expect, it } from "vitest";
import { type History, type HistoryAction, historyReducer, isDirty, startHistory } from "./history";
import type { Draft } from "./model";
import { draft } from "./testkit";

const run = (state: History, ...actions: HistoryAction[]) => actions.reduce(historyReducer, state);
const named = (name: string, group?: string): HistoryAction => ({
  type: "change",
  group,
  how: (old: Draft) => ({ ...old, furniture: old.furniture.map((one) => ({ ...one, name })) }),
});
const name = (state: History) => state.present.furniture[0]?.name;

describe("history", () => {
  it("goes back and forth over single steps", () => {
    const start = startHistory(draft());
    const moved = run(start, named("a"), named("b"));
    const back = run(moved, { type: "undo" });
    expect(name(back)).toBe("a");
    expect(name(run(back, { type: "redo" }))).toBe("b");
    expect(run(back, { type: "undo" }).present).toBe(start.present);
    expect(run(start, { type: "undo" })).toBe(start);
    expect(run(moved, { type: "redo" })).toBe(moved);
  });

  it("takes a whole drag as one step, and the next drag as another", () => {
    const state = run(
      startHistory(draft()),
      named("a", "piece f1"),
      named("b", "piece f1"),
      { type: "settle" },
      named("c", "piece f1"),
      named("d", "piece f1"),
    );
    const once = run(state, { type: "undo" });
    expect(name(once)).toBe("b");
    expect(name(run(once, { type: "undo" }))).toBe("Three-seat sofa, oat weave");
  });

  it("forgets what was undone when something new is done", () => {
    const state = run(startHistory(draft()), named("a"), { type: "undo" }, named("b"), { type: "redo" });
    expect(name(state)).toBe("b");
    expect(state.future).toHaveLength(0);
  });

  it("makes no step of nothing, and none of an answer to what was done", () => {
    const start = startHistory(draft());
    expect(run(start, { type: "change", how: (old) => old })).toBe(start);
    const amended = run(start, named("a"), { type: "amend", how: (old) => ({ ...old, isSolved: false }) });
    expect(amended.past).toHaveLength(1);
    expect(amended.present.isSolved).toBe(false);
  });

  it("is clean again when undone to what was saved", () => {
    const changed = run(startHistory(draft()), named("a"));
    expect(isDirty(changed)).toBe(true);
    const saved = run(changed, { type: "saved", draft: changed.present });
    expect(isDirty(saved)).toBe(false);
    const undone = run(saved, { type: "undo" });
    expect(isDirty(undone)).toBe(true);
    expect(isDirty(run(undone, { type: "redo" }))).toBe(false);
  });

  it("keeps a limited number of steps", () => {
    let state = startHistory(draft());
    for (let n = 0; n < 260; n += 1) state = run(state, named(String(n)));
    expect(state.past).toHaveLength(200);
  });
});
