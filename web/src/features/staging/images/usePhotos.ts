/** All photos of a project with their stagings; long projects come in pages that follow by themselves. */
import { type QueryClient, useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { asApiError, type BatchResult, type Image, images, originals, projects } from "../../../api";
import { keys } from "../../../app/keys";
import { plural } from "../../../lib/format";
import { toasts, undoToast } from "../../../ui";
import { dropImages, dropOriginals, patchImage, putImages } from "./cache";
import type { StagingPlan } from "./plan";

const PAGE_SIZE = 100;

export function usePhotos(projectId: string) {
  const query = useInfiniteQuery({
    queryKey: keys.photos(projectId),
    queryFn: ({ pageParam }) => projects.photos(projectId, pageParam, PAGE_SIZE),
    initialPageParam: 1,
    getNextPageParam: (last) => (last.page < last.pages ? last.page + 1 : undefined),
  });
  const { hasNextPage, isFetching, isError, fetchNextPage } = query;
  useEffect(() => {
    if (hasNextPage && !isFetching && !isError) void fetchNextPage();
  }, [hasNextPage, isFetching, isError, fetchNextPage]);
  const groups = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data]);
  return { ...query, groups };
}

export function useFurnish(projectId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ items, followers }: StagingPlan): Promise<BatchResult> => {
      const first = await images.batch(items);
      const rest = followers.flatMap(({ item, leader }) => {
        const made = first.images.find(
          (image) => image.original_id === leader.original_id && image.style === leader.style,
        );
        return made ? [{ ...item, same_as: made.id }] : [];
      });
      // Without the furniture of the first there is nothing to repeat.
      const left = followers.length - rest.length;
      if (rest.length === 0) return { ...first, failed: first.failed + left };
      const second = await images.batch(rest);
      return {
        images: [...first.images, ...second.images],
        errors: [...first.errors, ...second.errors],
        success: first.success + second.success,
        failed: first.failed + second.failed + left,
      };
    },
    onSuccess: (result) => {
      putImages(client, result.images);
      void client.invalidateQueries({ queryKey: keys.usage });
      void client.invalidateQueries({ queryKey: keys.jobs });
      if (result.failed === 0) return;
      const first = result.errors[0];
      toasts.show({
        tone: "bad",
        text:
          result.success > 0
            ? `${plural(result.success, "image")} under way, ${result.failed} not started.`
            : `${plural(result.failed, "image")} not started.`,
        detail:
          first?.code === "quota_exceeded" ? "The images of this month’s plan are used up." : first?.message,
      });
    },
    onSettled: () => client.invalidateQueries({ queryKey: keys.photos(projectId) }),
  });
}

/** What can be done with images and photos, each at once on screen and with a way back. */
export function usePhotoActions(projectId: string) {
  const client = useQueryClient();
  return useMemo(() => photoActions(client, projectId), [client, projectId]);
}

function photoActions(client: QueryClient, projectId: string) {
  const reread = () => {
    void client.invalidateQueries({ queryKey: keys.photos(projectId) });
    void client.invalidateQueries({ queryKey: keys.project(projectId) });
    void client.invalidateQueries({ queryKey: keys.usage });
    void client.invalidateQueries({ queryKey: keys.jobs });
  };
  const failed = (error: unknown) => {
    toasts.show({ tone: "bad", text: asApiError(error).message });
    reread();
  };

  const each = async (work: Promise<unknown>[]) => {
    const results = await Promise.allSettled(work);
    const broken = results.find((result) => result.status === "rejected");
    if (broken) failed(broken.reason);
    else reread();
  };

  const change = async (id: string, call: (id: string) => Promise<Image>, guess: Partial<Image>) => {
    patchImage(client, id, guess);
    try {
      putImages(client, [await call(id)]);
      void client.invalidateQueries({ queryKey: keys.usage });
      void client.invalidateQueries({ queryKey: keys.jobs });
    } catch (error) {
      failed(error);
    }
  };

  return {
    retry: (id: string) =>
      change(id, images.retry, { status: "queued", progress: 0, step: null, error: null }),
    cancel: (id: string) => change(id, images.cancel, { status: "canceled" }),
    /** Removes photos (with all their images) and single images. */
    remove: (originalIds: string[], imageIds: string[]) => {
      void client.cancelQueries({ queryKey: keys.photos(projectId) });
      dropOriginals(client, projectId, new Set(originalIds));
      dropImages(client, new Set(imageIds));
      const done = each([
        ...originalIds.map((id) => originals.remove(projectId, id)),
        ...imageIds.map((id) => images.remove(id)),
      ]);
      const text = [
        originalIds.length > 0 && plural(originalIds.length, "photo"),
        imageIds.length > 0 && plural(imageIds.length, "image"),
      ]
        .filter(Boolean)
        .join(" and ");
      undoToast(`Deleted ${text}.`, () => {
        void done.then(() =>
          each([
            ...originalIds.map((id) => originals.restore(projectId, id)),
            ...imageIds.map((id) => images.restore(id)),
          ]),
        );
      });
    },
  };
}

export type PhotoActions = ReturnType<typeof usePhotoActions>;
