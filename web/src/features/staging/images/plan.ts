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
  /** Turn tilted photos level. */
  straighten: boolean;
  /** The photo whose room the others show too: they get its furniture. */
  sameAs: string | null;
  photos: Record<string, PhotoSettings>;
};

export const NO_SETTINGS: StagingSettings = {
  room: null,
  styles: [],
  engine: null,
  prompt: "",
  floor: null,
  walls: null,
  straighten: false,
  sameAs: null,
  photos: {},
};
export const PROMPT_MIN = 10;

/** `followers` are made after the item of the same plan whose furniture they get. */
export type StagingPlan = {
  items: NewImage[];
  followers: { item: NewImage; leader: NewImage }[];
  photoCount: number;
};

export const countOf = (plan: StagingPlan): number => plan.items.length + plan.followers.length;

export function roomFor(settings: StagingSettings, originalId: string): string | null {
  const own = settings.photos[originalId]?.room;
  return own === undefined ? settings.room : own;
}

export function stylesFor(settings: StagingSettings, originalId: string): string[] {
  const own = settings.photos[originalId]?.styles;
  return own?.length ? own : settings.styles;
}

/** What the engine is asked beyond the furniture. */
function optionsFor(settings: StagingSettings): { options?: Record<string, string | boolean> } {
  const options: Record<string, string | boolean> = {};
  if (settings.floor) options.floor = settings.floor;
  if (settings.walls && /^#[0-9a-f]{6}$/i.test(settings.walls)) options.walls = settings.walls;
  if (settings.straighten) options.straighten = true;
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
  const followers: StagingPlan["followers"] = [];
  const photos = new Set<string>();
  const wish = (originalId: string, style: string): NewImage => {
    const room = roomFor(settings, originalId);
    return {
      project_id: projectId,
      original_id: originalId,
      style,
      ...(room ? { room_type: room } : {}),
      ...(settings.engine ? { engine: settings.engine } : {}),
      ...(settings.prompt.trim().length >= PROMPT_MIN ? { prompt: settings.prompt.trim() } : {}),
      ...optionsFor(settings),
    };
  };
  const leading = groups.find(
    ({ original }) => original.id === settings.sameAs && original.status !== "rejected",
  );
  /** The furniture of the leading photo in a style: there already, or made first. */
  const follow = (originalId: string, style: string): void => {
    const item = wish(originalId, style);
    const leadingId = leading?.original.id as string;
    const isMadeAnew = selected.has(leadingId) && stylesFor(settings, leadingId).includes(style);
    const there = leading?.images.filter((image) => counts(image) && image.style === style) ?? [];
    const known = there.findLast((image) => image.status === "ready") ?? there.at(-1);
    if (known && !isMadeAnew) {
      items.push({ ...item, same_as: known.id });
      return;
    }
    let leader = items.find((one) => one.original_id === leadingId && one.style === style);
    if (!leader) {
      leader = wish(leadingId, style);
      items.push(leader);
      photos.add(leadingId);
    }
    followers.push({ item, leader });
  };
  for (const { original, images } of groups) {
    if (original.status === "rejected") continue;
    if (selected.size > 0 && !selected.has(original.id)) continue;
    const room = roomFor(settings, original.id);
    for (const style of stylesFor(settings, original.id)) {
      const isThere = images.some(
        (image) => counts(image) && image.style === style && (room === null || image.room_type === room),
      );
      if (selected.size === 0 && isThere) continue;
      const isLed = leading !== undefined && leading.original.id !== original.id;
      if (isLed) follow(original.id, style);
      // The leading photo may be in the plan already, for one that comes before it.
      else if (!items.some((one) => one.original_id === original.id && one.style === style))
        items.push(wish(original.id, style));
      photos.add(original.id);
    }
  }
  return { items, followers, photoCount: photos.size };
}

/** An engine without a price runs on the server itself, whose cores are few. */
const LOCAL_PARALLEL = 2;

/** "Furnish 12 photos · 24 images · about 40 s", with the price when there is one. */
export function planLabel(plan: StagingPlan, engine: Engine | undefined, parallel: number): string {
  const count = countOf(plan);
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
