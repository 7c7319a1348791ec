/** A page of its own for one picture: move the furniture, mend the room, save it as a new version. */
import { Button, Loader, Skeleton } from "@mantine/core";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useMemo } from "react";
import { asApiError, type Image, type Original } from "../../../api";
import { useTitle } from "../../../lib/useTitle";
import { EmptyRoomArt, EmptyState, ErrorState } from "../../../ui";
import { usePhotos } from "../images/usePhotos";
import { useOptions } from "../images/useStaging";
import classes from "./Editor.module.css";
import { EditorContent } from "./EditorContent";
import type { Tool } from "./Stage";
import { useScene } from "./useScene";

const route = getRouteApi("/alone/projects/$projectId/images/$imageId/edit");

export function EditorPage() {
  const { projectId, imageId } = route.useParams();
  const { tool } = route.useSearch();
  const navigate = useNavigate();
  const photos = usePhotos(projectId);
  const scene = useScene(imageId);
  const options = useOptions();
  const found = useMemo(() => find(photos.groups, imageId), [photos.groups, imageId]);
  useTitle(found ? `Edit ${found.original.filename}` : "Edit room");

  const error = photos.error ?? scene.error;
  if (error) {
    if (asApiError(error).status === 404) return <Missing projectId={projectId} />;
    return (
      <main className={classes.alone}>
        <ErrorState
          error={error}
          title="The room did not load"
          onRetry={() => {
            if (photos.isError) void photos.refetch();
            if (scene.isError) void scene.refetch();
          }}
        />
      </main>
    );
  }
  const isListed = photos.isSuccess && !photos.hasNextPage;
  if (isListed && !found) return <Missing projectId={projectId} />;
  if (!found || !scene.data) return <Waiting />;
  return (
    <EditorContent
      key={imageId}
      projectId={projectId}
      image={found.image}
      original={found.original}
      scene={scene.data}
      options={options.data}
      tool={tool ?? (found.image.status === "error" ? "room" : "furniture")}
      onTool={(next: Tool) =>
        void navigate({
          to: "/projects/$projectId/images/$imageId/edit",
          params: { projectId, imageId },
          search: { tool: next },
          replace: true,
          ignoreBlocker: true,
        })
      }
    />
  );
}

function find(
  groups: ReturnType<typeof usePhotos>["groups"],
  imageId: string,
): { image: Image; original: Original } | null {
  for (const { images, original } of groups) {
    const image = images.find((one) => one.id === imageId);
    if (image) return { image, original };
  }
  return null;
}

/** The same frame as the editor, so that nothing jumps when it comes. */
function Waiting() {
  return (
    <div className={classes.editor}>
      <div className={classes.head}>
        <div className={classes.loadingHead}>
          <Skeleton height={30} width={220} />
        </div>
      </div>
      <div className={`${classes.stage} ${classes.waiting}`} role="status" aria-label="Loading the room">
        <Loader type="dots" color="gray" />
      </div>
      <div className={`${classes.panel} ${classes.waitingPanel}`}>
        <Skeleton height={34} />
        <Skeleton height={52} />
        <Skeleton height={52} />
        <Skeleton height={52} />
      </div>
    </div>
  );
}

function Missing({ projectId }: { projectId: string }) {
  return (
    <main className={classes.alone}>
      <EmptyState
        isPage
        art={<EmptyRoomArt />}
        title="Nothing to edit here"
        text="The picture is gone, or it was not made by the built-in engine, which alone knows what stands where."
      >
        <Button renderRoot={(root) => <Link {...root} to="/projects/$projectId" params={{ projectId }} />}>
          Back to the project
        </Button>
      </EmptyState>
    </main>
  );
}
