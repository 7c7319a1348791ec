/**
 * Runs the upload queue: three at a time, with progress, retries, cancel and survival of a reload. One for
 * the whole app, so that uploads go on while the person visits other pages.
 */
import { ApiError, asApiError, type CompletedUpload, type Original, type Presigned } from "../../../api";
import { binaryBytes } from "../../../lib/format";
import { isHeif, nameFor, photoType, SIGNATURE_BYTES } from "../../../lib/photoType";
import {
  isPending,
  nextToStart,
  reduce,
  type UploadEvent,
  type UploadFailure,
  type UploadItem,
} from "./queue";
import type { StoredUpload, UploadStore } from "./store";

/** Silent attempts after a lost connection or a busy server, before the row says failed. */
const SILENT_RETRIES = 2;
const POLL_MS = 3000;

export type UploadDeps = {
  presign: (
    body: { filename: string; content_type: string; file_size: number; sha256?: string; project_id: string },
    signal: AbortSignal,
  ) => Promise<Presigned>;
  put: (target: Presigned, file: Blob, onSent: (bytes: number) => void, signal: AbortSignal) => Promise<void>;
  complete: (uploadId: string, signal: AbortSignal) => Promise<CompletedUpload>;
  original: (id: string) => Promise<Original>;
  sha256: (file: Blob) => Promise<string | undefined>;
  /** The largest photo the server takes; null when it could not be asked. */
  maxBytes: () => Promise<number | null>;
  store: UploadStore;
  previewOf: (file: Blob) => string | null;
  dropPreview: (url: string) => void;
  now: () => number;
  wait: (ms: number) => Promise<void>;
  newId: () => string;
  rejection: (original: Original) => string;
  /** A photo arrived in a project; its lists should be read again. */
  onArrived: (projectId: string) => void;
};

export class UploadManager {
  private items: readonly UploadItem[] = [];
  private files = new Map<string, Blob>();
  private aborts = new Map<string, AbortController>();
  private listeners = new Set<() => void>();
  private ownerId: string | null = null;
  private polling = false;

  constructor(private deps: UploadDeps) {}

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  snapshot = (): readonly UploadItem[] => this.items;

  /** Call when somebody signed in: continues what a reload interrupted. */
  async resume(ownerId: string): Promise<void> {
    if (this.ownerId === ownerId) return;
    this.ownerId = ownerId;
    const left = await this.deps.store.claim(ownerId, (upload) => this.takeOver([upload])).catch(() => []);
    this.takeOver(left);
  }

  private takeOver(left: readonly StoredUpload[]): void {
    this.enqueue(
      left.filter((upload) => !this.files.has(upload.id)).map((upload) => ({ ...upload, resumed: true })),
    );
  }

  /** Call when nobody is signed in any more. Files stay in storage for when the same person comes back. */
  clear(): void {
    this.ownerId = null;
    this.deps.store.stopWaiting();
    for (const abort of this.aborts.values()) abort.abort();
    for (const item of this.items) {
      if (item.preview) this.deps.dropPreview(item.preview);
      this.deps.store.letGo(item.id);
    }
    this.aborts.clear();
    this.files.clear();
    this.items = [];
    for (const listener of this.listeners) listener();
  }

  add(projectId: string, files: readonly File[]): void {
    const added = files.map((file) => ({
      id: this.deps.newId(),
      projectId,
      name: file.name || "Pasted photo",
      file: file as Blob,
      resumed: false,
    }));
    this.enqueue(added);
    void this.keep(added);
  }

  retry(ids: string[]): void {
    this.apply({ type: "retry", ids });
    this.pump();
  }

  retryAll(projectId: string): void {
    this.retry(this.items.filter((item) => item.projectId === projectId).map((item) => item.id));
  }

  cancel(ids: string[]): void {
    this.apply({ type: "cancel", ids });
    for (const id of ids) {
      const item = this.items.find((other) => other.id === id);
      if (item?.state !== "canceled") continue;
      this.aborts.get(id)?.abort();
      this.release(id);
    }
    this.pump();
  }

  dismiss(ids: string[]): void {
    for (const item of this.items) {
      if (!ids.includes(item.id)) continue;
      if (item.preview) this.deps.dropPreview(item.preview);
      this.release(item.id);
    }
    this.apply({ type: "dismiss", ids });
  }

  /** A photo's processing ended; told by the live feed. */
  originalChanged(originalId: string): void {
    if (this.items.some((item) => item.state === "processing" && item.originalId === originalId)) {
      void this.checkOriginal(originalId);
    }
  }

  private enqueue(
    added: { id: string; projectId: string; name: string; file: Blob; resumed: boolean }[],
  ): void {
    if (added.length === 0) return;
    for (const { id, file } of added) this.files.set(id, file);
    this.apply({
      type: "add",
      items: added.map(({ id, projectId, name, file, resumed }) => ({
        id,
        projectId,
        name,
        sizeBytes: file.size,
        preview: this.deps.previewOf(file),
        resumed,
      })),
    });
    this.pump();
  }

