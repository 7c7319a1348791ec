import { Button, Modal, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { asApiError, workspaces } from "../../../api";
import { FormAlert } from "../accounts/FormAlert";
import { switchTo } from "./useWorkspaces";
import classes from "./Workspaces.module.css";

export function NewWorkspaceDialog({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const [name, setName] = useState("");
  const make = useMutation({
    mutationFn: () => workspaces.create(name.trim()),
    meta: { silent: true },
    onSuccess: switchTo,
  });
  const problem = make.error ? asApiError(make.error) : null;
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title="New workspace"
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim()) make.mutate();
        }}
      >
        <FormAlert problem={problem && problem.fields.length === 0 ? problem : null} />
        <TextInput
          label="Name"
          description="For rooms and photos that several people work on."
          data-autofocus
          required
          withAsterisk={false}
          maxLength={100}
          value={name}
          error={problem?.field("name")}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <div className={classes.actions}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={make.isPending} disabled={!name.trim()}>
            Make the workspace
          </Button>
        </div>
      </form>
    </Modal>
  );
}
