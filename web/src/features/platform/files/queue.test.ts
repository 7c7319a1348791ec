import { describe, expect, it } from "vitest";
import { isPending, nextToStart, reduce, summarize, type UploadEvent, type UploadItem } from "./queue";

function added(count: number): readonly UploadItem[] {
  const items = Array.from({ length: count }, (_, n) => ({
    id: `u${n}`,
    projectId: "p",
    name: `${n}.jpg`,
    sizeBytes: 1000,
    preview: null,
    resumed: false,
  }));
  return reduce([], { type: "add", items });
}

const play = (items: readonly UploadItem[], ...events: UploadEvent[]) => events.reduce(reduce, items);
const state = (items: readonly UploadItem[], id = "u0") => items.find((item) => item.id === id)?.state;
const broken = { code: "network", message: "lost", canRetry: true };

describe("the upload queue", () => {
  it("starts three at a time, oldest first", () => {
    let items = added(5);
    expect(nextToStart(items).map((item) => item.id)).toEqual(["u0", "u1", "u2"]);
    items = play(items, { type: "hash", id: "u0" }, { type: "hash", id: "u1" });
    expect(nextToStart(items).map((item) => item.id)).toEqual(["u2"]);
  });

  it("frees the place of a photo that is being processed by the server", () => {
    const items = play(
      added(4),
      { type: "hash", id: "u0" },
      { type: "send", id: "u0", at: 0 },
      { type: "completed", id: "u0", originalId: "o0", duplicate: false, ready: false },
    );
    expect(state(items)).toBe("processing");
    expect(nextToStart(items)).toHaveLength(3);
  });

  it("walks from queued to done when the server says that the photo is ready", () => {
    const items = play(
      added(1),
      { type: "hash", id: "u0" },
      { type: "send", id: "u0", at: 0 },
      { type: "sent", id: "u0", bytes: 500, at: 500 },
      { type: "completed", id: "u0", originalId: "o0", duplicate: false, ready: false },
      { type: "processed", originalId: "o0", failure: null },
    );
    expect(items[0]).toMatchObject({ state: "done", sentBytes: 1000, originalId: "o0" });
  });

  it("tells a photo that was there before from a new one", () => {
    const items = play(
      added(1),
      { type: "hash", id: "u0" },
      { type: "completed", id: "u0", originalId: "o0", duplicate: true, ready: true },
    );
    expect(state(items)).toBe("duplicate");
  });

  it("fails a photo that the server could not decode after the upload", () => {
    const items = play(
      added(1),
      { type: "hash", id: "u0" },
      { type: "completed", id: "u0", originalId: "o0", duplicate: false, ready: false },
      { type: "processed", originalId: "o0", failure: { ...broken, canRetry: false } },
    );
    expect(state(items)).toBe("failed");
  });

  it("retries what can be retried and leaves the rest", () => {
    const items = play(
      added(2),
      { type: "fail", id: "u0", failure: broken },
      { type: "fail", id: "u1", failure: { ...broken, canRetry: false } },
      { type: "retry", ids: ["u0", "u1"] },
    );
    expect(state(items, "u0")).toBe("queued");
    expect(state(items, "u1")).toBe("failed");
  });

  it("ignores news of an upload that was canceled", () => {
    const items = play(
      added(1),
      { type: "hash", id: "u0" },
      { type: "cancel", ids: ["u0"] },
      { type: "sent", id: "u0", bytes: 900, at: 900 },
      { type: "completed", id: "u0", originalId: "o0", duplicate: false, ready: true },
      { type: "fail", id: "u0", failure: broken },
    );
    expect(items[0]).toMatchObject({ state: "canceled", sentBytes: 0, originalId: null });
  });

  it("dismisses only what has ended", () => {
    const items = play(
      added(2),
      { type: "fail", id: "u0", failure: broken },
      { type: "dismiss", ids: ["u0", "u1"] },
    );
    expect(items.map((item) => item.id)).toEqual(["u1"]);
    expect(items.every(isPending)).toBe(true);
  });

  it("measures speed smoothly and never counts backwards", () => {
    let items = play(added(1), { type: "hash", id: "u0" }, { type: "send", id: "u0", at: 0 });
    items = play(items, { type: "sent", id: "u0", bytes: 400, at: 1000 });
    expect(items[0]?.speed).toBe(400);
    items = play(items, { type: "sent", id: "u0", bytes: 500, at: 2000 });
    expect(items[0]?.speed).toBeCloseTo(0.7 * 400 + 0.3 * 100);
    items = play(items, { type: "sent", id: "u0", bytes: 300, at: 2050 });
    expect(items[0]?.sentBytes).toBe(500);
  });

  it("sums up bytes, counts and time left", () => {
    const items = play(
      added(4),
      { type: "hash", id: "u0" },
      { type: "send", id: "u0", at: 0 },
      { type: "sent", id: "u0", bytes: 500, at: 1000 },
      { type: "fail", id: "u1", failure: broken },
      { type: "cancel", ids: ["u2"] },
    );
    expect(summarize(items)).toMatchObject({
      total: 3,
      pending: 2,
      failed: 1,
      retryable: 1,
      sentBytes: 500,
      totalBytes: 2000,
      speed: 500,
      secondsLeft: 3,
    });
  });
});
