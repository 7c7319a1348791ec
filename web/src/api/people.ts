/** Calls about workspaces and their people, keys for programs, and what a person sets about themselves. */
import { http, idempotencyKey, take } from "./client";
import type {
  AccountExport,
  ApiKey,
  ApiKeyScope,
  Invitation,
  Member,
  Page,
  Preferences,
  Profile,
  Workspace,
  WorkspaceRole,
} from "./model";
import { asApiError } from "./problem";
import { type ProofOfPerson, proofBody } from "./security";
import { announceSignOut, session } from "./session";
import { ownPath } from "./stableUrl";

const once = () => ({ "Idempotency-Key": idempotencyKey() });
const all = { page_size: 100 } as const;

async function paged<T>(call: Promise<{ items: T[] }>): Promise<Page<T>> {
  return (await call) as Page<T>;
}

export const workspaces = {
  list: async () =>
    paged<Workspace>(
      take(http.GET("/api/v1/workspaces", { params: { query: { ...all, sort: "created_at" } } })),
    ),
  get: (id: string) => take(http.GET("/api/v1/workspaces/{id}", { params: { path: { id } } })),
  create: (name: string) => take(http.POST("/api/v1/workspaces", { body: { name }, headers: once() })),
  rename: (id: string, name: string) =>
    take(http.PATCH("/api/v1/workspaces/{id}", { params: { path: { id } }, body: { name } })),
  /** For good; everybody in it loses it at once. */
  remove: (id: string, proof: ProofOfPerson) =>
    take(http.DELETE("/api/v1/workspaces/{id}", { params: { path: { id } }, body: proofBody(proof) })),
  members: (id: string) =>
    paged<Member>(
      take(
        http.GET("/api/v1/workspaces/{id}/members", {
          params: { path: { id }, query: { ...all, sort: "created_at" } },
        }),
      ),
    ),
  setRole: (id: string, account_id: string, role: WorkspaceRole) =>
    take(
      http.PATCH("/api/v1/workspaces/{id}/members/{account_id}", {
        params: { path: { id, account_id } },
        body: { role },
      }),
    ),
  removeMember: (id: string, account_id: string) =>
    take(
      http.DELETE("/api/v1/workspaces/{id}/members/{account_id}", { params: { path: { id, account_id } } }),
    ),
  invitations: (id: string) =>
    paged<Invitation>(
      take(http.GET("/api/v1/workspaces/{id}/invitations", { params: { path: { id }, query: all } })),
    ),
  invite: (id: string, body: { email: string; role: WorkspaceRole }) =>
    take(
      http.POST("/api/v1/workspaces/{id}/invitations", { params: { path: { id } }, body, headers: once() }),
    ),
  resend: (id: string, invitation_id: string) =>
    take(
      http.POST("/api/v1/workspaces/{id}/invitations/{invitation_id}/resend", {
        params: { path: { id, invitation_id } },
      }),
    ),
  revoke: (id: string, invitation_id: string) =>
    take(
      http.DELETE("/api/v1/workspaces/{id}/invitations/{invitation_id}", {
        params: { path: { id, invitation_id } },
      }),
    ),
  accept: (token: string) => take(http.POST("/api/v1/invitations/accept", { body: { token } })),
};

export const apiKeys = {
  list: () => paged<ApiKey>(take(http.GET("/api/v1/api-keys", { params: { query: all } }))),
  create: (body: { name: string; scopes: ApiKeyScope[]; expires_at?: string | null }) =>
    take(http.POST("/api/v1/api-keys", { body })),
  remove: (id: string) => take(http.DELETE("/api/v1/api-keys/{id}", { params: { path: { id } } })),
};

export const person = {
  profile: () => take(http.GET("/api/v1/user/profile")),
  setProfile: (body: Partial<Pick<Profile, "full_name" | "locale" | "timezone">>) =>
    take(http.PATCH("/api/v1/user/profile", { body })),
  preferences: () => take(http.GET("/api/v1/user/preferences")),
  setPreferences: (body: Partial<Preferences>) => take(http.PATCH("/api/v1/user/preferences", { body })),
  exported: async (): Promise<AccountExport | null> => {
    try {
      return withOwnPath(await take(http.GET("/api/v1/user/export")));
    } catch (error) {
      if (asApiError(error).status === 404) return null;
      throw error;
    }
  },
  /** Without a proof only shortly after signing in. */
  askExport: async (proof: ProofOfPerson) =>
    withOwnPath(await take(http.POST("/api/v1/user/export", { body: proofBody(proof) }))),
  /** Ends every session, this one too. */
  leave: async (proof: ProofOfPerson) => {
    const gone = await take(http.DELETE("/api/v1/user", { body: proofBody(proof) }));
    session.forget();
    announceSignOut();
    return gone;
  },
  stay: async () => {
    await take(http.POST("/api/v1/user/restore"));
    await session.refresh();
  },
};

function withOwnPath(one: AccountExport): AccountExport {
  return { ...one, download_url: one.download_url ? ownPath(one.download_url) : null };
}
