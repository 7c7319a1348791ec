/** One PUT to storage. XMLHttpRequest, because fetch cannot tell how much was sent. */
import { ApiError } from "../../../api";

/** The browser sets these itself and refuses them from a script. */
const BROWSER_HEADERS = new Set(["content-length", "host"]);

export function put(
  target: { upload_url: string; method: string; headers: Record<string, string> },
  file: Blob,
  onSent: (bytes: number) => void,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open(target.method, target.upload_url);
    for (const [name, value] of Object.entries(target.headers)) {
      if (!BROWSER_HEADERS.has(name.toLowerCase())) request.setRequestHeader(name, value);
    }
    request.upload.onprogress = (event) => onSent(event.loaded);
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) return resolve();
      reject(
        new ApiError({
          status: request.status,
          code: "storage_refused",
          title: "Upload refused",
          detail: `Storage refused the file (${request.status}).`,
          requestId: request.getResponseHeader("x-request-id"),
        }),
      );
    };
    request.onerror = () =>
      reject(
        new ApiError({
          status: 0,
          code: "network",
          title: "No connection",
          detail: "The connection was lost while uploading.",
        }),
      );
    request.onabort = () => reject(new DOMException("canceled", "AbortError"));
    signal.addEventListener("abort", () => request.abort(), { once: true });
    if (signal.aborted) return reject(new DOMException("canceled", "AbortError"));
    request.send(file);
  });
}

/** Hex SHA-256, or undefined where the browser offers none (plain http on a network address). */
export async function sha256(file: Blob): Promise<string | undefined> {
  if (!globalThis.crypto?.subtle) return undefined;
  const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
