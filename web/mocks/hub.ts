/** Mock routes of support and community. What they remember belongs to a world. */
import type { Author, CannedReply, Comment, ModerationItem, Post, Ticket, TicketMessage } from "../src/api";
import { type Ctx, json, notFound, page, problem, type Route } from "./kit.ts";
import { newId, type World } from "./world.ts";

type Hub = {
  tickets: Ticket[];
  messages: TicketMessage[];
  replies: CannedReply[];
  posts: Post[];
  comments: Comment[];
  queue: ModerationItem[];
};

const hubs = new WeakMap<World, Hub>();
const nina: Author = { id: newId(), full_name: "Nina Ortega" };
const ago = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();
const html = (text: string) =>
  text
    .split("\n\n")
    .map((part) => `<p>${part.replace(/[&<>]/g, (c) => `&#${c.charCodeAt(0)};`)}</p>`)
    .join("\n");

function newPost(author: Author, title: string, body: string, part: Partial<Post> = {}): Post {
  return {
    id: newId(),
    author,
    title,
    body,
    body_html: html(body),
    score: 0,
    my_vote: null,
    comment_count: 0,
    state: "visible",
    is_locked: false,
    created_at: ago(0),
    updated_at: ago(0),
    ...part,
  };
}

function newTicket(requester: Author, subject: string, part: Partial<Ticket> = {}): Ticket {
  return {
    id: newId(),
    subject,
    status: "open",
    priority: "normal",
    requester,
    message_count: 1,
    staff: null,
    created_at: ago(0),
    updated_at: ago(0),
    ...part,
  };
}

function newMessage(
  ticket: Ticket,
  author: Author,
  body: string,
  part: Partial<TicketMessage> = {},
): TicketMessage {
  return {
    id: newId(),
    ticket_id: ticket.id,
    author,
    is_staff: false,
    is_internal: false,
    body,
    body_html: html(body),
    attachments: [],
    created_at: ago(0),
    ...part,
  };
}

/** The hub of a world, with something in it from the start. */
export function hubOf(world: World): Hub {
  const known = hubs.get(world);
  if (known) return known;
  const user = [...world.users.values()][0];
  const mara: Author = { id: user?.id ?? newId(), full_name: user?.full_name ?? "Mara" };
  const ticket = newTicket(mara, "The sofa floats above the floor", {
    status: "pending",
    priority: "high",
    message_count: 2,
    created_at: ago(30),
    updated_at: ago(3),
  });
  const posts = [
    newPost(nina, "How do you photograph small bathrooms?", "I always end up with **half a sink**.", {
      score: 12,
      comment_count: 2,
      created_at: ago(5),
      updated_at: ago(5),
    }),
    newPost(mara, "Before and after: the old mill", "Three rooms, one afternoon.", {
      score: 4,
      created_at: ago(50),
      updated_at: ago(50),
    }),
  ];
  const asked = posts[0] as Post;
  const comment = (author: Author, body: string, parent_id: string | null): Comment => ({
    id: newId(),
    post_id: asked.id,
    parent_id,
    author,
    body,
    body_html: html(body),
    score: 1,
    my_vote: null,
    state: "visible",
    created_at: ago(4),
    updated_at: ago(4),
  });
  const first = comment(mara, "Stand in the door and use the corner opposite.", null);
  const hub: Hub = {
    tickets: [ticket, newTicket(mara, "Invoice for October", { status: "closed", updated_at: ago(200) })],
    messages: [
      newMessage(ticket, mara, "In the living room of Garden Street the sofa hangs in the air.", {
        created_at: ago(30),
      }),
      newMessage(ticket, nina, "Move a corner of the room down to the skirting board, then it stands.", {
        is_staff: true,
        created_at: ago(3),
      }),
    ],
    replies: [
      {
        id: newId(),
        title: "Thanks for writing",
        body: "Thank you for writing to us.",
        created_at: ago(9),
        updated_at: ago(9),
      },
    ],
    posts,
    comments: [first, comment(nina, "That worked, thank you!", first.id)],
    queue: [],
  };
  hubs.set(world, hub);
  return hub;
}

const me = (ctx: Ctx): Author => ({ id: ctx.me.id, full_name: ctx.me.full_name });
const text = (ctx: Ctx, name: string) => String(ctx.body[name] ?? "");

/** Finds what an address names, or answers that it is not there. */
const withTicket =
  (run: (ctx: Ctx, hub: Hub, ticket: Ticket) => Response) =>
  (ctx: Ctx): Response => {
    const hub = hubOf(ctx.world);
    const ticket = hub.tickets.find((one) => one.id === ctx.params[0]);
    return ticket ? run(ctx, hub, ticket) : notFound();
  };
const withPost =
  (run: (ctx: Ctx, hub: Hub, post: Post) => Response) =>
  (ctx: Ctx): Response => {
    const hub = hubOf(ctx.world);
    const post = hub.posts.find((one) => one.id === ctx.params[0]);
    return post ? run(ctx, hub, post) : notFound();
  };

function vote(thing: Post | Comment, value: number): Response {
  thing.score += value - (thing.my_vote ?? 0);
  thing.my_vote = value || null;
  return json({ score: thing.score, my_vote: thing.my_vote });
}

/** What only the staff is told. */
const forReader = (ctx: Ctx, ticket: Ticket): Ticket => ({
  ...ticket,
  staff: ctx.me.is_operator
    ? { requester_email: "mara@example.com", note_count: 0, assignee: null, ...ticket.staff }
    : null,
});

export const hubRoutes: Route[] = [
  [
    "GET",
    /^\/support\/tickets$/,
    (ctx) => {
      const status = ctx.url.searchParams.get("status");
      const q = ctx.url.searchParams.get("q")?.toLowerCase() ?? "";
      const found = hubOf(ctx.world).tickets.filter(
        (one) => (!status || one.status === status) && one.subject.toLowerCase().includes(q),
      );
      return json(
        page(
          ctx.url,
          found.map((one) => forReader(ctx, one)),
        ),
      );
    },
  ],
  [
    "POST",
    /^\/support\/tickets$/,
    (ctx) => {
      const hub = hubOf(ctx.world);
      const ticket = newTicket(me(ctx), text(ctx, "subject"));
      hub.tickets.unshift(ticket);
      hub.messages.push(newMessage(ticket, me(ctx), text(ctx, "body")));
      return json(forReader(ctx, ticket), 201);
    },
  ],
  ["GET", /^\/support\/tickets\/([^/]+)$/, withTicket((ctx, _hub, ticket) => json(forReader(ctx, ticket)))],
  [
    "PATCH",
    /^\/support\/tickets\/([^/]+)$/,
    withTicket((ctx, _hub, ticket) => {
      const { assignee_id, ...rest } = ctx.body;
      Object.assign(ticket, rest);
      if (assignee_id !== undefined) {
        const staff = forReader(ctx, ticket).staff;
        ticket.staff = staff && { ...staff, assignee: assignee_id ? me(ctx) : null };
      }
      return json(forReader(ctx, ticket));
    }),
  ],
  [
    "GET",
    /^\/support\/tickets\/([^/]+)\/messages$/,
    withTicket((ctx, hub, ticket) =>
      json(
        page(
          ctx.url,
          hub.messages.filter(
            (one) => one.ticket_id === ticket.id && (!one.is_internal || ctx.me.is_operator),
          ),
        ),
      ),
    ),
  ],
  [
    "POST",
    /^\/support\/tickets\/([^/]+)\/messages$/,
    withTicket((ctx, hub, ticket) => {
      const is_internal = ctx.body.is_internal === true;
      const message = newMessage(ticket, me(ctx), text(ctx, "body"), { is_internal, is_staff: is_internal });
      hub.messages.push(message);
      if (!is_internal) Object.assign(ticket, { status: "open", message_count: ticket.message_count + 1 });
      return json(message, 201);
    }),
  ],
  ["GET", /^\/support\/staff$/, (ctx) => json({ items: ctx.me.is_operator ? [me(ctx)] : [] })],
  ["GET", /^\/support\/canned-replies$/, (ctx) => json(page(ctx.url, hubOf(ctx.world).replies))],
  [
    "POST",
    /^\/support\/canned-replies$/,
    (ctx) => {
      const reply: CannedReply = {
        id: newId(),
        title: text(ctx, "title"),
        body: text(ctx, "body"),
        created_at: ago(0),
        updated_at: ago(0),
      };
      hubOf(ctx.world).replies.push(reply);
      return json(reply, 201);
    },
  ],
  [
    "DELETE",
    /^\/support\/canned-replies\/([^/]+)$/,
    (ctx) => {
      const hub = hubOf(ctx.world);
      hub.replies = hub.replies.filter((one) => one.id !== ctx.params[0]);
      return json(null, 204);
    },
  ],
  [
    "GET",
    /^\/community\/posts$/,
    (ctx) => {
      const q = ctx.url.searchParams.get("q")?.toLowerCase() ?? "";
      const isTop = ctx.url.searchParams.get("sort") === "-score";
      const found = hubOf(ctx.world).posts.filter(
        (one) => one.state === "visible" && `${one.title} ${one.body}`.toLowerCase().includes(q),
      );
      found.sort((a, b) => (isTop ? b.score - a.score : b.created_at.localeCompare(a.created_at)));
      return json(page(ctx.url, found));
    },
    true,
  ],
  [
    "POST",
    /^\/community\/posts$/,
    (ctx) => {
      const post = newPost(me(ctx), text(ctx, "title"), text(ctx, "body"));
      hubOf(ctx.world).posts.unshift(post);
      return json(post, 201);
    },
  ],
  ["GET", /^\/community\/posts\/([^/]+)$/, withPost((_ctx, _hub, post) => json(post)), true],
  [
    "PATCH",
    /^\/community\/posts\/([^/]+)$/,
    withPost((ctx, _hub, post) =>
      json(Object.assign(post, ctx.body, { body_html: html(text(ctx, "body")) })),
    ),
  ],
  [
    "DELETE",
    /^\/community\/posts\/([^/]+)$/,
    withPost((_ctx, hub, post) => {
      hub.posts = hub.posts.filter((one) => one !== post);
      return json(null, 204);
    }),
  ],
  [
    "GET",
    /^\/community\/posts\/([^/]+)\/comments$/,
    withPost((ctx, hub, post) =>
      json(
        page(
          ctx.url,
          hub.comments.filter((one) => one.post_id === post.id),
        ),
      ),
    ),
    true,
  ],
  [
    "POST",
    /^\/community\/posts\/([^/]+)\/comments$/,
    withPost((ctx, hub, post) => {
      const body = text(ctx, "body");
      const comment: Comment = {
        id: newId(),
        post_id: post.id,
        parent_id: (ctx.body.parent_id as string | null) ?? null,
        author: me(ctx),
        body,
        body_html: html(body),
        score: 0,
        my_vote: null,
        state: "visible",
        created_at: ago(0),
        updated_at: ago(0),
      };
      hub.comments.push(comment);
      post.comment_count += 1;
      return json(comment, 201);
    }),
  ],
  [
    "POST",
    /^\/community\/posts\/([^/]+)\/votes$/,
    withPost((ctx, _hub, post) => vote(post, Number(ctx.body.value))),
  ],
  [
    "POST",
    /^\/community\/posts\/([^/]+)\/comments\/([^/]+)\/votes$/,
    withPost((ctx, hub) => {
      const comment = hub.comments.find((one) => one.id === ctx.params[1]);
      return comment ? vote(comment, Number(ctx.body.value)) : notFound();
    }),
  ],
  [
    "POST",
    /^\/community\/posts\/([^/]+)\/flags$/,
    withPost((ctx, hub, post) => {
      const flag = {
        id: newId(),
        reason: ctx.body.reason as "spam",
        note: text(ctx, "note"),
        created_at: ago(0),
      };
      const known = hub.queue.find((one) => one.id === post.id);
      if (known) return problem(409, "conflict", "You have told the moderators already.");
      const { id, title, body, body_html, author, state, is_locked, created_at } = post;
      const item = { id, title, body, body_html, author, state, is_locked, created_at };
      hub.queue.push({ ...item, kind: "post", post_id: id, flag_count: 1, flags: [flag] });
      return json(flag, 201);
    }),
  ],
  [
    "GET",
    /^\/community\/moderation$/,
    (ctx) => {
      const removed = ctx.url.searchParams.get("removed") === "true";
      const { queue } = hubOf(ctx.world);
      return json(
        page(
          ctx.url,
          queue.filter((one) => (one.state === "removed") === removed),
        ),
      );
    },
  ],
  [
    "POST",
    /^\/community\/moderation\/([^/]+)$/,
    (ctx) => {
      const hub = hubOf(ctx.world);
      const item = hub.queue.find((one) => one.id === ctx.params[0]);
      const post = hub.posts.find((one) => one.id === ctx.params[0]);
      if (!item || !post) return notFound();
      const decision = text(ctx, "decision");
      if (decision === "lock" || decision === "unlock") post.is_locked = decision === "lock";
      else post.state = decision === "remove" ? "removed" : "visible";
      Object.assign(item, { state: post.state, is_locked: post.is_locked });
      if (decision === "keep") hub.queue = hub.queue.filter((one) => one !== item);
      return json(item);
    },
  ],
];
