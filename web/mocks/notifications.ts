/** Mock routes of notifications, preferences, schedules, rules and the links of letters. */
import type {
  Cadence,
  KindPreference,
  Notification,
  NotificationPreferences,
  NotificationRule,
  NotificationSchedule,
} from "../src/api/notifications";
import { json, notFound, page, problem, type Route } from "./kit.ts";
import { newId, type World } from "./world.ts";

type Box = {
  all: Notification[];
  preferences: NotificationPreferences;
  schedules: NotificationSchedule[];
  rules: NotificationRule[];
};

const boxes = new WeakMap<World, Map<string, Box>>();

const KINDS: [kind: string, title: string, email: Cadence, essential?: true][] = [
  ["account.new_device", "A sign-in from a new device", "instant", true],
  ["staging.image_ready", "Images are ready", "off"],
  ["staging.image_failed", "A staging failed", "instant"],
  ["billing.quota_low", "The month's quota runs out", "instant"],
];

/** What an account is told, made when it is first asked for. */
export function boxOf(world: World, owner: string): Box {
  let byOwner = boxes.get(world);
  if (!byOwner) {
    byOwner = new Map();
    boxes.set(world, byOwner);
  }
  let box = byOwner.get(owner);
  if (!box) {
    const user = world.users.get(owner);
    const kinds: KindPreference[] = KINDS.map(([kind, title, email, is_essential]) => ({
      kind,
      title,
      email,
      in_app: true,
      is_essential: is_essential ?? false,
      is_shared: kind.startsWith("staging."),
    }));
    box = {
      all: [],
      preferences: {
        kinds,
        digest: { timezone: "Europe/Berlin", hour: 8 },
        address: {
          email: user?.email ?? "",
          is_verified: true,
          refused_at: null,
          refused_reason: null,
        },
      },
      schedules: [],
      rules: [],
    };
    byOwner.set(owner, box);
  }
  return box;
}

/** Tells an account something, also over its stream. */
export function tellNotification(world: World, owner: string, part: Partial<Notification>): Notification {
  const now = new Date().toISOString();
  const notification: Notification = {
    id: newId(),
    workspace_id: null,
    kind: "staging.image_ready",
    title: "An image is ready",
    body: "",
    link: null,
    count: 1,
    created_at: now,
    updated_at: now,
    read_at: null,
    ...part,
  };
  boxOf(world, owner).all.unshift(notification);
  const { id, kind, title, link } = notification;
  world.publish(owner, "notification", { id, kind, title, link });
  return notification;
}

const after = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();

