/**
 * The upload queue as a pure state machine; `manager.ts` gives it files, network and storage.
 *
 *   queued → hashing → uploading → processing → done
 *     ↑         └─────────┴────────────┴──────→ failed | canceled      (duplicate: done, but known before)
 *     └──────────────── retry ─────────────────────┘
 */
export type UploadState =
  | "queued"
  | "hashing"
  | "uploading"
  | "processing"
  | "done"
  | "duplicate"
  | "failed"
  | "canceled";

export type UploadFailure = { code: string; message: string; canRetry: boolean };

export type UploadItem = {
  id: string;
  projectId: string;
  name: string;
  sizeBytes: number;
  /** An address of the picture in this tab, for the row's preview. */
  preview: string | null;
  state: UploadState;
  sentBytes: number;
  /** Bytes per second, smoothed; 0 until known. */
  speed: number;
  measuredAt: number;
  failure: UploadFailure | null;
  originalId: string | null;
  /** It comes from before a reload of the page. */
  resumed: boolean;
};

export type UploadEvent =
  | {
      type: "add";
      items: Pick<UploadItem, "id" | "projectId" | "name" | "sizeBytes" | "preview" | "resumed">[];
    }
  | { type: "hash"; id: string }
  | { type: "send"; id: string; at: number }
  | { type: "sent"; id: string; bytes: number; at: number }
  | { type: "completed"; id: string; originalId: string; duplicate: boolean; ready: boolean }
  | { type: "processed"; originalId: string; failure: UploadFailure | null }
  | { type: "fail"; id: string; failure: UploadFailure }
  | { type: "retry"; ids: string[] }
  | { type: "cancel"; ids: string[] }
  | { type: "dismiss"; ids: string[] };

export const PARALLEL = 3;

const BUSY: readonly UploadState[] = ["hashing", "uploading"];
const ENDED: readonly UploadState[] = ["done", "duplicate", "failed", "canceled"];

export const isBusy = (item: UploadItem) => BUSY.includes(item.state);
export const isEnded = (item: UploadItem) => ENDED.includes(item.state);
export const isPending = (item: UploadItem) => item.state === "queued" || isBusy(item);

export function reduce(items: readonly UploadItem[], event: UploadEvent): readonly UploadItem[] {
  switch (event.type) {
    case "add":
      return [
        ...items,
        ...event.items.map((item) => ({
          ...item,
          state: "queued" as const,
          sentBytes: 0,
          speed: 0,
          measuredAt: 0,
          failure: null,
          originalId: null,
        })),
      ];
    case "hash":
      return change(items, [event.id], (item) =>
        item.state === "queued" ? { ...item, state: "hashing" } : item,
      );
    case "send":
      return change(items, [event.id], (item) =>
        isBusy(item) ? { ...item, state: "uploading", sentBytes: 0, measuredAt: event.at } : item,
      );
    case "sent":
      return change(items, [event.id], (item) => (item.state === "uploading" ? measured(item, event) : item));
    case "completed":
      return change(items, [event.id], (item) => {
        if (!isBusy(item)) return item;
        const state = !event.ready ? "processing" : event.duplicate ? "duplicate" : "done";
        return { ...item, state, sentBytes: item.sizeBytes, speed: 0, originalId: event.originalId };
      });
    case "processed":
      return items.map((item) => {
        if (item.state !== "processing" || item.originalId !== event.originalId) return item;
        return event.failure
          ? { ...item, state: "failed", failure: event.failure }
          : { ...item, state: "done", failure: null };
      });
    case "fail":
      return change(items, [event.id], (item) =>
        isEnded(item) ? item : { ...item, state: "failed", speed: 0, failure: event.failure },
      );
    case "retry":
      return change(items, event.ids, (item) =>
        item.state === "failed" && item.failure?.canRetry
          ? { ...item, state: "queued", sentBytes: 0, speed: 0, failure: null, originalId: null }
          : item,
      );
    case "cancel":
      return change(items, event.ids, (item) =>
        isPending(item) ? { ...item, state: "canceled", speed: 0 } : item,
      );
    case "dismiss":
      return items.filter((item) => !event.ids.includes(item.id) || !isEnded(item));
  }
}

/** What should be started now; never more than three at once, oldest first. */
export function nextToStart(items: readonly UploadItem[], parallel = PARALLEL): UploadItem[] {
  const free = parallel - items.filter(isBusy).length;
  return free > 0 ? items.filter((item) => item.state === "queued").slice(0, free) : [];
}

export type UploadSummary = {
  total: number;
  pending: number;
  done: number;
  duplicate: number;
  failed: number;
  retryable: number;
  sentBytes: number;
  totalBytes: number;
  speed: number;
  /** Seconds to go, when the speed is known. */
  secondsLeft: number | null;
};

export function summarize(items: readonly UploadItem[]): UploadSummary {
  const live = items.filter((item) => item.state !== "canceled");
  const count = (state: UploadState) => live.filter((item) => item.state === state).length;
  const counted = live.filter((item) => item.state !== "failed");
  const totalBytes = counted.reduce((sum, item) => sum + item.sizeBytes, 0);
  const sentBytes = counted.reduce((sum, item) => sum + item.sentBytes, 0);
  const speed = live.reduce((sum, item) => sum + (item.state === "uploading" ? item.speed : 0), 0);
  return {
    total: live.length,
    pending: live.filter((item) => isPending(item) || item.state === "processing").length,
    done: count("done"),
    duplicate: count("duplicate"),
    failed: count("failed"),
    retryable: live.filter((item) => item.state === "failed" && item.failure?.canRetry).length,
    sentBytes,
    totalBytes,
    speed,
    secondsLeft: speed > 0 ? (totalBytes - sentBytes) / speed : null,
  };
}

function change(
  items: readonly UploadItem[],
  ids: readonly string[],
  next: (item: UploadItem) => UploadItem,
): readonly UploadItem[] {
  return items.map((item) => (ids.includes(item.id) ? next(item) : item));
}

function measured(item: UploadItem, event: { bytes: number; at: number }): UploadItem {
  const seconds = (event.at - item.measuredAt) / 1000;
  if (seconds < 0.2) return { ...item, sentBytes: Math.max(item.sentBytes, event.bytes) };
  const now = Math.max(0, event.bytes - item.sentBytes) / seconds;
  return {
    ...item,
    sentBytes: Math.max(item.sentBytes, event.bytes),
    speed: item.speed === 0 ? now : item.speed * 0.7 + now * 0.3,
    measuredAt: event.at,
  };
}
