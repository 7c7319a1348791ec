import { Button, Modal, Skeleton } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconArrowLeft, IconKey, IconPlus } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { type ApiKey, apiKeys } from "../../../api";
import { keys } from "../../../app/keys";
import { useUser } from "../../../app/session";
import { ago, day } from "../../../lib/format";
import { useTitle } from "../../../lib/useTitle";
import { ErrorState } from "../../../ui";
import sessions from "../accounts/SessionsPage.module.css";
import classes from "../workspaces/Workspaces.module.css";
import { NewKeyDialog, SCOPES } from "./NewKeyDialog";

export function ApiKeysPage() {
  useTitle("API keys");
  const list = useQuery({ queryKey: keys.apiKeys, queryFn: apiKeys.list });
  const [isMaking, dialog] = useDisclosure(false);
  return (
    <div className={sessions.page}>
      <Link to="/account" className={sessions.back}>
        <IconArrowLeft size={17} aria-hidden /> Account
      </Link>
      <div className={sessions.head}>
        <div>
          <h1>API keys</h1>
          <p className={sessions.lead}>
            For programs that work in this workspace for you. A key never does more than you may.
          </p>
        </div>
        <Button leftSection={<IconPlus size={18} />} onClick={dialog.open}>
          New key
        </Button>
      </div>
      {list.isPending && [1, 2].map((n) => <Skeleton key={n} h={86} radius="lg" />)}
      {list.isError && <ErrorState error={list.error} onRetry={() => void list.refetch()} />}
      {list.data?.items.length === 0 && (
        <p className={classes.card}>No keys yet. Programs sign in with one instead of your password.</p>
      )}
      <ul className={sessions.list}>
        {list.data?.items.map((key) => (
          <KeyRow key={key.id} apiKey={key} />
        ))}
      </ul>
      <NewKeyDialog isOpen={isMaking} onClose={dialog.close} />
    </div>
  );
}

function KeyRow({ apiKey }: { apiKey: ApiKey }) {
  const client = useQueryClient();
  const user = useUser();
  const [isAsking, setAsking] = useState(false);
  const remove = useMutation({
    mutationFn: () => apiKeys.remove(apiKey.id),
    onSuccess: () => setAsking(false),
    onSettled: () => client.invalidateQueries({ queryKey: keys.apiKeys }),
  });
  const isOver = apiKey.expires_at != null && Date.parse(apiKey.expires_at) <= Date.now();
  const scopes = apiKey.scopes.map((scope) => SCOPES.find((one) => one.value === scope)?.label ?? scope);
  return (
    <li className={sessions.row}>
      <span className={sessions.icon}>
        <IconKey size={24} stroke={1.6} aria-hidden />
      </span>
      <div className={sessions.body}>
        <div className={sessions.name}>
          <span>{apiKey.name}</span>
          {isOver && <span className={`${classes.tag} ${classes.late}`}>Expired</span>}
        </div>
        <div className={sessions.detail}>
          {[
            `${apiKey.prefix}…`,
            scopes.join(", "),
            apiKey.account_id !== user?.id && apiKey.account_name,
            apiKey.last_used_at ? `used ${ago(apiKey.last_used_at)}` : "never used",
            apiKey.expires_at && !isOver && `until ${day(apiKey.expires_at)}`,
          ]
            .filter(Boolean)
            .join(" · ")}
        </div>
      </div>
      <Button
        variant="subtle"
        color="brick"
        size="sm"
        aria-label={`Delete ${apiKey.name}`}
        onClick={() => setAsking(true)}
      >
        Delete
      </Button>
      <Modal
        opened={isAsking}
        onClose={() => setAsking(false)}
        title={`Delete ${apiKey.name}?`}
        closeButtonProps={{ "aria-label": "Close" }}
      >
        <div className={classes.form}>
          <p>Programs that use it are refused from then on. This cannot be undone.</p>
          <div className={classes.actions}>
            <Button variant="default" onClick={() => setAsking(false)}>
              Cancel
            </Button>
            <Button color="brick" loading={remove.isPending} onClick={() => remove.mutate()}>
              Delete the key
            </Button>
          </div>
        </div>
      </Modal>
    </li>
  );
}
