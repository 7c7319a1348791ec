import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { type Comment, community, type Post } from "../../../api";
import { keys } from "../../../app/keys";
import { useUser } from "../../../app/session";
import { ago, plural } from "../../../lib/format";
import classes from "../Hub.module.css";
import { Markdown } from "../Markdown";
import { PagedList } from "../PagedList";
import { usePages } from "../usePages";
import { CommentForm } from "./CommentForm";
import { FlagDialog } from "./FlagDialog";
import { ModeratorBar } from "./ModeratorBar";
import { threads } from "./threads";
import { VoteButtons } from "./VoteButtons";

/** The comments of a post with their answers, and the form for one more. */
export function Comments({ post }: { post: Post }) {
  const user = useUser();
  const { list, items } = usePages<Comment>(keys.comments(post.id), (page) =>
    community.comments(post.id, page),
  );
  return (
    <section className={classes.form} aria-label="Comments">
      <h2>{plural(post.comment_count, "comment")}</h2>
      <PagedList
        list={list}
        isEmpty={items.length === 0}
        empty={<p className={classes.quiet}>Nobody has commented yet.</p>}
      >
        {threads(items).map(({ comment, answers }) => (
          <li key={comment.id} className={classes.card}>
            <CommentBody comment={comment} canAnswer={Boolean(user) && !post.is_locked} />
            {answers.length > 0 && (
              <ul className={classes.answers} aria-label="Answers">
                {answers.map((answer) => (
                  <li key={answer.id}>
                    <CommentBody comment={answer} canAnswer={false} />
                  </li>
                ))}
              </ul>
            )}
          </li>
        ))}
      </PagedList>
      {post.is_locked && <p className={classes.quiet}>This post is locked and takes no more comments.</p>}
      {!post.is_locked && user && <CommentForm postId={post.id} />}
      {!post.is_locked && !user && (
        <Button
          renderRoot={(props) => <Link {...props} to="/login" search={{ next: `/community/${post.id}` }} />}
          variant="default"
          className={classes.more}
        >
          Sign in to comment
        </Button>
      )}
    </section>
  );
}

function CommentBody({ comment, canAnswer }: { comment: Comment; canAnswer: boolean }) {
  const user = useUser();
  const client = useQueryClient();
  const [open, setOpen] = useState<"edit" | "answer" | "flag" | null>(null);
  const remove = useMutation({
    mutationFn: () => community.removeComment(comment.post_id, comment.id),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: keys.comments(comment.post_id) });
      void client.invalidateQueries({ queryKey: keys.post(comment.post_id) });
    },
  });
  if (!comment.author) return <p className={classes.quiet}>This comment is gone.</p>;
  const isOwn = user?.id === comment.author.id;
  const small = (label: string, action: () => void, color = "gray") => (
    <Button variant="subtle" color={color} size="compact-sm" onClick={action}>
      {label}
    </Button>
  );
  if (open === "edit")
    return <CommentForm postId={comment.post_id} edited={comment} onDone={() => setOpen(null)} />;
  return (
    <div className={classes.row}>
      {comment.state === "visible" && (
        <VoteButtons
          postId={comment.post_id}
          commentId={comment.id}
          of={`the comment of ${comment.author.full_name}`}
          standing={comment}
        />
      )}
      <div className={classes.grow}>
        <div className={classes.facts}>
          <strong>{comment.author.full_name}</strong>
          <time dateTime={comment.created_at}>{ago(comment.created_at)}</time>
          {comment.state !== "visible" && (
            <span className={classes.tag} data-tone="bad">
              {comment.state === "hidden" ? "Hidden until a moderator decides" : "Not shown to others"}
            </span>
          )}
        </div>
        <Markdown html={comment.body_html} />
        <div className={classes.facts}>
          {canAnswer && comment.state === "visible" && small("Answer", () => setOpen("answer"))}
          {isOwn && small("Edit", () => setOpen("edit"))}
          {isOwn && small("Delete", () => remove.mutate(), "brick")}
          {user && !isOwn && comment.state === "visible" && small("Report", () => setOpen("flag"))}
        </div>
        {user?.is_operator && <ModeratorBar id={comment.id} postId={comment.post_id} state={comment.state} />}
        {open === "answer" && (
          <CommentForm postId={comment.post_id} parentId={comment.id} onDone={() => setOpen(null)} />
        )}
      </div>
      {open === "flag" && (
        <FlagDialog postId={comment.post_id} commentId={comment.id} onClose={() => setOpen(null)} />
      )}
    </div>
  );
}
