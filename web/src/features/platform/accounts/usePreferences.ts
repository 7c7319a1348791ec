/** What a person set for their pages, kept with the account, so that every device looks the same. */
import { useMantineColorScheme } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { type Preferences, person } from "../../../api";
import { keys } from "../../../app/keys";
import { setUnits } from "../../../lib/lengths";

export function usePreferences() {
  return useQuery({ queryKey: keys.preferences, queryFn: person.preferences, staleTime: 5 * 60_000 });
}

/** Shows a change at once and keeps it; one that the server refuses is taken back. */
export function useSetPreferences() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: person.setPreferences,
    onMutate: (change: Partial<Preferences>) => {
      const before = client.getQueryData<Preferences>(keys.preferences);
      if (before) client.setQueryData(keys.preferences, { ...before, ...change });
      return { before };
    },
    onSuccess: (now) => client.setQueryData(keys.preferences, now),
    onError: (_error, _change, context) => client.setQueryData(keys.preferences, context?.before),
  });
}

/** The colour scheme of this page, and a setter that also keeps it with the account. */
export function useAppearance() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const save = useSetPreferences();
  return {
    theme: colorScheme,
    setTheme: (theme: Preferences["theme"]) => {
      setColorScheme(theme);
      save.mutate({ theme });
    },
  };
}

/** Makes the page look as the account says, whichever device it was said on. */
export function usePreferencesOnPage(): void {
  const { data } = usePreferences();
  const { setColorScheme } = useMantineColorScheme();
  const theme = data?.theme;
  const isCalm = data?.reduced_motion ?? false;
  const language = data?.language;
  useEffect(() => {
    if (theme) setColorScheme(theme);
  }, [theme, setColorScheme]);
  useEffect(() => {
    document.documentElement.toggleAttribute("data-calm", isCalm);
  }, [isCalm]);
  const units = data?.units;
  useEffect(() => {
    if (units) setUnits(units);
  }, [units]);
  useEffect(() => {
    if (language) document.documentElement.lang = language;
  }, [language]);
}
