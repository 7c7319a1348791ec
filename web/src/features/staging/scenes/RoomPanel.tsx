/** The room's measures: how high, how wide, how deep, and a door to judge it by. */
import { Slider, Switch } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { measure, sides, spoken } from "../../../lib/lengths";
import { roomSize } from "./describe";
import classes from "./Panel.module.css";
import type { Editor } from "./useEditor";

type Props = { editor: Editor; isNeeded: boolean; hasDoor: boolean; onDoor: (isOn: boolean) => void };

export function RoomPanel({ editor, isNeeded, hasDoor, onDoor }: Props) {
  const { room, isSolved, furniture } = editor.draft;
  const { width, depth, height } = roomSize(room);
  return (
    <>
      <p className={classes.hint}>
        {isNeeded
          ? "Drag the four points onto the corners of the back wall. When the lines run along the edges of floor and walls, stage the room."
          : "Drag the points onto the corners of the back wall until the lines run along the edges of the room."}
      </p>
      {!isSolved && (
        <p className={classes.warning} role="status">
          <IconAlertTriangle size={18} aria-hidden />
          <span>{editor.solveError ?? "No room has these corners."} Move the points on.</span>
        </p>
      )}
      <dl className={classes.sizes}>
        <div>
          <dt>Width</dt>
          <dd className="v-number">{width}</dd>
        </div>
        <div>
          <dt>Depth</dt>
          <dd className="v-number">{depth}</dd>
        </div>
        <div>
          <dt>Height</dt>
          <dd className="v-number">{height}</dd>
        </div>
      </dl>
      <HeightSlider
        label="Ceiling height"
        value={room.ceiling_height_m}
        range={[2, 5]}
        onChange={editor.setCeilingHeight}
      />
      <HeightSlider
        label="Camera height"
        value={room.camera_height_m}
        range={[0.6, 2.4]}
        onChange={editor.setCameraHeight}
      />
      <p className={classes.hint}>
        {room.ceiling_seen
          ? "Both move together: one true measure makes all others true."
          : "The ceiling is not in the picture, so the height of the camera sets the scale."}
      </p>
      <Switch
        className={classes.door}
        checked={hasDoor}
        onChange={(event) => onDoor(event.currentTarget.checked)}
        label="Door to compare with"
        description={`${sides(0.8, 2.03)}; drag it beside a real one.`}
      />
      {furniture.length > 0 && (
        <p className={classes.hint}>Furniture keeps its place in the picture when the room changes.</p>
      )}
    </>
  );
}

function HeightSlider(props: {
  label: string;
  value: number;
  range: [number, number];
  onChange: (metres: number) => void;
}) {
  const [min, max] = props.range;
  return (
    <div className={classes.slider}>
      <div className={classes.sliderHead}>
        <span>{props.label}</span>
        <span className="v-number">{measure(props.value)}</span>
      </div>
      <Slider
        min={min}
        max={max}
        step={0.01}
        value={Math.min(max, Math.max(min, props.value))}
        onChange={props.onChange}
        label={null}
        thumbLabel={props.label}
        thumbValueText={spoken}
      />
    </div>
  );
}
