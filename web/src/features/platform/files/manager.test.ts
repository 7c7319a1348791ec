import { describe, expect, it, vi } from "vitest";
import { ApiError, type CompletedUpload, type Original } from "../../../api";
import { type UploadDeps, UploadManager } from "./manager";
import type { StoredUpload } from "./store";

const JPEG = new Uint8Array([0xff, 0xd8, 0xff, 0xe0, ...new Array(60).fill(7)]);
const photo = (name: string, bytes = JPEG) => new File([bytes], name, { type: "image/jpeg" });

function original(patch: Partial<CompletedUpload> = {}): CompletedUpload {
  return {
    id: "o1",
    filename: "a.jpg",
    width: 10,
    height: 10,
    content_type: "image/jpeg",
    size_bytes: 64,
    sha256: "",
    status: "ready",
    error: null,
    thumb_url: null,
    preview_url: null,
    url: null,
    created_at: "2026-01-01T00:00:00Z",
    duplicate: false,
    ...patch,
  };
}

function bench(patch: Partial<UploadDeps> = {}) {
  const kept = new Map<string, StoredUpload>();
  let id = 0;
  const arrived: string[] = [];
  const deps: UploadDeps = {
    presign: async () => ({
      upload_id: "up",
      upload_url: "/put",
      method: "PUT",
      headers: {},
      file_key: "k",
      expires_in: 60,
    }),
    put: async (_target, file, onSent) => onSent(file.size),
    complete: async () => original(),
    original: async () => original() as Original,
    sha256: async () => "00",
    maxBytes: async () => null,
    store: {
      put: async (upload) => void kept.set(upload.id, upload),
      remove: async (one) => void kept.delete(one),
      claim: async (owner) => [...kept.values()].filter((upload) => upload.ownerId === owner),
      hold: () => {},
      letGo: () => {},
      stopWaiting: () => {},
    },
    previewOf: () => null,
    dropPreview: () => {},
    now: () => 0,
    wait: () => new Promise((resolve) => setTimeout(resolve)),
    newId: () => `u${id++}`,
    rejection: () => "damaged",
    onArrived: (project) => arrived.push(project),
    ...patch,
  };
  return { manager: new UploadManager(deps), kept, arrived };
}

const states = (manager: UploadManager) => manager.snapshot().map((item) => item.state);
const settled = (manager: UploadManager, expected: string[]) =>
  vi.waitFor(() => expect(states(manager)).toEqual(expected), { timeout: 8000 });

describe("the upload manager", () => {
  it("brings photos up and forgets their stored copies", async () => {
    const { manager, kept, arrived } = bench();
    await manager.resume("me");
    manager.add("p", [photo("a.jpg"), photo("b.jpg")]);
    await settled(manager, ["done", "done"]);
    await vi.waitFor(() => expect(kept.size).toBe(0), { timeout: 8000 });
    expect(arrived).toEqual(["p", "p"]);
  });

  it("refuses what is no photo before anything is sent", async () => {
    const presign = vi.fn();
    const { manager } = bench({ presign });
    manager.add("p", [new File(["hello"], "a.jpg"), new File([], "b.jpg")]);
    await settled(manager, ["failed", "failed"]);
    expect(manager.snapshot().map((item) => item.failure?.code)).toEqual(["not_a_photo", "empty"]);
    expect(presign).not.toHaveBeenCalled();
  });

  it("holds itself to the size the server takes", async () => {
    const presign = vi.fn();
    const { manager } = bench({ presign, maxBytes: async () => 2 * 1024 * 1024 });
    manager.add("p", [new File([new Uint8Array(2 * 1024 * 1024 + 1)], "a.jpg")]);
    await settled(manager, ["failed"]);
    expect(manager.snapshot()[0]?.failure?.message).toBe("Larger than 2 MiB. Export a smaller copy.");
    expect(presign).not.toHaveBeenCalled();
  });

  it("gives a mislabelled photo the extension of what it is", async () => {
    const names: string[] = [];
    const { manager } = bench({
      presign: async (body) => {
        names.push(`${body.filename} ${body.content_type}`);
        throw new ApiError({ status: 422, code: "validation_failed", title: "", detail: "no" });
      },
    });
    manager.add("p", [photo("room.png")]);
    await settled(manager, ["failed"]);
    expect(names).toEqual(["room.jpg image/jpeg"]);
  });

  it("tries again by itself when the connection drops, then says so", async () => {
    const put = vi.fn(async () => {
      throw new ApiError({ status: 0, code: "network", title: "", detail: "lost" });
    });
    const { manager } = bench({ put });
    manager.add("p", [photo("a.jpg")]);
    await settled(manager, ["failed"]);
    expect(put).toHaveBeenCalledTimes(3);
    expect(manager.snapshot()[0]?.failure).toMatchObject({ code: "network", canRetry: true });
  });

  it("retries all failed ones of a project at one press", async () => {
    let isBroken = true;
    const { manager } = bench({
      complete: async () => {
        if (isBroken) throw new ApiError({ status: 409, code: "conflict", title: "", detail: "not there" });
        return original();
      },
    });
    manager.add("p", [photo("a.jpg"), photo("b.jpg")]);
    await settled(manager, ["failed", "failed"]);
    isBroken = false;
    manager.retryAll("p");
    await settled(manager, ["done", "done"]);
  });

  it("stops the transfer of a canceled upload", async () => {
    let aborted = false;
    const { manager } = bench({
      put: (_target, _file, _onSent, signal) =>
        new Promise((_, reject) =>
          signal.addEventListener("abort", () => {
            aborted = true;
            reject(new DOMException("canceled", "AbortError"));
          }),
        ),
    });
    manager.add("p", [photo("a.jpg")]);
    await settled(manager, ["uploading"]);
    manager.cancel(["u0"]);
    expect(states(manager)).toEqual(["canceled"]);
    expect(aborted).toBe(true);
  });

  it("continues after a reload with the files that were left", async () => {
    const first = bench({ put: () => new Promise(() => {}) });
    await first.manager.resume("me");
    first.manager.add("p", [photo("a.jpg")]);
    await vi.waitFor(() => expect(first.kept.size).toBe(1), { timeout: 8000 });

    const second = bench();
    for (const [id, upload] of first.kept) second.kept.set(id, upload);
    await second.manager.resume("somebody else");
    expect(second.manager.snapshot()).toHaveLength(0);
    second.manager.clear();
    await second.manager.resume("me");
    expect(second.manager.snapshot()[0]).toMatchObject({ name: "a.jpg", resumed: true });
    await settled(second.manager, ["done"]);
    await vi.waitFor(() => expect(second.kept.size).toBe(0), { timeout: 8000 });
  });

  it("waits for the server to decode the photo and tells when it cannot", async () => {
    const { manager } = bench({
      complete: async () => original({ status: "processing" }),
      original: async () => original({ status: "rejected" }),
      wait: () => new Promise(() => {}),
    });
    manager.add("p", [photo("a.jpg")]);
    await settled(manager, ["processing"]);
    manager.originalChanged("o1");
    await settled(manager, ["failed"]);
    expect(manager.snapshot()[0]?.failure?.message).toBe("damaged");
  });
});
