/** Every call the interface makes, by area. UI code uses these and never spells a path. */
import { http, idempotencyKey, take } from "./client";
import type { BatchResult, Job, NewImage, Page } from "./model";
import { asApiError, problemFrom } from "./problem";
import { announceSignOut, session } from "./session";
import { calmGroup, calmImage, calmOriginal, calmProject, ownPath } from "./stableUrl";

/** Lists asked for by page number come as offset pages. */
async function paged<T>(call: Promise<{ items: T[] }>): Promise<Page<T>> {
  return (await call) as Page<T>;
}

/** A signed link, under the name the page was opened by. */
async function linked(call: Parameters<typeof take<{ url: string; expires_in: number }>>[0]) {
  const link = await take(call);
  return { ...link, url: ownPath(link.url) };
}

const once = () => ({ "Idempotency-Key": idempotencyKey() });

export const accounts = {
  setupNeeded: async () => {
    try {
      return (await take(http.GET("/api/v1/setup"))).needed;
    } catch (error) {
      if (asApiError(error).status === 404) return false;
      throw error;
    }
  },
  setup: async (body: {
    token: string;
    email: string;
    password: string;
    full_name: string;
    sample_project: boolean;
  }) => {
    const tokens = await take(http.POST("/api/v1/setup", { body }));
    session.accept(tokens);
    return tokens;
  },
  register: async (body: { email: string; password: string; full_name: string }) => {
    const tokens = await take(http.POST("/api/v1/auth/register", { body }));
    session.accept(tokens);
    return tokens;
  },
  login: async (body: { email: string; password: string; device_label?: string }) => {
    const tokens = await take(http.POST("/api/v1/auth/login", { body }));
    session.accept(tokens);
    return tokens;
  },
  logout: async () => {
    await take(http.POST("/api/v1/auth/logout", { body: {} }));
    session.forget();
    announceSignOut();
  },
  logoutEverywhere: async () => {
    await take(http.POST("/api/v1/auth/logout-all"));
    session.forget();
    announceSignOut();
  },
  verifyEmail: (token: string) => take(http.POST("/api/v1/auth/verify-email", { body: { token } })),
  requestVerification: (email: string) =>
    take(http.POST("/api/v1/auth/verify-email/request", { body: { email } })),
  forgotPassword: (email: string) => take(http.POST("/api/v1/auth/password/forgot", { body: { email } })),
  resetPassword: (token: string, password: string) =>
    take(http.POST("/api/v1/auth/password/reset", { body: { token, password } })),
  changePassword: (body: { current_password: string; new_password: string; code: string | null }) =>
    take(http.POST("/api/v1/auth/password/change", { body })),
  me: () => take(http.GET("/api/v1/auth/me")),
  sessions: () => paged(take(http.GET("/api/v1/auth/sessions", { params: { query: { page_size: 100 } } }))),
  renameSession: (id: string, device_label: string) =>
    take(http.PATCH("/api/v1/auth/sessions/{id}", { params: { path: { id } }, body: { device_label } })),
  revokeSession: (id: string) =>
    take(http.POST("/api/v1/auth/sessions/{id}/revoke", { params: { path: { id } } })),
  revokeOtherSessions: () => take(http.POST("/api/v1/auth/sessions/revoke-others")),
};

export const projects = {
  list: async (page = 1, page_size = 48) => {
    const list = await paged(
      take(http.GET("/api/v1/projects", { params: { query: { page, page_size, sort: "-created_at" } } })),
    );
    return { ...list, items: list.items.map(calmProject) };
  },
  get: async (id: string) =>
    calmProject(await take(http.GET("/api/v1/projects/{id}", { params: { path: { id } } }))),
  create: (body: { name: string; description?: string }) =>
    take(http.POST("/api/v1/projects", { body, headers: once() })),
  update: (id: string, body: { name?: string; description?: string }) =>
    take(http.PATCH("/api/v1/projects/{id}", { params: { path: { id } }, body })),
  remove: (id: string) => take(http.DELETE("/api/v1/projects/{id}", { params: { path: { id } } })),
  restore: (id: string) => take(http.POST("/api/v1/projects/{id}/restore", { params: { path: { id } } })),
  /** Photos with their stagings, newest photo first. */
  photos: async (id: string, page: number, page_size: number) => {
    const list = await paged(
      take(
        http.GET("/api/v1/projects/{id}/images/grouped", {
          params: { path: { id }, query: { page, page_size } },
        }),
      ),
    );
    return { ...list, items: list.items.map(calmGroup) };
  },
  /** A link to a ZIP that the browser can fetch without a header. */
  archive: (id: string, body: { kind?: "staged" | "original" | "both"; image_ids?: string[] }) =>
    linked(http.POST("/api/v1/projects/{id}/download", { params: { path: { id } }, body })),
};

