import { describe, expect, it, vi } from "vitest";
import { type LiveEvent, type LiveMode, LiveStream, type StreamDeps } from "./events";

type Opened = { url: string; headers: Record<string, string>; send: (text: string) => void; end: () => void };

/** A server that is a list of connections, and timers that run when told. */
function bench(fail = () => false) {
  const opened: Opened[] = [];
  const timers: { work: () => void; ms: number; isLive: boolean }[] = [];
  const modes: LiveMode[] = [];
  const events: LiveEvent[] = [];
  let tickets = 0;
  const deps: StreamDeps = {
    ticket: async () => ({ ticket: `t${tickets++}` }),
    open: async (url, headers, signal) => {
      if (fail()) return new Response("", { status: 503 });
      let controller!: ReadableStreamDefaultController<Uint8Array>;
      const body = new ReadableStream<Uint8Array>({
        start: (made) => {
          controller = made;
        },
      });
      signal.addEventListener("abort", () => controller.error(new DOMException("stop", "AbortError")));
      const encoder = new TextEncoder();
      opened.push({
        url,
        headers,
        send: (text) => controller.enqueue(encoder.encode(text)),
        end: () => controller.close(),
      });
      return new Response(body);
    },
    later: (work, ms) => {
      const timer = { work, ms, isLive: true };
      timers.push(timer);
      return () => {
        timer.isLive = false;
      };
    },
    random: () => 0.5,
  };
  const stream = new LiveStream(
    deps,
    (event) => events.push(event),
    (mode) => modes.push(mode),
  );
  const runTimer = () => {
    const timer = timers.filter((one) => one.isLive).at(-1);
    if (timer) timer.isLive = false;
    timer?.work();
    return timer?.ms;
  };
  return { stream, opened, modes, events, timers, runTimer };
}

const WAIT = { timeout: 8000 };

const connection = (opened: Opened[], index: number) =>
  vi.waitFor(() => {
    const found = opened[index];
    if (!found) throw new Error("not connected yet");
    return found;
  }, WAIT);

describe("the live feed", () => {
  it("delivers events and says that it is live", async () => {
    const { stream, opened, events, modes } = bench();
    stream.start();
    const first = await connection(opened, 0);
    expect(first.url).toBe("/api/v1/events?ticket=t0");
    first.send('event: connected\ndata: {"images":[]}\n\n');
    await vi.waitFor(() => expect(events).toEqual([{ type: "connected", images: [] }]), WAIT);
    expect(modes).toEqual(["connecting", "live"]);
    stream.stop();
  });

  it("connects again with a new ticket and the last id seen", async () => {
    const { stream, opened, runTimer, modes } = bench();
    stream.start();
    const first = await connection(opened, 0);
    first.send('id: 41\nevent: job_update\ndata: {"image_id":"i"}\n\n');
    await vi.waitFor(() => expect(modes.at(-1)).toBe("live"), WAIT);
    first.end();
    await vi.waitFor(() => expect(modes.at(-1)).toBe("connecting"), WAIT);
    expect(runTimer()).toBe(500);
    const second = await connection(opened, 1);
    expect(second.url).toBe("/api/v1/events?ticket=t1");
    expect(second.headers["Last-Event-ID"]).toBe("41");
    stream.stop();
  });

  it("falls back to asking after two failures and goes live again later", async () => {
    let isBlocked = true;
    const { stream, opened, modes, runTimer, timers } = bench(() => isBlocked);
    stream.start();
    await vi.waitFor(() => expect(timers.some((timer) => timer.isLive && timer.ms === 500)).toBe(true), WAIT);
    runTimer();
    await vi.waitFor(() => expect(modes.at(-1)).toBe("polling"), WAIT);
    isBlocked = false;
    await vi.waitFor(
      () => expect(timers.some((timer) => timer.isLive && timer.ms === 1000)).toBe(true),
      WAIT,
    );
    runTimer();
    const good = await connection(opened, 0);
    good.send("event: heartbeat\ndata: {}\n\n");
    await vi.waitFor(() => expect(modes.at(-1)).toBe("live"), WAIT);
    stream.stop();
    expect(modes.at(-1)).toBe("off");
  });

  it("gives up a stream that says nothing", async () => {
    const { stream, opened, runTimer, modes } = bench();
    stream.start();
    await connection(opened, 0);
    await Promise.resolve();
    expect(runTimer()).toBe(8000);
    await vi.waitFor(() => expect(modes).toEqual(["connecting"]), WAIT);
    stream.stop();
  });

  it("survives an event it cannot read", async () => {
    const { stream, opened, events } = bench();
    stream.start();
    const first = await connection(opened, 0);
    first.send('event: job_update\ndata: {oops\n\nevent: original_update\ndata: {"original_id":"o"}\n\n');
    await vi.waitFor(() => expect(events).toEqual([{ type: "original_update", original_id: "o" }]), WAIT);
    stream.stop();
  });
});
