/** What a file really is, from its first bytes; its name and declared type are only claims. */
export type PhotoType = "image/jpeg" | "image/png" | "image/webp";

export const PHOTO_ACCEPT = "image/jpeg,image/png,image/webp,.jpg,.jpeg,.png,.webp";
/** Enough bytes for every signature below. */
export const SIGNATURE_BYTES = 16;

export function photoType(head: Uint8Array): PhotoType | null {
  const text = (from: number, to: number) => String.fromCharCode(...head.subarray(from, to));
  if (head[0] === 0xff && head[1] === 0xd8 && head[2] === 0xff) return "image/jpeg";
  if (head[0] === 0x89 && text(1, 8) === "PNG\r\n\x1a\n") return "image/png";
  if (text(0, 4) === "RIFF" && text(8, 12) === "WEBP") return "image/webp";
  return null;
}

/** HEIC and AVIF share a container; named so that the message can say what to do. */
export function isHeif(head: Uint8Array): boolean {
  return String.fromCharCode(...head.subarray(4, 8)) === "ftyp";
}

const EXTENSIONS: Record<PhotoType, string[]> = {
  "image/jpeg": ["jpg", "jpeg"],
  "image/png": ["png"],
  "image/webp": ["webp"],
};

/** The server refuses a name whose extension contradicts the bytes, so a wrong one is put right. */
export function nameFor(type: PhotoType, name: string): string {
  const dot = name.lastIndexOf(".");
  const extension = dot > 0 ? name.slice(dot + 1).toLowerCase() : "";
  if (EXTENSIONS[type].includes(extension)) return name;
  const stem = dot > 0 ? name.slice(0, dot) : name || "photo";
  return `${stem}.${EXTENSIONS[type][0]}`;
}
