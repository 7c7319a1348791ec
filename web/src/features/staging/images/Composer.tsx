/** The panel that furnishes: which room, which styles, and one button that says what it will do. */
import {
  Button,
  Collapse,
  ColorInput,
  NativeSelect,
  Skeleton,
  Switch,
  Textarea,
  UnstyledButton,
} from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconAdjustmentsHorizontal, IconArmchair } from "@tabler/icons-react";
import type { PhotoGroup, StagingOptions } from "../../../api";
import { plural } from "../../../lib/format";
import { floorLabel, PAINTS } from "../scenes/surfaces";
import classes from "./Composer.module.css";
import { RoomPicker, StylePicker } from "./Pickers";
import { countOf, PROMPT_MIN, planLabel, planStaging, type StagingPlan, type StagingSettings } from "./plan";
import { canPaint, canStraighten, engineOf, floorsOf, roomsOf, useParallel } from "./useStaging";

type Props = {
  projectId: string;
  groups: readonly PhotoGroup[];
  options: StagingOptions | undefined;
  settings: StagingSettings;
  onChange: (patch: Partial<StagingSettings>) => void;
  selected: ReadonlySet<string>;
  isBusy: boolean;
  onFurnish: (plan: StagingPlan) => void;
};

export function Composer(props: Props) {
  const { options, settings, onChange } = props;
  const [isMore, more] = useDisclosure(false);
  const parallel = useParallel();
  if (!options) return <Skeleton h={260} radius="lg" />;

  const engine = engineOf(options, settings);
  const plan = planStaging(props.projectId, props.groups, settings, props.selected);
  const photos = props.groups
    .map((group) => group.original)
    .filter((original) => original.status !== "rejected");
  const exceptions = Object.keys(settings.photos).length;

  return (
    <section className={classes.panel} aria-labelledby="furnish-title">
      <div className={classes.rows}>
        <h2 id="furnish-title" className={classes.hidden}>
          Furnish
        </h2>
        <div>
          <h3 className={classes.label}>Room</h3>
          <RoomPicker
            label="Room for all photos"
            rooms={roomsOf(options, settings)}
            value={settings.room}
            onChange={(room) => onChange({ room })}
          />
        </div>
        <div>
          <h3 className={classes.label}>
            Styles <span>pick several to compare</span>
          </h3>
          <StylePicker
            label="Styles for all photos"
            styles={options.styles}
            value={settings.styles}
            onChange={(styles) => onChange({ styles })}
          />
        </div>
        <Collapse expanded={isMore}>
          <div className={classes.more}>
            {options.engines.length > 1 && (
              <NativeSelect
                label="Engine"
                value={settings.engine ?? options.defaults.engine}
                onChange={(event) => onChange({ engine: event.currentTarget.value })}
                data={options.engines.map((one) => ({
                  value: one.id,
                  label: one.available ? one.label : `${one.label} (${one.reason ?? "not available"})`,
                  disabled: !one.available,
                }))}
              />
            )}
            {floorsOf(options, settings).length > 0 && (
              <NativeSelect
                label="Floor"
                description="A new covering in the photo’s own light."
                value={settings.floor ?? ""}
                onChange={(event) => onChange({ floor: event.currentTarget.value || null })}
                data={[
                  { value: "", label: "As in the photo" },
                  ...floorsOf(options, settings).map((floor) => ({
                    value: floor,
                    label: floorLabel(floor),
                  })),
                ]}
              />
            )}
            {canPaint(options, settings) && (
              <ColorInput
                label="Walls"
                description="Paint for all walls; empty leaves them as they are."
                placeholder="As in the photo"
                format="hex"
                eyeDropperButtonProps={{ "aria-label": "Pick a colour from the screen" }}
                swatches={PAINTS.map(([, value]) => value)}
                value={settings.walls ?? ""}
                onChange={(walls) => onChange({ walls: walls || null })}
              />
            )}
            {canStraighten(options, settings) && (
              <Switch
                checked={settings.straighten}
                onChange={(event) => onChange({ straighten: event.currentTarget.checked })}
                label="Straighten verticals"
                description="Turns tilted photos level, so that walls stand upright."
              />
            )}
            {photos.length > 1 && (
              <NativeSelect
                label="Same room as"
                description="The other photos show this room too, and get the furniture chosen for it."
                value={photos.some((one) => one.id === settings.sameAs) ? (settings.sameAs ?? "") : ""}
                onChange={(event) => onChange({ sameAs: event.currentTarget.value || null })}
                data={[
                  { value: "", label: "Every photo is a room of its own" },
                  ...photos.map((one) => ({ value: one.id, label: one.filename })),
                ]}
              />
            )}
            <Textarea
              label="Wishes"
              description="Optional, for engines that read text."
              placeholder="A reading corner by the window, plants, no television"
              autosize
              minRows={2}
              maxLength={2000}
              value={settings.prompt}
              onChange={(event) => onChange({ prompt: event.currentTarget.value })}
              error={
                settings.prompt.trim().length > 0 && settings.prompt.trim().length < PROMPT_MIN
                  ? `Write at least ${PROMPT_MIN} characters, or leave it empty.`
                  : undefined
              }
            />
          </div>
        </Collapse>
      </div>
      <div className={classes.go}>
        <UnstyledButton className={classes.moreButton} onClick={more.toggle} aria-expanded={isMore}>
          <IconAdjustmentsHorizontal size={18} aria-hidden /> {isMore ? "Fewer options" : "More options"}
        </UnstyledButton>
        {exceptions > 0 && (
          <span className={classes.note}>{plural(exceptions, "photo has", "photos have")} own settings</span>
        )}
        <Button
          size="md"
          className={classes.button}
          leftSection={<IconArmchair size={20} aria-hidden />}
          disabled={countOf(plan) === 0}
          loading={props.isBusy}
          onClick={() => props.onFurnish(plan)}
        >
          {countOf(plan) > 0 ? planLabel(plan, engine, parallel) : nothingToDo(photos.length, settings)}
        </Button>
      </div>
    </section>
  );
}

function nothingToDo(photos: number, settings: StagingSettings): string {
  if (photos === 0) return "Add a photo first";
  return settings.styles.length === 0 ? "Pick a style" : "All photos have these styles";
}
