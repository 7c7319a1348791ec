/** Mock routes of set-up, sign-in and sessions. */
import type { AuthTokens, Me, Problem, Session, User } from "../src/api/model";
import { type Ctx, json, notFound, page, problem, type Route } from "./kit.ts";
import { ROOM_LOOKS } from "./rooms.ts";
import { askForCode } from "./security.ts";
import { newId, SETUP_TOKEN, type World } from "./world.ts";

function tokens(
  world: World,
  user: User,
  request: Request,
  old?: string,
): { body: AuthTokens; cookie: string } {
  const refresh = newId();
  const now = new Date().toISOString();
  const session = [...world.sessions.values()].find((one) => one.refresh === old) ?? {
    id: newId(),
    owner: user.id,
    device_label: null,
    user_agent: request.headers.get("user-agent"),
    ip: "127.0.0.1",
    created_at: now,
    last_used_at: now,
    expires_at: new Date(Date.now() + 30 * 86_400_000).toISOString(),
    is_current: true,
    refresh,
  };
  session.refresh = refresh;
  session.last_used_at = now;
  world.sessions.set(session.id, session);
  const access_token = newId();
  world.access.set(access_token, { owner: user.id, session: session.id });
  const { id, email, full_name, email_verified, is_operator, deletion_at, created_at } = user;
  return {
    body: {
      user: { id, email, full_name, email_verified, is_operator, deletion_at, created_at },
      access_token,
      token_type: "bearer",
      expires_in: 900,
    },
    cookie: `vitrine_refresh=${refresh}; HttpOnly; SameSite=Lax; Path=/api/v1/auth`,
  };
}

export function signedIn(
  ctx: Pick<Ctx, "world" | "request">,
  user: User,
  status: number,
  more: object = {},
): Response {
  const { body, cookie } = tokens(ctx.world, user, ctx.request);
  return json({ ...body, ...more }, status, { "set-cookie": cookie });
}

/** Three rooms to begin with, as the set-up page offers. */
function sampleProject(world: World, owner: string): string {
  const project = world.addProject(owner, "Sample rooms");
  for (const [index, name] of ["sunny-living-room.jpg", "quiet-bedroom.jpg", "corner-office.jpg"].entries()) {
    world.addOriginal(project.id, name, { look: ROOM_LOOKS[index] });
  }
  return project.id;
}

const account = (body: Record<string, unknown>): Problem["errors"] => {
  const errors: NonNullable<Problem["errors"]> = [];
  if (!String(body.email ?? "").includes("@"))
    errors.push({ field: "email", code: "email", message: "Not an e-mail address." });
  if (String(body.password ?? "").length < 10)
    errors.push({ field: "password", code: "length", message: "Use at least 10 characters." });
  return errors;
};

