/** Another floor and other walls, under the photo's own light. */
import { Button, ColorSwatch, Switch, Tooltip } from "@mantine/core";
import { IconAlertTriangle, IconCheck } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { asApiError, scenes } from "../../../api";
import type { Draft } from "./model";
import classes from "./Panel.module.css";
import swatches from "./SurfacesPanel.module.css";
import { FLOORS, floorLabel, PAINTS } from "./surfaces";
import type { Editor } from "./useEditor";

export function SurfacesPanel({ editor, imageId }: { editor: Editor; imageId: string }) {
  const { floor, walls } = editor.draft.redecoration;
  return (
    <>
      <p className={classes.hint}>
        Light and shadows of the photo stay; only the material changes. Windows, doors and skirting boards
        keep their own.
      </p>
      <div className={classes.block}>
        <h2 id="floor-title">Floor</h2>
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
                {one ? floorLabel(one) : "As in the photo"}
              </button>
            );
          })}
        </div>
      </div>
      <Walls editor={editor} current={walls?.toLowerCase() ?? null} />
      <Verticals editor={editor} imageId={imageId} />
    </>
  );
}

function Walls({ editor, current }: { editor: Editor; current: string | null }) {
  const isCustom = current !== null && !PAINTS.some(([, value]) => value === current);
  return (
    <div className={classes.block}>
      <h2 id="walls-title">Walls</h2>
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
          As in the photo
        </Button>
      </div>
    </div>
  );
}

/** Asks the server how the photo is turned; the answer is one step that can be undone. */
function Verticals({ editor, imageId }: { editor: Editor; imageId: string }) {
  const { draft } = editor;
  const turning = useMutation({
    meta: { silent: true },
    mutationFn: ({ camera, room, straightenedFrom }: Draft) => {
      const straightened = { from: straightenedFrom };
      return scenes.straighten(imageId, { straighten: !straightenedFrom, camera, room, straightened });
    },
    onSuccess: editor.straighten,
  });
  const error = turning.error ? asApiError(turning.error) : null;
  return (
    <div className={classes.block}>
      <h2>Photo</h2>
      <Switch
        checked={draft.straightenedFrom !== null}
        disabled={!draft.isSolved}
        // Not switched off meanwhile: it would lose the focus.
        aria-busy={turning.isPending}
        onChange={() => turning.isPending || turning.mutate(draft)}
        label="Straighten verticals"
        description="Turns a tilted photo level, so that walls stand upright. The edge of the photo is lost."
      />
      {error && (
        <p className={classes.warning} role="alert">
          <IconAlertTriangle size={18} aria-hidden />
          <span>{error.fields[0]?.message ?? error.message}</span>
        </p>
      )}
    </div>
  );
}
