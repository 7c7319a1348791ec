/** Mock routes of workspaces, members, invitations, API keys, profile and preferences. */
import type {
  AccountExport,
  ApiKey,
  ApiKeyScope,
  Invitation,
  Member,
  Preferences,
  Profile,
  Workspace,
  WorkspaceRole,
} from "../src/api/model";
import { type Ctx, json, notFound, page, problem, type Route } from "./kit.ts";
import { isFactorMissing } from "./security.ts";
import { newId, type World } from "./world.ts";

type Shared = { workspace: Workspace; members: Member[]; invitations: Invitation[] };
type People = {
  shared: Map<string, Shared>;
  keys: ApiKey[];
  export: AccountExport | null;
  preferences: Preferences;
  profile: Partial<Profile>;
};

const SEATS = 3;
const now = () => new Date().toISOString();
const worlds = new WeakMap<World, People>();

/** A second workspace with one member more, so that there is something to see. */
export function people(world: World): People {
  let all = worlds.get(world);
  if (!all) {
    all = {
      shared: new Map(),
      keys: [],
      export: null,
      preferences: {
        theme: "auto",
        language: "en",
        units: "metric",
        default_style: null,
        default_room: null,
        reduced_motion: false,
      },
      profile: {},
    };
    worlds.set(world, all);
  }
  return all;
}

const personal = (me: Ctx["me"]): Workspace => ({
  id: me.id,
  name: `${me.full_name}’s workspace`,
  role: "owner",
  is_personal: true,
  plan: "free",
  member_count: 1,
  created_at: me.created_at,
});

const myself = (me: Ctx["me"]): Member => ({
  account_id: me.id,
  email: me.email,
  full_name: me.full_name,
  role: "owner",
  created_at: me.created_at,
  is_you: true,
});

function find(ctx: Ctx): Shared | undefined {
  const id = ctx.params[0] as string;
  if (id === ctx.me.id) return { workspace: personal(ctx.me), members: [myself(ctx.me)], invitations: [] };
  return people(ctx.world).shared.get(id);
}

const within =
  (run: (shared: Shared, ctx: Ctx) => Response): Route[2] =>
  (ctx) => {
    const shared = find(ctx);
    return shared ? run(shared, ctx) : notFound();
  };

const detailed = ({ workspace, members, invitations }: Shared) => ({
  ...workspace,
  member_count: members.length,
  seats: { used: members.length + invitations.length, limit: SEATS },
});

const ONE = "([^/]+)";

