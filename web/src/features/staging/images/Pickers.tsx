/** Choosing rooms and styles: pictures first, names below, all of it reachable by keyboard. */
import { IconCheck } from "@tabler/icons-react";
import type { StagingOptions } from "../../../api";
import { StyleRoomArt } from "../../../ui";
import { roomIcon, sketchOf } from "./looks";
import classes from "./Pickers.module.css";

export function StylePicker(props: {
  styles: StagingOptions["styles"];
  value: readonly string[];
  onChange: (value: string[]) => void;
  compact?: boolean;
  label: string;
}) {
  const toggle = (id: string) =>
    props.onChange(
      props.value.includes(id) ? props.value.filter((other) => other !== id) : [...props.value, id],
    );
  return (
    <fieldset className={classes.set} aria-label={props.label}>
      <div className={classes.styles} data-compact={props.compact || undefined}>
        {props.styles.map((style) => {
          const isOn = props.value.includes(style.id);
          return (
            <button
              key={style.id}
              type="button"
              className={classes.style}
              aria-pressed={isOn}
              title={style.description}
              onClick={() => toggle(style.id)}
            >
              <span className={classes.picture}>
                <StylePicture id={style.id} thumb={style.thumb_url} />
                {isOn && (
                  <span className={classes.tick}>
                    <IconCheck size={14} stroke={3} aria-hidden />
                  </span>
                )}
              </span>
              <span className={classes.name}>{style.label}</span>
            </button>
          );
        })}
      </div>
    </fieldset>
  );
}

export function StylePicture({ id, thumb }: { id: string; thumb: string | null | undefined }) {
  return thumb ? (
    <img src={thumb} alt="" className={classes.image} />
  ) : (
    <StyleRoomArt sketch={sketchOf(id)} variant={id} />
  );
}

export function RoomPicker(props: {
  rooms: StagingOptions["room_types"];
  value: string | null;
  onChange: (value: string | null) => void;
  label: string;
}) {
  const choices = [{ id: null, label: "Automatic" }, ...props.rooms];
  return (
    <fieldset className={classes.set} aria-label={props.label}>
      <div className={classes.rooms}>
        {choices.map((room) => {
          const Icon = roomIcon(room.id);
          return (
            <button
              key={room.id ?? "auto"}
              type="button"
              className={classes.room}
              aria-pressed={props.value === room.id}
              onClick={() => props.onChange(room.id)}
            >
              <Icon size={19} stroke={1.7} aria-hidden />
              {room.label}
            </button>
          );
        })}
      </div>
    </fieldset>
  );
}
