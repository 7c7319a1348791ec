/** Frame, mat and size of a picture of one's own. */
import { ColorSwatch, Slider, Switch, Tooltip } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import type { Furniture, Print } from "../../../api";
import { sizeOnWall } from "./describe";
import classes from "./Panel.module.css";
import { FRAMES, WIDTHS } from "./prints";
import type { Editor } from "./useEditor";

export function PrintPanel({ editor, piece }: { editor: Editor; piece: Furniture & { print: Print } }) {
  const { frame, mat } = piece.print;
  const [least, most] = WIDTHS;
  const width = piece.size_m[0] as number;
  return (
    <>
      <div className={classes.block}>
        <h3 id="frame-title">Frame</h3>
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms */}
        <div className={classes.swatches} role="group" aria-labelledby="frame-title">
          {FRAMES.map(([value, label, color]) => (
            <Tooltip key={value} label={label}>
              <ColorSwatch
                component="button"
                type="button"
                color={color}
                size={34}
                className={classes.swatch}
                aria-label={label}
                aria-pressed={frame === value}
                onClick={() => frame !== value && editor.reframe(piece.id, { frame: value })}
              >
                {frame === value && <IconCheck size={16} stroke={3} className={classes.tick} aria-hidden />}
              </ColorSwatch>
            </Tooltip>
          ))}
        </div>
        <Switch
          mt="md"
          checked={mat}
          onChange={(event) => editor.reframe(piece.id, { mat: event.currentTarget.checked })}
          label="Mat"
          description="A white border between picture and frame."
        />
      </div>
      <div className={`${classes.block} ${classes.slider}`}>
        <div className={classes.sliderHead}>
          <span>Size</span>
          <span className="v-number">{sizeOnWall(piece)}</span>
        </div>
        <Slider
          min={least}
          max={most}
          step={0.01}
          value={Math.min(most, Math.max(least, width))}
          onChange={(next) => editor.reframe(piece.id, { width: next })}
          label={null}
          thumbLabel="Width of the frame"
          thumbValueText={() => sizeOnWall(piece)}
        />
      </div>
    </>
  );
}