  /** Writes files to storage one after another, skipping those that are through already. */
  private async keep(added: { id: string; projectId: string; name: string; file: Blob }[]): Promise<void> {
    for (const upload of added) {
      const owner = this.ownerId;
      const item = this.items.find((other) => other.id === upload.id);
      if (!owner || !item || !isPending(item)) continue;
      this.deps.store.hold(upload.id);
      try {
        await this.deps.store.put({ ...upload, ownerId: owner, addedAt: this.deps.now() });
      } catch {
        // No room or private window: the upload works all the same, it only does not survive a reload.
        return;
      }
      const after = this.items.find((other) => other.id === upload.id);
      if (!after || (!isPending(after) && after.state !== "failed")) this.release(upload.id);
    }
  }

  private release(id: string): void {
    this.files.delete(id);
    this.aborts.delete(id);
    void this.deps.store.remove(id).catch(() => {});
  }

  private pump(): void {
    for (const item of nextToStart(this.items)) {
      this.apply({ type: "hash", id: item.id });
      void this.run(item);
    }
  }

  private async run(item: UploadItem): Promise<void> {
    const file = this.files.get(item.id);
    const abort = new AbortController();
    this.aborts.set(item.id, abort);
    try {
      if (!file) throw failure("file_gone", "The file is no longer there. Add it again.");
      await this.transfer(item, file, abort.signal);
    } catch (error) {
      if (!abort.signal.aborted) this.apply({ type: "fail", id: item.id, failure: failureFrom(error) });
    }
    this.pump();
  }

  private async transfer(item: UploadItem, file: Blob, signal: AbortSignal): Promise<void> {
    const type = await checked(file, await this.deps.maxBytes());
    const sha256 = await this.deps.sha256(file);
    for (let attempt = 0; ; attempt += 1) {
      if (signal.aborted) return;
      try {
        await this.attempt(item, file, type, sha256, signal);
        return;
      } catch (error) {
        const { status, retryAfter } = asApiError(error);
        const passing = status === 0 || status === 429 || status >= 500;
        if (signal.aborted || !passing || attempt >= SILENT_RETRIES) throw error;
        await this.deps.wait(Math.max((retryAfter ?? 0) * 1000, 1000 * 2 ** attempt));
      }
    }
  }

  private async attempt(
    item: UploadItem,
    file: Blob,
    type: string,
    sha256: string | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    const target = await this.deps.presign(
      {
        filename: nameFor(type as Parameters<typeof nameFor>[0], item.name),
        content_type: type,
        file_size: file.size,
        sha256,
        project_id: item.projectId,
      },
      signal,
    );
    this.apply({ type: "send", id: item.id, at: this.deps.now() });
    await this.deps.put(
      target,
      file,
      (bytes) => this.apply({ type: "sent", id: item.id, bytes, at: this.deps.now() }),
      signal,
    );
    const original = await this.deps.complete(target.upload_id, signal);
    if (original.status === "rejected") throw failure("rejected", this.deps.rejection(original));
    this.apply({
      type: "completed",
      id: item.id,
      originalId: original.id,
      duplicate: original.duplicate,
      ready: original.status === "ready",
    });
    this.release(item.id);
    this.deps.onArrived(item.projectId);
    if (original.status === "processing") void this.pollProcessing();
  }

  private async checkOriginal(originalId: string): Promise<void> {
    const original = await this.deps.original(originalId).catch(() => null);
    if (!original || original.status === "processing") return;
    this.apply({
      type: "processed",
      originalId,
      failure: original.status === "rejected" ? failure("rejected", this.deps.rejection(original)) : null,
    });
    for (const item of this.items) if (item.originalId === originalId) this.deps.onArrived(item.projectId);
  }

  /** The live feed usually is faster; this is for when there is none. */
  private async pollProcessing(): Promise<void> {
    if (this.polling) return;
    this.polling = true;
    for (;;) {
      await this.deps.wait(POLL_MS);
      const waiting = this.items.filter((item) => item.state === "processing" && item.originalId);
      if (waiting.length === 0) break;
      for (const item of waiting) await this.checkOriginal(item.originalId as string);
    }
    this.polling = false;
  }

  private apply(event: UploadEvent): void {
    const next = reduce(this.items, event);
    if (next === this.items) return;
    this.items = next;
    for (const listener of this.listeners) listener();
  }
}

async function checked(file: Blob, maxBytes: number | null): Promise<string> {
  if (file.size === 0) throw failure("empty", "This file is empty.");
  if (maxBytes !== null && file.size > maxBytes)
    throw failure("too_big", `Larger than ${binaryBytes(maxBytes)}. Export a smaller copy.`);
  const head = new Uint8Array(await file.slice(0, SIGNATURE_BYTES).arrayBuffer());
  const type = photoType(head);
  if (type) return type;
  throw failure(
    "not_a_photo",
    isHeif(head)
      ? "HEIC photos are not read yet. Export it as JPEG."
      : "Not a photo we can read. Use JPEG, PNG or WebP.",
  );
}

function failure(code: string, message: string): UploadFailure {
  return { code, message, canRetry: false };
}

function failureFrom(error: unknown): UploadFailure {
  if (typeof error === "object" && error !== null && "canRetry" in error) return error as UploadFailure;
  const problem = error instanceof ApiError ? error : asApiError(error);
  const lasting = problem.status === 402 || problem.status === 415 || problem.status === 422;
  return {
    code: problem.code,
    message: problem.fields[0]?.message ?? problem.message,
    canRetry: !lasting || problem.code === "quota_exceeded",
  };
}
