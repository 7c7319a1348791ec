import { Button, Modal, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { asApiError, type Workspace, workspaces } from "../../../api";
import form from "../accounts/AuthForm.module.css";
import { FormAlert } from "../accounts/FormAlert";
import { ProofFields, useProof } from "../accounts/Proof";
import { switchTo, useWorkspaces } from "./useWorkspaces";
import classes from "./Workspaces.module.css";

/** The end of a shared workspace, for its owner. */
export function DeleteCard({ workspace }: { workspace: Workspace }) {
  const [isOpen, dialog] = useDisclosure(false);
  return (
    <section className={classes.card} aria-labelledby="delete">
      <h2 id="delete">Delete this workspace</h2>
      <p className={classes.note}>
        Everybody loses it at once, and its projects and photos are removed for good. There is no way back:
        take an archive along first.
      </p>
      <Button mt="sm" color="brick" variant="light" onClick={dialog.open}>
        Delete the workspace…
      </Button>
      <Modal
        opened={isOpen}
        onClose={dialog.close}
        title={`Delete “${workspace.name}”?`}
        closeButtonProps={{ "aria-label": "Close" }}
      >
        <DeleteForm workspace={workspace} onClose={dialog.close} />
      </Modal>
    </section>
  );
}

function DeleteForm({ workspace, onClose }: { workspace: Workspace; onClose: () => void }) {
  const [name, setName] = useState("");
  const proof = useProof();
  const personal = useWorkspaces().items.find((one) => one.is_personal);
  const remove = useMutation({
    mutationFn: () => workspaces.remove(workspace.id, proof.typed),
    meta: { silent: true },
    onSuccess: () => personal && switchTo(personal),
  });
  const problem = remove.error ? asApiError(remove.error) : null;
  const isNamed = name.trim() === workspace.name.trim();
  return (
    <form
      className={form.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (isNamed) remove.mutate();
      }}
    >
      <FormAlert problem={problem && problem.fields.length === 0 ? problem : null} />
      <TextInput
        label="Name of the workspace"
        description={`Type “${workspace.name}” to show that you mean it.`}
        data-autofocus
        autoComplete="off"
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <ProofFields proof={proof} problem={problem} />
      <div className={classes.actions}>
        <Button variant="default" onClick={onClose}>
          Keep it
        </Button>
        <Button type="submit" color="brick" loading={remove.isPending} disabled={!isNamed || !proof.isWhole}>
          Delete it for good
        </Button>
      </div>
    </form>
  );
}
