/** Calls of the room editor: what stands where in a picture, its versions, and what there is to put in. */
import { http, take } from "./client";
import type {
  Arrangement,
  CatalogueItem,
  Page,
  Scene,
  SceneCamera,
  SceneChange,
  Solved,
  SolveRequest,
  StraightenedScene,
  StraightenRequest,
} from "./model";
import { asApiError, problemFrom } from "./problem";
import { calmImage, ownPath } from "./stableUrl";

export type Preview = { picture: Blob; renderMs: number | null };

/** What is sent of a body that speaks of a camera. */
function sent<Body extends { camera?: SceneCamera | null }>(body: Body): Body {
  if (!body.camera?.picture_px) return body;
  const { picture_px: _own, ...camera } = body.camera;
  return { ...body, camera };
}

export const scenes = {
  get: async (id: string) =>
    (await take(http.GET("/api/v1/images/{id}/scene", { params: { path: { id } } }))) as Scene,
  /** Renders the change as a new version, unless somebody saved one since `version`. */
  save: async (id: string, version: number, body: SceneChange) => {
    const params = { path: { id }, header: { "If-Match": `"${version}"` } };
    return calmImage(await take(http.PATCH("/api/v1/images/{id}/scene", { params, body: sent(body) })));
  },
  solve: async (id: string, body: SolveRequest, signal?: AbortSignal) => {
    const params = { path: { id } };
    return (await take(http.POST("/api/v1/images/{id}/scene/solve", { params, body, signal }))) as Solved;
  },
  /** Camera and room of the photo turned level, or as it was taken; nothing is stored. */
  straighten: async (id: string, body: StraightenRequest) => {
    const params = { path: { id } };
    return (await take(
      http.POST("/api/v1/images/{id}/scene/straighten", { params, body: sent(body) }),
    )) as StraightenedScene;
  },
  preview: async (
    id: string,
    body: SceneChange & { width: number },
    signal?: AbortSignal,
  ): Promise<Preview> => {
    const params = { path: { id } };
    const { data, error, response } = await http
      .POST("/api/v1/images/{id}/scene/preview", { params, body: sent(body), signal, parseAs: "blob" })
      .catch((cause) => {
        throw signal?.aborted ? cause : asApiError(cause);
      });
    if (!response.ok) throw problemFrom(response, error);
    const timing = /render;.*?dur=([\d.]+)/.exec(response.headers.get("server-timing") ?? "");
    return { picture: data as Blob, renderMs: timing ? Number(timing[1]) : null };
  },
  plans: async (id: string) => {
    const list = await take(http.GET("/api/v1/images/{id}/scene/plans", { params: { path: { id } } }));
    return list.items as Arrangement[];
  },
  versions: async (id: string) => {
    const { items } = await take(http.GET("/api/v1/images/{id}/versions", { params: { path: { id } } }));
    const own = (url: string | null | undefined) => (url ? ownPath(url) : null);
    return items.map((one) => ({
      ...one,
      urls: { staged: own(one.urls.staged), thumb: own(one.urls.thumb) },
    }));
  },
  /** Also of a version that never got a picture. */
  version: async (id: string, version: number) => {
    const params = { path: { id, version } };
    return (await take(http.GET("/api/v1/images/{id}/versions/{version}", { params }))) as Scene;
  },
  restore: async (id: string, version: number) => {
    const params = { path: { id, version } };
    return calmImage(await take(http.POST("/api/v1/images/{id}/versions/{version}/restore", { params })));
  },
};

export type CatalogueFilter = {
  kind?: string;
  style?: string;
  category?: CatalogueItem["category"];
  imported?: boolean;
};

export const furniture = {
  /** One page of the catalogue; the filters are those the editor offers. */
  list: async (filter: CatalogueFilter, page = 1) => {
    const query = { ...filter, page, page_size: 100 };
    const list = (await take(http.GET("/api/v1/furniture", { params: { query } }))) as Page<CatalogueItem>;
    return { ...list, items: list.items.map((item) => ({ ...item, thumb_url: ownPath(item.thumb_url) })) };
  },
  /** Whose work the imported pieces of the catalogue are. */
  credits: async () => (await take(http.GET("/api/v1/furniture/credits"))).items,
};
