/** The mock server's memory: accounts, projects, photos, images, jobs, and a feed of what happens. */
import type {
  Image,
  Job,
  LinkedIdentity,
  Original,
  Passkey,
  Project,
  Session,
  StagingOptions,
  User,
} from "../src/api/model";
import { emptyRoom, furnishedPhoto, furnishedRoom, ROOM_LOOKS, type RoomLook, roomSize } from "./rooms.ts";
import { editedPicture, finishScene, type StoredScene } from "./scenes.ts";
import type { Factor } from "./security.ts";

export type StoredOriginal = Original & {
  project_id: string;
  look: RoomLook | null;
  bytes: Uint8Array | null;
  deleted: boolean;
};
export type StoredProject = Project & { owner: string; deleted: boolean };
export type StoredSession = Session & { owner: string; refresh: string };
export type PendingUpload = {
  id: string;
  owner: string;
  project_id: string | null;
  filename: string;
  content_type: string;
  file_size: number;
  bytes: Uint8Array | null;
};
export type FeedEvent = { id: number; owner: string; event: string; data: unknown };

export const OPTIONS: StagingOptions = {
  room_types: [
    { id: "living_room", label: "Living room" },
    { id: "bedroom", label: "Bedroom" },
    { id: "dining_room", label: "Dining room" },
    { id: "office", label: "Office" },
    { id: "kitchen", label: "Kitchen" },
  ],
  styles: [
    {
      id: "modern",
      label: "Modern",
      description: "Clean lines, cool greys, a little brass.",
      thumb_url: null,
    },
    { id: "contemporary", label: "Contemporary", description: "Warm and soft, of today.", thumb_url: null },
    {
      id: "traditional",
      label: "Traditional",
      description: "Dark wood, deep colours, symmetry.",
      thumb_url: null,
    },
    { id: "industrial", label: "Industrial", description: "Leather, steel, brick.", thumb_url: null },
    {
      id: "scandinavian",
      label: "Scandinavian",
      description: "Light wood, wool, daylight.",
      thumb_url: null,
    },
  ],
  uploads: { max_bytes: 25 * 1024 * 1024, content_types: ["image/jpeg", "image/png", "image/webp"] },
  engines: [
    {
      id: "builtin",
      label: "Built-in",
      available: true,
      reason: null,
      price: { amount_micros: 0, currency: "USD" },
      typical_seconds: 4,
      room_types: ["living_room", "bedroom", "dining_room", "office"],
      parameters: {
        type: "object",
        properties: {
          floor: { enum: ["oak", "walnut", "tile", "carpet", null] },
          walls: { type: "string" },
          straighten: { type: "boolean" },
        },
      },
    },
    {
      id: "replicate",
      label: "Replicate",
      available: false,
      reason: "no key",
      price: { amount_micros: 30_000, currency: "USD" },
      typical_seconds: 25,
      room_types: ["living_room", "bedroom", "dining_room", "office", "kitchen"],
      parameters: {},
    },
  ],
  defaults: { engine: "builtin", style: "scandinavian", room_type: null },
};

const STEPS = ["reading_photo", "finding_walls", "placing_furniture", "tracing_light", "matching_grain"];
export const SETUP_TOKEN = "mock-setup-token-0123456789";
export const LIMIT = 50;

