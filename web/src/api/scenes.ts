/** Calls of the room editor: what stands where in a picture, its versions, and what there is to put in. */
import { idempotencyKey } from "./client";
import type { Image, Page } from "./model";
import { asApiError, problemFrom } from "./problem";
import { session } from "./session";
import { calmImage, ownPath } from "./stableUrl";

export type SceneCamera = {
  focal_px: number;
  center_px: number[];
  /** Row-major, room to camera. */
  rotation: number[];
  source: string;
  focal_sigma: number;
};
export type SceneOpening = { wall: string; kind: string; u_m: number[]; heights_m: number[] };
export type SceneObstacle = { polygon_px: number[][]; footprint_m: number[][] | null };
export type RoomBox = {
  camera_height_m: number;
  ceiling_height_m: number;
  ceiling_seen: boolean;
  left_m: number | null;
  right_m: number | null;
  back_m: number | null;
  scale_source: string;
  scale_sigma: number;
  floor_polygon_px: number[][];
  openings: SceneOpening[];
  obstacles?: SceneObstacle[];
  confidence: number;
};
export type Furniture = {
  id: string;
  kind: string;
  option: number;
  style: string;
  name: string;
  position_m: number[];
  yaw_deg: number;
  size_m: number[];
  support: "floor" | "wall" | "item" | "ceiling";
  /** Id of the piece it stands on, or the wall it hangs on. */
  support_id?: string | null;
  palette?: string | null;
  color: string | null;
  seed: number;
  movable: boolean;
};
export type SceneCorners = Record<
  "back_left_floor" | "back_right_floor" | "back_left_ceiling" | "back_right_ceiling",
  number[] | null
>;
export type Scene = {
  image_id: string;
  version: number;
  status: string;
  width: number;
  height: number;
  camera: SceneCamera;
  room: RoomBox;
  room_type: string | null;
  style: string;
  palette: string | null;
  seed: number;
  furniture: Furniture[];
  corners_px: SceneCorners;
};
export type SceneChange = { camera?: SceneCamera; room?: RoomBox; furniture?: Furniture[] };
export type SolveRequest = {
  corners_px: Partial<SceneCorners>;
  camera_height_m?: number;
  ceiling_height_m?: number;
};
export type Solved = Pick<Scene, "camera" | "room" | "corners_px">;
export type Arrangement = { index: number; score: number; palette: string; furniture: Furniture[] };
export type SceneVersion = {
  version: number;
  current: boolean;
  created_at: string;
  urls: { staged: string | null; thumb: string | null };
  furniture_count: number;
  processing_time_ms: number | null;
};
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
  get: (id: string) => read<Scene>("GET", `/images/${id}/scene`),
  /** Renders the change as a new version, unless somebody saved one since `version`. */
  save: async (id: string, version: number, change: SceneChange) =>
    calmImage(
      await read<Image>("PATCH", `/images/${id}/scene`, {
        body: change,
        headers: { "If-Match": `"${version}"`, "Idempotency-Key": idempotencyKey() },
      }),
    ),
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
    const { items } = await read<{ items: SceneVersion[] }>("GET", `/images/${id}/versions`);
    const own = (url: string | null) => url && ownPath(url);
    return items.map((one) => ({
      ...one,
      urls: { staged: own(one.urls.staged), thumb: own(one.urls.thumb) },
    }));
  },
  restore: async (id: string, version: number) =>
    calmImage(await read<Image>("POST", `/images/${id}/versions/${version}/restore`)),
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
