import { expect, it } from "vitest";
import { ROOM } from "./testkit";
import { withUnseen } from "./useSolver";

it("keeps a wall unseen until one of its own corners is moved", () => {
  const before = { ...ROOM, right_m: null };
  const solved = { ...ROOM, left_m: -1.8, right_m: 6 };
  expect(withUnseen(solved, before, "back_left_floor")).toMatchObject({ left_m: -1.8, right_m: null });
  expect(withUnseen(solved, before, "back_right_ceiling")).toMatchObject({ left_m: -1.8, right_m: 6 });
  expect(withUnseen(solved, ROOM, "back_left_floor").right_m).toBe(6);
});
