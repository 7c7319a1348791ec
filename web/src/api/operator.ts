/** What operators of the instance do: the status page, accounts, workspaces, jobs, the audit trail, reports, settings. */
import { http, idempotencyKey, take } from "./client";
import type { Page } from "./model";
import type { components } from "./types";

type Schemas = components["schemas"];

export type StatusBoard = Schemas["StatusBoard"];
export type ServiceStatus = Schemas["ServiceStatus"];
export type StatusService = Schemas["Service"];
export type Incident = Schemas["Incident"];
export type IncidentState = Schemas["IncidentState"];
export type IncidentImpact = Schemas["IncidentImpact"];
export type Maintenance = Schemas["Maintenance"];
export type AdminUser = Schemas["AdminUser"];
export type AdminWorkspace = Schemas["AdminWorkspace"];
export type AdminJob = Schemas["AdminJob"];
export type AuditEntry = Schemas["AuditEntry"];
export type CspReport = Schemas["CspReport"];
export type AdminEngine = Schemas["AdminEngine"];
export type InstanceSetting = Schemas["InstanceSetting"];

async function paged<T>(call: Promise<{ items: T[] }>): Promise<Page<T>> {
  return (await call) as Page<T>;
}

const once = () => ({ "Idempotency-Key": idempotencyKey() });

export const statusPage = {
  board: () => take(http.GET("/api/v1/status")),
  addService: (body: { name: string; description: string }) =>
    take(http.POST("/api/v1/status/services", { body, headers: once() })),
  deleteService: (id: string) =>
    take(http.DELETE("/api/v1/status/services/{id}", { params: { path: { id } } })),
  say: (body: { service_id: string; status: ServiceStatus; description: string }) =>
    take(http.POST("/api/v1/status/events", { body, headers: once() })),
  openIncident: (body: { title: string; impact: IncidentImpact; body: string; service_ids: string[] }) =>
    take(http.POST("/api/v1/status/incidents", { body, headers: once() })),
  addUpdate: (id: string, body: { state: IncidentState; body: string }) =>
    take(
      http.POST("/api/v1/status/incidents/{id}/updates", { params: { path: { id } }, body, headers: once() }),
    ),
  planMaintenance: (body: {
    title: string;
    description: string;
    starts_at: string;
    ends_at: string;
    service_ids: string[];
  }) => take(http.POST("/api/v1/status/maintenance", { body, headers: once() })),
  cancelMaintenance: (id: string) =>
    take(http.DELETE("/api/v1/status/maintenance/{id}", { params: { path: { id } } })),
};

export const operator = {
  users: (q: string, page: number) =>
    paged(take(http.GET("/api/v1/admin/users", { params: { query: { q: q || undefined, page } } }))),
  changeUser: (
    id: string,
    body: { disabled?: boolean; is_operator?: boolean; email_verified?: boolean; locked?: boolean },
  ) => take(http.PATCH("/api/v1/admin/users/{id}", { params: { path: { id } }, body })),
  signOut: (id: string) => take(http.POST("/api/v1/admin/users/{id}/sign-out", { params: { path: { id } } })),
  workspaces: (q: string, page: number) =>
    paged(take(http.GET("/api/v1/admin/workspaces", { params: { query: { q: q || undefined, page } } }))),
  setPlan: (id: string, plan: string) =>
    take(http.PATCH("/api/v1/admin/workspaces/{id}", { params: { path: { id } }, body: { plan } })),
  jobs: (status: AdminJobStatus | undefined, page: number) =>
    paged(take(http.GET("/api/v1/admin/jobs", { params: { query: { status, page } } }))),
  retryJob: (id: string) => take(http.POST("/api/v1/admin/jobs/{id}/retry", { params: { path: { id } } })),
  discardJob: (id: string) =>
    take(http.POST("/api/v1/admin/jobs/{id}/discard", { params: { path: { id } } })),
  cspReports: (sort: CspSort, page: number) =>
    paged(take(http.GET("/api/v1/admin/csp-reports", { params: { query: { sort, page } } }))),
  engines: () => take(http.GET("/api/v1/admin/engines")),
  switchEngine: (id: string, is_enabled: boolean) =>
    take(http.PATCH("/api/v1/admin/engines/{id}", { params: { path: { id } }, body: { is_enabled } })),
  settings: () => take(http.GET("/api/v1/admin/settings")),
  audit: (filter: { action?: string; object_type?: string; object_id?: string }, page: number) =>
    paged(take(http.GET("/api/v1/admin/audit-log", { params: { query: { ...filter, page } } }))),
  /** The trail as CSV text. */
  exportAudit: (filter: { action?: string; object_type?: string; object_id?: string }) =>
    take(http.GET("/api/v1/admin/audit-log/export", { params: { query: filter }, parseAs: "text" })),
};

export type CspSort = "-last_seen_at" | "-count";
export type AdminJobStatus = "queued" | "running" | "retrying" | "done" | "dead" | "canceled";
