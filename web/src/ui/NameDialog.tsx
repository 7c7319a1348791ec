import { Button, Modal, TextInput } from "@mantine/core";
import { useEffect, useState } from "react";
import { asApiError } from "../api";
import classes from "./NameDialog.module.css";

type Props = {
  isOpen: boolean;
  title: string;
  action: string;
  initial?: string;
  placeholder?: string;
  error: unknown;
  isBusy: boolean;
  onClose: () => void;
  onSubmit: (name: string) => void;
};

/** Asks for a name; used to create and to rename. */
export function NameDialog(props: Props) {
  const [name, setName] = useState(props.initial ?? "");
  const [isTouched, setTouched] = useState(false);
  useEffect(() => {
    if (!props.isOpen) return;
    setName(props.initial ?? "");
    setTouched(false);
  }, [props.isOpen, props.initial]);
  const problem = props.error ? asApiError(props.error) : null;
  const isEmpty = name.trim().length === 0;

  return (
    <Modal
      opened={props.isOpen}
      onClose={props.onClose}
      title={props.title}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          setTouched(true);
          if (!isEmpty) props.onSubmit(name.trim());
        }}
      >
        <TextInput
          label="Name"
          placeholder={props.placeholder}
          data-autofocus
          maxLength={100}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={isTouched && isEmpty ? "Enter a name." : (problem?.field("name") ?? problem?.message)}
        />
        <div className={classes.actions}>
          <Button variant="default" onClick={props.onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={props.isBusy}>
            {props.action}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
