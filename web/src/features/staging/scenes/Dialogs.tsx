/** Questions before something is lost. */
import { Button, Modal } from "@mantine/core";
import { useBlocker } from "@tanstack/react-router";
import classes from "./Editor.module.css";

export function LeaveDialog({ isDirty }: { isDirty: boolean }) {
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => isDirty && current.pathname !== next.pathname,
    enableBeforeUnload: () => isDirty,
    withResolver: true,
  });
  return (
    <Question
      isOpen={blocker.status === "blocked"}
      title="Leave without saving?"
      text="What you moved since the last save is lost."
      onClose={() => blocker.reset?.()}
      stay="Stay"
    >
      <Button color="brick" onClick={() => blocker.proceed?.()}>
        Leave
      </Button>
    </Question>
  );
}

export function ConflictDialog(props: {
  isOpen: boolean;
  onReload: () => void;
  onKeep: () => void;
  onClose: () => void;
}) {
  return (
    <Question
      isOpen={props.isOpen}
      title="Someone else changed this room"
      text="Another version was saved while you were working. Load it, or save yours as the newest; theirs stays among the versions."
      onClose={props.onClose}
      stay="Not now"
    >
      <Button variant="default" onClick={props.onReload}>
        Load theirs
      </Button>
      <Button onClick={props.onKeep}>Save mine</Button>
    </Question>
  );
}

export function RestoreDialog(props: {
  version: number | null;
  onRestore: (version: number) => void;
  onClose: () => void;
}) {
  const { version } = props;
  return (
    <Question
      isOpen={version !== null}
      title={`Return to version ${version}?`}
      text="What you moved since the last save is lost."
      onClose={props.onClose}
      stay="Keep working"
    >
      <Button color="brick" onClick={() => version !== null && props.onRestore(version)}>
        Restore
      </Button>
    </Question>
  );
}

function Question(props: {
  isOpen: boolean;
  title: string;
  text: string;
  stay: string;
  onClose: () => void;
  children: React.ReactNode;
}) {
  return (
    <Modal
      opened={props.isOpen}
      onClose={props.onClose}
      title={props.title}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <p className={classes.dialogText}>{props.text}</p>
      <div className={classes.dialogActions}>
        <Button variant="default" onClick={props.onClose} data-autofocus>
          {props.stay}
        </Button>
        {props.children}
      </div>
    </Modal>
  );
}
