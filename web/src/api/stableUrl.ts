/**
 * Signed addresses change with every answer although the picture behind them is the same; handed on as they
 * are, every refresh would load every picture again. The first address seen for a picture is kept while it
 * surely is still good.
 */
import type { Image, Original, PhotoGroup, Project } from "./model";

/** Signatures last about an hour; well before that a new one is taken. */
export const KEEP_MS = 40 * 60_000;
const LIMIT = 5000;

type Address = string | null | undefined;

export class StableUrls {
  private seen = new Map<string, { url: string; at: number }>();

  constructor(private now: () => number = () => Date.now()) {}

  /** `picture` names the picture itself: whose, which size, which version. */
  keep(picture: string, url: Address): string | null {
    if (!url) return null;
    const known = this.seen.get(picture);
    if (known && this.now() - known.at < KEEP_MS) return known.url;
    if (this.seen.size >= LIMIT) this.seen.clear();
    this.seen.set(picture, { url: ownPath(url), at: this.now() });
    return ownPath(url);
  }
}

/**
 * Files kept by the server itself have addresses under its public name. The page may have been opened by
 * another one (localhost, an address in the network), where the page's policy would refuse them.
 */
export function ownPath(url: string): string {
  return url.replace(/^https?:\/\/[^/]+(?=\/api\/v1\/)/, "");
}

const urls = new StableUrls();

export function calmOriginal<T extends Original>(original: T): T {
  const keep = (size: string, url: Address) => urls.keep(`original ${original.id} ${size}`, url);
  return {
    ...original,
    thumb_url: keep("thumb", original.thumb_url),
    preview_url: keep("preview", original.preview_url),
    url: keep("full", original.url),
  };
}

export function calmImage(image: Image): Image {
  const { original, staged, thumb, before } = image.urls;
  const keep = (size: string, url: Address) =>
    urls.keep(`image ${image.id} ${image.updated_at} ${size}`, url);
  return {
    ...image,
    urls: {
      original: keep("original", original),
      staged: keep("staged", staged),
      thumb: keep("thumb", thumb),
      before: keep("before", before),
    },
  };
}

export function calmGroup(group: PhotoGroup): PhotoGroup {
  return { ...group, original: calmOriginal(group.original), images: group.images.map(calmImage) };
}

export function calmProject(project: Project): Project {
  const { id, updated_at, original_count, ready_count } = project;
  const picture = `cover ${id} ${updated_at} ${original_count} ${ready_count}`;
  return { ...project, cover_url: urls.keep(picture, project.cover_url) };
}
