/** The photo without furniture, as the draft has it: as it was taken, or turned level. */
import { useQuery } from "@tanstack/react-query";
import { type Image, type Original, type SceneCamera, scenes } from "../../../api";
import { keys } from "../../../app/keys";
import type { Draft } from "./model";
import { usePictureUrl } from "./usePictureUrl";

const WIDTH = 1280;
const AS_PHOTOGRAPHED = { floor: null, walls: null };

export function useBarePhoto(
  image: Image,
  original: Original,
  from: SceneCamera | null,
  saved: Draft,
): string | null {
  // The saved picture's own is there already, at its full size.
  const known = from !== null && from === saved.straightenedFrom ? (image.urls.before ?? null) : null;
  const level = useQuery({
    queryKey: keys.barePhoto(image.id, from),
    queryFn: ({ signal }) => {
      const bare = { straightened: { from }, furniture: [], redecoration: AS_PHOTOGRAPHED, width: WIDTH };
      return scenes.preview(image.id, bare, signal);
    },
    enabled: from !== null && known === null,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: 4,
  });
  const url = usePictureUrl(from ? level.data?.picture : undefined);
  if (from === null) return original.preview_url ?? original.url ?? original.thumb_url ?? null;
  return known ?? url;
}
