/** Mock routes of the room editor: scene, solve, preview, arrangements, versions and the catalogue. */
import type {
  Arrangement,
  Furniture,
  Image,
  Scene,
  SceneChange,
  SceneCorners,
  SceneVersion,
  SolveRequest,
  StraightenRequest,
} from "../src/api/model";
import type { Px } from "../src/features/staging/scenes/model.ts";
import { backCorners } from "../src/features/staging/scenes/projection.ts";
import { boxes, CATALOGUE, CREDITS, designOf, thumbnail } from "./furniture.ts";
import { type Ctx, json, notFound, page, problem, type Route } from "./kit.ts";
import { drawnOver } from "./rooms.ts";
import { imageOf } from "./staging.ts";
import type { StoredOriginal, World } from "./world.ts";

type StoredVersion = {
  version: number;
  created_at: string;
  scene: Scene;
  isEdited: boolean;
  isFailed?: boolean;
};
export type StoredScene = { versions: StoredVersion[]; scene: Scene; isEdited: boolean };

type Spot = [kind: string, option: number, x: number, lift: number, z: number, yaw: number];
const PLANS: Spot[][] = [
  [
    ["rug", 1, 0, 0, 2.95, 0],
    ["sofa", 3, 0, 0, 3.6, 0],
    ["coffee_table", 1, 0, 0, 2.6, 0],
    ["vase", 1, -0.2, 0.4, 2.6, 0],
    ["armchair", 1, 1.62, 0, 2.75, -90],
    ["floor_lamp", 1, 1.56, 0, 3.6, 0],
    ["plant", 1, -1.62, 0, 3.3, 0],
    ["art", 1, 0, 1.53, 4.5575, 0],
  ],
  [
    ["rug", 2, -0.3, 0, 3.1, 0],
    ["sofa", 2, -1.68, 0, 3.1, 90],
    ["coffee_table", 2, -0.5, 0, 3.1, 0],
    ["armchair", 1, 1.2, 0, 3.9, -30],
    ["bookcase", 3, 1.4, 0, 4.4, 0],
    ["art", 3, -0.9, 1.2, 4.56, 0],
  ],
  [
    ["rug", 2, 0.5, 0, 3, 0],
    ["sofa", 3, 1.68, 0, 3, -90],
    ["coffee_table", 1, 0.5, 0, 3, 90],
    ["sideboard", 3, -0.6, 0, 4.36, 0],
    ["table_lamp", 1, -1, 0.78, 4.36, 0],
    ["mirror", 1, -0.6, 1.15, 4.55, 0],
    ["plant", 5, -1.8, 0, 3.4, 0],
  ],
];

function furnish(plan: number, style: string, cameraHeight: number): Furniture[] {
  return (PLANS[plan] as Spot[]).flatMap(([kind, option, x, lift, z, yaw_deg], n) => {
    const design = designOf(kind, option, style) ?? designOf(kind, option, "modern");
    if (!design) return [];
    const { name, size_m, support } = design;
    return [
      {
        id: `f${n + 1}`,
        kind,
        option,
        style: design.style,
        name,
        position_m: [x, cameraHeight - lift, z],
        yaw_deg,
        size_m,
        support: support ?? "floor",
        support_id: null,
        palette: null,
        color: null,
        asset: null,
        seed: 100 + n,
        movable: true,
      },
    ];
  });
}

