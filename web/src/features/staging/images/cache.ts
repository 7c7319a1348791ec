/** Changes to the photos held in the cache: made at once by a press, or by an event from the server. */
import type { InfiniteData, QueryClient } from "@tanstack/react-query";
import type { Image, Original, Page, PhotoGroup } from "../../../api";
import { keys } from "../../../app/keys";

export type PhotoPages = InfiniteData<Page<PhotoGroup>, number>;

export function mapGroups(pages: PhotoPages, change: (group: PhotoGroup) => PhotoGroup | null): PhotoPages {
  let changed = false;
  const next = pages.pages.map((page) => {
    const items: PhotoGroup[] = [];
    let pageChanged = false;
    for (const group of page.items) {
      const result = change(group);
      if (result !== group) pageChanged = true;
      if (result) items.push(result);
    }
    changed ||= pageChanged;
    return pageChanged ? { ...page, items } : page;
  });
  return changed ? { ...pages, pages: next } : pages;
}

function everyProject(client: QueryClient, change: (group: PhotoGroup) => PhotoGroup | null): void {
  client.setQueriesData<PhotoPages>(
    { queryKey: keys.allPhotos },
    (pages) => pages && mapGroups(pages, change),
  );
}

export function patchImage(client: QueryClient, id: string, patch: Partial<Image>): void {
  everyProject(client, (group) => {
    const at = group.images.findIndex((image) => image.id === id);
    if (at < 0) return group;
    const images = group.images.slice();
    images[at] = { ...(images[at] as Image), ...patch };
    return { ...group, images };
  });
}

/** Puts images in, or replaces those already there. */
export function putImages(client: QueryClient, made: Image[]): void {
  everyProject(client, (group) => {
    const own = made.filter((image) => image.original_id === group.original.id);
    if (own.length === 0) return group;
    const images = group.images.slice();
    for (const image of own) {
      const at = images.findIndex((other) => other.id === image.id);
      if (at < 0) images.push(image);
      else images[at] = image;
    }
    return { ...group, images };
  });
}

export function dropImages(client: QueryClient, ids: ReadonlySet<string>): void {
  everyProject(client, (group) =>
    group.images.some((image) => ids.has(image.id))
      ? { ...group, images: group.images.filter((image) => !ids.has(image.id)) }
      : group,
  );
}

export function dropOriginals(client: QueryClient, projectId: string, ids: ReadonlySet<string>): void {
  client.setQueryData<PhotoPages>(
    keys.photos(projectId),
    (pages) => pages && mapGroups(pages, (group) => (ids.has(group.original.id) ? null : group)),
  );
}

export function patchOriginal(client: QueryClient, id: string, patch: Partial<Original>): void {
  everyProject(client, (group) =>
    group.original.id === id ? { ...group, original: { ...group.original, ...patch } } : group,
  );
}

export function isRunning(image: Image): boolean {
  return image.status === "queued" || image.status === "processing";
}

/** Only the built-in engine knows what stands where. */
export function canEdit(image: Image): boolean {
  return image.engine === "builtin" && image.status === "ready";
}

/** Images in the cache that are still being made, over all projects. */
export function runningImages(client: QueryClient): Image[] {
  const found: Image[] = [];
  for (const [, pages] of client.getQueriesData<PhotoPages>({ queryKey: keys.allPhotos })) {
    for (const page of pages?.pages ?? [])
      for (const group of page.items) found.push(...group.images.filter(isRunning));
  }
  return found;
}

export function processingOriginals(client: QueryClient): Original[] {
  const found: Original[] = [];
  for (const [, pages] of client.getQueriesData<PhotoPages>({ queryKey: keys.allPhotos })) {
    for (const page of pages?.pages ?? [])
      for (const group of page.items) if (group.original.status === "processing") found.push(group.original);
  }
  return found;
}
