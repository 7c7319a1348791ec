/**
 * The live feed. A ticket is good for one connection, so every (re)connection asks for a new one; what was
 * missed meanwhile is replayed by the server from `Last-Event-ID`. When no stream can be held (a proxy that
 * buffers, a policy that blocks it), `mode` turns to "polling" and the app asks every three seconds instead,
 * while this class goes on trying in the background.
 */
import { EventParser } from "../lib/sse";
import { events } from "./endpoints";
import type { ImageStatus, ItemError, Original } from "./model";

export type LiveEvent =
  | {
      type: "connected";
      images: { image_id: string; status: ImageStatus; progress: number; step: string | null }[];
    }
  | {
      type: "job_update";
      image_id: string | null;
      project_id: string | null;
      status: string;
      progress: number;
      step: string | null;
      error: ItemError | null;
    }
  | { type: "original_update"; original_id: string; status: Original["status"] }
  | { type: "notification"; id: string; kind: string; title: string; link: string | null }
  | { type: "notifications_read" };

export type LiveMode = "connecting" | "live" | "polling" | "off";

export type StreamDeps = {
  ticket: () => Promise<{ ticket: string }>;
  open: (url: string, headers: Record<string, string>, signal: AbortSignal) => Promise<Response>;
  later: (work: () => void, ms: number) => () => void;
  random: () => number;
};

/** Two beats and a little; the server beats every 15 s. */
const SILENCE_MS = 40_000;
/** A stream that says nothing for this long after connecting is held back by something on the way. */
const FIRST_WORD_MS = 8_000;
const FAILURES_BEFORE_POLLING = 2;
const SLOWEST_RETRY_MS = 30_000;
const KNOWN = new Set(["connected", "job_update", "original_update", "notification", "notifications_read"]);

export class LiveStream {
  mode: LiveMode = "off";
  private lastId: string | null = null;
  private failures = 0;
  private abort: AbortController | null = null;
  private cancelTimer: () => void = () => {};
  private running = false;

  constructor(
    private deps: StreamDeps,
    private onEvent: (event: LiveEvent) => void,
    private onMode: (mode: LiveMode) => void,
  ) {}

  start(): void {
    if (this.running) return;
    this.running = true;
    this.failures = 0;
    void this.connect();
  }

  stop(): void {
    this.running = false;
    this.abort?.abort();
    this.cancelTimer();
    this.setMode("off");
  }

  private async connect(): Promise<void> {
    if (!this.running) return;
    if (this.mode !== "polling") this.setMode("connecting");
    const abort = new AbortController();
    this.abort = abort;
    try {
      const { ticket } = await this.deps.ticket();
      if (!this.running) return;
      this.watch(FIRST_WORD_MS, abort);
      const headers: Record<string, string> = { Accept: "text/event-stream" };
      if (this.lastId !== null) headers["Last-Event-ID"] = this.lastId;
      const response = await this.deps.open(
        `/api/v1/events?ticket=${encodeURIComponent(ticket)}`,
        headers,
        abort.signal,
      );
      if (!response.ok || !response.body) throw new Error(`stream answered ${response.status}`);
      await this.read(response.body, abort);
    } catch {
      // Whatever broke the stream, the remedy is the same: connect again.
    }
    this.cancelTimer();
    if (!this.running) return;
    this.failures += 1;
    this.setMode(this.failures >= FAILURES_BEFORE_POLLING ? "polling" : "connecting");
    const wait = Math.min(SLOWEST_RETRY_MS, 500 * 2 ** (this.failures - 1)) * (0.75 + this.deps.random() / 2);
    this.cancelTimer = this.deps.later(() => void this.connect(), wait);
  }

  private async read(body: ReadableStream<Uint8Array>, abort: AbortController): Promise<void> {
    const parser = new EventParser();
    const decoder = new TextDecoder();
    const reader = body.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      this.watch(SILENCE_MS, abort);
      for (const event of parser.push(decoder.decode(value, { stream: true }))) {
        if (event.id !== null) this.lastId = event.id;
        this.failures = 0;
        this.setMode("live");
        this.deliver(event.event, event.data);
      }
    }
  }

  private deliver(type: string, data: string): void {
    if (!KNOWN.has(type)) return;
    try {
      this.onEvent({ ...JSON.parse(data), type });
    } catch {
      // An event this version cannot read is not worth losing the stream for.
    }
  }

  private watch(ms: number, abort: AbortController): void {
    this.cancelTimer();
    this.cancelTimer = this.deps.later(() => abort.abort(), ms);
  }

  private setMode(mode: LiveMode): void {
    if (this.mode === mode) return;
    this.mode = mode;
    this.onMode(mode);
  }
}

export const browserStream: StreamDeps = {
  ticket: events.ticket,
  open: (url, headers, signal) =>
    fetch(url, { headers, signal, cache: "no-store", credentials: "same-origin" }),
  later: (work, ms) => {
    const timer = setTimeout(work, ms);
    return () => clearTimeout(timer);
  },
  random: Math.random,
};