export const originals = {
  get: async (id: string) =>
    calmOriginal(await take(http.GET("/api/v1/originals/{id}", { params: { path: { id } } }))),
  remove: (project_id: string, original_id: string) =>
    take(
      http.DELETE("/api/v1/projects/{id}/originals/{original_id}", {
        params: { path: { id: project_id, original_id } },
      }),
    ),
  restore: (project_id: string, original_id: string) =>
    take(
      http.POST("/api/v1/projects/{id}/originals/{original_id}/restore", {
        params: { path: { id: project_id, original_id } },
      }),
    ),
};

export const uploads = {
  presign: async (
    body: {
      filename: string;
      content_type: string;
      file_size: number;
      sha256?: string;
      project_id?: string;
    },
    signal?: AbortSignal,
  ) => {
    const target = await take(http.POST("/api/v1/uploads/presign", { body, signal }));
    return { ...target, upload_url: ownPath(target.upload_url) };
  },
  complete: (id: string, signal?: AbortSignal) =>
    take(http.POST("/api/v1/uploads/{id}/complete", { params: { path: { id } }, signal })),
};

/** The server takes this many stagings in one request. */
export const BATCH_LIMIT = 50;

export const images = {
  get: async (id: string) =>
    calmImage(await take(http.GET("/api/v1/images/{id}", { params: { path: { id } } }))),
  /**
   * Queues stagings. Refusals of single items (quota, a photo that vanished) are part of the answer, also
   * when every item was refused; only a request that failed as a whole is thrown.
   */
  batch: async (items: NewImage[]): Promise<BatchResult> => {
    const all: BatchResult = { images: [], errors: [], success: 0, failed: 0 };
    for (let start = 0; start < items.length; start += BATCH_LIMIT) {
      const part = items.slice(start, start + BATCH_LIMIT);
      const result = await http.POST("/api/v1/images/batch", { body: { images: part }, headers: once() });
      const body = (result.data ?? result.error) as unknown as BatchResult;
      if (!Array.isArray(body?.images)) throw problemFrom(result.response, result.error);
      all.images.push(...body.images.map(calmImage));
      all.errors.push(...body.errors.map((e) => ({ ...e, index: e.index + start })));
      all.success += body.success;
      all.failed += body.failed;
    }
    return all;
  },
  retry: (id: string) => take(http.POST("/api/v1/images/{id}/retry", { params: { path: { id } } })),
  cancel: (id: string) => take(http.POST("/api/v1/images/{id}/cancel", { params: { path: { id } } })),
  remove: (id: string) => take(http.DELETE("/api/v1/images/{id}", { params: { path: { id } } })),
  restore: (id: string) => take(http.POST("/api/v1/images/{id}/restore", { params: { path: { id } } })),
  downloadLink: (id: string, kind: "original" | "staged") =>
    linked(
      http.GET("/api/v1/images/{id}/presign", {
        params: { path: { id }, query: { kind, expires_in: 300, download: "1" } },
      }),
    ),
};

export const staging = {
  options: () => take(http.GET("/api/v1/staging/options")),
};

export const jobs = {
  list: async () => {
    const list = await take(http.GET("/api/v1/jobs", { params: { query: { page_size: 50 } } }));
    return list as Page<Job>;
  },
  cancel: (id: string) => take(http.POST("/api/v1/jobs/{id}/cancel", { params: { path: { id } } })),
  retry: (id: string) => take(http.POST("/api/v1/jobs/{id}/retry", { params: { path: { id } } })),
};

export const billing = {
  plans: () => take(http.GET("/api/v1/billing/plans")),
  usage: () => take(http.GET("/api/v1/billing/usage")),
};

export const events = {
  ticket: () => take(http.POST("/api/v1/events/ticket")),
};
