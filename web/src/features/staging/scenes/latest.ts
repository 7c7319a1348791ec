/**
 * Sends what a hand produces sixty times a second to a server that manages five: one request under way, and
 * when it is answered the newest input goes next; everything in between is never sent. The server sets the
 * pace by answering. When it says that it is busy, the newest input is tried again a little later.
 */
import { asApiError } from "../../../api";

export type LatestDeps = {
  later: (work: () => void, ms: number) => () => void;
};

const browserDeps: LatestDeps = {
  later: (work, ms) => {
    const timer = setTimeout(work, ms);
    return () => clearTimeout(timer);
  },
};

const FIRST_PAUSE_MS = 300;
const LONGEST_PAUSE_MS = 4000;

export class LatestWins<In, Out> {
  private pending: { input: In } | null = null;
  private flight: AbortController | null = null;
  private cancelPause: (() => void) | null = null;
  private pauses = 0;

  constructor(
    private run: (input: In, signal: AbortSignal) => Promise<Out>,
    private onResult: (result: Out, input: In) => void,
    private onError: (error: unknown, input: In) => void,
    private deps: LatestDeps = browserDeps,
  ) {}

  get isBusy(): boolean {
    return this.flight !== null || this.pending !== null;
  }

  send(input: In): void {
    this.pending = { input };
    this.next();
  }

  /** Forgets what waits and what is under way. */
  cancel(): void {
    this.pending = null;
    this.flight?.abort();
    this.flight = null;
    this.cancelPause?.();
    this.cancelPause = null;
    this.pauses = 0;
  }

  private next(): void {
    if (this.flight || this.cancelPause || !this.pending) return;
    const { input } = this.pending;
    this.pending = null;
    const flight = new AbortController();
    this.flight = flight;
    this.run(input, flight.signal).then(
      (result) => {
        if (this.flight !== flight) return;
        this.flight = null;
        this.pauses = 0;
        this.onResult(result, input);
        this.next();
      },
      (error) => {
        if (this.flight !== flight) return;
        this.flight = null;
        const { status, retryAfter } = asApiError(error);
        if (status === 429 || status === 503) this.pause(input, retryAfter);
        else this.onError(error, input);
        this.next();
      },
    );
  }

  private pause(input: In, retryAfterS: number | null): void {
    this.pending ??= { input };
    const wait = retryAfterS === null ? FIRST_PAUSE_MS * 2 ** this.pauses : retryAfterS * 1000;
    this.pauses += 1;
    this.cancelPause = this.deps.later(
      () => {
        this.cancelPause = null;
        this.next();
      },
      Math.min(LONGEST_PAUSE_MS, wait),
    );
  }
}

/** How wide a preview to ask for, so that it comes in time: smaller while dragging and on a slow server. */
export function previewWidth(stagePx: number, lastMs: number | null, isDragging: boolean): number {
  const most = lastMs === null || lastMs < 250 ? 960 : lastMs < 600 ? 720 : 480;
  const wanted = isDragging ? Math.min(stagePx, 0.75 * most) : Math.min(stagePx, most);
  return Math.round(Math.min(1280, Math.max(320, wanted)) / 16) * 16;
}
