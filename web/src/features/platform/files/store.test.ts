import { describe, expect, it } from "vitest";
import { type FileTable, type StoredUpload, uploadStore } from "./store";

/** Locks of one browser: exclusive, first come first served, freed when a page goes away. */
class BrowserLocks {
  private held = new Map<string, object>();
  private queues = new Map<string, { page: object; run: () => void }[]>();

  /** The lock manager as one page sees it, and the end of that page. */
  page() {
    const page = {};
    const request = (
      name: string,
      options: { ifAvailable?: boolean; signal?: AbortSignal },
      work: (lock: object | null) => unknown,
    ): Promise<unknown> =>
      new Promise((resolve, reject) => {
        const run = () => {
          this.held.set(name, page);
          void Promise.resolve(work({ name })).then((value) => {
            if (this.held.get(name) === page) this.free(name);
            resolve(value);
          });
        };
        if (!this.held.has(name)) return run();
        if (options.ifAvailable) return resolve(work(null));
        const queue = this.queues.get(name) ?? [];
        this.queues.set(name, [...queue, { page, run }]);
        options.signal?.addEventListener("abort", () => {
          this.queues.set(
            name,
            (this.queues.get(name) ?? []).filter((entry) => entry.run !== run),
          );
          reject(new DOMException("aborted", "AbortError"));
        });
      });
    const close = () => {
      for (const [name, holder] of [...this.held]) if (holder === page) this.free(name);
    };
    return { locks: { request } as unknown as LockManager, close };
  }

  private free(name: string) {
    this.held.delete(name);
    const [next, ...rest] = this.queues.get(name) ?? [];
    this.queues.set(name, rest);
    next?.run();
  }
}

function setUp() {
  const rows = new Map<string, StoredUpload>();
  const table: FileTable = {
    all: async () => [...rows.values()],
    get: async (id) => rows.get(id),
    put: async (upload) => void rows.set(upload.id, upload),
    remove: async (id) => void rows.delete(id),
  };
  const browser = new BrowserLocks();
  const open = () => {
    const { locks, close } = browser.page();
    return { store: uploadStore(table, locks), close };
  };
  return { rows, open };
}

const upload = (id: string, ownerId = "ada"): StoredUpload => ({
  id,
  ownerId,
  projectId: "p",
  name: `${id}.jpg`,
  addedAt: 0,
  file: new Blob(["x"]),
});

const settle = () => new Promise((resolve) => setTimeout(resolve));

async function started(page: ReturnType<ReturnType<typeof setUp>["open"]>, ...uploads: StoredUpload[]) {
  for (const one of uploads) {
    page.store.hold(one.id);
    await page.store.put(one);
  }
}

describe("files kept for after a reload", () => {
  it("are found by the next page", async () => {
    const { open } = setUp();
    const before = open();
    await started(before, upload("a"), upload("b"));
    before.close();
    const found = await open().store.claim("ada", () => {});
    expect(found.map((one) => one.id)).toEqual(["a", "b"]);
  });

  it("come a moment later when the page before still holds them", async () => {
    const { open } = setUp();
    const before = open();
    await started(before, upload("a"), upload("b"));
    const late: string[] = [];
    const found = await open().store.claim("ada", (one) => late.push(one.id));
    expect(found).toEqual([]);
    before.close();
    await settle();
    expect(late.sort()).toEqual(["a", "b"]);
  });

  it("are not taken by a second tab that sees them end", async () => {
    const { open, rows } = setUp();
    const first = open();
    await started(first, upload("a"));
    const late: string[] = [];
    await open().store.claim("ada", (one) => late.push(one.id));
    await first.store.remove("a");
    await settle();
    expect(late).toEqual([]);
    expect(rows.size).toBe(0);
  });

  it("stay with the one page that took them over", async () => {
    const { open } = setUp();
    const first = open();
    await started(first, upload("a"));
    const late: string[] = [];
    await open().store.claim("ada", (one) => late.push(`second ${one.id}`));
    await open().store.claim("ada", (one) => late.push(`third ${one.id}`));
    first.close();
    await settle();
    expect(late).toEqual(["second a"]);
  });

  it("are no longer waited for after signing out", async () => {
    const { open, rows } = setUp();
    const first = open();
    await started(first, upload("a"));
    const second = open();
    const late: string[] = [];
    await second.store.claim("ada", (one) => late.push(one.id));
    second.store.stopWaiting();
    first.close();
    await settle();
    expect(late).toEqual([]);
    expect(rows.size).toBe(1);
  });

  it("of somebody else are removed", async () => {
    const { open, rows } = setUp();
    const before = open();
    await started(before, upload("a", "bob"));
    before.close();
    expect(await open().store.claim("ada", () => {})).toEqual([]);
    expect(rows.size).toBe(0);
  });
});
