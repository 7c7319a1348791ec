/** Mock routes of second factors and passkeys. The app's code is always 123456. */
import type { LinkedIdentity, Passkey, TotpSetup, TotpStatus } from "../src/api/model";
import { signedIn } from "./accounts.ts";
import { json, notFound, page, problem, type Route } from "./kit.ts";
import { newId, type World } from "./world.ts";

export const CODE = "123456";
const SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

export type Factor = { enabled_at: string | null; codes: string[] };

function newCodes(): string[] {
  return Array.from({ length: 10 }, () =>
    Array.from({ length: 4 }, () => newId().replace(/-/g, "").slice(-4)).join("-"),
  );
}

/** The refusal that names a second step, for accounts that have one. */
export function askForCode(world: World, owner: string): Response | null {
  if (!world.factors.get(owner)?.enabled_at) return null;
  const token = newId();
  world.waiting.set(token, owner);
  return problem(401, "mfa_required", "Send a code.", undefined, { mfa_token: token });
}

/** Whether two-step sign-in is on and this is no code of it. */
export function isFactorMissing(world: World, owner: string, code: unknown): boolean {
  const factor = world.factors.get(owner);
  return Boolean(factor?.enabled_at) && !isRight(factor, code);
}

/** Uses a code up, as the server does with recovery codes. */
function isRight(factor: Factor | undefined, code: unknown): boolean {
  if (code === CODE) return true;
  const at = factor?.codes.indexOf(String(code)) ?? -1;
  if (at >= 0) factor?.codes.splice(at, 1);
  return at >= 0;
}

const wrong = (field: string, message: string) =>
  problem(422, "validation_failed", "Some fields need another look.", [{ field, code: "wrong", message }]);
const wrongCode = () => wrong("code", "This code is wrong, or was used before. Wait for the next one.");

export const securityRoutes: Route[] = [
  [
    "GET",
    /^\/auth\/oidc$/,
    ({ world }) => json({ is_offered: world.elsewhere !== null, name: world.elsewhere }),
    true,
  ],
  [
    "GET",
    /^\/auth\/oidc\/identities$/,
    ({ world, url }) => json(page<LinkedIdentity>(url, world.identities)),
  ],
  [
    "DELETE",
    /^\/auth\/oidc\/identities\/([^/]+)$/,
    ({ world, params }) => {
      world.identities = world.identities.filter((one) => one.id !== params[0]);
      return json(null, 204);
    },
  ],
  [
    "POST",
    /^\/auth\/mfa$/,
    (ctx) => {
      const { world, body } = ctx;
      const owner = world.waiting.get(String(body.mfa_token));
      const user = owner && world.users.get(owner);
      if (!user) return problem(401, "unauthorized", "This sign-in took too long or is over.");
      if (!isRight(world.factors.get(owner), body.code))
        return problem(401, "invalid_credentials", "This code is wrong, or was used before.");
      world.waiting.delete(String(body.mfa_token));
      return signedIn(ctx, user, 200);
    },
    true,
  ],
  [
    "GET",
    /^\/auth\/mfa\/totp$/,
    ({ world, me }) => {
      const factor = world.factors.get(me.id);
      return json({
        is_enabled: Boolean(factor?.enabled_at),
        enabled_at: factor?.enabled_at ?? null,
        recovery_codes_left: factor?.enabled_at ? factor.codes.length : 0,
        has_password: true,
      } satisfies TotpStatus);
    },
  ],
  [
    "POST",
    /^\/auth\/mfa\/totp\/setup$/,
    ({ world, me }) => {
      world.factors.set(me.id, { enabled_at: null, codes: newCodes() });
      return json({
        secret: SECRET,
        otpauth_url: `otpauth://totp/Vitrine:${me.email}?secret=${SECRET}&issuer=Vitrine`,
        qr_svg: QR,
      } satisfies TotpSetup);
    },
  ],
  [
    "POST",
    /^\/auth\/mfa\/totp\/enable$/,
    ({ world, me, body }) => {
      const factor = world.factors.get(me.id);
      if (!factor || body.code !== CODE) return wrongCode();
      factor.enabled_at = new Date().toISOString();
      return json({ recovery_codes: factor.codes });
    },
  ],
  [
    "POST",
    /^\/auth\/mfa\/recovery-codes$/,
    ({ world, me, body }) => {
      const factor = world.factors.get(me.id);
      if (!factor || !isRight(factor, body.code)) return wrongCode();
      factor.codes = newCodes();
      return json({ recovery_codes: factor.codes });
    },
  ],
  [
    "POST",
    /^\/auth\/mfa\/totp\/disable$/,
    ({ world, me, body }) => {
      if (body.password !== world.users.get(me.id)?.password)
        return wrong("password", "This is not your password.");
      if (!isRight(world.factors.get(me.id), body.code)) return wrongCode();
      world.factors.delete(me.id);
      return json(null, 204);
    },
  ],
  [
    "GET",
    /^\/auth\/passkeys$/,
    ({ world, me, url }) =>
      json(
        page<Passkey>(
          url,
          [...world.passkeys.values()]
            .filter((one) => one.owner === me.id)
            .map(({ owner: _, ...one }) => one),
        ),
      ),
  ],
  [
    "POST",
    /^\/auth\/passkeys\/start$/,
    ({ me }) =>
      json({
        token: newId(),
        public_key: {
          rp: { id: "localhost", name: "Vitrine" },
          user: { id: "AAAA", name: me.email, displayName: me.full_name },
          challenge: "AAAA",
          pubKeyCredParams: [{ type: "public-key", alg: -7 }],
        },
      }),
  ],
  [
    "POST",
    /^\/auth\/passkeys$/,
    ({ world, me, body }) => {
      const made = world.addPasskey(me.id, String(body.name));
      const { owner: _, ...one } = made;
      return json(one, 201);
    },
  ],
  [
    "PATCH",
    /^\/auth\/passkeys\/([^/]+)$/,
    ({ world, params, body }) => {
      const one = world.passkeys.get(params[0] as string);
      if (!one) return notFound();
      one.name = String(body.name);
      return json(one);
    },
  ],
  [
    "DELETE",
    /^\/auth\/passkeys\/([^/]+)$/,
    ({ world, params }) => (world.passkeys.delete(params[0] as string) ? json(null, 204) : notFound()),
  ],
  [
    "POST",
    /^\/auth\/passkeys\/login\/start$/,
    () => json({ token: newId(), public_key: { challenge: "AAAA", rpId: "localhost" } }),
    true,
  ],
  [
    "POST",
    /^\/auth\/passkeys\/login\/finish$/,
    (ctx) => {
      const owner = [...ctx.world.passkeys.values()][0]?.owner;
      const user = owner && ctx.world.users.get(owner);
      if (!user) return problem(401, "invalid_credentials", "This passkey does not open any account here.");
      return signedIn(ctx, user, 200);
    },
    true,
  ],
];

/** A picture with the corners of a QR code, which is all that pages look at. */
const QR = [
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 29 29"><path fill="#fff" d="M0 0h29v29H0z"/>',
  '<path fill-rule="evenodd" d="M4 4h7v7H4zM5 5v5h5V5zM6 6h3v3H6zM18 4h7v7h-7zM19 5v5h5V5zM20 6h3v3h-3z',
  'M4 18h7v7H4zM5 19v5h5v-5zM6 20h3v3H6zM13 13h2v2h-2zM17 14h3v2h-3zM14 18h4v3h-4zM21 19h3v4h-3z"/></svg>',
].join("");
