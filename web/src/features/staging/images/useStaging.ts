/** The server's staging options, and a project's own settings kept in this browser. */
import { useLocalStorage } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";
import { billing, type Preferences, type StagingOptions, staging } from "../../../api";
import { keys } from "../../../app/keys";
import { humanize } from "../../../lib/format";
import { usePreferences } from "../../platform/accounts/usePreferences";
import { useUsage } from "../../platform/billing/QuotaBar";
import { NO_SETTINGS, type PhotoSettings, type StagingSettings } from "./plan";

export function useOptions() {
  return useQuery({ queryKey: keys.options, queryFn: staging.options, staleTime: 5 * 60_000 });
}

/** How many stagings of this plan run side by side. */
export function useParallel(): number {
  const usage = useUsage();
  const plans = useQuery({ queryKey: keys.plans, queryFn: billing.plans, staleTime: 30 * 60_000 });
  const plan = plans.data?.items.find((one) => one.code === usage.data?.plan.code);
  return plan?.concurrency ?? 1;
}

export function useSettings(projectId: string, options: StagingOptions | undefined) {
  const [stored, setStored] = useLocalStorage<StagingSettings>({
    key: `vitrine-staging-${projectId}`,
    defaultValue: NO_SETTINGS,
    getInitialValueInEffect: false,
  });
  // Stored choices may name what the server no longer offers.
  const preferred = usePreferences().data;
  const settings = useMemo(() => cleaned(stored, options, preferred), [stored, options, preferred]);
  const change = useCallback(
    (patch: Partial<StagingSettings>) => setStored((old) => ({ ...old, ...patch })),
    [setStored],
  );
  const changePhoto = useCallback(
    (originalId: string, patch: PhotoSettings | null) =>
      setStored((old) => {
        const photos = { ...old.photos };
        if (patch === null) delete photos[originalId];
        else photos[originalId] = { ...photos[originalId], ...patch };
        return { ...old, photos };
      }),
    [setStored],
  );
  return { settings, change, changePhoto };
}

function cleaned(
  stored: StagingSettings,
  options: StagingOptions | undefined,
  preferred: Preferences | undefined,
): StagingSettings {
  const settings = { ...NO_SETTINGS, ...stored };
  if (!options) return settings;
  // What a person always begins with, until they choose something else for this project.
  const first = [preferred?.default_style, options.defaults.style].filter((style) => style != null);
  const room = roomsOf(options, settings).find((one) => one.id === preferred?.default_room);
  if (stored === NO_SETTINGS && room) settings.room = room.id;
  const styles = new Set(options.styles.map((style) => style.id));
  const known = settings.styles.filter((style) => styles.has(style));
  const engine = options.engines.find((one) => one.id === settings.engine && one.available);
  return {
    ...settings,
    styles: known.length > 0 ? known : first.filter((style) => styles.has(style)).slice(0, 1),
    engine: engine?.id ?? null,
    // Another engine may not know these; then they must not be sent.
    floor: floorsOf(options, settings).includes(settings.floor ?? "") ? settings.floor : null,
    walls: canPaint(options, settings) ? settings.walls : null,
    straighten: settings.straighten && canStraighten(options, settings),
  };
}

type OptionSchema = { properties?: Record<string, { enum?: (string | null)[] }> };

const optionsOf = (options: StagingOptions | undefined, settings: StagingSettings) =>
  (engineOf(options, settings)?.parameters as OptionSchema | undefined)?.properties ?? {};

/** Floor coverings the engine can lay. */
export function floorsOf(options: StagingOptions | undefined, settings: StagingSettings): string[] {
  return optionsOf(options, settings).floor?.enum?.filter((one) => one !== null) ?? [];
}

/** Whether the engine can paint walls. */
export function canPaint(options: StagingOptions | undefined, settings: StagingSettings): boolean {
  return optionsOf(options, settings).walls !== undefined;
}

/** Whether the engine can turn tilted photos level. */
export function canStraighten(options: StagingOptions | undefined, settings: StagingSettings): boolean {
  return optionsOf(options, settings).straighten !== undefined;
}

export function engineOf(options: StagingOptions | undefined, settings: StagingSettings) {
  const id = settings.engine ?? options?.defaults.engine;
  return options?.engines.find((engine) => engine.id === id);
}

export function roomsOf(options: StagingOptions | undefined, settings: StagingSettings) {
  const can = engineOf(options, settings)?.room_types;
  return options?.room_types.filter((room) => !can || can.includes(room.id)) ?? [];
}

export function labelOf(list: { id: string; label: string }[] | undefined, id: string | null): string {
  if (id === null) return "Automatic";
  return list?.find((one) => one.id === id)?.label ?? humanize(id);
}
