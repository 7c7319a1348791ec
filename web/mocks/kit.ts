/** What the mock routes are made of: the request as they see it, answers and pages. */
import type { Page, Problem, User } from "../src/api/model";
import { newId, type World } from "./world.ts";

export type Ctx = {
  world: World;
  request: Request;
  url: URL;
  params: string[];
  body: Record<string, unknown>;
  me: User;
  session: string;
};
export type Route = [
  method: string,
  path: RegExp,
  handle: (ctx: Ctx) => Response | Promise<Response>,
  open?: true,
];

export const json = (body: unknown, status = 200, headers: Record<string, string> = {}) =>
  new Response(status === 204 ? null : JSON.stringify(body), {
    status,
    headers: { "content-type": "application/json", ...headers },
  });

export function problem(
  status: number,
  code: string,
  detail: string,
  errors?: Problem["errors"],
  more: Partial<Problem> = {},
): Response {
  const body: Problem = {
    type: `/problems/${code}`,
    title: detail,
    status,
    detail,
    code,
    request_id: newId(),
    ...(errors ? { errors } : {}),
    ...more,
  };
  return new Response(JSON.stringify(body), {
    status,
    headers: { "content-type": "application/problem+json" },
  });
}

export const notFound = () => problem(404, "not_found", "There is nothing at this address.");

export function page<T>(url: URL, all: T[]): Page<T> {
  const size = Number(url.searchParams.get("page_size") ?? 20);
  const at = Number(url.searchParams.get("page") ?? 1);
  return {
    items: all.slice((at - 1) * size, at * size),
    total: all.length,
    page: at,
    page_size: size,
    pages: Math.ceil(all.length / size),
  };
}
