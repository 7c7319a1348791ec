import { SegmentedControl, Select, Skeleton, Switch } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type Preferences, staging } from "../../../api";
import { keys } from "../../../app/keys";
import { ErrorState } from "../../../ui";
import cards from "./AccountPage.module.css";
import classes from "./AuthForm.module.css";
import { useAppearance, usePreferences, useSetPreferences } from "./usePreferences";

/** Each change is kept at once. */
export function PreferencesCard() {
  const preferences = usePreferences();
  return (
    <section className={cards.card} aria-labelledby="preferences">
      <h2 id="preferences">Preferences</h2>
      {preferences.isError && (
        <ErrorState error={preferences.error} onRetry={() => void preferences.refetch()} />
      )}
      {preferences.isPending && <Skeleton h={260} />}
      {preferences.data && <Choices now={preferences.data} />}
    </section>
  );
}

function Choices({ now }: { now: Preferences }) {
  const { theme, setTheme } = useAppearance();
  const save = useSetPreferences();
  const options = useQuery({ queryKey: keys.options, queryFn: staging.options, staleTime: 5 * 60_000 });
  const named = (list: { id: string; label: string }[] | undefined) =>
    (list ?? []).map(({ id, label }) => ({ value: id, label }));
  return (
    <div className={classes.form}>
      <div>
        <p id="theme">Colours</p>
        <SegmentedControl
          aria-labelledby="theme"
          value={theme}
          onChange={(value) => setTheme(value as Preferences["theme"])}
          data={[
            { value: "light", label: "Light" },
            { value: "dark", label: "Dark" },
            { value: "auto", label: "System" },
          ]}
        />
      </div>
      <div>
        <p id="units">Lengths</p>
        <SegmentedControl
          aria-labelledby="units"
          value={now.units}
          onChange={(value) => save.mutate({ units: value as Preferences["units"] })}
          data={[
            { value: "metric", label: "Metres" },
            { value: "imperial", label: "Feet" },
          ]}
        />
      </div>
      <Select
        label="Style to begin with"
        size="md"
        clearable
        placeholder="The installation's"
        data={named(options.data?.styles)}
        value={now.default_style ?? null}
        onChange={(default_style) => save.mutate({ default_style })}
      />
      <Select
        label="Room to begin with"
        size="md"
        clearable
        placeholder="The engine decides"
        data={named(options.data?.room_types)}
        value={now.default_room ?? null}
        onChange={(default_room) => save.mutate({ default_room })}
      />
      <Switch
        label="Less movement"
        description="No animations on these pages, whatever the system says."
        checked={now.reduced_motion}
        onChange={(event) => save.mutate({ reduced_motion: event.currentTarget.checked })}
      />
    </div>
  );
}
