import { Button, Textarea } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { asApiError, type Comment, community } from "../../../api";
import { keys } from "../../../app/keys";
import classes from "../Hub.module.css";

type Props = {
  postId: string;
  /** The comment it answers. */
  parentId?: string;
  /** The comment to change. */
  edited?: Comment;
  onDone?: () => void;
};

/** Writes a comment or an answer, or changes one. */
export function CommentForm({ postId, parentId, edited, onDone }: Props) {
  const client = useQueryClient();
  const [body, setBody] = useState(edited?.body ?? "");
  const send = useMutation({
    mutationFn: () =>
      edited
        ? community.updateComment(postId, edited.id, body)
        : community.comment(postId, { body, parent_id: parentId ?? null }),
    meta: { silent: true },
    onSuccess: () => {
      setBody("");
      void client.invalidateQueries({ queryKey: keys.comments(postId) });
      void client.invalidateQueries({ queryKey: keys.post(postId) });
      onDone?.();
    },
  });
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (body.trim()) send.mutate();
      }}
    >
      <Textarea
        label={edited ? "Your comment" : parentId ? "Your answer" : "Add a comment"}
        autosize
        minRows={2}
        maxRows={12}
        maxLength={5000}
        value={body}
        onChange={(event) => setBody(event.currentTarget.value)}
        error={send.error ? asApiError(send.error).message : undefined}
      />
      <div className={classes.actions}>
        {onDone && (
          <Button variant="default" onClick={onDone}>
            Cancel
          </Button>
        )}
        <Button type="submit" loading={send.isPending} disabled={!body.trim()}>
          {edited ? "Save" : parentId ? "Answer" : "Comment"}
        </Button>
      </div>
    </form>
  );
}