export const peopleRoutes: Route[] = [
  [
    "GET",
    /^\/workspaces$/,
    ({ world, me, url }) =>
      json(page(url, [personal(me), ...[...people(world).shared.values()].map((one) => one.workspace)])),
  ],
  [
    "POST",
    /^\/workspaces$/,
    ({ world, me, body }) => {
      const workspace: Workspace = {
        ...personal(me),
        id: newId(),
        name: String(body.name),
        is_personal: false,
        created_at: now(),
      };
      people(world).shared.set(workspace.id, { workspace, members: [myself(me)], invitations: [] });
      return json(workspace, 201);
    },
  ],
  ["GET", new RegExp(`^/workspaces/${ONE}$`), within((shared) => json(detailed(shared)))],
  [
    "PATCH",
    new RegExp(`^/workspaces/${ONE}$`),
    within((shared, { body }) => {
      shared.workspace.name = String(body.name);
      return json(detailed(shared));
    }),
  ],
  [
    "DELETE",
    new RegExp(`^/workspaces/${ONE}$`),
    within((shared, { world, me, body }) => {
      if (shared.workspace.is_personal)
        return problem(409, "conflict", "Your own workspace belongs to your account and goes with it.");
      const wrong = checkPerson(world, me, body);
      if (wrong) return wrong;
      people(world).shared.delete(shared.workspace.id);
      return json(null, 204);
    }),
  ],
  [
    "GET",
    new RegExp(`^/workspaces/${ONE}/members$`),
    within((shared, { url }) => json(page(url, shared.members))),
  ],
  [
    "PATCH",
    new RegExp(`^/workspaces/${ONE}/members/${ONE}$`),
    within((shared, { params, body }) => {
      const member = shared.members.find((one) => one.account_id === params[1]);
      if (!member) return notFound();
      const owners = shared.members.filter((one) => one.role === "owner");
      if (member.role === "owner" && owners.length === 1 && body.role !== "owner")
        return problem(409, "conflict", "A workspace needs an owner. Make somebody else one first.");
      member.role = body.role as WorkspaceRole;
      return json(member);
    }),
  ],
  [
    "DELETE",
    new RegExp(`^/workspaces/${ONE}/members/${ONE}$`),
    within((shared, { params }) => {
      shared.members = shared.members.filter((one) => one.account_id !== params[1]);
      return json(null, 204);
    }),
  ],
  [
    "GET",
    new RegExp(`^/workspaces/${ONE}/invitations$`),
    within((shared, { url }) => json(page(url, shared.invitations))),
  ],
  [
    "POST",
    new RegExp(`^/workspaces/${ONE}/invitations$`),
    within((shared, { me, body }) => {
      if (shared.members.length + shared.invitations.length >= SEATS)
        return problem(402, "quota_exceeded", `The plan has ${SEATS} seats, and all are taken.`);
      const invitation: Invitation = {
        id: newId(),
        email: String(body.email),
        role: body.role as WorkspaceRole,
        invited_by: me.id,
        created_at: now(),
        sent_at: now(),
        expires_at: new Date(Date.now() + 7 * 86_400_000).toISOString(),
        is_expired: false,
      };
      shared.invitations.unshift(invitation);
      return json(invitation, 201);
    }),
  ],
  [
    "POST",
    new RegExp(`^/workspaces/${ONE}/invitations/${ONE}/resend$`),
    within((shared, { params }) => {
      const one = shared.invitations.find((invitation) => invitation.id === params[1]);
      if (!one) return notFound();
      one.sent_at = now();
      return json(one);
    }),
  ],
  [
    "DELETE",
    new RegExp(`^/workspaces/${ONE}/invitations/${ONE}$`),
    within((shared, { params }) => {
      shared.invitations = shared.invitations.filter((one) => one.id !== params[1]);
      return json(null, 204);
    }),
  ],
  [
    "POST",
    /^\/invitations\/accept$/,
    ({ world, me, body }) => {
      const shared = [...people(world).shared.values()].find((one) =>
        one.invitations.some((invitation) => invitation.id === body.token && invitation.email === me.email),
      );
      if (!shared) return problem(400, "invalid_link", "This link was used, has expired or is not complete.");
      shared.invitations = shared.invitations.filter((one) => one.id !== body.token);
      shared.members.push({ ...myself(me), role: "editor" });
      return json({ ...shared.workspace, role: "editor" });
    },
  ],
  ["GET", /^\/api-keys$/, ({ world, url }) => json(page(url, people(world).keys))],
  [
    "POST",
    /^\/api-keys$/,
    ({ world, me, body }) => {
      const secret = `vk_${newId().replaceAll("-", "")}abcdefghijk`;
      const key: ApiKey = {
        id: newId(),
        account_id: me.id,
        account_name: me.full_name,
        name: String(body.name),
        prefix: secret.slice(0, 11),
        scopes: body.scopes as ApiKeyScope[],
        created_at: now(),
        expires_at: (body.expires_at as string | null) ?? null,
        last_used_at: null,
      };
      people(world).keys.unshift(key);
      return json({ ...key, secret }, 201);
    },
  ],
  [
    "DELETE",
    new RegExp(`^/api-keys/${ONE}$`),
    ({ world, params }) => {
      const all = people(world);
      all.keys = all.keys.filter((one) => one.id !== params[0]);
      return json(null, 204);
    },
  ],
  ["GET", /^\/user\/preferences$/, ({ world }) => json(people(world).preferences)],
  [
    "PATCH",
    /^\/user\/preferences$/,
    ({ world, body }) => {
      const all = people(world);
      all.preferences = { ...all.preferences, ...body };
      return json(all.preferences);
    },
  ],
  [
    "GET",
    /^\/user\/export$/,
    ({ world }) => {
      const { export: made } = people(world);
      return made ? json(made) : notFound();
    },
  ],
  [
    "POST",
    /^\/user\/export$/,
    ({ world, me, body }) => {
      const wrong = checkPerson(world, me, body);
      if (wrong) return wrong;
      const made: AccountExport = {
        id: newId(),
        status: "ready",
        size_bytes: 12_400_000,
        created_at: now(),
        expires_at: new Date(Date.now() + 7 * 86_400_000).toISOString(),
        download_url: "/api/v1/files/mock-export",
      };
      people(world).export = made;
      return json({ ...made, status: "queued", download_url: null }, 202);
    },
  ],
  [
    "DELETE",
    /^\/user$/,
    ({ world, me, body }) => {
      const wrong = checkPerson(world, me, body);
      if (wrong) return wrong;
      const deletion_at = new Date(Date.now() + 30 * 86_400_000).toISOString();
      const user = world.users.get(me.id);
      if (user) user.deletion_at = deletion_at;
      for (const one of world.sessions.values()) if (one.owner === me.id) world.sessions.delete(one.id);
      return json({ deletion_at }, 202);
    },
  ],
  [
    "POST",
    /^\/user\/restore$/,
    ({ world, me }) => {
      const user = world.users.get(me.id);
      if (!user) return notFound();
      user.deletion_at = null;
      return json(user);
    },
  ],
  ["GET", /^\/user\/profile$/, ({ world, me }) => json(profileOf(world, me))],
  [
    "PATCH",
    /^\/user\/profile$/,
    ({ world, me, body }) => {
      Object.assign(people(world).profile, body);
      return json(profileOf(world, me));
    },
  ],
];

/** The password, and a code where two-step sign-in is on. */
function checkPerson(world: World, me: Ctx["me"], body: Record<string, unknown>): Response | null {
  const errors = [];
  if (body.password !== world.users.get(me.id)?.password)
    errors.push({ field: "password", code: "wrong", message: "This is not your password." });
  if (isFactorMissing(world, me.id, body.code))
    errors.push({ field: "code", code: "wrong", message: "This code is wrong, or was used before." });
  return errors.length > 0
    ? problem(422, "validation_failed", "Some fields need another look.", errors)
    : null;
}

function profileOf(world: World, me: Ctx["me"]): Profile {
  return {
    id: me.id,
    email: me.email,
    email_verified: me.email_verified,
    full_name: me.full_name,
    locale: null,
    timezone: null,
    created_at: me.created_at,
    updated_at: me.created_at,
    ...people(world).profile,
  };
}