export const accountRoutes: Route[] = [
  ["GET", /^\/setup$/, ({ world }) => (world.users.size === 0 ? json({ needed: true }) : notFound()), true],
  [
    "POST",
    /^\/setup$/,
    (ctx) => {
      const { world, body } = ctx;
      if (world.users.size > 0) return notFound();
      if (body.token !== SETUP_TOKEN)
        return problem(403, "forbidden", "This set-up link is not the one that was printed.");
      const errors = account(body);
      if (errors?.length) return problem(422, "validation_failed", "Some fields need another look.", errors);
      const user = world.addUser(String(body.email), String(body.password), String(body.full_name));
      return signedIn(ctx, user, 201, {
        sample_project_id: body.sample_project ? sampleProject(world, user.id) : null,
      });
    },
    true,
  ],
  [
    "POST",
    /^\/auth\/register$/,
    (ctx) => {
      const { world, body } = ctx;
      const errors = account(body);
      if (errors?.length) return problem(422, "validation_failed", "Some fields need another look.", errors);
      const email = String(body.email).toLowerCase();
      if ([...world.users.values()].some((user) => user.email === email)) {
        return problem(409, "conflict", "There already is an account with this e-mail address.");
      }
      return signedIn(ctx, world.addUser(email, String(body.password), String(body.full_name)), 201);
    },
    true,
  ],
  [
    "POST",
    /^\/auth\/login$/,
    (ctx) => {
      const user = [...ctx.world.users.values()].find(
        (one) => one.email === ctx.body.email && one.password === ctx.body.password,
      );
      if (!user) return problem(401, "invalid_credentials", "E-mail or password is wrong.");
      return askForCode(ctx.world, user.id) ?? signedIn(ctx, user, 200);
    },
    true,
  ],
  [
    "POST",
    /^\/auth\/(verify-email\/request|password\/forgot)$/,
    () => new Response(null, { status: 202 }),
    true,
  ],
  [
    "POST",
    /^\/auth\/verify-email$/,
    ({ world, body }) => {
      const user = [...world.users.values()].find((one) => one.id === body.token);
      if (!user) return problem(400, "invalid_link", "This link was used, has expired or is not complete.");
      user.email_verified = true;
      return json(user);
    },
    true,
  ],
  [
    "POST",
    /^\/auth\/password\/reset$/,
    ({ world, body }) => {
      const user = [...world.users.values()].find((one) => one.id === body.token);
      if (!user) return problem(400, "invalid_link", "This link was used, has expired or is not complete.");
      user.password = String(body.password);
      return new Response(null, { status: 204 });
    },
    true,
  ],
  [
    "POST",
    /^\/auth\/password\/change$/,
    ({ world, me, body }) => {
      const user = world.users.get(me.id);
      if (!user) return notFound();
      if (body.current_password !== user.password)
        return problem(422, "validation_failed", "Some fields need another look.", [
          { field: "current_password", code: "wrong", message: "This is not your password." },
        ]);
      user.password = String(body.new_password);
      return new Response(null, { status: 204 });
    },
  ],
  [
    "POST",
    /^\/auth\/refresh$/,
    ({ world, request }) => {
      const refresh = /vitrine_refresh=([^;]+)/.exec(request.headers.get("cookie") ?? "")?.[1];
      const session = [...world.sessions.values()].find((one) => one.refresh === refresh);
      const user = session && world.users.get(session.owner);
      if (!user) return problem(401, "unauthorized", "Sign in again.");
      const { body, cookie } = tokens(world, user, request, refresh);
      return json(body, 200, { "set-cookie": cookie });
    },
    true,
  ],
  [
    "POST",
    /^\/auth\/logout$/,
    ({ world, request }) => {
      const refresh = /vitrine_refresh=([^;]+)/.exec(request.headers.get("cookie") ?? "")?.[1];
      for (const one of world.sessions.values()) if (one.refresh === refresh) world.sessions.delete(one.id);
      return json(null, 204, { "set-cookie": "vitrine_refresh=; Path=/api/v1/auth; Max-Age=0" });
    },
    true,
  ],
  [
    "GET",
    /^\/auth\/me$/,
    ({ me }) =>
      json({
        user: me,
        workspaces: [{ id: me.id, name: `${me.full_name}’s workspace`, role: "owner", is_personal: true }],
        plan: { code: "free", name: "Free", images_per_month: 50 },
        features: {},
      } satisfies Me),
  ],
  [
    "GET",
    /^\/auth\/sessions$/,
    ({ world, me, session, url }) =>
      json(
        page<Session>(
          url,
          [...world.sessions.values()]
            .filter((one) => one.owner === me.id)
            .map(({ owner: _owner, refresh: _refresh, ...one }) => ({
              ...one,
              is_current: one.id === session,
            })),
        ),
      ),
  ],
  [
    "PATCH",
    /^\/auth\/sessions\/([^/]+)$/,
    ({ world, params, body }) => {
      const one = world.sessions.get(params[0] as string);
      if (!one) return notFound();
      one.device_label = String(body.device_label);
      return json(one);
    },
  ],
  [
    "POST",
    /^\/auth\/sessions\/revoke-others$/,
    ({ world, me, session }) => {
      const others = [...world.sessions.values()].filter((one) => one.owner === me.id && one.id !== session);
      for (const one of others) world.sessions.delete(one.id);
      return json({ revoked: others.length });
    },
  ],
  [
    "POST",
    /^\/auth\/sessions\/([^/]+)\/revoke$/,
    ({ world, params }) => (world.sessions.delete(params[0] as string) ? json(null, 204) : notFound()),
  ],
];
