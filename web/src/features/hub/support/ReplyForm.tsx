import { Button, Checkbox, Menu, Textarea } from "@mantine/core";
import { IconMessageReply, IconSend } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { asApiError, support, type Ticket } from "../../../api";
import { keys } from "../../../app/keys";
import classes from "../Hub.module.css";
import { AttachmentField } from "./AttachmentField";
import { useAttachments } from "./useAttachments";

/** The next message of a ticket; the staff may make it a note and begin with a prepared answer. */
export function ReplyForm({ ticket }: { ticket: Ticket }) {
  const client = useQueryClient();
  const files = useAttachments();
  const [body, setBody] = useState("");
  const [isNote, setNote] = useState(false);
  const [isTouched, setTouched] = useState(false);
  const isStaff = ticket.staff !== null && ticket.staff !== undefined;
  const send = useMutation({
    mutationFn: () => support.reply(ticket.id, { body, is_internal: isNote, attachments: files.ids }),
    meta: { silent: true },
    onSuccess: () => {
      setBody("");
      setNote(false);
      setTouched(false);
      files.clear();
      void client.invalidateQueries({ queryKey: keys.ticket(ticket.id) });
      void client.invalidateQueries({ queryKey: keys.ticketMessages(ticket.id) });
      void client.invalidateQueries({ queryKey: keys.tickets });
    },
  });
  const problem = send.error ? asApiError(send.error) : null;
  const isEmpty = body.trim() === "";

  return (
    <form
      className={`${classes.card} ${classes.form} ${isNote ? classes.note : ""}`}
      onSubmit={(event) => {
        event.preventDefault();
        setTouched(true);
        if (!isEmpty) send.mutate();
      }}
    >
      <Textarea
        label={isNote ? "Note for the staff" : "Your reply"}
        description={isNote ? "The requester never sees it." : "Markdown works: **bold**, lists, `code`."}
        autosize
        minRows={4}
        maxRows={16}
        maxLength={20_000}
        value={body}
        onChange={(event) => setBody(event.currentTarget.value)}
        error={isTouched && isEmpty ? "Write something first." : problem?.message}
      />
      <AttachmentField files={files} />
      <div className={classes.actions}>
        {isStaff && (
          <Checkbox
            label="Internal note"
            checked={isNote}
            onChange={(event) => setNote(event.currentTarget.checked)}
          />
        )}
        {isStaff && (
          <CannedReplyMenu onPick={(text) => setBody((old) => (old ? `${old}\n\n${text}` : text))} />
        )}
        <Button
          type="submit"
          leftSection={<IconSend size={17} aria-hidden />}
          loading={send.isPending}
          disabled={files.isSending}
        >
          {isNote ? "Add note" : "Send reply"}
        </Button>
      </div>
    </form>
  );
}

function CannedReplyMenu({ onPick }: { onPick: (text: string) => void }) {
  const replies = useQuery({ queryKey: keys.cannedReplies, queryFn: support.cannedReplies });
  const items = replies.data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <Menu withinPortal>
      <Menu.Target>
        <Button variant="default" leftSection={<IconMessageReply size={17} aria-hidden />}>
          Prepared answer
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {items.map((reply) => (
          <Menu.Item key={reply.id} onClick={() => onPick(reply.body)}>
            {reply.title}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
