import { ActionIcon, Button, Modal, Skeleton, Tooltip } from "@mantine/core";
import { IconLinkOff, IconWorld } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { asApiError, elsewhere, type LinkedIdentity } from "../../../../api";
import { keys } from "../../../../app/keys";
import { ago } from "../../../../lib/format";
import { ErrorState } from "../../../../ui";
import { toasts } from "../../../../ui/toasts";
import cards from "../AccountPage.module.css";
import { FormAlert } from "../FormAlert";
import sessions from "../SessionsPage.module.css";
import classes from "./Security.module.css";

/** Other sign-in services that may open the account. Where there never was one, there is nothing to show. */
export function IdentitiesCard() {
  const client = useQueryClient();
  const list = useQuery({ queryKey: keys.identities, queryFn: elsewhere.identities });
  const offer = useQuery({ queryKey: keys.elsewhere, queryFn: elsewhere.offer, meta: { silent: true } });
  const [unlinking, setUnlinking] = useState<LinkedIdentity | null>(null);
  const unlink = useMutation({
    mutationFn: ({ id }: LinkedIdentity) => elsewhere.unlink(id),
    meta: { silent: true },
    onSuccess: () => {
      setUnlinking(null);
      toasts.show({ tone: "neutral", text: "It was unlinked." });
    },
    onSettled: () => client.invalidateQueries({ queryKey: keys.identities }),
  });
  const close = () => {
    setUnlinking(null);
    unlink.reset();
  };
  const items = list.data?.items ?? [];
  if (list.data && items.length === 0 && !offer.data?.is_offered) return null;
  return (
    <section className={cards.card} aria-labelledby="identities">
      <h2 id="identities">Other sign-in services</h2>
      <p className={classes.note}>Whoever signs in there as one of these opens your account here.</p>
      {list.isPending && <Skeleton h={56} />}
      {list.isError && <ErrorState error={list.error} onRetry={() => void list.refetch()} />}
      {items.length > 0 && (
        <ul className={classes.list}>
          {items.map((one) => (
            <li key={one.id} className={classes.key}>
              <IconWorld size={22} stroke={1.6} aria-hidden />
              <div className={sessions.body}>
                <div className={sessions.name}>{one.name}</div>
                <div className={sessions.detail}>
                  linked {ago(one.created_at)}
                  {one.last_used_at && ` · tokens used ${ago(one.last_used_at)}`}
                  {!one.is_in_use && " · not used by this server any more"}
                </div>
              </div>
              <Tooltip label="Unlink">
                <ActionIcon color="brick" aria-label={`Unlink ${one.name}`} onClick={() => setUnlinking(one)}>
                  <IconLinkOff size={18} />
                </ActionIcon>
              </Tooltip>
            </li>
          ))}
        </ul>
      )}
      {list.data && items.length === 0 && (
        <p className={classes.note}>
          None is linked. Choose “Continue with {offer.data?.name}” when you sign in next to link it.
        </p>
      )}
      <Modal
        opened={unlinking !== null}
        onClose={close}
        title={`Unlink ${unlinking?.name ?? ""}?`}
        closeButtonProps={{ "aria-label": "Close" }}
      >
        <FormAlert problem={unlink.error ? asApiError(unlink.error) : null} />
        <p className={classes.note}>
          Its tokens open nothing here any more. Signing in there by hand with your e-mail address links it
          again.
        </p>
        <div className={classes.actions}>
          <Button variant="default" onClick={close}>
            Keep it
          </Button>
          <Button
            color="brick"
            loading={unlink.isPending}
            onClick={() => unlinking && unlink.mutate(unlinking)}
          >
            Unlink
          </Button>
        </div>
      </Modal>
    </section>
  );
}