function newScene(image: Image, { width, height }: StoredOriginal): Scene {
  const scale = width / 1600;
  const isLost = image.status === "error";
  const camera = {
    focal_px: 1000 * scale,
    center_px: [800 * scale, 384 * scale],
    rotation: [1, 0, 0, 0, 1, 0, 0, 0, 1],
    source: "lines",
    focal_sigma: 0.03,
  };
  // A lost room is guessed too small and too far to the left.
  const room: Scene["room"] = {
    camera_height_m: 1.4,
    ceiling_height_m: 2.56,
    ceiling_seen: true,
    left_m: isLost ? -1.7 : -2.15,
    right_m: isLost ? 1.5 : 2.15,
    back_m: isLost ? 5.2 : 4.575,
    scale_source: "ceiling",
    scale_sigma: 0.06,
    floor_polygon_px: [],
    obstacles: [],
    openings: [{ wall: "back", kind: "window", u_m: [-1.5, -0.2], heights_m: [0.9, 2.2] }],
    confidence: isLost ? 0.31 : 0.9,
  };
  return withCorners({
    image_id: image.id,
    version: image.version,
    status: image.status,
    width,
    height,
    camera,
    room,
    room_type: image.room_type ?? "living_room",
    style: image.style,
    palette: "oat",
    seed: image.seed,
    furniture: isLost ? [] : furnish(0, image.style, 1.4),
    redecoration: { floor: null, walls: null },
    straightened: { from: null },
    plan: 0,
    corners_px: {} as SceneCorners,
  });
}

function withCorners(scene: Scene): Scene {
  const { width, height, camera, room } = scene;
  const corners = backCorners(camera, room);
  const [left, right] = [corners.back_left_floor, corners.back_right_floor];
  const [cx, cy] = camera.center_px as Px;
  const atEdge = ([x, y]: Px, edge: number): [number, number] => [
    edge,
    y + ((y - cy) / (x - cx)) * (edge - x),
  ];
  const polygon = [atEdge(left, 0), left, right, atEdge(right, width), [width, height], [0, height]];
  return { ...scene, corners_px: corners, room: { ...room, floor_polygon_px: polygon as number[][] } };
}

export function sceneOf(world: World, image: Image): StoredScene {
  const known = world.scenes.get(image.id);
  if (known) return known;
  const scene = newScene(image, world.originals.get(image.original_id) as StoredOriginal);
  const versions =
    image.status === "ready"
      ? [{ version: scene.version, created_at: image.updated_at, scene, isEdited: false }]
      : [];
  const stored = { scene, versions, isEdited: false };
  world.scenes.set(image.id, stored);
  return stored;
}

/** A saved scene did not become a picture; the one before it is shown again. */
export function failScene(world: World, image: Image): void {
  const stored = world.scenes.get(image.id);
  if (!stored) return;
  const { scene, isEdited } = stored;
  const created_at = new Date().toISOString();
  stored.versions.unshift({ version: image.version, created_at, scene, isEdited, isFailed: true });
}

/** A saved scene became a picture. */
export function finishScene(world: World, image: Image): void {
  const stored = world.scenes.get(image.id);
  if (!stored || stored.versions.some((one) => one.version === image.version)) return;
  const { scene, isEdited } = stored;
  stored.versions.unshift({ version: image.version, created_at: new Date().toISOString(), scene, isEdited });
}

/** The staged picture of an edited scene; null when the usual drawing shows it. */
export function editedPicture(world: World, imageId: string, version: number | null): string | null {
  const stored = world.scenes.get(imageId);
  const one = version === null ? stored?.versions[0] : stored?.versions.find((v) => v.version === version);
  return one?.isEdited ? render(world, one.scene) : null;
}

function render(world: World, scene: Scene): string {
  const image = world.images.get(scene.image_id);
  const original = world.originals.get(image?.original_id ?? "") as StoredOriginal;
  const data = Buffer.from(original.bytes ?? new Uint8Array()).toString("base64");
  const below = original.look ?? { dataUrl: `data:${original.content_type};base64,${data}` };
  return drawnOver(below, original, boxes(scene.camera, scene.furniture));
}

function changed(scene: Scene, body: SceneChange): Scene {
  return withCorners({
    ...scene,
    camera: body.camera ?? scene.camera,
    room: body.room ?? scene.room,
    furniture: body.furniture ?? scene.furniture,
    redecoration: body.redecoration ?? scene.redecoration,
    straightened: body.straightened ?? scene.straightened,
    plan: body.plan ?? scene.plan,
  });
}

