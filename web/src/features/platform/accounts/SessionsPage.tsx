import { ActionIcon, Button, Skeleton, TextInput, Tooltip } from "@mantine/core";
import {
  IconArrowLeft,
  IconCheck,
  IconDeviceDesktop,
  IconDeviceMobile,
  IconPencil,
  IconX,
} from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { accounts, type Session } from "../../../api";
import { keys } from "../../../app/keys";
import { deviceName } from "../../../lib/device";
import { ago, plural } from "../../../lib/format";
import { useTitle } from "../../../lib/useTitle";
import { ErrorState, toasts } from "../../../ui";
import classes from "./SessionsPage.module.css";

export function SessionsPage() {
  useTitle("Devices");
  const client = useQueryClient();
  const list = useQuery({ queryKey: keys.sessions, queryFn: accounts.sessions });
  const refresh = () => client.invalidateQueries({ queryKey: keys.sessions });
  const revokeOthers = useMutation({
    mutationFn: accounts.revokeOtherSessions,
    onSuccess: ({ revoked }) => {
      toasts.show({ tone: "good", text: `Signed out ${plural(revoked, "other device")}.` });
      void refresh();
    },
  });
  const items = [...(list.data?.items ?? [])].sort((a, b) => Number(b.is_current) - Number(a.is_current));

  return (
    <div className={classes.page}>
      <Link to="/account" className={classes.back}>
        <IconArrowLeft size={17} aria-hidden /> Account
      </Link>
      <div className={classes.head}>
        <div>
          <h1>Devices</h1>
          <p className={classes.lead}>Everywhere you are signed in. Sign out what you do not recognise.</p>
        </div>
        {items.length > 1 && (
          <Button variant="default" loading={revokeOthers.isPending} onClick={() => revokeOthers.mutate()}>
            Sign out all others
          </Button>
        )}
      </div>
      {list.isPending && [1, 2, 3].map((n) => <Skeleton key={n} h={86} radius="lg" />)}
      {list.isError && <ErrorState error={list.error} onRetry={() => void list.refetch()} />}
      <ul className={classes.list}>
        {items.map((session) => (
          <SessionRow key={session.id} session={session} onChanged={refresh} />
        ))}
      </ul>
    </div>
  );
}

function SessionRow({ session, onChanged }: { session: Session; onChanged: () => void }) {
  const device = deviceName(session.user_agent);
  const label = session.device_label || device;
  const [draft, setDraft] = useState<string | null>(null);
  const rename = useMutation({
    mutationFn: (name: string) => accounts.renameSession(session.id, name),
    onSuccess: () => {
      setDraft(null);
      onChanged();
    },
  });
  const revoke = useMutation({ mutationFn: () => accounts.revokeSession(session.id), onSettled: onChanged });
  const Icon = /iPhone|Android/.test(device) ? IconDeviceMobile : IconDeviceDesktop;

  return (
    <li className={classes.row}>
      <span className={classes.icon}>
        <Icon size={24} stroke={1.6} aria-hidden />
      </span>
      <div className={classes.body}>
        {draft === null ? (
          <div className={classes.name}>
            <span>{label}</span>
            {session.is_current && <span className={classes.current}>This device</span>}
            <Tooltip label="Rename">
              <ActionIcon size="sm" aria-label={`Rename ${label}`} onClick={() => setDraft(label)}>
                <IconPencil size={16} />
              </ActionIcon>
            </Tooltip>
          </div>
        ) : (
          <form
            className={classes.rename}
            onSubmit={(event) => {
              event.preventDefault();
              if (draft.trim()) rename.mutate(draft.trim());
            }}
          >
            <TextInput
              size="sm"
              aria-label="Name of this device"
              autoFocus
              maxLength={100}
              value={draft}
              onChange={(event) => setDraft(event.currentTarget.value)}
              onKeyDown={(event) => event.key === "Escape" && setDraft(null)}
            />
            <ActionIcon type="submit" aria-label="Save name" loading={rename.isPending}>
              <IconCheck size={18} />
            </ActionIcon>
            <ActionIcon aria-label="Keep the old name" onClick={() => setDraft(null)}>
              <IconX size={18} />
            </ActionIcon>
          </form>
        )}
        <div className={classes.detail}>
          {[
            device !== label && device,
            session.ip,
            `used ${ago(session.last_used_at)}`,
            `since ${ago(session.created_at)}`,
          ]
            .filter(Boolean)
            .join(" · ")}
        </div>
      </div>
      {!session.is_current && (
        <Button
          variant="subtle"
          color="brick"
          size="sm"
          loading={revoke.isPending}
          aria-label={`Sign out ${label}`}
          onClick={() => revoke.mutate()}
        >
          Sign out
        </Button>
      )}
    </li>
  );
}
