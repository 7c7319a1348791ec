/** A project: photos in, furnished rooms out. Upload, settings and gallery meet here. */
import { ActionIcon, Button, Menu, Skeleton } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconArrowLeft, IconDots, IconDownload, IconPencil, IconTrash } from "@tabler/icons-react";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useCallback, useEffect, useMemo, useRef } from "react";
import { binaryBytes, plural } from "../../../lib/format";
import { useTitle } from "../../../lib/useTitle";
import { EmptyRoomArt, EmptyState, ErrorState, NameDialog, toasts } from "../../../ui";
import { DropZone } from "../../platform/files/DropZone";
import { PhotoButton } from "../../platform/files/PhotoButton";
import { summarize } from "../../platform/files/queue";
import { UploadPanel, useProjectUploads } from "../../platform/files/UploadPanel";
import { uploads } from "../../platform/files/uploads";
import { downloadZip } from "../exports/download";
import { BulkBar } from "../images/BulkBar";
import { Composer } from "../images/Composer";
import { isRunning } from "../images/cache";
import { PhotoCard } from "../images/PhotoCard";
import { countOf, planStaging, roomFor, stylesFor } from "../images/plan";
import { useFurnish, usePhotoActions, usePhotos } from "../images/usePhotos";
import { useSelection } from "../images/useSelection";
import { roomsOf, useOptions, useSettings } from "../images/useStaging";
import classes from "./ProjectPage.module.css";
import { useDeleteProject, useProject, useRenameProject } from "./useProjects";

const Viewer = lazy(() => import("../images/Viewer").then((module) => ({ default: module.Viewer })));

const route = getRouteApi("/inside/projects/$projectId");

export function ProjectPage() {
  const { projectId } = route.useParams();
  // A new project starts with fresh selection, dialogs and scroll.
  return <ProjectContent key={projectId} projectId={projectId} />;
}

