import { Autocomplete, Button, Skeleton, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { accounts, asApiError, type Me, type Profile, person, session } from "../../../api";
import { keys } from "../../../app/keys";
import { ErrorState, toasts } from "../../../ui";
import cards from "./AccountPage.module.css";
import classes from "./AuthForm.module.css";
import { FormAlert } from "./FormAlert";

/** Name, language of dates, time zone; the address is shown, and whether it was confirmed. */
export function ProfileCard({ me }: { me: Me | undefined }) {
  const profile = useQuery({ queryKey: keys.profile, queryFn: person.profile });
  return (
    <section className={cards.card} aria-labelledby="who">
      <h2 id="who">Profile</h2>
      {profile.isError && <ErrorState error={profile.error} onRetry={() => void profile.refetch()} />}
      {profile.isPending && <Skeleton h={220} />}
      {profile.data && (
        <>
          <Address profile={profile.data} isOperator={me?.user.is_operator ?? false} />
          <ProfileForm key={profile.data.id} profile={profile.data} />
        </>
      )}
    </section>
  );
}

function Address({ profile, isOperator }: { profile: Profile; isOperator: boolean }) {
  return (
    <dl className={cards.facts}>
      <dt>E-mail</dt>
      <dd>
        {profile.email} {!profile.email_verified && <Unverified email={profile.email} />}
      </dd>
      {isOperator && (
        <>
          <dt>Role</dt>
          <dd>Operator of this installation</dd>
        </>
      )}
    </dl>
  );
}

function Unverified({ email }: { email: string }) {
  const ask = useMutation({ mutationFn: () => accounts.requestVerification(email) });
  if (ask.isSuccess) return <span role="status">A link is on its way.</span>;
  return (
    <>
      <span className={cards.tag}>not verified</span>{" "}
      <Button size="compact-sm" variant="subtle" loading={ask.isPending} onClick={() => ask.mutate()}>
        Send the link again
      </Button>
    </>
  );
}

const ZONES: string[] = Intl.supportedValuesOf?.("timeZone") ?? [];
const LOCALES = ["en-GB", "en-US", "de-DE", "es-ES", "fr-FR", "it-IT", "nl-NL", "pt-PT"];

function ProfileForm({ profile }: { profile: Profile }) {
  const client = useQueryClient();
  const [name, setName] = useState(profile.full_name);
  const [locale, setLocale] = useState(profile.locale ?? "");
  const [zone, setZone] = useState(profile.timezone ?? "");
  const save = useMutation({
    mutationFn: () =>
      person.setProfile({ full_name: name, locale: locale.trim() || null, timezone: zone.trim() || null }),
    meta: { silent: true },
    onSuccess: (now) => {
      client.setQueryData(keys.profile, now);
      session.rename(now.full_name);
      void client.invalidateQueries({ queryKey: keys.me });
      toasts.show({ tone: "good", text: "Your profile was saved." });
    },
  });
  const problem = save.error ? asApiError(save.error) : null;
  const isSame =
    name === profile.full_name && locale === (profile.locale ?? "") && zone === (profile.timezone ?? "");
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <FormAlert problem={problem && problem.fields.length === 0 ? problem : null} />
      <TextInput
        label="Name"
        autoComplete="name"
        maxLength={100}
        value={name}
        error={problem?.field("full_name")}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Autocomplete
        label="Region"
        size="md"
        description="How dates and numbers are written; empty follows the browser."
        data={LOCALES}
        value={locale}
        error={problem?.field("locale")}
        onChange={setLocale}
      />
      <Autocomplete
        label="Time zone"
        size="md"
        description="Empty follows the browser."
        limit={20}
        data={ZONES}
        value={zone}
        error={problem?.field("timezone")}
        onChange={setZone}
      />
      <div>
        <Button type="submit" variant="default" loading={save.isPending} disabled={isSame || !name.trim()}>
          Save the profile
        </Button>
      </div>
    </form>
  );
}