function solve(scene: Scene, body: SolveRequest): Response {
  const { camera, room } = scene;
  const [cx, cy] = camera.center_px as Px;
  const {
    back_left_floor: l,
    back_right_floor: r,
    back_left_ceiling: tl,
    back_right_ceiling: tr,
  } = body.corners_px;
  if (!l || !r || (r[0] as number) <= (l[0] as number) + 20) {
    return problem(422, "corners_impossible", "These corners do not belong to one wall.");
  }
  const drop = ((l[1] as number) + (r[1] as number)) / 2 - cy;
  if (drop < 20) return problem(422, "corners_impossible", "The floor would be above the camera.");
  const ratio =
    tl && tr
      ? (cy - ((tl[1] as number) + (tr[1] as number)) / 2) / drop + 1
      : room.ceiling_height_m / room.camera_height_m;
  const camera_height_m =
    body.camera_height_m ??
    (body.ceiling_height_m ?? (room.scale_source === "user" ? room.ceiling_height_m : 2.56)) / ratio;
  const back_m = (camera.focal_px * camera_height_m) / drop;
  const side = (x: number) => ((x - cx) * back_m) / camera.focal_px;
  const solved = withCorners({
    ...scene,
    room: {
      ...room,
      camera_height_m,
      ceiling_height_m: camera_height_m * ratio,
      left_m: side(l[0] as number),
      right_m: side(r[0] as number),
      back_m,
      scale_source: body.camera_height_m ? "user" : room.scale_source,
      confidence: 1,
    },
  });
  return json({ camera: solved.camera, room: solved.room, corners_px: solved.corners_px });
}

function withScene(
  ctx: Ctx,
  answer: (image: Image & { owner: string }, stored: StoredScene) => Response,
): Response {
  const image = ctx.world.images.get(ctx.params[0] as string);
  if (!image || image.owner !== ctx.me.id || image.deleted_at) return notFound();
  return answer(image, sceneOf(ctx.world, image));
}

/** Turns a photo by two degrees; every room of the mock may be straightened once. */
function straighten(scene: Scene, body: StraightenRequest): Response {
  const now = changed(scene, { straightened: body.straightened ?? undefined } as SceneChange);
  const from = now.straightened.from ?? null;
  if (!body.straighten && from) {
    const taken = withCorners({ ...now, camera: from, straightened: { from: null } });
    return json(taken);
  }
  if (!body.straighten || from) return json(now);
  const [x, y] = now.camera.center_px as Px;
  const camera = { ...now.camera, center_px: [x, y - 12] };
  return json(withCorners({ ...now, camera, straightened: { from: now.camera } }));
}

const svgReply = (picture: string, headers: Record<string, string> = {}) =>
  new Response(picture, { headers: { "content-type": "image/svg+xml", ...headers } });

