/**
 * Keeps what is on screen true: events change the cache at once and ask for the full object when something
 * ended. Without a stream the same questions are asked every three seconds while anything is under way.
 */
import type { QueryClient } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import {
  browserStream,
  type Image,
  images,
  type LiveEvent,
  type LiveMode,
  LiveStream,
  session,
} from "../api";
import {
  isRunning,
  patchImage,
  patchOriginal,
  processingOriginals,
  putImages,
  runningImages,
} from "../features/staging/images/cache";
import { keys } from "./keys";

const POLL_MS = 3000;
/** A hidden tab with nothing under way gives its connection back after this long. */
const HIDDEN_MS = 60_000;

let mode: LiveMode = "off";
const modeListeners = new Set<() => void>();
const eventListeners = new Set<(event: LiveEvent) => void>();

/** A notification says that what it leads to has changed; an open page of it asks again. */
export function refreshLinked(client: QueryClient, link: string): void {
  const [, place, id] = link.split("/");
  if (!id) return;
  const stale = {
    support: [keys.tickets, keys.ticket(id), keys.ticketMessages(id)],
    community: [keys.posts, keys.post(id), keys.comments(id)],
  }[place as "support" | "community"];
  for (const queryKey of stale ?? []) void client.invalidateQueries({ queryKey });
}

export function useLiveMode(): LiveMode {
  return useSyncExternalStore(
    (listener) => {
      modeListeners.add(listener);
      return () => modeListeners.delete(listener);
    },
    () => mode,
  );
}

/** Uploads listen here for the end of processing. */
export function onLiveEvent(listener: (event: LiveEvent) => void): () => void {
  eventListeners.add(listener);
  return () => eventListeners.delete(listener);
}

export function startLive(client: QueryClient): void {
  let poll: ReturnType<typeof setInterval> | null = null;
  /** Images that are being read, and whether they changed once more meanwhile. */
  const fetching = new Map<string, boolean>();
  let settle: ReturnType<typeof setTimeout> | null = null;

  const refreshCounts = () => {
    if (settle) return;
    settle = setTimeout(() => {
      settle = null;
      void client.invalidateQueries({ queryKey: keys.usage });
      void client.invalidateQueries({ queryKey: keys.projects });
      void client.invalidateQueries({ queryKey: ["project"] });
      void client.invalidateQueries({ queryKey: keys.jobs });
    }, 400);
  };

  /** The event says that it ended; pictures and figures come with the object itself. */
  const fetchEnded = async (id: string) => {
    if (fetching.has(id)) {
      fetching.set(id, true);
      return;
    }
    fetching.set(id, false);
    try {
      putImages(client, [await images.get(id)]);
    } catch {
      void client.invalidateQueries({ queryKey: keys.allPhotos });
    }
    const hasChanged = fetching.get(id);
    fetching.delete(id);
    if (hasChanged) await fetchEnded(id);
  };

  const apply = (event: LiveEvent) => {
    if (event.type === "job_update") {
      if (!event.image_id) return refreshCounts();
      const status = event.status as Image["status"];
      if (status === "queued" || status === "processing") {
        patchImage(client, event.image_id, {
          status,
          progress: event.progress,
          step: event.step,
          error: null,
        });
      } else {
        void fetchEnded(event.image_id);
        refreshCounts();
      }
    } else if (event.type === "original_update") {
      if (event.status === "processing") patchOriginal(client, event.original_id, { status: event.status });
      else void client.invalidateQueries({ queryKey: keys.allPhotos });
      refreshCounts();
    } else if (event.type === "notification" || event.type === "notifications_read") {
      void client.invalidateQueries({ queryKey: keys.notifications });
      if (event.type === "notification" && event.link) refreshLinked(client, event.link);
    } else {
      void client.invalidateQueries({ queryKey: keys.notifications });
      const running = new Map(event.images.map((image) => [image.image_id, image]));
      for (const image of runningImages(client)) {
        const now = running.get(image.id);
        if (now && (now.status === "queued" || now.status === "processing")) {
          patchImage(client, image.id, { status: now.status, progress: now.progress, step: now.step });
        } else {
          void fetchEnded(image.id);
        }
      }
      if (processingOriginals(client).length > 0) void client.invalidateQueries({ queryKey: keys.allPhotos });
      refreshCounts();
    }
    for (const listener of eventListeners) listener(event);
  };

  const pollOnce = async () => {
    const before = runningImages(client).length + processingOriginals(client).length;
    if (document.hidden || before === 0) return;
    await client.invalidateQueries({ queryKey: keys.allPhotos });
    const after = runningImages(client).length + processingOriginals(client).length;
    if (after < before) refreshCounts();
  };

  const stream = new LiveStream(browserStream, apply, (next) => {
    mode = next;
    if (next === "polling") poll ??= setInterval(() => void pollOnce(), POLL_MS);
    else if (next !== "connecting" && poll) {
      clearInterval(poll);
      poll = null;
    }
    for (const listener of modeListeners) listener();
  });

  const follow = () => {
    if (session.snapshot().status === "signed_in") stream.start();
    else stream.stop();
  };
  session.subscribe(follow);
  follow();

  let hidden: ReturnType<typeof setTimeout> | null = null;
  document.addEventListener("visibilitychange", () => {
    if (hidden) clearTimeout(hidden);
    hidden = null;
    if (!document.hidden) return follow();
    hidden = setTimeout(() => {
      if (!runningImages(client).some(isRunning)) stream.stop();
    }, HIDDEN_MS);
  });
}