export const notificationRoutes: Route[] = [
  [
    "GET",
    /^\/notifications$/,
    ({ world, me, url }) => {
      const { searchParams } = url;
      const unread = searchParams.get("unread");
      const kind = searchParams.get("kind");
      return json(
        page(
          url,
          boxOf(world, me.id).all.filter(
            (one) =>
              (unread === null || (one.read_at === null) === (unread === "true")) &&
              (kind === null || one.kind === kind),
          ),
        ),
      );
    },
  ],
  [
    "GET",
    /^\/notifications\/unread-count$/,
    ({ world, me }) => json({ unread: boxOf(world, me.id).all.filter((one) => one.read_at === null).length }),
  ],
  [
    "POST",
    /^\/notifications\/read-all$/,
    ({ world, me }) => {
      const unread = boxOf(world, me.id).all.filter((one) => one.read_at === null);
      for (const one of unread) one.read_at = new Date().toISOString();
      world.publish(me.id, "notifications_read", {});
      return json({ read: unread.length });
    },
  ],
  [
    "POST",
    /^\/notifications\/([^/]+)\/read$/,
    ({ world, me, params }) => {
      const one = boxOf(world, me.id).all.find((each) => each.id === params[0]);
      if (!one) return notFound();
      one.read_at ??= new Date().toISOString();
      world.publish(me.id, "notifications_read", {});
      return json(one);
    },
  ],
  ["GET", /^\/notifications\/preferences$/, ({ world, me }) => json(boxOf(world, me.id).preferences)],
  [
    "PATCH",
    /^\/notifications\/preferences$/,
    ({ world, me, body }) => {
      const { preferences } = boxOf(world, me.id);
      for (const wish of (body.kinds ?? []) as Partial<KindPreference>[]) {
        const kind = preferences.kinds.find((one) => one.kind === wish.kind);
        if (kind) Object.assign(kind, wish);
      }
      Object.assign(preferences.digest, body.digest ?? {});
      return json(preferences);
    },
  ],
  [
    "GET",
    /^\/notifications\/unsubscribe$/,
    ({ url }) =>
      url.searchParams.get("token") === "good"
        ? json({ title: "Images are ready", email: "m…@example.com", is_subscribed: true })
        : problem(400, "invalid_link", "This link is not complete."),
    true,
  ],
  [
    "POST",
    /^\/notifications\/unsubscribe$/,
    () => json({ title: "Images are ready", email: "m…@example.com", is_subscribed: false }),
    true,
  ],
  [
    "GET",
    /^\/notifications\/schedules$/,
    ({ world, me, url }) => json(page(url, boxOf(world, me.id).schedules)),
  ],
  [
    "POST",
    /^\/notifications\/schedules$/,
    ({ world, me, body }) => {
      const now = new Date().toISOString();
      if (body.kind === "reminder" && !body.message) {
        return problem(422, "validation_failed", "Some fields are not valid; see errors.", [
          { field: "message", code: "required", message: "Say what to be reminded of." },
        ]);
      }
      const schedule = {
        id: newId(),
        is_enabled: true,
        next_run_at: after(24),
        last_run_at: null,
        run_count: 0,
        created_at: now,
        updated_at: now,
        ...body,
      } as unknown as NotificationSchedule;
      boxOf(world, me.id).schedules.push(schedule);
      return json(schedule, 201);
    },
  ],
  [
    "PATCH",
    /^\/notifications\/schedules\/([^/]+)$/,
    ({ world, me, params, body }) => {
      const schedule = boxOf(world, me.id).schedules.find((one) => one.id === params[0]);
      if (!schedule) return notFound();
      Object.assign(schedule, body);
      schedule.next_run_at = schedule.is_enabled ? after(24) : null;
      return json(schedule);
    },
  ],
  [
    "DELETE",
    /^\/notifications\/schedules\/([^/]+)$/,
    ({ world, me, params }) => {
      const box = boxOf(world, me.id);
      box.schedules = box.schedules.filter((one) => one.id !== params[0]);
      return json(null, 204);
    },
  ],
  ["GET", /^\/notifications\/rules$/, ({ world, me, url }) => json(page(url, boxOf(world, me.id).rules))],
  [
    "POST",
    /^\/notifications\/rules$/,
    ({ world, me, body }) => {
      const now = new Date().toISOString();
      const rule = {
        id: newId(),
        workspace_id: newId(),
        is_enabled: true,
        last_fired_at: null,
        fired_count: 0,
        created_at: now,
        updated_at: now,
        ...body,
      } as unknown as NotificationRule;
      boxOf(world, me.id).rules.push(rule);
      return json(rule, 201);
    },
  ],
  [
    "PATCH",
    /^\/notifications\/rules\/([^/]+)$/,
    ({ world, me, params, body }) => {
      const rule = boxOf(world, me.id).rules.find((one) => one.id === params[0]);
      if (!rule) return notFound();
      Object.assign(rule, body);
      return json(rule);
    },
  ],
  [
    "DELETE",
    /^\/notifications\/rules\/([^/]+)$/,
    ({ world, me, params }) => {
      const box = boxOf(world, me.id);
      box.rules = box.rules.filter((one) => one.id !== params[0]);
      return json(null, 204);
    },
  ],
];
