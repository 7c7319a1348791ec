/** Calls of the room editor: what stands where in a picture, its versions, and what there is to put in. */
import { http, take } from "./client";
import type { Furniture, Page, Scene, SceneChange, SceneCorners } from "./model";
import { asApiError, problemFrom } from "./problem";
import { session } from "./session";
import { calmImage, ownPath } from "./stableUrl";

export type SolveRequest = {
  corners_px: Partial<SceneCorners>;
  camera_height_m?: number;
  ceiling_height_m?: number;
};
export type Solved = Pick<Scene, "camera" | "room" | "corners_px">;
export type Arrangement = { index: number; score: number; palette: string; furniture: Furniture[] };
export type CatalogueItem = {
  id: string;
  kind: string;
  option: number;
  style: string;
  category: string;
  name: string;
  size_m: number[];
  thumb_url: string | null;
  source: string;
  credit: string | null;
  support?: Furniture["support"];
};
export type Preview = { picture: Blob; renderMs: number | null };

async function send(
  method: string,
  path: string,
  init: { body?: unknown; headers?: HeadersInit; signal?: AbortSignal },
) {
  const headers = new Headers(init.headers);
  if (init.body !== undefined) headers.set("content-type", "application/json");
  let response: Response;
  try {
    response = await session.fetch(
      new Request(`${globalThis.location.origin}/api/v1${path}`, {
        method,
        headers,
        credentials: "same-origin",
        body: init.body === undefined ? undefined : JSON.stringify(init.body),
        signal: init.signal,
      }),
    );
  } catch (cause) {
    if (init.signal?.aborted) throw cause;
    throw asApiError(cause);
  }
  if (!response.ok) throw problemFrom(response, await response.json().catch(() => null));
  return response;
}

async function read<T>(method: string, path: string, init: Parameters<typeof send>[2] = {}): Promise<T> {
  return (await (await send(method, path, init)).json()) as T;
}

export const scenes = {
  get: async (id: string) =>
    (await take(http.GET("/api/v1/images/{id}/scene", { params: { path: { id } } }))) as Scene,
  /** Renders the change as a new version, unless somebody saved one since `version`. */
  save: async (id: string, version: number, body: SceneChange) => {
    const params = { path: { id }, header: { "If-Match": `"${version}"` } };
    return calmImage(await take(http.PATCH("/api/v1/images/{id}/scene", { params, body })));
  },
  solve: (id: string, body: SolveRequest, signal?: AbortSignal) =>
    read<Solved>("POST", `/images/${id}/scene/solve`, { body, signal }),
  preview: async (
    id: string,
    body: SceneChange & { width: number },
    signal?: AbortSignal,
  ): Promise<Preview> => {
    const response = await send("POST", `/images/${id}/scene/preview`, { body, signal });
    const timing = /render;.*?dur=([\d.]+)/.exec(response.headers.get("server-timing") ?? "");
    return { picture: await response.blob(), renderMs: timing ? Number(timing[1]) : null };
  },
  plans: async (id: string) =>
    (await read<{ items: Arrangement[] }>("GET", `/images/${id}/scene/plans`)).items,
  versions: async (id: string) => {
    const { items } = await take(http.GET("/api/v1/images/{id}/versions", { params: { path: { id } } }));
    const own = (url: string | null | undefined) => (url ? ownPath(url) : null);
    return items.map((one) => ({
      ...one,
      urls: { staged: own(one.urls.staged), thumb: own(one.urls.thumb) },
    }));
  },
  restore: async (id: string, version: number) => {
    const params = { path: { id, version } };
    return calmImage(await take(http.POST("/api/v1/images/{id}/versions/{version}/restore", { params })));
  },
};

export const furniture = {
  /** One page of the catalogue; the filters are those the editor offers. */
  list: async (filter: { kind?: string; style?: string; category?: string }, page = 1) => {
    const query = new URLSearchParams({ page: String(page), page_size: "100" });
    for (const [name, value] of Object.entries(filter)) if (value) query.set(name, value);
    const list = await read<Page<CatalogueItem>>("GET", `/furniture?${query}`);
    return {
      ...list,
      items: list.items.map((item) => ({ ...item, thumb_url: item.thumb_url && ownPath(item.thumb_url) })),
    };
  },
};
