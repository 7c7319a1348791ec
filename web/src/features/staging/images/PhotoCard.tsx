/** One photo with its stagings: a lead picture, what is going on with it, and a strip of variants. */
import { ActionIcon, Button, Checkbox, Menu, Popover, Tooltip } from "@mantine/core";
import {
  IconAdjustments,
  IconAlertTriangle,
  IconArmchair,
  IconCheck,
  IconCube,
  IconDots,
  IconDownload,
  IconPhotoOff,
  IconRefresh,
  IconTrash,
  IconX,
} from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { memo, useState } from "react";
import type { Image, PhotoGroup, StagingOptions } from "../../../api";
import { humanize } from "../../../lib/format";
import { downloadImage } from "../exports/download";
import { canEdit, isRunning } from "./cache";
import { failureOf, rejectionOf } from "./failure";
import classes from "./PhotoCard.module.css";
import { RoomPicker, StylePicker } from "./Pickers";
import type { PhotoSettings } from "./plan";
import type { PhotoActions } from "./usePhotos";
import { labelOf } from "./useStaging";
import { MarkCorners } from "./ViewerDetails";

type Props = {
  group: PhotoGroup;
  options: StagingOptions | undefined;
  rooms: StagingOptions["room_types"];
  /** What would be made of this photo: its own choice, else the project's. */
  room: string | null;
  styles: string[];
  hasOwn: boolean;
  isSelected: boolean;
  selectedIds: ReadonlySet<string>;
  isSelecting: boolean;
  onSelect: (id: string, isRange: boolean) => void;
  onSelectImage: (id: string) => void;
  onOpen: (id: string) => void;
  onSettings: (originalId: string, patch: PhotoSettings | null) => void;
  onFurnish: (originalId: string) => void;
  actions: PhotoActions;
};

export const PhotoCard = memo(function PhotoCard(props: Props) {
  const { group, actions } = props;
  const { original, images } = group;
  const [chosen, setChosen] = useState<string | null>(null);
  const lead = chosen === original.id ? null : (images.find((one) => one.id === chosen) ?? leadOf(images));
  const name = original.filename;

  return (
    <article className={classes.card} data-selected={props.isSelected || undefined} aria-label={name}>
      <div className={classes.frame}>
        <Lead group={group} lead={lead} onOpen={props.onOpen} />
        <Checkbox
          className={classes.check}
          data-always={props.isSelecting || undefined}
          size="md"
          checked={props.isSelected}
          aria-label={`Select ${name}`}
          onChange={() => {}}
          onClick={(event) => props.onSelect(original.id, event.shiftKey)}
        />
        {lead && <LeadStatus image={lead} actions={actions} />}
        {original.status === "rejected" && (
          <div className={classes.failed} role="note">
            <IconAlertTriangle size={18} aria-hidden />
            <div>
              <strong>This photo cannot be used</strong>
              <p>{rejectionOf(original.error)}</p>
            </div>
          </div>
        )}
      </div>

      <div className={classes.bar}>
        <div className={classes.titles}>
          <span className={classes.name} title={name}>
            {name}
          </span>
          <span className={classes.sub}>{caption(group, lead, props)}</span>
        </div>
        {lead?.status === "ready" && (
          <Tooltip label="Download">
            <ActionIcon aria-label={`Download ${name}`} onClick={() => void downloadImage(lead.id)}>
              <IconDownload size={19} stroke={1.7} />
            </ActionIcon>
          </Tooltip>
        )}
        {original.status !== "rejected" && <OwnSettings {...props} />}
        <CardMenu {...props} lead={lead} />
      </div>

      {images.length > 0 && (
        <div className={classes.strip}>
          <StripButton
            label={`Original of ${name}`}
            isShown={lead === null}
            isSelected={false}
            onClick={() => setChosen(original.id)}
          >
            <Picture src={original.thumb_url} />
            <span className={classes.before}>Before</span>
          </StripButton>
          {images.map((image) => (
            <StripButton
              key={image.id}
              label={`${labelOf(props.options?.styles, image.style)}, ${statusWord(image)}`}
              isShown={lead?.id === image.id}
              isSelected={props.selectedIds.has(image.id)}
              onClick={(event) => {
                if (event.ctrlKey || event.metaKey) props.onSelectImage(image.id);
                else setChosen(image.id);
              }}
            >
              <Picture src={image.urls.thumb ?? original.thumb_url} dim={image.status !== "ready"} />
              {isRunning(image) && <Ring value={image.progress} />}
              {image.status === "error" && (
                <IconAlertTriangle className={classes.stripBad} size={18} aria-hidden />
              )}
              {image.status === "canceled" && <IconX className={classes.stripIcon} size={18} aria-hidden />}
              {props.selectedIds.has(image.id) && (
                <span className={classes.stripTick}>
                  <IconCheck size={11} stroke={3.4} aria-hidden />
                </span>
              )}
            </StripButton>
          ))}
        </div>
      )}
    </article>
  );
});

