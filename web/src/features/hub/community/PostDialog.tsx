import { Button, Modal, Textarea, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { asApiError, community, type Post } from "../../../api";
import { FormAlert } from "../../platform/accounts/FormAlert";
import classes from "../Hub.module.css";

/** Writes a post, or changes one. */
export function PostDialog(props: { post: Post | null; onClose: () => void; onSaved: (post: Post) => void }) {
  const [title, setTitle] = useState(props.post?.title ?? "");
  const [body, setBody] = useState(props.post?.body ?? "");
  const [isTouched, setTouched] = useState(false);
  const save = useMutation({
    mutationFn: () =>
      props.post
        ? community.update(props.post.id, { title: title.trim(), body })
        : community.create({ title: title.trim(), body }),
    meta: { silent: true },
    onSuccess: props.onSaved,
  });
  const problem = save.error ? asApiError(save.error) : null;
  return (
    <Modal
      opened
      onClose={props.onClose}
      title={props.post ? "Change your post" : "New post"}
      size="lg"
      closeButtonProps={{ "aria-label": "Close" }}
    >
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          setTouched(true);
          if (title.trim() && body.trim()) save.mutate();
        }}
      >
        <TextInput
          label="Title"
          data-autofocus
          maxLength={200}
          value={title}
          onChange={(event) => setTitle(event.currentTarget.value)}
          error={isTouched && !title.trim() ? "A post needs a title." : problem?.field("title")}
        />
        <Textarea
          label="Text"
          description="Markdown works: **bold**, lists, `code`. Everybody can read it."
          autosize
          minRows={7}
          maxRows={18}
          maxLength={20_000}
          value={body}
          onChange={(event) => setBody(event.currentTarget.value)}
          error={isTouched && !body.trim() ? "Write something first." : problem?.field("body")}
        />
        <FormAlert problem={problem?.fields.length === 0 ? problem : null} />
        <div className={classes.actions}>
          <Button variant="default" onClick={props.onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={save.isPending}>
            {props.post ? "Save" : "Post"}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
