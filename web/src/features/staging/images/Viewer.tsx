/** Full-screen look at one photo: before and after, its variants, its neighbours, and what can be done. */
import { ActionIcon, Button, Modal, Tooltip } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import {
  IconArmchair,
  IconChevronLeft,
  IconChevronRight,
  IconDownload,
  IconInfoCircle,
  IconKeyboard,
  IconTrash,
  IconX,
  IconZoomIn,
  IconZoomOut,
} from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { PhotoGroup, StagingOptions } from "../../../api";
import { keys } from "../../../app/keys";
import { downloadImage } from "../exports/download";
import { CompareSlider } from "./CompareSlider";
import { canEdit, isRunning } from "./cache";
import { ShortcutSheet } from "./ShortcutSheet";
import type { PhotoActions } from "./usePhotos";
import { labelOf } from "./useStaging";
import classes from "./Viewer.module.css";
import { Credits, ImageFacts, OriginalFacts, StatusNote } from "./ViewerDetails";
import { FIT, fitInto, zoomAt } from "./zoom";

type Props = {
  groups: readonly PhotoGroup[];
  /** Id of an image, or of a photo that is to be seen as it was taken. */
  view: string;
  options: StagingOptions | undefined;
  actions: PhotoActions;
  onView: (id: string) => void;
  onClose: () => void;
};

export function Viewer(props: Props) {
  const { groups, view, onView, onClose, actions } = props;
  const at = groups.findIndex(
    (group) => group.original.id === view || group.images.some((image) => image.id === view),
  );
  const group = groups[at];
  const image = group?.images.find((one) => one.id === view) ?? null;
  const [isPeeking, setPeeking] = useState(false);
  const [isSheet, setSheet] = useState(false);
  const [isInfo, setInfo] = useState(() => window.matchMedia("(min-width: 48em)").matches);
  const [zoom, setZoom] = useState(FIT);
  const { ref: stageRef, width, height } = useElementSize();

  // biome-ignore lint/correctness/useExhaustiveDependencies: another picture starts at its full size
  useEffect(() => setZoom(FIT), [group?.original.id]);

  // What was looked at is gone (deleted here or elsewhere): back to the gallery.
  useEffect(() => {
    if (!group) onClose();
  }, [group, onClose]);

  const onBroken = useBrokenPictures();
  const frame = useMemo(
    () => (group ? fitInto(group.original, { width, height }) : { width: 0, height: 0 }),
    [group, width, height],
  );
  const zoomBy = useCallback(
    (factor: number) =>
      setZoom((old) => zoomAt(old, { x: frame.width / 2, y: frame.height / 2 }, factor, frame)),
    [frame],
  );

  const step = (by: number) => {
    const next = groups[(at + by + groups.length) % groups.length];
    if (next) onView(bestOf(next));
  };
  const stepVariant = (by: number) => {
    if (!group) return;
    const all = [group.original.id, ...group.images.map((one) => one.id)];
    onView(all[(all.indexOf(view) + by + all.length) % all.length] as string);
  };
  const remove = () => {
    if (!group || !image || isRunning(image)) return;
    const rest = group.images.filter((one) => one.id !== image.id);
    onView(rest.find((one) => one.status === "ready")?.id ?? group.original.id);
    actions.remove([], [image.id]);
  };

  const onKeys = useRef<(event: KeyboardEvent) => void>(() => {});
  onKeys.current = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isSheet) return;
    const handlers: Record<string, () => void> = {
      j: () => step(1),
      k: () => step(-1),
      "]": () => stepVariant(1),
      "[": () => stepVariant(-1),
      "+": () => zoomBy(1.4),
      "=": () => zoomBy(1.4),
      "-": () => zoomBy(1 / 1.4),
      "0": () => setZoom(FIT),
      d: () => image?.status === "ready" && void downloadImage(image.id),
      i: () => setInfo((open) => !open),
      "?": () => setSheet(true),
      Delete: remove,
      " ": () => setPeeking(true),
    };
    const handler = handlers[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    // Space on a button presses the button.
    if (!handler || (event.key === " " && event.target instanceof HTMLButtonElement)) return;
    event.preventDefault();
    handler();
  };
  useEffect(() => {
    const down = (event: KeyboardEvent) => onKeys.current(event);
    const up = (event: KeyboardEvent) => event.key === " " && setPeeking(false);
    window.addEventListener("keydown", down);
    window.addEventListener("keyup", up);
    return () => {
      window.removeEventListener("keydown", down);
      window.removeEventListener("keyup", up);
    };
  }, []);

  if (!group) return null;
  const { original } = group;
  const style = image ? labelOf(props.options?.styles, image.style) : "As photographed";
  const before = image?.urls.before ?? original.preview_url ?? original.url ?? original.thumb_url;
  const after = image?.status === "ready" ? (image.urls.staged ?? image.urls.thumb ?? null) : null;

  return (
    <Modal.Root
      opened
      onClose={onClose}
      fullScreen
      closeOnEscape={!isSheet}
      transitionProps={{ duration: 0 }}
    >
      <Modal.Content className={classes.content} aria-label={`${original.filename}, ${style}`} radius={0}>
        <div className={classes.viewer} data-info={isInfo || undefined}>
          <div className={classes.head}>
            <div className={classes.titles}>
              <h2 className={classes.title}>{original.filename}</h2>
              <span className={`${classes.sub} v-number`}>
                {style} · {at + 1} of {groups.length}
              </span>
            </div>
            {image && canEdit(image) && (
              <Button
                className={`${classes.quiet} ${classes.edit}`}
                aria-label="Edit room"
                renderRoot={(root) => (
                  <Link
                    {...root}
                    to="/projects/$projectId/images/$imageId/edit"
                    params={{ projectId: image.project_id, imageId: image.id }}
                  />
                )}
              >
                <IconArmchair size={19} stroke={1.7} aria-hidden />
                <span className={classes.deskOnly}>Edit room</span>
              </Button>
            )}
            <Tool
              label="Zoom out"
              className={classes.deskOnly}
              onClick={() => zoomBy(1 / 1.4)}
              disabled={zoom.scale <= 1}
            >
              <IconZoomOut size={21} stroke={1.7} />
            </Tool>
            <button
              type="button"
              className={`${classes.scale} v-number ${classes.deskOnly}`}
              aria-label="Fit to the window"
              onClick={() => setZoom(FIT)}
            >
              {Math.round(zoom.scale * 100)} %
            </button>
            <Tool label="Zoom in" className={classes.deskOnly} onClick={() => zoomBy(1.4)}>
              <IconZoomIn size={21} stroke={1.7} />
            </Tool>
            {image?.status === "ready" && (
              <Tool label="Download" onClick={() => void downloadImage(image.id)}>
                <IconDownload size={21} stroke={1.7} />
              </Tool>
            )}
            <Tool label="Details" onClick={() => setInfo((open) => !open)} pressed={isInfo}>
              <IconInfoCircle size={21} stroke={1.7} />
            </Tool>
            <Tool label="Keyboard shortcuts" className={classes.deskOnly} onClick={() => setSheet(true)}>
              <IconKeyboard size={21} stroke={1.7} />
            </Tool>
            <Tool label="Close" onClick={onClose}>
              <IconX size={22} stroke={1.8} />
            </Tool>
          </div>

          <div className={classes.stageWrap}>
            <div ref={stageRef} className={classes.stage}>
              {before && frame.width > 0 && (
                <CompareSlider
                  key={original.id}
                  before={before}
                  after={after}
                  alt={after ? `${original.filename} furnished, ${style}` : original.filename}
                  frame={frame}
                  view={zoom}
                  onView={setZoom}
                  isPeeking={isPeeking}
                  onBroken={onBroken}
                />
              )}
            </div>
            {image && image.status !== "ready" && <StatusNote image={image} actions={actions} />}
            {groups.length > 1 && (
              <>
                <button
                  type="button"
                  className={classes.step}
                  data-side="left"
                  aria-label="Previous photo"
                  onClick={() => step(-1)}
                >
                  <IconChevronLeft size={26} aria-hidden />
                </button>
                <button
                  type="button"
                  className={classes.step}
                  data-side="right"
                  aria-label="Next photo"
                  onClick={() => step(1)}
                >
                  <IconChevronRight size={26} aria-hidden />
                </button>
              </>
            )}
          </div>

          <div className={classes.strip}>
            <VariantButton
              src={original.thumb_url}
              label="Original"
              isShown={image === null}
              onClick={() => onView(original.id)}
            />
            {group.images.map((one) => (
              <VariantButton
                key={one.id}
                src={one.urls.thumb ?? original.thumb_url}
                label={labelOf(props.options?.styles, one.style)}
                isShown={one.id === view}
                isDim={one.status !== "ready"}
                onClick={() => onView(one.id)}
              />
            ))}
          </div>

          {isInfo && (
            <section className={classes.info} aria-label="Details">
              {image ? <ImageFacts image={image} options={props.options} /> : <OriginalFacts group={group} />}
              {image && image.credits.length > 0 && <Credits credits={image.credits} />}
              <div className={classes.actions}>
                {image?.status === "ready" && (
                  <Button
                    leftSection={<IconDownload size={18} aria-hidden />}
                    onClick={() => void downloadImage(image.id)}
                  >
                    Download
                  </Button>
                )}
                {image && !isRunning(image) && (
                  <Button
                    className={classes.quiet}
                    leftSection={<IconTrash size={18} aria-hidden />}
                    onClick={remove}
                  >
                    Delete
                  </Button>
                )}
              </div>
            </section>
          )}
        </div>
        <ShortcutSheet isOpen={isSheet} onClose={() => setSheet(false)} />
      </Modal.Content>
    </Modal.Root>
  );
}

