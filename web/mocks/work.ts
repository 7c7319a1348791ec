/** Mock routes of options, events, jobs and billing; canceling and trying again. */
import type { Image, Job, Plan, Usage } from "../src/api/model";
import { json, notFound, page, type Route } from "./kit.ts";
import { newId, OPTIONS, type World } from "./world.ts";

function jobsOfImage(world: World, id: string) {
  return [...world.jobs.values()].filter((job) => job.subject?.id === id);
}

export function cancelImage(world: World, image: Image & { owner: string }): void {
  Object.assign(image, { status: "canceled", step: null });
  for (const job of jobsOfImage(world, image.id)) {
    if (job.status === "queued" || job.status === "running") {
      Object.assign(job, { status: "canceled", finished_at: new Date().toISOString(), queue_position: null });
    }
  }
  world.announce(image.owner, image);
}

export function retryImage(world: World, image: Image & { owner: string }): void {
  Object.assign(image, { status: "queued", progress: 0, step: null, error: null });
  world.addJob(image.owner, image);
  world.announce(image.owner, image);
}

export const workRoutes: Route[] = [
  ["GET", /^\/staging\/options$/, () => json(OPTIONS)],
  [
    "POST",
    /^\/events\/ticket$/,
    ({ world, me }) => {
      const ticket = newId();
      world.tickets.set(ticket, me.id);
      return json({ ticket, expires_in: 60 });
    },
  ],
  [
    "GET",
    /^\/jobs$/,
    ({ world, me, url }) =>
      json(
        page<Job>(
          url,
          [...world.jobs.values()]
            .filter((job) => job.owner === me.id)
            .reverse()
            .map(({ owner: _owner, ...job }) => job),
        ),
      ),
  ],
  [
    "POST",
    /^\/jobs\/([^/]+)\/(cancel|retry)$/,
    ({ world, params }) => {
      const job = world.jobs.get(params[0] as string);
      const image = job?.subject && world.images.get(job.subject.id);
      if (!job || !image) return notFound();
      if (params[1] === "cancel") cancelImage(world, image);
      else retryImage(world, image);
      const { owner: _owner, ...body } = job;
      return json(body);
    },
  ],
  [
    "GET",
    /^\/billing\/plans$/,
    () =>
      json({
        items: [
          { code: "free", name: "Free", images_per_month: 50, concurrency: 2, price: null },
        ] satisfies Plan[],
      }),
  ],
  [
    "GET",
    /^\/billing\/usage$/,
    ({ world, me }) => {
      const now = new Date();
      return json({
        plan: { code: "free", name: "Free" },
        period_start: new Date(now.getFullYear(), now.getMonth(), 1).toISOString(),
        period_end: new Date(now.getFullYear(), now.getMonth() + 1, 1).toISOString(),
        images: world.usage(me.id),
      } satisfies Usage);
    },
  ],
];
