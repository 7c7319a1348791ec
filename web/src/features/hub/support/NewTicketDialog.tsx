import { Button, Modal, Select, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { asApiError, support, type TicketPriority } from "../../../api";
import { keys } from "../../../app/keys";
import { FormAlert } from "../../platform/accounts/FormAlert";
import classes from "../Hub.module.css";
import { AttachmentField } from "./AttachmentField";
import { useAttachments } from "./useAttachments";
import { options, PRIORITY } from "./words";

/** Asks the support something and leads to the new ticket. */
export function NewTicketDialog({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const navigate = useNavigate();
  const client = useQueryClient();
  const files = useAttachments();
  const [subject, setSubject] = useState("");
  const [body, setBody] = useState("");
  const [priority, setPriority] = useState<TicketPriority>("normal");
  const [isTouched, setTouched] = useState(false);
  const create = useMutation({
    mutationFn: support.create,
    meta: { silent: true },
    onSuccess: (ticket) => {
      void client.invalidateQueries({ queryKey: keys.tickets });
      void navigate({ to: "/support/$ticketId", params: { ticketId: ticket.id } });
    },
  });
  const problem = create.error ? asApiError(create.error) : null;
  const missing = (text: string, what: string) => (isTouched && !text.trim() ? what : undefined);

  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title="Ask the support"
      size="lg"
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          setTouched(true);
          if (subject.trim() && body.trim())
            create.mutate({ subject: subject.trim(), body, priority, attachments: files.ids });
        }}
      >
        <TextInput
          label="Subject"
          data-autofocus
          maxLength={200}
          value={subject}
          onChange={(event) => setSubject(event.currentTarget.value)}
          error={missing(subject, "Say in a few words what it is about.") ?? problem?.field("subject")}
        />
        <Textarea
          label="What happened?"
          description="Markdown works: **bold**, lists, `code`."
          autosize
          minRows={6}
          maxRows={16}
          maxLength={20_000}
          value={body}
          onChange={(event) => setBody(event.currentTarget.value)}
          error={missing(body, "Describe it, so that we can help.") ?? problem?.field("body")}
        />
        <Select
          label="Priority"
          data={options(PRIORITY)}
          value={priority}
          allowDeselect={false}
          onChange={(value) => setPriority((value ?? "normal") as TicketPriority)}
        />
        <AttachmentField files={files} />
        <FormAlert
          problem={problem && !problem.field("subject") && !problem.field("body") ? problem : null}
        />
        <div className={classes.actions}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={create.isPending} disabled={files.isSending}>
            Send
          </Button>
        </div>
      </form>
    </Modal>
  );
}
