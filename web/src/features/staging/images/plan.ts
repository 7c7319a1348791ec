/**
 * What one press of "Furnish" will do, worked out before it is pressed: photos × styles, with exceptions per
 * photo. Without a selection only what is still missing is made; a selection means "these, once more".
 */
import type { Engine, Image, NewImage, PhotoGroup } from "../../../api";
import { money, plural, roughly } from "../../../lib/format";

export type PhotoSettings = {
  /** null lets the engine decide; undefined follows the project's default. */
  room?: string | null;
  styles?: string[];
};

export type StagingSettings = {
  room: string | null;
  styles: string[];
  engine: string | null;
  prompt: string;
  /** Another floor covering; null keeps the photo's. */
  floor: string | null;
  /** Paint for the walls as #rrggbb; null keeps the photo's. What is half typed is not sent. */
  walls: string | null;
  photos: Record<string, PhotoSettings>;
};

export const NO_SETTINGS: StagingSettings = {
  room: null,
  styles: [],
  engine: null,
  prompt: "",
  floor: null,
  walls: null,
  photos: {},
};
export const PROMPT_MIN = 10;

export type StagingPlan = { items: NewImage[]; photoCount: number };

export function roomFor(settings: StagingSettings, originalId: string): string | null {
  const own = settings.photos[originalId]?.room;
  return own === undefined ? settings.room : own;
}

export function stylesFor(settings: StagingSettings, originalId: string): string[] {
  const own = settings.photos[originalId]?.styles;
  return own?.length ? own : settings.styles;
}

/** What the engine is asked beyond the furniture. */
function optionsFor(settings: StagingSettings): { options?: Record<string, string> } {
  const options: Record<string, string> = {};
  if (settings.floor) options.floor = settings.floor;
  if (settings.walls && /^#[0-9a-f]{6}$/i.test(settings.walls)) options.walls = settings.walls;
  return Object.keys(options).length > 0 ? { options } : {};
}

/** A staging that stands, or is about to. */
const counts = (image: Image) => image.status !== "error" && image.status !== "canceled";

export function planStaging(
  projectId: string,
  groups: readonly PhotoGroup[],
  settings: StagingSettings,
  selected: ReadonlySet<string>,
): StagingPlan {
  const items: NewImage[] = [];
  const photos = new Set<string>();
  for (const { original, images } of groups) {
    if (original.status === "rejected") continue;
    if (selected.size > 0 && !selected.has(original.id)) continue;
    const room = roomFor(settings, original.id);
    for (const style of stylesFor(settings, original.id)) {
      const isThere = images.some(
        (image) => counts(image) && image.style === style && (room === null || image.room_type === room),
      );
      if (selected.size === 0 && isThere) continue;
      photos.add(original.id);
      items.push({
        project_id: projectId,
        original_id: original.id,
        style,
        ...(room ? { room_type: room } : {}),
        ...(settings.engine ? { engine: settings.engine } : {}),
        ...(settings.prompt.trim().length >= PROMPT_MIN ? { prompt: settings.prompt.trim() } : {}),
        ...optionsFor(settings),
      });
    }
  }
  return { items, photoCount: photos.size };
}

/** An engine without a price runs on the server itself, whose cores are few. */
const LOCAL_PARALLEL = 2;

/** "Furnish 12 photos · 24 images · about 40 s", with the price when there is one. */
export function planLabel(plan: StagingPlan, engine: Engine | undefined, parallel: number): string {
  const count = plan.items.length;
  const parts = [`Furnish ${plural(plan.photoCount, "photo")}`];
  if (count !== plan.photoCount) parts.push(plural(count, "image"));
  if (engine) {
    const price = money(engine.price.amount_micros * count, engine.price.currency);
    if (price) parts.push(price);
    const atOnce = engine.price.amount_micros === 0 ? Math.min(parallel, LOCAL_PARALLEL) : parallel;
    parts.push(`about ${roughly(Math.ceil(count / Math.max(1, atOnce)) * engine.typical_seconds)}`);
  }
  return parts.join(" · ");
}
