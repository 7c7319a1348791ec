/**
 * Files that are still to be uploaded, kept in IndexedDB so that a reload loses none. A web lock per file
 * says which tab works on it; a second tab leaves it alone, a reloaded page finds it free and takes over.
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
  /** Takes over what an earlier page of this person left behind. */
  claim: (ownerId: string) => Promise<StoredUpload[]>;
  hold: (id: string) => void;
  /** Keeps the file for later but no longer works on it. */
  letGo: (id: string) => void;
};

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
  const releases = new Map<string, () => void>();

  const tryHold = (id: string): Promise<boolean> => {
    if (!navigator.locks) return Promise.resolve(true);
    return new Promise((answer) => {
      void navigator.locks.request(lockName(id), { ifAvailable: true }, (lock) => {
        if (!lock) return answer(false);
        answer(true);
        return new Promise<void>((release) => releases.set(id, release));
      });
    });
  };

  const letGo = (id: string) => {
    releases.get(id)?.();
    releases.delete(id);
  };

  return {
    put: async (upload) => {
      await (await database()).put("files", upload);
    },
    remove: async (id) => {
      letGo(id);
      await (await database()).delete("files", id);
    },
    hold: (id) => void tryHold(id),
    letGo,
    claim: async (ownerId) => {
      const db = await database();
      const mine: StoredUpload[] = [];
      for (const upload of await db.getAll("files")) {
        if (!(await tryHold(upload.id))) continue;
        if (upload.ownerId === ownerId) {
          mine.push(upload);
        } else {
          await db.delete("files", upload.id);
          letGo(upload.id);
        }
      }
      return mine.sort((a, b) => a.addedAt - b.addedAt);
    },
  };
}
