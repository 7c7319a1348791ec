/** Mock routes of projects, photos, uploads and images. */
import type { BatchResult, Image, NewImage, Original, PhotoGroup, Project } from "../src/api/model";
import { type Ctx, json, notFound, page, problem, type Route } from "./kit.ts";
import { cancelImage, retryImage } from "./work.ts";
import { newId, type StoredOriginal, type StoredProject, type World } from "./world.ts";

function originalOf(world: World, one: StoredOriginal): Original {
  const { look: _look, bytes: _bytes, deleted: _deleted, project_id: _project, ...original } = one;
  if (one.status !== "ready") return original;
  const url = (kind: string) => `/mock/files/${kind}/${one.id}?sig=${world.feed.length}`;
  return { ...original, thumb_url: url("thumb"), preview_url: url("preview"), url: url("original") };
}

export function imageOf(world: World, one: Image & { owner?: string }): Image {
  const { owner: _owner, ...image } = one;
  if (image.status !== "ready") return image;
  const url = (kind: string, id: string) => `/mock/files/${kind}/${id}?sig=${world.feed.length}`;
  return {
    ...image,
    urls: {
      original: url("original", image.original_id),
      staged: url("staged", image.id),
      thumb: url("staged", image.id),
      before: null,
    },
  };
}

function projectOf(world: World, one: StoredProject): Project {
  const { owner: _owner, deleted: _deleted, ...project } = one;
  const originals = [...world.originals.values()].filter((o) => o.project_id === one.id && !o.deleted);
  const images = [...world.images.values()].filter((i) => i.project_id === one.id && !i.deleted_at);
  const ready = images.filter((image) => image.status === "ready");
  const cover = ready[0] ? `staged/${ready[0].id}` : originals[0] ? `thumb/${originals[0].id}` : null;
  return {
    ...project,
    original_count: originals.length,
    image_count: images.length,
    ready_count: ready.length,
    cover_url: cover ? `/mock/files/${cover}?sig=${world.feed.length}` : null,
  };
}

function ownProject({ world, me, params }: Ctx): StoredProject | null {
  const project = world.projects.get(params[0] as string);
  return project && project.owner === me.id && !project.deleted ? project : null;
}

function withImage(ctx: Ctx, change: (image: Image & { owner: string }) => Response): Response {
  const image = ctx.world.images.get(ctx.params[0] as string);
  return image && image.owner === ctx.me.id ? change(image) : notFound();
}

