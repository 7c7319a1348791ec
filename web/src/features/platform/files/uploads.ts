/** The upload manager of this page, tied to the browser and to the session. */
import { useSyncExternalStore } from "react";
import { originals, session, staging, uploads as uploadApi } from "../../../api";
import { keys } from "../../../app/keys";
import { onLiveEvent } from "../../../app/live";
import { queryClient } from "../../../app/query";
import { rejectionOf } from "../../staging/images/failure";
import { UploadManager } from "./manager";
import { isPending, type UploadItem } from "./queue";
import { browserStore } from "./store";
import { put, sha256 } from "./transfer";

export const uploads = new UploadManager({
  presign: uploadApi.presign,
  complete: uploadApi.complete,
  put,
  sha256,
  original: originals.get,
  maxBytes: () =>
    queryClient
      .fetchQuery({ queryKey: keys.options, queryFn: staging.options, staleTime: 5 * 60_000 })
      .then((options) => options.uploads.max_bytes)
      .catch(() => null),
  store: browserStore(),
  previewOf: (file) => URL.createObjectURL(file),
  dropPreview: (url) => URL.revokeObjectURL(url),
  now: () => Date.now(),
  wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  newId: () => Array.from(crypto.getRandomValues(new Uint32Array(4)), (n) => n.toString(36)).join(""),
  rejection: (original) => rejectionOf(original.error),
  onArrived: (projectId) => {
    void queryClient.invalidateQueries({ queryKey: keys.photos(projectId) });
    void queryClient.invalidateQueries({ queryKey: keys.project(projectId) });
    void queryClient.invalidateQueries({ queryKey: keys.projects });
  },
});

export function useUploads(): readonly UploadItem[] {
  return useSyncExternalStore(uploads.subscribe, uploads.snapshot);
}

export function startUploads(): void {
  const follow = () => {
    const state = session.snapshot();
    if (state.status === "signed_in") void uploads.resume(state.user.id);
    else if (state.status === "signed_out") uploads.clear();
  };
  session.subscribe(follow);
  follow();
  onLiveEvent((event) => {
    if (event.type === "original_update") uploads.originalChanged(event.original_id);
  });
  window.addEventListener("beforeunload", (event) => {
    if (uploads.snapshot().some(isPending)) event.preventDefault();
  });
}
