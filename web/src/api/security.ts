/** Second factors and passkeys: what guards an account besides its password. */
import { create, get } from "../lib/webauthn";
import { http, take } from "./client";
import type { LinkedIdentity, Page, Passkey } from "./model";
import { session } from "./session";

/** What somebody types to show who they are; what is empty is not sent. */
export type ProofOfPerson = { password: string; code: string };

export const proofBody = ({ password, code }: ProofOfPerson) => ({
  password: password || null,
  code: code.trim() || null,
});

export const factors = {
  status: () => take(http.GET("/api/v1/auth/mfa/totp")),
  setup: () => take(http.POST("/api/v1/auth/mfa/totp/setup")),
  /** Answers the recovery codes, which the server shows only now. */
  enable: async (code: string) =>
    (await take(http.POST("/api/v1/auth/mfa/totp/enable", { body: { code } }))).recovery_codes,
  disable: (body: { password?: string; code: string }) =>
    take(http.POST("/api/v1/auth/mfa/totp/disable", { body })),
  newRecoveryCodes: async (code: string) =>
    (await take(http.POST("/api/v1/auth/mfa/recovery-codes", { body: { code } }))).recovery_codes,
  /** The second step of signing in. */
  finishLogin: async (mfa_token: string, code: string) => {
    const tokens = await take(http.POST("/api/v1/auth/mfa", { body: { mfa_token, code } }));
    session.accept(tokens);
    return tokens;
  },
};

/** Another sign-in service, where this server is connected to one. */
export const elsewhere = {
  offer: () => take(http.GET("/api/v1/auth/oidc")),
  /** For the browser to open; comes back signed in, at `next`. */
  address: (next: string | undefined) =>
    `/api/v1/auth/oidc/login${next ? `?next=${encodeURIComponent(next)}` : ""}`,
  /** Who of there may open this account. */
  identities: async () =>
    (await take(
      http.GET("/api/v1/auth/oidc/identities", { params: { query: { page_size: 100 } } }),
    )) as Page<LinkedIdentity>,
  unlink: (id: string) =>
    take(http.DELETE("/api/v1/auth/oidc/identities/{id}", { params: { path: { id } } })),
};

export const passkeys = {
  list: async () =>
    (await take(
      http.GET("/api/v1/auth/passkeys", { params: { query: { page_size: 100 } } }),
    )) as Page<Passkey>,
  /** Asks the device to make one, then keeps it under a name. */
  add: async (name: string) => {
    const started = await take(http.POST("/api/v1/auth/passkeys/start"));
    const credential = await create(started.public_key);
    return take(http.POST("/api/v1/auth/passkeys", { body: { token: started.token, name, credential } }));
  },
  rename: (id: string, name: string) =>
    take(http.PATCH("/api/v1/auth/passkeys/{id}", { params: { path: { id } }, body: { name } })),
  remove: (id: string) => take(http.DELETE("/api/v1/auth/passkeys/{id}", { params: { path: { id } } })),
  /** Signs in with whatever passkey the device finds. */
  login: async (device_label: string) => {
    const started = await take(http.POST("/api/v1/auth/passkeys/login/start"));
    const credential = await get(started.public_key);
    const body = { token: started.token, credential, device_label };
    const tokens = await take(http.POST("/api/v1/auth/passkeys/login/finish", { body }));
    session.accept(tokens);
    return tokens;
  },
};
