/** Errors as people meet them: one class for server problems, lost connections and broken answers. */
import type { Problem } from "./model";

export type FieldError = { field: string; code: string; message: string };

export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly requestId: string | null;
  readonly fields: FieldError[];
  /** Seconds the server asked to wait, when it did. */
  readonly retryAfter: number | null;
  /** What the second step of signing in goes on with, when one is needed. */
  readonly mfaToken: string | null;

  constructor(init: {
    status: number;
    code: string;
    title: string;
    detail: string;
    requestId?: string | null;
    fields?: FieldError[];
    retryAfter?: number | null;
    mfaToken?: string | null;
  }) {
    super(init.detail);
    this.name = "ApiError";
    this.status = init.status;
    this.code = init.code;
    this.title = init.title;
    this.requestId = init.requestId ?? null;
    this.fields = init.fields ?? [];
    this.retryAfter = init.retryAfter ?? null;
    this.mfaToken = init.mfaToken ?? null;
  }

  /** The message for one form field; `name` matches the last part of a path such as `images[3].style`. */
  field(name: string): string | undefined {
    return this.fields.find((f) => f.field === name || f.field.endsWith(`.${name}`))?.message;
  }
}

export function networkError(cause: unknown): ApiError {
  const error = new ApiError({
    status: 0,
    code: "network",
    title: "No connection",
    detail: "The server could not be reached. Check the connection and try again.",
  });
  error.cause = cause;
  return error;
}

/** Reads problem+json; anything else (a proxy's page, an empty body) becomes a plain sentence. */
export function problemFrom(response: Response, body: unknown): ApiError {
  const problem = (typeof body === "object" && body !== null ? body : {}) as Partial<Problem>;
  const retryAfter = Number(response.headers.get("retry-after"));
  return new ApiError({
    status: response.status,
    code: problem.code ?? (response.status >= 500 ? "internal" : "unexpected"),
    title: problem.title ?? "Something went wrong",
    detail: problem.detail || problem.title || `The server answered ${response.status}.`,
    requestId: problem.request_id ?? response.headers.get("x-request-id"),
    fields: problem.errors ?? [],
    retryAfter: Number.isFinite(retryAfter) && retryAfter > 0 ? retryAfter : null,
    mfaToken: problem.mfa_token ?? null,
  });
}

export function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof TypeError) return networkError(error);
  return new ApiError({
    status: 0,
    code: "unexpected",
    title: "Something went wrong",
    detail: error instanceof Error ? error.message : "An unexpected error happened.",
  });
}
