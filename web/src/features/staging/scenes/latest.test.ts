import { describe, expect, it } from "vitest";
import { ApiError } from "../../../api";
import { LatestWins, previewWidth } from "./latest";

function bench() {
  const calls: {
    input: number;
    signal: AbortSignal;
    answer: (out: string) => void;
    fail: (e: unknown) => void;
  }[] = [];
  const results: string[] = [];
  const errors: unknown[] = [];
  const timers: { work: () => void; ms: number }[] = [];
  const latest = new LatestWins<number, string>(
    (input, signal) =>
      new Promise((answer, fail) => {
        calls.push({ input, signal, answer, fail });
      }),
    (result) => results.push(result),
    (error) => errors.push(error),
    {
      later: (work, ms) => {
        const timer = { work, ms };
        timers.push(timer);
        return () => timers.splice(timers.indexOf(timer), 1);
      },
    },
  );
  const settle = () => new Promise<void>((done) => setTimeout(done, 0));
  return { calls, results, errors, timers, latest, settle };
}

const busy = (status: number, retryAfter: number | null = null) =>
  new ApiError({ status, code: "busy", title: "", detail: "", retryAfter });

describe("latest wins", () => {
  it("has one request under way and sends only the newest next", async () => {
    const { calls, results, latest, settle } = bench();
    for (const n of [1, 2, 3, 4]) latest.send(n);
    expect(calls.map((call) => call.input)).toEqual([1]);
    calls[0]?.answer("one");
    await settle();
    expect(calls.map((call) => call.input)).toEqual([1, 4]);
    calls[1]?.answer("four");
    await settle();
    expect(results).toEqual(["one", "four"]);
    expect(latest.isBusy).toBe(false);
  });

  it("goes on after a failure", async () => {
    const { calls, errors, latest, settle } = bench();
    latest.send(1);
    latest.send(2);
    calls[0]?.fail(busy(422));
    await settle();
    expect(errors).toHaveLength(1);
    expect(calls.map((call) => call.input)).toEqual([1, 2]);
  });

  it("waits as long as a busy server asks, then sends the newest", async () => {
    const { calls, errors, timers, latest, settle } = bench();
    latest.send(1);
    calls[0]?.fail(busy(429, 2));
    await settle();
    expect(timers.map((timer) => timer.ms)).toEqual([2000]);
    latest.send(2);
    latest.send(3);
    expect(calls).toHaveLength(1);
    timers[0]?.work();
    expect(calls.map((call) => call.input)).toEqual([1, 3]);
    expect(errors).toHaveLength(0);
  });

  it("waits longer each time nothing is asked for, and tries the same again", async () => {
    const { calls, timers, latest, settle } = bench();
    latest.send(1);
    for (const n of [0, 1, 2]) {
      calls[n]?.fail(busy(503));
      await settle();
      timers[n]?.work();
    }
    expect(timers.map((timer) => timer.ms)).toEqual([300, 600, 1200]);
    expect(calls.map((call) => call.input)).toEqual([1, 1, 1, 1]);
  });

  it("tells nothing of what was canceled", async () => {
    const { calls, results, timers, latest, settle } = bench();
    latest.send(1);
    latest.cancel();
    expect(calls[0]?.signal.aborted).toBe(true);
    calls[0]?.answer("late");
    await settle();
    expect(results).toEqual([]);
    latest.send(2);
    calls[1]?.fail(busy(503));
    await settle();
    latest.cancel();
    expect(timers).toHaveLength(0);
  });
});

describe("preview width", () => {
  it("is smaller while dragging and on a slow server, and within what the server takes", () => {
    expect(previewWidth(2000, null, false)).toBe(960);
    expect(previewWidth(2000, 100, true)).toBe(720);
    expect(previewWidth(2000, 900, false)).toBe(480);
    expect(previewWidth(300, 100, true)).toBe(320);
    expect(previewWidth(2000, 400, true)).toBeLessThan(previewWidth(2000, 400, false));
  });
});
