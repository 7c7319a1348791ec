/**
 * Files that are still to be uploaded, kept in IndexedDB so that a reload loses none. A web lock per file
 * says which page works on it. A second tab leaves such a file alone and takes it over when the first one
 * closes; a reloaded page does the same, because the locks of the page before may outlive it by a moment.
 */
import { type DBSchema, type IDBPDatabase, openDB } from "idb";

export type StoredUpload = {
  id: string;
  ownerId: string;
  projectId: string;
  name: string;
  addedAt: number;
  file: Blob;
};

export type UploadStore = {
  put: (upload: StoredUpload) => Promise<void>;
  remove: (id: string) => Promise<void>;
  /**
   * Takes over what an earlier page of this person left behind. Files that another page still works on come
   * through `later`, one by one, when that page has let go of them without finishing.
   */
  claim: (ownerId: string, later: (upload: StoredUpload) => void) => Promise<StoredUpload[]>;
  hold: (id: string) => void;
  /** Keeps the file for later but no longer works on it. */
  letGo: (id: string) => void;
  /** Ends the waiting for files of other pages. */
  stopWaiting: () => void;
};

/** Where the files lie; a table of IndexedDB in the browser. */
export type FileTable = {
  all: () => Promise<StoredUpload[]>;
  get: (id: string) => Promise<StoredUpload | undefined>;
  put: (upload: StoredUpload) => Promise<void>;
  remove: (id: string) => Promise<void>;
};

type Locks = Pick<LockManager, "request">;

interface Schema extends DBSchema {
  files: { key: string; value: StoredUpload };
}

const lockName = (id: string) => `vitrine-upload-${id}`;

export function browserStore(): UploadStore {
  let opened: Promise<IDBPDatabase<Schema>> | null = null;
  const database = () => {
    opened ??= openDB<Schema>("vitrine-uploads", 1, {
      upgrade: (db) => {
        db.createObjectStore("files", { keyPath: "id" });
      },
    });
    return opened;
  };
  const table: FileTable = {
    all: async () => (await database()).getAll("files"),
    get: async (id) => (await database()).get("files", id),
    put: async (upload) => {
      await (await database()).put("files", upload);
    },
    remove: async (id) => (await database()).delete("files", id),
  };
  return uploadStore(table, navigator.locks);
}

/** Without locks (an insecure address) every page believes that it is alone. */
export function uploadStore(table: FileTable, locks: Locks | undefined): UploadStore {
  const releases = new Map<string, () => void>();
  let waiting = new AbortController();

  /** Runs while the lock is ours; the lock stays until `letGo`. */
  const keep = (id: string) => new Promise<void>((release) => releases.set(id, release));

  const tryHold = (id: string): Promise<boolean> => {
    if (!locks) return Promise.resolve(true);
    return new Promise((answer) => {
      void locks.request(lockName(id), { ifAvailable: true }, (lock) => {
        if (!lock) return answer(false);
        answer(true);
        return keep(id);
      });
    });
  };

  const letGo = (id: string) => {
    releases.get(id)?.();
    releases.delete(id);
  };

  /** Waits until the page that works on the file is done with it or gone. */
  const waitFor = (id: string, ownerId: string, later: (upload: StoredUpload) => void) => {
    const { signal } = waiting;
    const taken = async () => {
      const upload = await table.get(id);
      if (!upload || upload.ownerId !== ownerId || signal.aborted) return;
      const kept = keep(id);
      later(upload);
      return kept;
    };
    locks?.request(lockName(id), { signal }, taken).catch(() => {
      // No longer waited for.
    });
  };

  return {
    put: (upload) => table.put(upload),
    remove: async (id) => {
      // First the file, then the lock: who gets the lock looks whether there is still something to do.
      await table.remove(id).finally(() => letGo(id));
    },
    hold: (id) => void tryHold(id),
    letGo,
    stopWaiting: () => {
      waiting.abort();
      waiting = new AbortController();
    },
    claim: async (ownerId, later) => {
      const mine: StoredUpload[] = [];
      for (const upload of await table.all()) {
        if (!(await tryHold(upload.id))) {
          if (upload.ownerId === ownerId) waitFor(upload.id, ownerId, later);
        } else if (upload.ownerId === ownerId) {
          mine.push(upload);
        } else {
          await table.remove(upload.id);
          letGo(upload.id);
        }
      }
      return mine.sort((a, b) => a.addedAt - b.addedAt);
    },
  };
}