export const stagingRoutes: Route[] = [
  [
    "GET",
    /^\/projects$/,
    ({ world, me, url }) =>
      json(
        page<Project>(
          url,
          [...world.projects.values()]
            .filter((one) => one.owner === me.id && !one.deleted)
            .sort((a, b) => b.created_at.localeCompare(a.created_at))
            .map((one) => projectOf(world, one)),
        ),
      ),
  ],
  [
    "POST",
    /^\/projects$/,
    ({ world, me, body }) => {
      const name = String(body.name ?? "").trim();
      if (!name) {
        const errors = [{ field: "name", code: "length", message: "Enter a name." }];
        return problem(422, "validation_failed", "Some fields need another look.", errors);
      }
      return json(projectOf(world, world.addProject(me.id, name)), 201);
    },
  ],
  [
    "GET",
    /^\/projects\/([^/]+)$/,
    (ctx) => {
      const project = ownProject(ctx);
      return project ? json(projectOf(ctx.world, project)) : notFound();
    },
  ],
  [
    "PATCH",
    /^\/projects\/([^/]+)$/,
    (ctx) => {
      const project = ownProject(ctx);
      if (!project) return notFound();
      Object.assign(project, ctx.body);
      return json(projectOf(ctx.world, project));
    },
  ],
  [
    "DELETE",
    /^\/projects\/([^/]+)$/,
    (ctx) => {
      const project = ownProject(ctx);
      if (!project) return notFound();
      project.deleted = true;
      return json({ restorable: true });
    },
  ],
  [
    "POST",
    /^\/projects\/([^/]+)\/restore$/,
    ({ world, params }) => {
      const project = world.projects.get(params[0] as string);
      if (!project) return notFound();
      project.deleted = false;
      return json(projectOf(world, project));
    },
  ],
  [
    "GET",
    /^\/projects\/([^/]+)\/images\/grouped$/,
    (ctx) => {
      const project = ownProject(ctx);
      if (!project) return notFound();
      const { world } = ctx;
      const groups: PhotoGroup[] = [...world.originals.values()]
        .filter((one) => one.project_id === project.id && !one.deleted)
        .sort((a, b) => b.created_at.localeCompare(a.created_at))
        .map((one) => ({
          original: originalOf(world, one),
          images: [...world.images.values()]
            .filter((image) => image.original_id === one.id && !image.deleted_at)
            .map((image) => imageOf(world, image)),
        }));
      return json(page<PhotoGroup>(ctx.url, groups));
    },
  ],
  [
    "POST",
    /^\/projects\/([^/]+)\/download$/,
    ({ params }) => json({ url: `/mock/archive/${params[0]}.zip`, expires_in: 300 }),
  ],
  [
    "DELETE",
    /^\/projects\/([^/]+)\/originals\/([^/]+)$/,
    ({ world, params }) => {
      const one = world.originals.get(params[1] as string);
      if (!one) return notFound();
      one.deleted = true;
      return json(null, 204);
    },
  ],
  [
    "POST",
    /^\/projects\/([^/]+)\/originals\/([^/]+)\/restore$/,
    ({ world, params }) => {
      const one = world.originals.get(params[1] as string);
      if (!one) return notFound();
      one.deleted = false;
      return json(originalOf(world, one));
    },
  ],
  [
    "GET",
    /^\/originals\/([^/]+)$/,
    ({ world, params }) => {
      const one = world.originals.get(params[0] as string);
      return one ? json(originalOf(world, one)) : notFound();
    },
  ],
  [
    "POST",
    /^\/uploads\/presign$/,
    ({ world, me, body }) => {
      const id = newId();
      const upload = {
        id,
        owner: me.id,
        project_id: (body.project_id as string) ?? null,
        filename: String(body.filename),
        content_type: String(body.content_type),
        file_size: Number(body.file_size),
        bytes: null,
      };
      world.uploads.set(id, upload);
      return json(
        {
          upload_id: id,
          upload_url: `/mock/upload/${id}`,
          method: "PUT",
          headers: { "Content-Type": upload.content_type },
          file_key: id,
          expires_in: 900,
        },
        201,
      );
    },
  ],
  [
    "POST",
    /^\/uploads\/([^/]+)\/complete$/,
    ({ world, me, params }) => {
      const upload = world.uploads.get(params[0] as string);
      if (!upload) return notFound();
      if (!upload.bytes) return problem(409, "conflict", "The file has not arrived.");
      const key = `${upload.file_size}-${upload.bytes.slice(0, 4096).reduce((sum, byte) => (sum * 31 + byte) | 0, 7)}`;
      const known = [...world.originals.values()].find(
        (one) => one.sha256 === key && one.project_id === upload.project_id && !one.deleted,
      );
      if (known) return json({ ...originalOf(world, known), duplicate: true });
      const made = world.addOriginal(upload.project_id ?? "", upload.filename, {
        bytes: upload.bytes,
        content_type: upload.content_type,
        sha256: key,
      });
      setTimeout(() => world.finishOriginal(me.id, made), 700);
      return json({ ...originalOf(world, made), duplicate: false }, 201);
    },
  ],
  [
    "POST",
    /^\/images\/batch$/,
    ({ world, me, body }) => {
      const wanted = body.images as NewImage[];
      const result: BatchResult = { images: [], errors: [], success: 0, failed: 0 };
      for (const [index, one] of wanted.entries()) {
        const original = world.originals.get(one.original_id ?? "");
        const refuse = (code: string, message: string) => {
          result.errors.push({ index, code, message });
          result.failed += 1;
        };
        if (!original) {
          refuse("validation_failed", "This photo does not exist.");
        } else if (world.usage(me.id).remaining === 0) {
          refuse("quota_exceeded", "The images of this month are used up.");
        } else {
          const image = world.addImage(me.id, original, one.style ?? "modern", {
            room_type: one.room_type ?? null,
            prompt: one.prompt ?? null,
            same_as: one.same_as ?? null,
          });
          result.images.push(imageOf(world, image));
          result.success += 1;
        }
      }
      return json(result, result.failed === 0 ? 201 : result.success > 0 ? 207 : 402);
    },
  ],
  ["GET", /^\/images\/([^/]+)$/, (ctx) => withImage(ctx, (image) => json(imageOf(ctx.world, image)))],
  [
    "DELETE",
    /^\/images\/([^/]+)$/,
    (ctx) =>
      withImage(ctx, (image) => {
        image.deleted_at = new Date().toISOString();
        return json(null, 204);
      }),
  ],
  [
    "POST",
    /^\/images\/([^/]+)\/(retry|cancel|restore)$/,
    (ctx) =>
      withImage(ctx, (image) => {
        if (ctx.params[1] === "retry") retryImage(ctx.world, image);
        else if (ctx.params[1] === "cancel") cancelImage(ctx.world, image);
        else image.deleted_at = null;
        return json(imageOf(ctx.world, image));
      }),
  ],
  [
    "GET",
    /^\/images\/([^/]+)\/presign$/,
    (ctx) =>
      withImage(ctx, (image) =>
        json({
          url: `/mock/files/${ctx.url.searchParams.get("kind")}/${image.id}?download=1`,
          expires_in: 300,
        }),
      ),
  ],
];