function ProjectContent({ projectId }: { projectId: string }) {
  const { view } = route.useSearch();
  const navigate = useNavigate();
  const project = useProject(projectId);
  const photos = usePhotos(projectId);
  const options = useOptions();
  const { settings, change, changePhoto } = useSettings(projectId, options.data);
  const furnish = useFurnish(projectId);
  const actions = usePhotoActions(projectId);
  const { groups } = photos;

  const open = useCallback(
    (id: string | undefined) =>
      void navigate({
        to: "/projects/$projectId",
        params: { projectId },
        search: { view: id },
        replace: view !== undefined && id !== undefined,
        resetScroll: false,
      }),
    [navigate, projectId, view],
  );
  const selection = useSelection(groups, view === undefined);
  const selectedOriginals = useMemo(
    () => new Set(groups.map((group) => group.original.id).filter((id) => selection.ids.has(id))),
    [groups, selection.ids],
  );

  const images = groups.flatMap((group) => group.images);
  const running = images.filter(isRunning).length;
  const ready = images.filter((image) => image.status === "ready").length;
  const uploading = summarize(useProjectUploads(projectId));
  useTitle(titleOf(project.data?.name, running, uploading));
  useEndOfRun(running, ready);

  const addFiles = (files: File[]) => uploads.add(projectId, files);
  const isEmpty = photos.isSuccess && groups.length === 0;

  const furnishOnly = (ids: ReadonlySet<string>) => {
    const plan = planStaging(projectId, groups, settings, ids);
    if (countOf(plan) > 0) furnish.mutate(plan);
    else toasts.show({ tone: "neutral", text: "Pick a style first." });
  };

  // Cards are many and render only when something of theirs changed, so what they get must stay the same.
  const rooms = useMemo(() => roomsOf(options.data, settings), [options.data, settings]);
  const latestFurnish = useRef(furnishOnly);
  latestFurnish.current = furnishOnly;
  const furnishOne = useCallback((id: string) => latestFurnish.current(new Set([id])), []);

  if (project.isError) {
    const isMissing = (project.error as { status?: number }).status === 404;
    return (
      <ErrorState
        error={project.error}
        title={isMissing ? "This project does not exist" : "The project did not load"}
        onRetry={isMissing ? undefined : () => void project.refetch()}
      />
    );
  }

  return (
    <>
      <DropZone onFiles={addFiles} where={project.data ? `“${project.data.name}”` : "this project"} />
      <Head
        projectId={projectId}
        ready={ready}
        running={running}
        photoCount={groups.length}
        onFiles={addFiles}
      />
      <UploadPanel projectId={projectId} />

      {photos.isPending && <GallerySkeleton />}
      {photos.isError && groups.length === 0 && (
        <ErrorState error={photos.error} title="Photos did not load" onRetry={() => void photos.refetch()} />
      )}
      {isEmpty && uploading.total === 0 && (
        <div className={classes.drop}>
          <EmptyState
            art={<EmptyRoomArt />}
            title="Drop photos of empty rooms here"
            text={`JPEG, PNG or WebP${options.data ? ` up to ${binaryBytes(options.data.uploads.max_bytes)} each` : ""}; whole folders too, or paste from the clipboard. Where a photo was taken is removed from it.`}
          >
            <PhotoButton onFiles={addFiles} size="md" />
          </EmptyState>
        </div>
      )}
      {groups.length > 0 && (
        <>
          {options.isError ? (
            <ErrorState error={options.error} onRetry={() => void options.refetch()} />
          ) : (
            <Composer
              projectId={projectId}
              groups={groups}
              options={options.data}
              settings={settings}
              onChange={change}
              selected={selectedOriginals}
              isBusy={furnish.isPending}
              onFurnish={(plan) => furnish.mutate(plan, { onSuccess: () => selection.clear() })}
            />
          )}
          <section className={classes.gallery} aria-label="Photos">
            {groups.map((group) => (
              <PhotoCard
                key={group.original.id}
                group={group}
                options={options.data}
                rooms={rooms}
                room={roomFor(settings, group.original.id)}
                styles={stylesFor(settings, group.original.id)}
                hasOwn={settings.photos[group.original.id] !== undefined}
                isSelected={selection.ids.has(group.original.id)}
                selectedIds={selection.ids}
                isSelecting={selection.ids.size > 0}
                onSelect={selection.toggle}
                onSelectImage={selection.toggleImage}
                onOpen={open}
                onSettings={changePhoto}
                onFurnish={furnishOne}
                actions={actions}
              />
            ))}
          </section>
        </>
      )}

      {selection.ids.size > 0 && (
        <Bulk
          projectId={projectId}
          groups={groups}
          ids={selection.ids}
          originals={selectedOriginals}
          onFurnish={() => {
            furnishOnly(selectedOriginals);
            selection.clear();
          }}
          onClear={selection.clear}
          remove={actions.remove}
        />
      )}

      {view && groups.length > 0 && (
        <Suspense>
          <Viewer
            groups={groups}
            view={view}
            options={options.data}
            actions={actions}
            onView={open}
            onClose={() => open(undefined)}
          />
        </Suspense>
      )}
    </>
  );
}

