/** Another floor and other walls, under the photo's own light. */
import { Button, ColorSwatch, Tooltip } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import classes from "./Panel.module.css";
import swatches from "./SurfacesPanel.module.css";
import { FLOORS, floorLabel, PAINTS } from "./surfaces";
import type { Editor } from "./useEditor";

export function SurfacesPanel({ editor }: { editor: Editor }) {
  const { floor, walls } = editor.draft.redecoration;
  return (
    <>
      <p className={classes.hint}>
        Light and shadows of the photo stay; only the material changes. Windows, doors and skirting boards
        keep their own.
      </p>
      <div className={classes.block}>
        <h3 id="floor-title">Floor</h3>
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms */}
        <div className={swatches.floors} role="group" aria-labelledby="floor-title">
          {[null, ...FLOORS].map((one) => {
            const isOn = (floor ?? null) === one;
            return (
              <button
                key={one ?? "photo"}
                type="button"
                className={swatches.floor}
                aria-pressed={isOn}
                onClick={() => !isOn && editor.redecorate({ floor: one })}
              >
                <span className={swatches.material} data-floor={one ?? "photo"} aria-hidden>
                  {isOn && <IconCheck size={18} stroke={3} className={classes.tick} />}
                </span>
                {one ? floorLabel(one) : "As photographed"}
              </button>
            );
          })}
        </div>
      </div>
      <Walls editor={editor} current={walls?.toLowerCase() ?? null} />
    </>
  );
}

function Walls({ editor, current }: { editor: Editor; current: string | null }) {
  const isCustom = current !== null && !PAINTS.some(([, value]) => value === current);
  return (
    <div className={classes.block}>
      <h3 id="walls-title">Walls</h3>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms */}
      <div className={classes.swatches} role="group" aria-labelledby="walls-title">
        {PAINTS.map(([name, value]) => (
          <Tooltip key={value} label={name}>
            <ColorSwatch
              component="button"
              type="button"
              color={value}
              size={34}
              className={classes.swatch}
              aria-label={name}
              aria-pressed={current === value}
              onClick={() => current !== value && editor.redecorate({ walls: value })}
            >
              {current === value && <IconCheck size={16} stroke={3} className={classes.tick} aria-hidden />}
            </ColorSwatch>
          </Tooltip>
        ))}
      </div>
      <div className={classes.ownColour}>
        <label className={classes.colourInput} data-on={isCustom || undefined}>
          <input
            type="color"
            value={current ?? "#d8c3a5"}
            onChange={(event) => editor.redecorate({ walls: event.currentTarget.value })}
          />
          Own colour
        </label>
        <Button
          variant="subtle"
          size="compact-sm"
          aria-pressed={current === null}
          disabled={current === null}
          onClick={() => editor.redecorate({ walls: null })}
        >
          As photographed
        </Button>
      </div>
    </div>
  );
}
