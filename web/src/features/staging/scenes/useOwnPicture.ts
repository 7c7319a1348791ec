/** Brings a file of one's own to the server, ready to be hung on a wall. */
import { useMutation } from "@tanstack/react-query";
import { type Original, originals, uploads } from "../../../api";
import { isHeif, nameFor, photoType, SIGNATURE_BYTES } from "../../../lib/photoType";
import { put, sha256 } from "../../platform/files/transfer";

const POLL_MS = 700;
const PATIENCE_MS = 60_000;

export function useOwnPicture(onReady: (original: Original) => void) {
  return useMutation({ meta: { silent: true }, mutationFn: bring, onSuccess: onReady });
}

async function bring(file: File): Promise<Original> {
  const head = new Uint8Array(await file.slice(0, SIGNATURE_BYTES).arrayBuffer());
  const type = photoType(head);
  if (!type) {
    throw new Error(
      isHeif(head)
        ? "HEIC is not read here. Save the picture as JPEG."
        : "Not a picture we can read. Use JPEG, PNG or WebP.",
    );
  }
  const target = await uploads.presign({
    filename: nameFor(type, file.name),
    content_type: type,
    file_size: file.size,
    sha256: await sha256(file),
  });
  await put(target, file, () => {}, new AbortController().signal);
  let original: Original = await originals.get((await uploads.complete(target.upload_id)).id);
  const end = Date.now() + PATIENCE_MS;
  while (original.status === "processing" && Date.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    original = await originals.get(original.id);
  }
  if (original.status !== "ready") throw new Error("The picture could not be read.");
  return original;
}
