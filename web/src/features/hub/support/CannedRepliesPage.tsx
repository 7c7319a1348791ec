import { ActionIcon, Button, Modal, Textarea, TextInput } from "@mantine/core";
import { IconArrowLeft, IconPencil, IconPlus, IconTrash } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { asApiError, type CannedReply, support } from "../../../api";
import { keys } from "../../../app/keys";
import { useTitle } from "../../../lib/useTitle";
import { EmptyRoomArt, EmptyState, ErrorState } from "../../../ui";
import classes from "../Hub.module.css";

/** The staff's prepared answers. */
export function CannedRepliesPage() {
  useTitle("Prepared answers");
  const client = useQueryClient();
  const replies = useQuery({ queryKey: keys.cannedReplies, queryFn: support.cannedReplies });
  const [edited, setEdited] = useState<CannedReply | "new" | null>(null);
  const refresh = () => client.invalidateQueries({ queryKey: keys.cannedReplies });
  const remove = useMutation({ mutationFn: support.removeCannedReply, onSettled: refresh });
  const items = replies.data?.items ?? [];
  const addButton = (
    <Button leftSection={<IconPlus size={19} aria-hidden />} onClick={() => setEdited("new")}>
      New answer
    </Button>
  );

  return (
    <div className={classes.page}>
      <Link to="/support" className={classes.back}>
        <IconArrowLeft size={17} aria-hidden /> Support
      </Link>
      <div className={classes.head}>
        <h1>Prepared answers</h1>
        {items.length > 0 && addButton}
      </div>
      {replies.isError && <ErrorState error={replies.error} onRetry={() => void replies.refetch()} />}
      {replies.isSuccess && items.length === 0 && (
        <EmptyState
          art={<EmptyRoomArt />}
          title="Nothing prepared yet"
          text="Write down what you answer again and again, and begin replies with it."
        >
          {addButton}
        </EmptyState>
      )}
      <ul className={classes.list} aria-busy={replies.isPending}>
        {items.map((reply) => (
          <li key={reply.id} className={`${classes.card} ${classes.row}`}>
            <div className={classes.grow}>
              <strong>{reply.title}</strong>
              <p className={classes.quiet}>{reply.body.slice(0, 160)}</p>
            </div>
            <ActionIcon aria-label={`Edit ${reply.title}`} onClick={() => setEdited(reply)}>
              <IconPencil size={18} />
            </ActionIcon>
            <ActionIcon
              aria-label={`Delete ${reply.title}`}
              loading={remove.isPending && remove.variables === reply.id}
              onClick={() => remove.mutate(reply.id)}
            >
              <IconTrash size={18} />
            </ActionIcon>
          </li>
        ))}
      </ul>
      {edited && (
        <ReplyDialog
          reply={edited === "new" ? null : edited}
          onClose={() => setEdited(null)}
          onSaved={() => {
            setEdited(null);
            void refresh();
          }}
        />
      )}
    </div>
  );
}

function ReplyDialog(props: { reply: CannedReply | null; onClose: () => void; onSaved: () => void }) {
  const [title, setTitle] = useState(props.reply?.title ?? "");
  const [body, setBody] = useState(props.reply?.body ?? "");
  const save = useMutation({
    mutationFn: () =>
      props.reply
        ? support.updateCannedReply(props.reply.id, { title, body })
        : support.createCannedReply({ title, body }),
    meta: { silent: true },
    onSuccess: props.onSaved,
  });
  const problem = save.error ? asApiError(save.error) : null;
  return (
    <Modal
      opened
      onClose={props.onClose}
      title={props.reply ? "Edit answer" : "New answer"}
      size="lg"
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <TextInput
          label="Title"
          data-autofocus
          maxLength={100}
          value={title}
          onChange={(event) => setTitle(event.currentTarget.value)}
          error={problem?.field("title")}
        />
        <Textarea
          label="Text"
          autosize
          minRows={6}
          maxRows={16}
          maxLength={20_000}
          value={body}
          onChange={(event) => setBody(event.currentTarget.value)}
          error={
            problem?.field("body") ?? (problem && problem.fields.length === 0 ? problem.message : undefined)
          }
        />
        <div className={classes.actions}>
          <Button variant="default" onClick={props.onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={save.isPending}>
            Save
          </Button>
        </div>
      </form>
    </Modal>
  );
}