/** The newest picture that is ready, else what is being made, else what went wrong. */
function leadOf(images: readonly Image[]): Image | null {
  const newest = [...images].sort((a, b) => b.created_at.localeCompare(a.created_at));
  return newest.find((image) => image.status === "ready") ?? newest.find(isRunning) ?? newest[0] ?? null;
}

function Lead({ group, lead, onOpen }: { group: PhotoGroup; lead: Image | null; onOpen: Props["onOpen"] }) {
  const { original } = group;
  const isReady = lead?.status === "ready";
  const src = isReady ? (lead.urls.staged ?? lead.urls.thumb) : (original.preview_url ?? original.thumb_url);
  const alt = isReady ? `${original.filename}, furnished` : `${original.filename}, as photographed`;
  if (!src)
    return (
      <div className={classes.waiting}>
        {original.status === "rejected" ? (
          <IconPhotoOff size={34} stroke={1.3} aria-hidden />
        ) : (
          <span>Preparing the photo…</span>
        )}
      </div>
    );
  return (
    <button type="button" className={classes.lead} onClick={() => onOpen(isReady ? lead.id : original.id)}>
      <img
        src={src}
        alt={alt}
        loading="lazy"
        decoding="async"
        className={classes.image}
        data-dim={(lead && isRunning(lead)) || undefined}
      />
    </button>
  );
}

function LeadStatus({ image, actions }: { image: Image; actions: PhotoActions }) {
  if (isRunning(image)) {
    return (
      <div className={classes.progress}>
        <div className={classes.progressText}>
          <span>{image.status === "queued" ? "Waiting its turn" : humanize(image.step ?? "Furnishing")}</span>
          <span className="v-number">{image.status === "processing" ? `${image.progress} %` : ""}</span>
          <button type="button" className={classes.cancel} onClick={() => actions.cancel(image.id)}>
            Cancel
          </button>
        </div>
        <div
          className={classes.track}
          data-waiting={image.status === "queued" || undefined}
          role="progressbar"
          aria-label="Furnishing"
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={image.progress}
        >
          <div className={classes.fill} style={{ width: `${image.progress}%` }} />
        </div>
      </div>
    );
  }
  if (image.status === "error") {
    const failure = failureOf(image.error);
    return (
      <div className={classes.failed} role="note">
        <IconAlertTriangle size={18} aria-hidden />
        <div>
          <strong>{failure.title}</strong>
          <p>{failure.advice} This photo was not billed.</p>
          {failure.canMark && <MarkCorners image={image} />}
          {failure.canRetry && (
            <Button
              size="compact-sm"
              variant="white"
              color="dark"
              leftSection={<IconRefresh size={15} aria-hidden />}
              onClick={() => actions.retry(image.id)}
            >
              Try again
            </Button>
          )}
        </div>
      </div>
    );
  }
  if (image.status === "canceled") {
    return (
      <div className={classes.note}>
        Canceled
        <button type="button" className={classes.cancel} onClick={() => actions.retry(image.id)}>
          Try again
        </button>
      </div>
    );
  }
  return null;
}

