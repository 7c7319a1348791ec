import { expect, it } from "vitest";
import type { Comment } from "../../../api";
import { threads } from "./threads";

const comment = (id: string, parent_id: string | null = null) => ({ id, parent_id }) as Comment;

it("puts answers below what they answer, in the order they came", () => {
  const made = threads([
    comment("a"),
    comment("b"),
    comment("a1", "a"),
    comment("b1", "b"),
    comment("a2", "a"),
  ]);
  expect(made.map((one) => [one.comment.id, one.answers.map((answer) => answer.id)])).toEqual([
    ["a", ["a1", "a2"]],
    ["b", ["b1"]],
  ]);
});

it("keeps an answer whose comment is on another page", () => {
  expect(threads([comment("x1", "x")]).map((one) => one.comment.id)).toEqual(["x1"]);
});
