import { ActionIcon, Button, Modal, Skeleton, Tooltip } from "@mantine/core";
import { IconKey, IconPencil, IconTrash } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { asApiError, type Passkey, passkeys } from "../../../../api";
import { keys } from "../../../../app/keys";
import { deviceName } from "../../../../lib/device";
import { ago } from "../../../../lib/format";
import { isPasskeySupported, PasskeyCanceled } from "../../../../lib/webauthn";
import { ErrorState, NameDialog } from "../../../../ui";
import { toasts } from "../../../../ui/toasts";
import cards from "../AccountPage.module.css";
import { FormAlert } from "../FormAlert";
import sessions from "../SessionsPage.module.css";
import classes from "./Security.module.css";

export function PasskeysCard() {
  const client = useQueryClient();
  const list = useQuery({ queryKey: keys.passkeys, queryFn: passkeys.list });
  const [renaming, setRenaming] = useState<Passkey | null>(null);
  const [removing, setRemoving] = useState<Passkey | null>(null);
  const refresh = () => client.invalidateQueries({ queryKey: keys.passkeys });
  const add = useMutation({
    mutationFn: () => passkeys.add(deviceName(navigator.userAgent)),
    meta: { silent: true },
    onSuccess: (made) => {
      toasts.show({ tone: "good", text: "The passkey was added." });
      setRenaming(made);
      void refresh();
    },
  });
  const rename = useMutation({
    mutationFn: ({ id, name }: Passkey) => passkeys.rename(id, name),
    meta: { silent: true },
    onSuccess: () => {
      setRenaming(null);
      void refresh();
    },
  });
  const remove = useMutation({
    mutationFn: ({ id }: Passkey) => passkeys.remove(id),
    onSuccess: () => setRemoving(null),
    onSettled: refresh,
  });
  const items = list.data?.items ?? [];
  const isProblem = add.error && !(add.error instanceof PasskeyCanceled);

  return (
    <section className={cards.card} aria-labelledby="passkeys">
      <h2 id="passkeys">Passkeys</h2>
      <p className={classes.note}>
        Sign in with your finger, your face or the code of your device. A passkey cannot be guessed or given
        away, and asks for no second step.
      </p>
      {list.isPending && <Skeleton h={56} mb={16} />}
      {list.isError && <ErrorState error={list.error} onRetry={() => void list.refetch()} />}
      {items.length > 0 && (
        <ul className={classes.list}>
          {items.map((one) => (
            <li key={one.id} className={classes.key}>
              <IconKey size={22} stroke={1.6} aria-hidden />
              <div className={sessions.body}>
                <div className={sessions.name}>{one.name}</div>
                <div className={sessions.detail}>
                  added {ago(one.created_at)} ·{" "}
                  {one.last_used_at ? `used ${ago(one.last_used_at)}` : "not used yet"}
                </div>
              </div>
              <Tooltip label="Rename">
                <ActionIcon aria-label={`Rename ${one.name}`} onClick={() => setRenaming(one)}>
                  <IconPencil size={18} />
                </ActionIcon>
              </Tooltip>
              <Tooltip label="Remove">
                <ActionIcon color="brick" aria-label={`Remove ${one.name}`} onClick={() => setRemoving(one)}>
                  <IconTrash size={18} />
                </ActionIcon>
              </Tooltip>
            </li>
          ))}
        </ul>
      )}
      {list.data && items.length === 0 && <p className={classes.note}>You have none yet.</p>}
      <FormAlert problem={isProblem ? asApiError(add.error) : null} />
      {isPasskeySupported() ? (
        <Button variant="default" loading={add.isPending} onClick={() => add.mutate()}>
          Add a passkey
        </Button>
      ) : (
        <p className={cards.note}>This browser cannot make passkeys here. They need https, or localhost.</p>
      )}
      <NameDialog
        isOpen={renaming !== null}
        title="Name of the passkey"
        action="Save"
        initial={renaming?.name}
        error={rename.error}
        isBusy={rename.isPending}
        onClose={() => setRenaming(null)}
        onSubmit={(name) => renaming && rename.mutate({ ...renaming, name })}
      />
      <Modal
        opened={removing !== null}
        onClose={() => setRemoving(null)}
        title={`Remove “${removing?.name ?? ""}”?`}
        closeButtonProps={{ "aria-label": "Close" }}
      >
        <p className={classes.note}>
          It cannot sign in any more. Delete it in your device’s own list of passkeys as well.
        </p>
        <div className={classes.actions}>
          <Button variant="default" onClick={() => setRemoving(null)}>
            Cancel
          </Button>
          <Button
            color="brick"
            loading={remove.isPending}
            onClick={() => removing && remove.mutate(removing)}
          >
            Remove
          </Button>
        </div>
      </Modal>
    </section>
  );
}
