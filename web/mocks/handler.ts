/** The API of the contract over a `World`: request in, response out. Typed by src/api, used in tests and by the mock server. */
import type { User } from "../src/api/model";
import { accountRoutes } from "./accounts.ts";
import { hubRoutes } from "./hub.ts";
import { notFound, problem } from "./kit.ts";
import { notificationRoutes } from "./notifications.ts";
import { peopleRoutes } from "./people.ts";
import { sceneRoutes } from "./scenes.ts";
import { securityRoutes } from "./security.ts";
import { stagingRoutes } from "./staging.ts";
import { workRoutes } from "./work.ts";
import type { World } from "./world.ts";

const routes = [
  ...accountRoutes,
  ...securityRoutes,
  ...peopleRoutes,
  ...stagingRoutes,
  ...sceneRoutes,
  ...workRoutes,
  ...hubRoutes,
  ...notificationRoutes,
];

/** Answers one API request, `GET /events` excepted: a stream needs the server's hands. */
export async function handle(world: World, request: Request): Promise<Response> {
  const url = new URL(request.url);
  const path = url.pathname.replace(/^\/api\/v1/, "");
  let isPath = false;
  for (const [method, pattern, run, isOpen] of routes) {
    const match = pattern.exec(path);
    if (!match) continue;
    isPath = true;
    if (method !== request.method) continue;
    const access = world.access.get((request.headers.get("authorization") ?? "").replace("Bearer ", ""));
    const user = access && world.sessions.has(access.session) ? world.users.get(access.owner) : undefined;
    if (!user && !isOpen) return problem(401, "unauthorized", "Sign in first.");
    const { password: _password, ...me } = user ?? { password: "" };
    const text = request.method === "GET" ? "" : await request.text();
    return run({
      world,
      request,
      url,
      params: match.slice(1),
      body: text ? JSON.parse(text) : {},
      me: me as User,
      session: access?.session ?? "",
    });
  }
  return isPath ? problem(405, "method_not_allowed", "Not with this method.") : notFound();
}
