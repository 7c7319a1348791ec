import { Button, Modal, Radio, Textarea } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { asApiError, community, type FlagReason } from "../../../api";
import { toasts } from "../../../ui";
import { FormAlert } from "../../platform/accounts/FormAlert";
import classes from "../Hub.module.css";

export const REASONS: Record<FlagReason, string> = {
  spam: "Spam or advertising",
  abuse: "Insulting or threatening",
  off_topic: "Does not belong here",
  illegal: "Against the law",
  other: "Something else",
};

/** Tells the moderators about a post or comment. */
export function FlagDialog(props: { postId: string; commentId: string | null; onClose: () => void }) {
  const [reason, setReason] = useState<FlagReason>("spam");
  const [note, setNote] = useState("");
  const send = useMutation({
    mutationFn: () => community.flag(props.postId, props.commentId, { reason, note }),
    meta: { silent: true },
    onSuccess: () => {
      toasts.show({ tone: "good", text: "Thank you. The moderators will look at it." });
      props.onClose();
    },
  });
  return (
    <Modal
      opened
      onClose={props.onClose}
      title="What is wrong with it?"
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          send.mutate();
        }}
      >
        <Radio.Group
          aria-label="Reason"
          value={reason}
          onChange={(value) => setReason(value as FlagReason)}
          className={classes.form}
        >
          {(Object.entries(REASONS) as [FlagReason, string][]).map(([value, label]) => (
            <Radio key={value} value={value} label={label} />
          ))}
        </Radio.Group>
        <Textarea
          label="Anything the moderators should know"
          autosize
          minRows={2}
          maxLength={1000}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        <FormAlert problem={send.error ? asApiError(send.error) : null} />
        <div className={classes.actions}>
          <Button variant="default" onClick={props.onClose}>
            Cancel
          </Button>
          <Button type="submit" color="brick" loading={send.isPending}>
            Report
          </Button>
        </div>
      </form>
    </Modal>
  );
}
