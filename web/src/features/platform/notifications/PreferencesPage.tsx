import { Alert, Button, Checkbox, NativeSelect, Select, Skeleton } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import {
  accounts,
  type Cadence,
  type KindPreference,
  type NotificationPreferences,
  notifications,
} from "../../../api";
import { keys } from "../../../app/keys";
import { ErrorState } from "../../../ui";
import { Frame } from "./Frame";
import classes from "./Notifications.module.css";
import { hourNames, timezones } from "./times";

const CADENCES: { value: Cadence; label: string }[] = [
  { value: "off", label: "No letters" },
  { value: "instant", label: "At once" },
  { value: "daily", label: "Daily digest" },
  { value: "weekly", label: "Weekly digest" },
];

/** Every kind a row, every channel a column. A change is saved at once. */
export function PreferencesPage() {
  const client = useQueryClient();
  const all = useQuery({ queryKey: keys.notificationPreferences, queryFn: notifications.preferences });
  const change = useMutation({
    mutationFn: notifications.changePreferences,
    onSuccess: (next) => client.setQueryData(keys.notificationPreferences, next),
    onError: () => void client.invalidateQueries({ queryKey: keys.notificationPreferences }),
  });
  const set = (kind: string, wish: { in_app?: boolean; email?: Cadence }) =>
    change.mutate({ kinds: [{ kind, ...wish }] });
  const digest = all.data?.digest;

  return (
    <Frame title="Preferences" lead="Where you are told what. Changes are saved at once.">
      {all.isPending && [1, 2, 3].map((n) => <Skeleton key={n} h={64} radius="lg" />)}
      {all.isError && <ErrorState error={all.error} onRetry={() => void all.refetch()} />}
      {all.data && <Address address={all.data.address} />}
      {all.data && (
        <table className={classes.matrix}>
          <caption className={classes.hidden}>Kinds of notifications and where they are told</caption>
          <thead>
            <tr>
              <th scope="col">Kind</th>
              <th scope="col">In the app</th>
              <th scope="col">By mail</th>
            </tr>
          </thead>
          <tbody>
            {all.data.kinds.map((kind) => (
              <Row key={kind.kind} kind={kind} onChange={(wish) => set(kind.kind, wish)} />
            ))}
          </tbody>
        </table>
      )}
      {digest && (
        <section className={classes.card} aria-labelledby="digest">
          <h2 id="digest">Digests</h2>
          <p className={classes.lead}>Daily ones come at this hour, weekly ones at this hour on Monday.</p>
          <div className={classes.fields}>
            <Select
              label="Time zone"
              searchable
              value={digest.timezone}
              data={timezones(digest.timezone)}
              onChange={(timezone) => timezone && change.mutate({ digest: { timezone } })}
            />
            <NativeSelect
              label="Hour"
              value={String(digest.hour)}
              data={hourNames()}
              onChange={(event) => change.mutate({ digest: { hour: Number(event.currentTarget.value) } })}
            />
          </div>
        </section>
      )}
      <span className={classes.hidden} role="status">
        {change.isSuccess && !change.isPending ? "Saved" : ""}
      </span>
    </Frame>
  );
}

function Row(props: {
  kind: KindPreference;
  onChange: (wish: { in_app?: boolean; email?: Cadence }) => void;
}) {
  const { kind, onChange } = props;
  return (
    <tr>
      <th scope="row">
        {kind.title}
        {kind.is_essential && (
          <span className={classes.always}>Always told, for the safety of your account</span>
        )}
      </th>
      <td>
        <Checkbox
          aria-label={`${kind.title}, in the app`}
          label={<span className={classes.phoneOnly}>In the app</span>}
          checked={kind.in_app}
          disabled={kind.is_essential}
          onChange={(event) => onChange({ in_app: event.currentTarget.checked })}
        />
      </td>
      <td>
        <NativeSelect
          aria-label={`${kind.title}, by mail`}
          value={kind.email}
          disabled={kind.is_essential}
          data={CADENCES}
          onChange={(event) => onChange({ email: event.currentTarget.value as Cadence })}
        />
      </td>
    </tr>
  );
}

/** Says when letters do not arrive, and what to do about it. */
function Address({ address }: { address: NotificationPreferences["address"] }) {
  const ask = useMutation({ mutationFn: () => accounts.requestVerification(address.email) });
  if (!address.refused_at && address.is_verified) return null;
  return (
    <Alert
      color="brick"
      icon={<IconAlertTriangle size={20} />}
      title={
        address.refused_at ? `Letters to ${address.email} came back` : `${address.email} is not confirmed`
      }
    >
      {address.refused_at
        ? "The mail server refused it, so only letters about the safety of your account are still tried. Confirm the address again to get the others."
        : "Until you confirm it, only letters about your account itself and answers to your tickets go there."}
      {address.refused_reason && <p className={classes.reason}>It said: {address.refused_reason}</p>}
      <p>
        {ask.isSuccess ? (
          <span role="status">A link is on its way.</span>
        ) : (
          <Button size="compact-sm" variant="default" loading={ask.isPending} onClick={() => ask.mutate()}>
            Send the link
          </Button>
        )}
      </p>
    </Alert>
  );
}