let counter = 0;
/** Looks like an UUIDv7, sorts by time of making. */
export function newId(): string {
  counter += 1;
  const time = Date.now().toString(16).padStart(12, "0");
  const rest = counter.toString(16).padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${rest}`;
}

export class World {
  users = new Map<string, User & { password: string }>();
  sessions = new Map<string, StoredSession>();
  access = new Map<string, { owner: string; session: string }>();
  tickets = new Map<string, string>();
  /** Host of another sign-in service, where there is one. */
  elsewhere: string | null = null;
  /** Second factors, by account. */
  factors = new Map<string, Factor>();
  /** Sign-ins that wait for a code, by their token. */
  waiting = new Map<string, string>();
  /** Who of another service may open the account. */
  identities: LinkedIdentity[] = [];
  passkeys = new Map<string, Passkey & { owner: string }>();
  projects = new Map<string, StoredProject>();
  originals = new Map<string, StoredOriginal>();
  images = new Map<string, Image & { owner: string }>();
  uploads = new Map<string, PendingUpload>();
  scenes = new Map<string, StoredScene>();
  jobs = new Map<string, Job & { owner: string }>();
  feed: FeedEvent[] = [];
  listeners = new Set<(event: FeedEvent) => void>();
  /** Milliseconds one staging step takes; 0 leaves images queued until `finish` is called. */
  stepMs = 420;
  parallel = 2;

  publish(owner: string, event: string, data: unknown): void {
    const entry = { id: this.feed.length + 1, owner, event, data };
    this.feed.push(entry);
    for (const listener of this.listeners) listener(entry);
  }

  addUser(email: string, password: string, full_name: string): User {
    const user = {
      id: newId(),
      email,
      full_name,
      email_verified: true,
      is_operator: this.users.size === 0,
      created_at: new Date().toISOString(),
      password,
    };
    this.users.set(user.id, user);
    return user;
  }

  addPasskey(owner: string, name: string): Passkey & { owner: string } {
    const one = { id: newId(), owner, name, created_at: new Date().toISOString(), last_used_at: null };
    this.passkeys.set(one.id, one);
    return one;
  }

  addProject(owner: string, name: string, ageDays = 0): StoredProject {
    const at = new Date(Date.now() - ageDays * 86_400_000).toISOString();
    const project: StoredProject = {
      id: newId(),
      owner,
      name,
      description: "",
      original_count: 0,
      image_count: 0,
      ready_count: 0,
      cover_url: null,
      created_at: at,
      updated_at: at,
      deleted: false,
    };
    this.projects.set(project.id, project);
    return project;
  }

  addOriginal(
    project_id: string,
    filename: string,
    from: { look?: RoomLook; bytes?: Uint8Array; content_type?: string; sha256?: string },
  ): StoredOriginal {
    const size = from.bytes ? (jpegSize(from.bytes) ?? roomSize()) : roomSize();
    const original: StoredOriginal = {
      id: newId(),
      project_id,
      filename,
      ...size,
      content_type: from.content_type ?? "image/jpeg",
      size_bytes: from.bytes?.length ?? 2_340_000,
      sha256: from.sha256 ?? "",
      status: from.bytes ? "processing" : "ready",
      error: null,
      thumb_url: null,
      preview_url: null,
      url: null,
      created_at: new Date().toISOString(),
      look: from.look ?? null,
      bytes: from.bytes ?? null,
      deleted: false,
    };
    this.originals.set(original.id, original);
    return original;
  }

  addImage(owner: string, original: StoredOriginal, style: string, patch: Partial<Image> = {}): Image {
    const now = new Date().toISOString();
    const image: Image & { owner: string } = {
      id: newId(),
      owner,
      project_id: original.project_id,
      original_id: original.id,
      status: "queued",
      progress: 0,
      step: null,
      room_type: null,
      style,
      engine: "builtin",
      seed: Math.floor(Math.random() * 2 ** 31) + 1,
      prompt: null,
      version: 1,
      error: null,
      cost: { amount_micros: 0, currency: "USD" },
      processing_time_ms: null,
      confidence: null,
      urls: { original: null, staged: null, thumb: null, before: null },
      credits: [],
      same_as: null,
      created_at: now,
      updated_at: now,
      deleted_at: null,
      ...patch,
    };
    this.images.set(image.id, image);
    if (image.status === "queued" || image.status === "processing") this.addJob(owner, image);
    return image;
  }

  addJob(owner: string, image: Image): void {
    const job: Job & { owner: string } = {
      id: newId(),
      owner,
      kind: "staging.stage_image",
      status: "queued",
      priority: "normal",
      progress: 0,
      step: null,
      attempt: 1,
      max_attempts: 5,
      queue_position: null,
      subject: { type: "image", id: image.id },
      error: null,
      created_at: new Date().toISOString(),
      started_at: null,
      finished_at: null,
    };
    this.jobs.set(job.id, job);
  }

  usage(owner: string) {
    const own = [...this.images.values()].filter((image) => image.owner === owner);
    const used = own.filter((image) => image.status === "ready").length;
    const reserved = own.filter((i) => i.status === "queued" || i.status === "processing").length;
    return { used, reserved, limit: LIMIT, remaining: Math.max(0, LIMIT - used - reserved) };
  }

  /** Moves every running staging one step on; starts waiting ones while there is room. */
  tick(): void {
    const jobs = [...this.jobs.values()];
    for (const job of jobs.filter((one) => one.status === "running")) {
      const image = job.subject && this.images.get(job.subject.id);
      if (image?.status !== "processing") continue;
      const progress = Math.min(100, image.progress + 11);
      if (progress >= 100) this.finish(job, image);
      else this.update(job, image, progress);
    }
    const free = this.parallel - jobs.filter((job) => job.status === "running").length;
    const waiting = jobs.filter((job) => job.status === "queued");
    for (const job of waiting.slice(0, Math.max(0, free))) {
      const image = job.subject && this.images.get(job.subject.id);
      if (!image || image.deleted_at) {
        job.status = "canceled";
        continue;
      }
      job.status = "running";
      job.started_at = new Date().toISOString();
      image.status = "processing";
      this.update(job, image, 2);
    }
    waiting.slice(Math.max(0, free)).forEach((job, index) => {
      job.queue_position = index + 1;
    });
  }

  private update(job: Job & { owner: string }, image: Image, progress: number): void {
    const step = STEPS[Math.min(STEPS.length - 1, Math.floor((progress / 100) * STEPS.length))] ?? null;
    Object.assign(image, { progress, step });
    Object.assign(job, { progress, step, queue_position: null });
    this.announce(job.owner, image);
  }

  private finish(job: Job & { owner: string }, image: Image): void {
    const original = this.originals.get(image.original_id);
    const isBad = /face|text|not-a-room/.test(original?.filename ?? "");
    const now = new Date().toISOString();
    Object.assign(image, {
      status: isBad ? "error" : "ready",
      progress: 100,
      step: null,
      error: isBad ? { code: "not_a_room", message: "The photo does not show a room." } : null,
      room_type: image.room_type ?? "living_room",
      confidence: isBad ? null : 0.87,
      processing_time_ms: 4210,
      updated_at: now,
    });
    Object.assign(job, { status: isBad ? "dead" : "done", progress: 100, step: null, finished_at: now });
    if (isBad) job.error = image.error;
    if (!isBad) finishScene(this, image);
    this.announce(job.owner, image);
  }

  announce(owner: string, image: Image): void {
    const { id, project_id, status, progress, step, error } = image;
    this.publish(owner, "job_update", { image_id: id, project_id, status, progress, step, error });
  }

  finishOriginal(owner: string, original: StoredOriginal): void {
    original.status = /broken|damaged/.test(original.filename) ? "rejected" : "ready";
    if (original.status === "rejected") {
      original.error = { code: "decode_failed", message: "The file could not be decoded." };
    }
    this.publish(owner, "original_update", { original_id: original.id, status: original.status });
  }

  picture(
    kind: string,
    id: string,
    version: number | null = null,
  ): { type: string; body: Uint8Array | string } | null {
    const image = this.images.get(id);
    const original = this.originals.get(image ? image.original_id : id);
    if (!original) return null;
    const style = image?.style ?? "modern";
    const edited = kind === "staged" && image ? editedPicture(this, image.id, version) : null;
    if (edited) return { type: "image/svg+xml", body: edited };
    if (original.look) {
      const body = kind === "staged" ? furnishedRoom(original.look, style) : emptyRoom(original.look);
      return { type: "image/svg+xml", body };
    }
    if (!original.bytes) return null;
    if (kind !== "staged") return { type: original.content_type, body: original.bytes };
    const data = `data:${original.content_type};base64,${Buffer.from(original.bytes).toString("base64")}`;
    return { type: "image/svg+xml", body: furnishedPhoto(data, original, style) };
  }

  /** A studio in the middle of a working day, for screenshots. */
  static busy(): World {
    const world = new World();
    const user = world.addUser("mara@example.com", "correct horse battery", "Mara Lindqvist");
    const looks = ROOM_LOOKS;
    const names = [
      "living-room.jpg",
      "bedroom-south.jpg",
      "dining.jpg",
      "office.jpg",
      "loft-corner.jpg",
      "guest-room.jpg",
    ];
    const main = world.addProject(user.id, "12 Garden Street", 2);
    const originals = names.map((name, index) =>
      world.addOriginal(main.id, name, { look: looks[index % looks.length] as RoomLook }),
    );
    const at = (n: number) => originals[n] as StoredOriginal;
    const ready = {
      status: "ready",
      progress: 100,
      room_type: "living_room",
      confidence: 0.91,
      processing_time_ms: 4210,
    } as const;
    for (const style of ["scandinavian", "modern", "industrial"])
      world.addImage(user.id, at(0), style, ready);
    for (const style of ["contemporary", "scandinavian"]) {
      world.addImage(user.id, at(1), style, { ...ready, room_type: "bedroom" });
    }
    world.addImage(user.id, at(2), "traditional", { ...ready, room_type: "dining_room" });
    world.addImage(user.id, at(3), "modern", { status: "processing", progress: 62, step: "tracing_light" });
    world.addImage(user.id, at(3), "industrial", { status: "queued" });
    world.addImage(user.id, at(4), "modern", {
      status: "error",
      error: { code: "needs_corners", message: "Corners of the room could not be found." },
    });
    for (const [index, name] of ["Harbour loft 4B", "Old mill, Unit 7", "Maple Avenue 221"].entries()) {
      const project = world.addProject(user.id, name, 6 + index * 9);
      const photo = world.addOriginal(project.id, "front-room.jpg", { look: looks[5 - index] as RoomLook });
      world.addOriginal(project.id, "back-room.jpg", { look: looks[index] as RoomLook });
      const style = ["industrial", "contemporary", "scandinavian"][index] as string;
      if (index < 2) world.addImage(user.id, photo, style, ready);
    }
    world.addProject(user.id, "Villa Aurora", 40);
    world.stepMs = 0;
    const job = [...world.jobs.values()].find(
      (one) => world.images.get(one.subject?.id ?? "")?.progress === 62,
    );
    if (job)
      Object.assign(job, {
        status: "running",
        progress: 62,
        step: "tracing_light",
        started_at: new Date().toISOString(),
      });
    const waiting = [...world.jobs.values()].find((one) => one.status === "queued");
    if (waiting) waiting.queue_position = 1;
    const image = world.images.values().next().value as Image;
    const time = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
    world.addJob(user.id, image);
    const done = [...world.jobs.values()].at(-1);
    if (done)
      Object.assign(done, { status: "done", progress: 100, started_at: time(12.1), finished_at: time(12) });
    return world;
  }

  static withAccount(): World {
    const world = new World();
    world.addUser("mara@example.com", "correct horse battery", "Mara Lindqvist");
    return world;
  }
}

/** Width and height out of a JPEG's frame header. */
function jpegSize(bytes: Uint8Array): { width: number; height: number } | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 2;
  while (at + 9 < bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1] as number;
    if (marker >= 0xc0 && marker <= 0xc3) {
      return { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
    }
    at += 2 + view.getUint16(at + 2);
  }
  return null;
}
