/** What the editor reads from the server: the scene, its versions, other arrangements, the catalogue. */
import { useQuery } from "@tanstack/react-query";
import {
  type CatalogueFilter,
  type CatalogueItem,
  furniture,
  type Scene,
  type SceneCamera,
  scenes,
} from "../../../api";
import { keys } from "../../../app/keys";
import type { Draft, Px } from "./model";
import { backCorners } from "./projection";

export function useScene(imageId: string) {
  return useQuery({
    queryKey: keys.scene(imageId),
    queryFn: () => scenes.get(imageId),
    // Another version is asked for when one was made; in between the hands own the scene.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
}

export function useVersions(imageId: string) {
  return useQuery({ queryKey: keys.versions(imageId), queryFn: () => scenes.versions(imageId) });
}

export function useArrangements(imageId: string, version: number) {
  return useQuery({
    queryKey: keys.arrangements(imageId, version),
    queryFn: () => scenes.plans(imageId),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** Pages of the catalogue read in one go; a category has a few dozen entries. */
const MOST_PAGES = 5;

export function useCatalogue(filter: CatalogueFilter, isOn = true) {
  return useQuery({
    queryKey: keys.furniture(filter),
    enabled: isOn,
    staleTime: 30 * 60_000,
    queryFn: async () => {
      const items: CatalogueItem[] = [];
      for (let page = 1; page <= MOST_PAGES; page += 1) {
        const list = await furniture.list(filter, page);
        items.push(...list.items);
        if (page >= list.pages) break;
      }
      return items;
    },
  });
}

/** Corners as the server knows them; those it does not know are put where the box has them. */
export function seenCorners({ camera, room, corners_px }: Pick<Scene, "camera" | "room" | "corners_px">) {
  const corners = backCorners(camera, room);
  for (const name of Object.keys(corners) as (keyof typeof corners)[]) {
    const known = corners_px[name];
    if (known) corners[name] = known as Px;
  }
  return corners;
}

/** The server's scene as the hands start with it. */
export function draftOf(scene: Scene): Draft {
  // What is as in the photo may be left out.
  const { floor = null, walls = null } = scene.redecoration;
  const camera: SceneCamera = { ...scene.camera, picture_px: [scene.width, scene.height] };
  return {
    camera,
    room: scene.room,
    corners: seenCorners({ ...scene, camera }),
    isSolved: true,
    furniture: scene.furniture,
    redecoration: { floor, walls },
    straightenedFrom: scene.straightened.from ?? null,
    plan: scene.plan,
  };
}