function OwnSettings(props: Props) {
  const { group, options, hasOwn: isOwn } = props;
  const id = group.original.id;
  return (
    <Popover width={330} position="bottom-end" shadow="lg" radius="md" trapFocus withinPortal>
      <Popover.Target>
        <Tooltip label="Room and styles of this photo">
          <ActionIcon
            aria-label={`Room and styles of ${group.original.filename}`}
            color={isOwn ? "glass" : "gray"}
            variant={isOwn ? "light" : "subtle"}
          >
            <IconAdjustments size={19} stroke={1.7} />
          </ActionIcon>
        </Tooltip>
      </Popover.Target>
      <Popover.Dropdown className={classes.own} aria-label={`Settings of ${group.original.filename}`}>
        <h3>Only for this photo</h3>
        <RoomPicker
          label="Room of this photo"
          rooms={props.rooms}
          value={props.room}
          onChange={(room) => props.onSettings(id, { room })}
        />
        {options && (
          <StylePicker
            label="Styles of this photo"
            compact
            styles={options.styles}
            value={props.styles}
            onChange={(styles) => props.onSettings(id, { styles })}
          />
        )}
        {isOwn && (
          <Button variant="subtle" size="compact-sm" onClick={() => props.onSettings(id, null)}>
            Same as all photos
          </Button>
        )}
      </Popover.Dropdown>
    </Popover>
  );
}

function CardMenu(props: Props & { lead: Image | null }) {
  const { group, lead, actions } = props;
  const name = group.original.filename;
  return (
    <Menu position="bottom-end" width={220} withinPortal>
      <Menu.Target>
        <ActionIcon aria-label={`More for ${name}`}>
          <IconDots size={19} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {group.original.status !== "rejected" && (
          <Menu.Item
            leftSection={<IconArmchair size={17} />}
            onClick={() => props.onFurnish(group.original.id)}
          >
            {group.images.length > 0 ? "Furnish once more" : "Furnish this photo"}
          </Menu.Item>
        )}
        {lead && canEdit(lead) && (
          <Menu.Item
            leftSection={<IconCube size={17} />}
            renderRoot={(root) => (
              <Link
                {...root}
                to="/projects/$projectId/images/$imageId/edit"
                params={{ projectId: lead.project_id, imageId: lead.id }}
              />
            )}
          >
            Edit room
          </Menu.Item>
        )}
        {lead && (lead.status === "error" || lead.status === "canceled") && (
          <Menu.Item leftSection={<IconRefresh size={17} />} onClick={() => actions.retry(lead.id)}>
            Try again
          </Menu.Item>
        )}
        {lead && !isRunning(lead) && (
          <Menu.Item leftSection={<IconTrash size={17} />} onClick={() => actions.remove([], [lead.id])}>
            Delete this image
          </Menu.Item>
        )}
        <Menu.Item
          color="brick"
          leftSection={<IconTrash size={17} />}
          onClick={() => actions.remove([group.original.id], [])}
        >
          Delete photo
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function StripButton(props: {
  label: string;
  isShown: boolean;
  isSelected: boolean;
  onClick: (event: React.MouseEvent) => void;
  children: React.ReactNode;
}) {
  return (
    <button
      type="button"
      className={classes.thumb}
      aria-label={props.label}
      aria-pressed={props.isShown}
      data-selected={props.isSelected || undefined}
      onClick={props.onClick}
    >
      {props.children}
    </button>
  );
}

function Picture({ src, dim }: { src: string | null | undefined; dim?: boolean }) {
  if (!src) return <span className={classes.noThumb} />;
  return (
    <img
      src={src}
      alt=""
      className={classes.thumbImage}
      data-dim={dim || undefined}
      loading="lazy"
      decoding="async"
    />
  );
}

function Ring({ value }: { value: number }) {
  return (
    <svg className={classes.ring} viewBox="0 0 24 24" aria-hidden="true">
      <circle cx="12" cy="12" r="9" />
      <circle cx="12" cy="12" r="9" pathLength="100" strokeDasharray={`${Math.max(6, value)} 100`} />
    </svg>
  );
}

function statusWord(image: Image): string {
  switch (image.status) {
    case "queued":
      return "waiting";
    case "processing":
      return `${image.progress} percent`;
    case "error":
      return "failed";
    default:
      return image.status;
  }
}

function caption({ original, images }: PhotoGroup, lead: Image | null, props: Props): string {
  if (original.status === "processing") return "Preparing";
  if (!lead) return images.length > 0 ? "As photographed" : `${original.width} × ${original.height}`;
  const style = labelOf(props.options?.styles, lead.style);
  return lead.room_type ? `${labelOf(props.options?.room_types, lead.room_type)} · ${style}` : style;
}
