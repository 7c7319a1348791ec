/** Files on their way to a message: announced and sent one by one, attached when the message goes. */
import { useState } from "react";
import { asApiError, support } from "../../../api";
import { put } from "../../platform/files/transfer";

export type Draft = { key: number; name: string; id: string | null; error: string | null };

const MAX_FILES = 5;
const MAX_BYTES = 10 * 1024 * 1024;
const TYPES: Record<string, string> = {
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  png: "image/png",
  webp: "image/webp",
  pdf: "application/pdf",
  txt: "text/plain",
  log: "text/plain",
};
export const ACCEPT = Object.keys(TYPES)
  .map((ending) => `.${ending}`)
  .join(",");

/** The type the server expects for a name, whatever the browser thinks of it. */
export function typeOf(name: string): string | undefined {
  return TYPES[name.split(".").at(-1)?.toLowerCase() ?? ""];
}

let nextKey = 0;

export function useAttachments() {
  const [drafts, setDrafts] = useState<Draft[]>([]);
  const change = (key: number, part: Partial<Draft>) =>
    setDrafts((all) => all.map((one) => (one.key === key ? { ...one, ...part } : one)));

  const send = async (file: File) => {
    nextKey += 1;
    const key = nextKey;
    const type = typeOf(file.name);
    const refusal = !type
      ? "Only photos, PDF and text files."
      : file.size > MAX_BYTES
        ? "At most 10 MiB."
        : file.size === 0
          ? "The file is empty."
          : null;
    setDrafts((all) => [...all, { key, name: file.name, id: null, error: refusal }]);
    if (refusal || !type) return;
    try {
      const target = await support.announce(file, type);
      await put(target, file, () => {}, new AbortController().signal);
      change(key, { id: target.attachment_id });
    } catch (error) {
      change(key, { error: asApiError(error).message });
    }
  };

  return {
    drafts,
    isFull: drafts.length >= MAX_FILES,
    isSending: drafts.some((one) => !one.id && !one.error),
    /** Of the files that arrived. */
    ids: drafts.flatMap((one) => (one.id && !one.error ? [one.id] : [])),
    add: (files: File[]) => files.slice(0, MAX_FILES - drafts.length).forEach((file) => void send(file)),
    remove: (key: number) => setDrafts((all) => all.filter((one) => one.key !== key)),
    clear: () => setDrafts([]),
  };
}
