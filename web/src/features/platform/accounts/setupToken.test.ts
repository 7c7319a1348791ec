import { expect, it } from "vitest";
import { setupToken } from "./setupToken";

it("finds the set-up token in whatever was pasted", () => {
  const token = "abcDEF0123456789_-xyz";
  expect(setupToken(`http://127.0.0.1:8080/setup?token=${token}`)).toBe(token);
  expect(setupToken(`  open http://host/setup?token=${token} now`)).toBe(token);
  expect(setupToken(token)).toBe(token);
  expect(setupToken("http://127.0.0.1:8080/setup")).toBeNull();
  expect(setupToken("")).toBeNull();
});
