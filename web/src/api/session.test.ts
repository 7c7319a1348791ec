import { describe, expect, it, vi } from "vitest";
import type { AuthTokens } from "./model";
import { SessionKeeper } from "./session";

function tokens(access_token: string): AuthTokens {
  return {
    user: {
      id: "1",
      email: "a@b.c",
      full_name: "A",
      email_verified: true,
      is_operator: false,
      created_at: "2026-01-01T00:00:00Z",
    },
    access_token,
    token_type: "bearer",
    expires_in: 900,
  };
}

const answer = (status: number, body: unknown = {}) => new Response(JSON.stringify(body), { status });
const call = (path: string, init?: RequestInit) => new Request(`http://vitrine.test/api/v1${path}`, init);

function keeper(fetch: (request: Request) => Promise<Response>, now = () => 0) {
  return new SessionKeeper({
    fetch,
    now,
    wait: async () => {},
    exclusively: (work) => work(),
    origin: () => "http://vitrine.test",
  });
}

const bearer = (request: Request) => request.headers.get("authorization");
const isRefresh = (request: Request) => request.url.endsWith("/auth/refresh");

describe("the session", () => {
  it("refreshes once for many calls that meet an expired token", async () => {
    let refreshes = 0;
    const session = keeper(async (request) => {
      if (!isRefresh(request)) return answer(bearer(request) === "Bearer fresh" ? 200 : 401);
      refreshes += 1;
      await Promise.resolve();
      return answer(200, tokens("fresh"));
    });
    session.accept(tokens("stale"));
    const replies = await Promise.all(
      ["/projects", "/jobs", "/auth/me"].map((path) => session.fetch(call(path))),
    );
    expect(replies.map((reply) => reply.status)).toEqual([200, 200, 200]);
    expect(refreshes).toBe(1);
  });

  it("sends the body again after a refresh", async () => {
    const bodies: string[] = [];
    const session = keeper(async (request) => {
      if (isRefresh(request)) return answer(200, tokens("fresh"));
      bodies.push(await request.text());
      return answer(bearer(request) === "Bearer fresh" ? 201 : 401);
    });
    session.accept(tokens("stale"));
    const reply = await session.fetch(call("/projects", { method: "POST", body: '{"name":"x"}' }));
    expect(reply.status).toBe(201);
    expect(bodies).toEqual(['{"name":"x"}', '{"name":"x"}']);
  });

  it("tries once more when another tab was faster", async () => {
    const replies = [answer(409), answer(200, tokens("second"))];
    const session = keeper(async () => replies.shift() as Response);
    expect(await session.refresh()).toBe(true);
    expect(session.snapshot().status).toBe("signed_in");
  });

  it("is signed out when the cookie is no longer good", async () => {
    const session = keeper(async () => answer(401));
    session.accept(tokens("old"));
    expect(await session.refresh()).toBe(false);
    expect(session.snapshot()).toEqual({ status: "signed_out" });
  });

  it("stays signed in when the server is down for a moment", async () => {
    const session = keeper(async () => answer(503, { code: "unavailable", detail: "later" }));
    session.accept(tokens("old"));
    await expect(session.refresh()).rejects.toMatchObject({ code: "unavailable" });
    expect(session.snapshot().status).toBe("signed_in");
  });

  it("refreshes ahead of the end of the token", async () => {
    let clock = 0;
    const seen: (string | null)[] = [];
    const session = keeper(
      async (request) => {
        if (isRefresh(request)) return answer(200, tokens("fresh"));
        seen.push(bearer(request));
        return answer(200);
      },
      () => clock,
    );
    session.accept(tokens("first"));
    await session.fetch(call("/jobs"));
    clock = 890_000;
    await session.fetch(call("/jobs"));
    expect(seen).toEqual(["Bearer first", "Bearer fresh"]);
  });

  it("does not refresh because a password was wrong", async () => {
    const fetch = vi.fn(async () => answer(401, { code: "invalid_credentials" }));
    const session = keeper(fetch);
    const reply = await session.fetch(call("/auth/login", { method: "POST", body: "{}" }));
    expect(reply.status).toBe(401);
    expect(fetch).toHaveBeenCalledTimes(1);
  });
});