function bestOf(group: PhotoGroup): string {
  const ready = group.images.filter((image) => image.status === "ready");
  return ready.at(-1)?.id ?? group.original.id;
}

/** A picture that does not load usually has an address that ran out; ask for new ones, at most twice a minute. */
function useBrokenPictures(): () => void {
  const client = useQueryClient();
  const last = useRef(0);
  return useCallback(() => {
    if (Date.now() - last.current < 30_000) return;
    last.current = Date.now();
    void client.invalidateQueries({ queryKey: keys.allPhotos });
  }, [client]);
}

function Tool(props: {
  label: string;
  onClick: () => void;
  disabled?: boolean;
  pressed?: boolean;
  className?: string;
  children: React.ReactNode;
}) {
  return (
    <Tooltip label={props.label}>
      <ActionIcon
        className={`${classes.tool} ${props.className ?? ""}`}
        variant="transparent"
        size={40}
        aria-label={props.label}
        aria-pressed={props.pressed}
        disabled={props.disabled}
        onClick={props.onClick}
      >
        {props.children}
      </ActionIcon>
    </Tooltip>
  );
}

function VariantButton(props: {
  src: string | null | undefined;
  label: string;
  isShown: boolean;
  isDim?: boolean;
  onClick: () => void;
}) {
  return (
    <button type="button" className={classes.variant} aria-pressed={props.isShown} onClick={props.onClick}>
      {props.src ? (
        <img src={props.src} alt="" data-dim={props.isDim || undefined} decoding="async" />
      ) : (
        <span className={classes.noImage} />
      )}
      <span>{props.label}</span>
    </button>
  );
}
