/** Calls of the hub: support and community. */
import { http, idempotencyKey, take } from "./client";
import type { Page } from "./model";
import { ownPath } from "./stableUrl";
import type { components } from "./types";

type Schemas = components["schemas"];

export type Author = Schemas["Author"];
export type CannedReply = Schemas["CannedReply"];
export type Comment = Schemas["Comment"];
export type Decision = Schemas["Decision"];
export type FlagReason = Schemas["FlagReason"];
export type ModerationItem = Schemas["ModerationItem"];
export type Post = Schemas["Post"];
export type Ticket = Schemas["Ticket"];
export type TicketMessage = Schemas["TicketMessage"];
export type TicketPriority = Schemas["TicketPriority"];
export type TicketStatus = Schemas["TicketStatus"];

const once = () => ({ "Idempotency-Key": idempotencyKey() });

/** Lists asked for by page number come as offset pages. */
async function paged<T>(call: Promise<unknown>): Promise<Page<T>> {
  return (await call) as Page<T>;
}

/** Only what was chosen is asked for. */
function given<T extends Record<string, string | number | boolean | undefined>>(query: T): Partial<T> {
  return Object.fromEntries(
    Object.entries(query).filter(([, value]) => value !== undefined && value !== ""),
  ) as Partial<T>;
}

export type TicketFilter = { status?: TicketStatus; assignee?: string; q?: string };

export const support = {
  tickets: (filter: TicketFilter, page: number) =>
    paged<Ticket>(
      take(
        http.GET("/api/v1/support/tickets", {
          params: { query: { ...given(filter), page, page_size: 20, sort: "-updated_at" } },
        }),
      ),
    ),
  ticket: (id: string) => take(http.GET("/api/v1/support/tickets/{id}", { params: { path: { id } } })),
  create: (body: { subject: string; body: string; priority: TicketPriority; attachments: string[] }) =>
    take(http.POST("/api/v1/support/tickets", { body, headers: once() })),
  update: (
    id: string,
    body: { status?: TicketStatus; priority?: TicketPriority; assignee_id?: string | null },
  ) => take(http.PATCH("/api/v1/support/tickets/{id}", { params: { path: { id } }, body })),
  messages: async (id: string, page: number) => {
    const list = await paged<TicketMessage>(
      take(
        http.GET("/api/v1/support/tickets/{id}/messages", {
          params: { path: { id }, query: { page, page_size: 100, sort: "created_at" } },
        }),
      ),
    );
    const calm = (message: TicketMessage) => ({
      ...message,
      attachments: message.attachments.map((file) => ({ ...file, url: ownPath(file.url) })),
    });
    return { ...list, items: list.items.map(calm) };
  },
  reply: (id: string, body: { body: string; is_internal: boolean; attachments: string[] }) =>
    take(
      http.POST("/api/v1/support/tickets/{id}/messages", {
        params: { path: { id } },
        body,
        headers: once(),
      }),
    ),
  announce: async (file: File, contentType: string) => {
    const target = await take(
      http.POST("/api/v1/support/attachments", {
        body: { filename: file.name, content_type: contentType, file_size: file.size },
      }),
    );
    return { ...target, upload_url: ownPath(target.upload_url) };
  },
  staff: () => take(http.GET("/api/v1/support/staff")),
  cannedReplies: () =>
    paged<CannedReply>(
      take(
        http.GET("/api/v1/support/canned-replies", { params: { query: { page_size: 100, sort: "title" } } }),
      ),
    ),
  createCannedReply: (body: { title: string; body: string }) =>
    take(http.POST("/api/v1/support/canned-replies", { body, headers: once() })),
  updateCannedReply: (id: string, body: { title: string; body: string }) =>
    take(http.PATCH("/api/v1/support/canned-replies/{id}", { params: { path: { id } }, body })),
  removeCannedReply: (id: string) =>
    take(http.DELETE("/api/v1/support/canned-replies/{id}", { params: { path: { id } } })),
};

export type PostSort = "-created_at" | "-score";

export const community = {
  posts: (filter: { q?: string; sort: PostSort }, page: number) =>
    paged<Post>(
      take(
        http.GET("/api/v1/community/posts", { params: { query: { ...given(filter), page, page_size: 20 } } }),
      ),
    ),
  post: (id: string) => take(http.GET("/api/v1/community/posts/{id}", { params: { path: { id } } })),
  create: (body: { title: string; body: string }) =>
    take(http.POST("/api/v1/community/posts", { body, headers: once() })),
  update: (id: string, body: { title: string; body: string }) =>
    take(http.PATCH("/api/v1/community/posts/{id}", { params: { path: { id } }, body })),
  remove: (id: string) => take(http.DELETE("/api/v1/community/posts/{id}", { params: { path: { id } } })),
  comments: (id: string, page: number) =>
    paged<Comment>(
      take(
        http.GET("/api/v1/community/posts/{id}/comments", {
          params: { path: { id }, query: { page, page_size: 100, sort: "created_at" } },
        }),
      ),
    ),
  comment: (id: string, body: { body: string; parent_id: string | null }) =>
    take(
      http.POST("/api/v1/community/posts/{id}/comments", { params: { path: { id } }, body, headers: once() }),
    ),
  updateComment: (id: string, comment_id: string, body: string) =>
    take(
      http.PATCH("/api/v1/community/posts/{id}/comments/{comment_id}", {
        params: { path: { id, comment_id } },
        body: { body },
      }),
    ),
  removeComment: (id: string, comment_id: string) =>
    take(
      http.DELETE("/api/v1/community/posts/{id}/comments/{comment_id}", {
        params: { path: { id, comment_id } },
      }),
    ),
  /** On the post, or on a comment of it. */
  vote: (id: string, comment_id: string | null, value: number) =>
    comment_id === null
      ? take(http.POST("/api/v1/community/posts/{id}/votes", { params: { path: { id } }, body: { value } }))
      : take(
          http.POST("/api/v1/community/posts/{id}/comments/{comment_id}/votes", {
            params: { path: { id, comment_id } },
            body: { value },
          }),
        ),
  flag: (id: string, comment_id: string | null, body: { reason: FlagReason; note: string }) =>
    comment_id === null
      ? take(
          http.POST("/api/v1/community/posts/{id}/flags", {
            params: { path: { id } },
            body,
            headers: once(),
          }),
        )
      : take(
          http.POST("/api/v1/community/posts/{id}/comments/{comment_id}/flags", {
            params: { path: { id, comment_id } },
            body,
            headers: once(),
          }),
        ),
  queue: (removed: boolean, page: number) =>
    paged<ModerationItem>(
      take(
        http.GET("/api/v1/community/moderation", {
          params: { query: { removed, page, page_size: 20, sort: "-flag_count" } },
        }),
      ),
    ),
  decide: (id: string, decision: Decision) =>
    take(http.POST("/api/v1/community/moderation/{id}", { params: { path: { id } }, body: { decision } })),
};