function Head(props: {
  projectId: string;
  ready: number;
  running: number;
  photoCount: number;
  onFiles: (files: File[]) => void;
}) {
  const navigate = useNavigate();
  const { data: project } = useProject(props.projectId);
  const rename = useRenameProject();
  const remove = useDeleteProject();
  const [isRenaming, renaming] = useDisclosure(false);
  return (
    <div className={classes.head}>
      <div className={classes.headText}>
        <Link to="/" className={classes.back}>
          <IconArrowLeft size={16} aria-hidden /> Projects
        </Link>
        {project ? <h1>{project.name}</h1> : <Skeleton h={34} w={260} />}
        <p className={`${classes.counts} v-number`} role="status">
          {props.photoCount > 0 && plural(props.photoCount, "photo")}
          {props.ready > 0 && ` · ${props.ready} furnished`}
          {props.running > 0 && ` · ${props.running} under way`}
        </p>
      </div>
      <div className={classes.headActions}>
        {props.ready > 0 && (
          <Button
            variant="default"
            leftSection={<IconDownload size={18} aria-hidden />}
            onClick={() => void downloadZip(props.projectId)}
          >
            Download all
          </Button>
        )}
        <PhotoButton onFiles={props.onFiles} variant={props.photoCount > 0 ? "default" : "filled"} />
        <Menu position="bottom-end" width={190} withinPortal>
          <Menu.Target>
            <ActionIcon aria-label="More for this project" variant="default" size={36}>
              <IconDots size={20} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<IconPencil size={17} />} onClick={renaming.open}>
              Rename
            </Menu.Item>
            <Menu.Item
              color="brick"
              leftSection={<IconTrash size={17} />}
              onClick={() => {
                if (!project) return;
                remove(project);
                void navigate({ to: "/" });
              }}
            >
              Delete project
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </div>
      <NameDialog
        isOpen={isRenaming}
        title="Rename project"
        action="Rename"
        placeholder="12 Garden Street"
        initial={project?.name}
        error={rename.error}
        isBusy={rename.isPending}
        onClose={() => {
          renaming.close();
          rename.reset();
        }}
        onSubmit={(name) => rename.mutate({ id: props.projectId, name }, { onSuccess: renaming.close })}
      />
    </div>
  );
}

function Bulk(props: {
  projectId: string;
  groups: ReturnType<typeof usePhotos>["groups"];
  ids: ReadonlySet<string>;
  originals: ReadonlySet<string>;
  onFurnish: () => void;
  onClear: () => void;
  remove: ReturnType<typeof usePhotoActions>["remove"];
}) {
  const images = props.groups.flatMap((group) => group.images).filter((image) => props.ids.has(image.id));
  const ready = images.filter((image) => image.status === "ready").map((image) => image.id);
  // A photo takes its images along; only those of photos that stay are deleted one by one.
  const loose = images.filter((image) => !props.originals.has(image.original_id)).map((image) => image.id);
  const remove = () => {
    props.remove([...props.originals], loose);
    props.onClear();
  };
  useDeleteKey(remove);
  return (
    <BulkBar
      photoCount={props.originals.size}
      imageCount={images.length}
      readyCount={ready.length}
      onFurnish={props.onFurnish}
      onDownload={() => void downloadZip(props.projectId, ready)}
      onDelete={remove}
      onClear={props.onClear}
    />
  );
}

function useDeleteKey(remove: () => void): void {
  const latest = useRef(remove);
  latest.current = remove;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "Delete" || event.target instanceof HTMLTextAreaElement) return;
      if (event.target instanceof HTMLInputElement && event.target.type !== "checkbox") return;
      latest.current();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
}

/** One message when everything that ran has ended, not one per image. */
function useEndOfRun(running: number, ready: number): void {
  const before = useRef({ running, ready });
  useEffect(() => {
    const { running: wasRunning, ready: wasReady } = before.current;
    if (running > 0 && wasRunning === 0) before.current = { running, ready };
    if (running === 0) {
      if (wasRunning > 0 && ready > wasReady) {
        const made = ready - wasReady;
        toasts.show({ tone: "good", text: made === 1 ? "Your room is ready." : `${made} rooms are ready.` });
      }
      before.current = { running, ready };
    }
  }, [running, ready]);
}

function titleOf(name: string | undefined, running: number, uploading: ReturnType<typeof summarize>): string {
  const base = name ?? "Project";
  if (uploading.pending > 0 && uploading.totalBytes > 0) {
    return `${Math.floor((uploading.sentBytes / uploading.totalBytes) * 100)} % · ${base}`;
  }
  return running > 0 ? `(${running}) ${base}` : base;
}

function GallerySkeleton() {
  return (
    <div aria-busy="true">
      <Skeleton h={250} radius="lg" />
      <div className={classes.gallery}>
        {[1, 2, 3].map((n) => (
          <Skeleton key={n} h={330} radius="lg" />
        ))}
      </div>
    </div>
  );
}
