import createClient from "openapi-fetch";
import { asApiError, problemFrom } from "./problem";
import { session } from "./session";
import type { paths } from "./types";
import { nameWorkspace } from "./workspace";

export const http = createClient<paths>({
  baseUrl: globalThis.location?.origin ?? "",
  credentials: "same-origin",
  fetch: (request: Request) => session.fetch(nameWorkspace(request)),
});

/** The body of a good answer; a bad one is thrown as an `ApiError`. */
export async function take<T>(call: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  let result: { data?: T; error?: unknown; response: Response };
  try {
    result = await call;
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === "AbortError") throw cause;
    throw asApiError(cause);
  }
  if (!result.response.ok) throw problemFrom(result.response, result.error);
  return result.data as T;
}

/** A fresh key for one press of a button, so that a repeated request has one effect. */
export function idempotencyKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
}
