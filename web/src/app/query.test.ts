import { expect, it } from "vitest";
import { ApiError } from "../api";
import { queryClient } from "./query";

const problem = (status: number, retryAfter?: number) =>
  new ApiError({ status, code: "x", title: "x", detail: "x", ...(retryAfter ? { retryAfter } : {}) });

it("asks again twice, later each time, and never after a refusal", () => {
  const { retry, retryDelay } = queryClient.getDefaultOptions().queries ?? {};
  if (typeof retry !== "function" || typeof retryDelay !== "function") throw new Error("both are rules");
  for (const status of [0, 429, 500, 503]) {
    expect([0, 1, 2].map((count) => retry(count, problem(status)))).toEqual([true, true, false]);
  }
  for (const status of [400, 401, 404, 409, 412, 422]) expect(retry(0, problem(status))).toBe(false);
  const delays = [0, 1].map((count) => retryDelay(count, problem(503)));
  expect(delays).toEqual([1000, 2000]);
  expect(retryDelay(0, problem(429, 30))).toBe(30_000);
});

it("sends a change once", () => {
  const { retry } = queryClient.getDefaultOptions().mutations ?? {};
  expect(retry ?? 0).toBe(0);
});