export const sceneRoutes: Route[] = [
  [
    "GET",
    /^\/images\/([^/]+)\/scene$/,
    (ctx) =>
      withScene(ctx, (image, { scene }) => json({ ...scene, version: image.version, status: image.status })),
  ],
  [
    "PATCH",
    /^\/images\/([^/]+)\/scene$/,
    (ctx) =>
      withScene(ctx, (image, stored) => {
        const wanted = ctx.request.headers.get("if-match");
        if (!wanted) return problem(428, "precondition_required", "Say which version was changed.");
        if (wanted !== `"${image.version}"`)
          return problem(412, "precondition_failed", "Somebody saved another version.");
        const body = ctx.body as SceneChange;
        const next = changed(stored.scene, body);
        const isPlanned = image.status === "error" && !body.furniture?.length;
        stored.scene = {
          ...next,
          furniture: isPlanned ? furnish(0, image.style, next.room.camera_height_m) : next.furniture,
        };
        stored.isEdited = true;
        Object.assign(image, {
          version: image.version + 1,
          status: "queued",
          progress: 0,
          step: null,
          error: null,
        });
        ctx.world.addJob(image.owner, image);
        ctx.world.announce(image.owner, image);
        return json(imageOf(ctx.world, image), 202);
      }),
  ],
  [
    "POST",
    /^\/images\/([^/]+)\/scene\/solve$/,
    (ctx) => withScene(ctx, (_, { scene }) => solve(scene, ctx.body as SolveRequest)),
  ],
  [
    "POST",
    /^\/images\/([^/]+)\/scene\/straighten$/,
    (ctx) => withScene(ctx, (_, { scene }) => straighten(scene, ctx.body as StraightenRequest)),
  ],
  [
    "POST",
    /^\/images\/([^/]+)\/scene\/preview$/,
    (ctx) =>
      withScene(ctx, (_, { scene }) =>
        svgReply(render(ctx.world, changed(scene, ctx.body as SceneChange)), {
          "server-timing": "render;dur=143.2",
        }),
      ),
  ],
  [
    "GET",
    /^\/images\/([^/]+)\/scene\/plans$/,
    (ctx) =>
      withScene(ctx, (image, { scene }) => {
        const items: Arrangement[] = PLANS.map((_, index) => ({
          index,
          score: 8.1 - index * 0.4,
          palette: ["oat", "slate", "moss"][index] as string,
          furniture: furnish(index, image.style, scene.room.camera_height_m),
        }));
        return json({ items });
      }),
  ],
  [
    "GET",
    /^\/images\/([^/]+)\/versions$/,
    (ctx) =>
      withScene(ctx, (image, { versions }) =>
        json({
          items: versions.map(
            (one): SceneVersion => ({
              version: one.version,
              status: one.isFailed ? "failed" : "ready",
              current: one.version === image.version,
              created_at: one.created_at,
              urls: one.isFailed
                ? { staged: null, thumb: null }
                : {
                    staged: `/mock/files/staged/${image.id}?version=${one.version}`,
                    thumb: `/mock/files/staged/${image.id}?version=${one.version}`,
                  },
              furniture_count: one.scene.furniture.length,
              processing_time_ms: one.isFailed ? null : 2310,
            }),
          ),
        }),
      ),
  ],
  [
    "GET",
    /^\/images\/([^/]+)\/versions\/(\d+)$/,
    (ctx) =>
      withScene(ctx, (image, { versions }) => {
        const one = versions.find((known) => known.version === Number(ctx.params[1]));
        return one ? json({ ...one.scene, version: one.version, status: image.status }) : notFound();
      }),
  ],
  [
    "POST",
    /^\/images\/([^/]+)\/versions\/(\d+)\/restore$/,
    (ctx) =>
      withScene(ctx, (image, stored) => {
        const old = stored.versions.find((one) => one.version === Number(ctx.params[1]));
        if (!old) return notFound();
        const now = new Date().toISOString();
        Object.assign(image, { version: image.version + 1, updated_at: now });
        Object.assign(stored, { scene: old.scene, isEdited: old.isEdited });
        stored.versions.unshift({ ...old, version: image.version, created_at: now });
        ctx.world.announce(image.owner, image);
        return json(imageOf(ctx.world, image));
      }),
  ],
  ["GET", /^\/furniture\/credits$/, () => json({ items: CREDITS })],
  [
    "GET",
    /^\/furniture$/,
    ({ url }) => {
      const isWanted = (name: "kind" | "style" | "category", value: string) =>
        !url.searchParams.has(name) || url.searchParams.get(name) === value;
      return json(
        page(
          url,
          CATALOGUE.filter(
            (item) =>
              isWanted("kind", item.kind) &&
              isWanted("style", item.style) &&
              isWanted("category", item.category) &&
              (!url.searchParams.has("imported") || item.source !== "builtin"),
          ),
        ),
      );
    },
  ],
  [
    "GET",
    /^\/furniture\/([^/]+)\/thumb$/,
    ({ params }) => {
      const item = CATALOGUE.find((one) => one.id === params[0]);
      return item ? svgReply(thumbnail(item), { "cache-control": "public, max-age=3600" }) : notFound();
    },
    true,
  ],
];
