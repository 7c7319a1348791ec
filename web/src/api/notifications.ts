/** What the account is told, and where it wants to be told. */
import { http, idempotencyKey, take } from "./client";
import type { Page } from "./model";
import type { components } from "./types";

type Schemas = components["schemas"];

export type Notification = Schemas["Notification"];
export type NotificationPreferences = Schemas["NotificationPreferences"];
export type KindPreference = Schemas["KindPreference"];
export type Cadence = Schemas["Cadence"];
export type NotificationSchedule = Schemas["NotificationSchedule"];
export type NewSchedule = Schemas["ScheduleBody"];
export type NotificationRule = Schemas["NotificationRule"];
export type NewRule = Schemas["RuleBody"];
export type Unsubscription = Schemas["Unsubscription"];

export type NotificationFilter = { unread?: boolean; kind?: string; page?: number; page_size?: number };

const once = () => ({ "Idempotency-Key": idempotencyKey() });
const all = { params: { query: { page_size: 100 } } };

async function paged<T>(call: Promise<{ items: T[] }>): Promise<Page<T>> {
  return (await call) as Page<T>;
}

export const notifications = {
  list: (query: NotificationFilter) => paged(take(http.GET("/api/v1/notifications", { params: { query } }))),
  unreadCount: async () => (await take(http.GET("/api/v1/notifications/unread-count"))).unread,
  read: (id: string) => take(http.POST("/api/v1/notifications/{id}/read", { params: { path: { id } } })),
  readAll: () => take(http.POST("/api/v1/notifications/read-all")),
  preferences: () => take(http.GET("/api/v1/notifications/preferences")),
  changePreferences: (body: Schemas["NotificationPreferencesChange"]) =>
    take(http.PATCH("/api/v1/notifications/preferences", { body })),
  unsubscription: (token: string) =>
    take(http.GET("/api/v1/notifications/unsubscribe", { params: { query: { token } } })),
  unsubscribe: (token: string) =>
    take(http.POST("/api/v1/notifications/unsubscribe", { params: { query: { token } } })),
};

export const schedules = {
  list: () => paged(take(http.GET("/api/v1/notifications/schedules", all))),
  create: (body: NewSchedule) =>
    take(http.POST("/api/v1/notifications/schedules", { body, headers: once() })),
  change: (id: string, body: Schemas["ScheduleChangeBody"]) =>
    take(http.PATCH("/api/v1/notifications/schedules/{id}", { params: { path: { id } }, body })),
  remove: (id: string) =>
    take(http.DELETE("/api/v1/notifications/schedules/{id}", { params: { path: { id } } })),
};

export const rules = {
  list: () => paged(take(http.GET("/api/v1/notifications/rules", all))),
  create: (body: NewRule) => take(http.POST("/api/v1/notifications/rules", { body, headers: once() })),
  change: (id: string, body: Schemas["RuleChangeBody"]) =>
    take(http.PATCH("/api/v1/notifications/rules/{id}", { params: { path: { id } }, body })),
  remove: (id: string) => take(http.DELETE("/api/v1/notifications/rules/{id}", { params: { path: { id } } })),
};
