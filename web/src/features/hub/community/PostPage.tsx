import { Button, Skeleton } from "@mantine/core";
import { IconArrowLeft, IconFlag, IconPencil, IconTrash } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { community, type Post } from "../../../api";
import { keys } from "../../../app/keys";
import { useUser } from "../../../app/session";
import { ago } from "../../../lib/format";
import { useTitle } from "../../../lib/useTitle";
import { ErrorState, toasts } from "../../../ui";
import classes from "../Hub.module.css";
import { Markdown } from "../Markdown";
import { Comments } from "./Comments";
import { FlagDialog } from "./FlagDialog";
import { ModeratorBar } from "./ModeratorBar";
import { PostDialog } from "./PostDialog";
import { VoteButtons } from "./VoteButtons";

const route = getRouteApi("/outside/community/$postId");

/** One post with its comments. */
export function PostPage() {
  const { postId } = route.useParams();
  const post = useQuery({ queryKey: keys.post(postId), queryFn: () => community.post(postId) });
  useTitle(post.data?.title ?? "Post");
  return (
    <div className={classes.page}>
      <Link to="/community" className={classes.back}>
        <IconArrowLeft size={17} aria-hidden /> Community
      </Link>
      {post.isPending && <Skeleton h={180} radius="lg" />}
      {post.isError && <ErrorState error={post.error} onRetry={() => void post.refetch()} />}
      {post.data && (
        <>
          <PostCard post={post.data} />
          <Comments post={post.data} />
        </>
      )}
    </div>
  );
}

function PostCard({ post }: { post: Post }) {
  const user = useUser();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [open, setOpen] = useState<"edit" | "flag" | "delete" | null>(null);
  const remove = useMutation({
    mutationFn: () => community.remove(post.id),
    onSuccess: () => {
      toasts.show({ tone: "good", text: "Your post is gone." });
      void client.invalidateQueries({ queryKey: keys.posts });
      void navigate({ to: "/community" });
    },
  });
  const isOwn = user?.id === post.author.id;

  return (
    <article className={`${classes.card} ${classes.row}`}>
      <VoteButtons postId={post.id} of="this post" standing={post} />
      <div className={classes.grow}>
        <h1>{post.title}</h1>
        <div className={classes.facts}>
          <span>{post.author.full_name}</span>
          <time dateTime={post.created_at}>{ago(post.created_at)}</time>
          {post.updated_at !== post.created_at && <span>changed {ago(post.updated_at)}</span>}
          {post.is_locked && <span className={classes.tag}>Locked</span>}
          {post.state !== "visible" && (
            <span className={classes.tag} data-tone="bad">
              {post.state === "hidden" ? "Hidden until a moderator decides" : "Not shown to others"}
            </span>
          )}
        </div>
        <Markdown html={post.body_html} />
        <div className={classes.facts}>
          {isOwn && !post.is_locked && (
            <Button
              variant="subtle"
              size="compact-sm"
              leftSection={<IconPencil size={15} aria-hidden />}
              onClick={() => setOpen("edit")}
            >
              Edit
            </Button>
          )}
          {isOwn && open !== "delete" && (
            <Button
              variant="subtle"
              color="brick"
              size="compact-sm"
              leftSection={<IconTrash size={15} aria-hidden />}
              onClick={() => setOpen("delete")}
            >
              Delete
            </Button>
          )}
          {isOwn && open === "delete" && (
            <>
              <Button
                color="brick"
                size="compact-sm"
                loading={remove.isPending}
                onClick={() => remove.mutate()}
              >
                Delete it for good
              </Button>
              <Button variant="default" size="compact-sm" onClick={() => setOpen(null)}>
                Keep it
              </Button>
            </>
          )}
          {user && !isOwn && (
            <Button
              variant="subtle"
              color="gray"
              size="compact-sm"
              leftSection={<IconFlag size={15} aria-hidden />}
              onClick={() => setOpen("flag")}
            >
              Report
            </Button>
          )}
        </div>
        {user?.is_operator && (
          <ModeratorBar id={post.id} postId={post.id} isLocked={post.is_locked} state={post.state} />
        )}
      </div>
      {open === "edit" && (
        <PostDialog
          post={post}
          onClose={() => setOpen(null)}
          onSaved={(changed) => {
            client.setQueryData(keys.post(post.id), changed);
            void client.invalidateQueries({ queryKey: keys.posts });
            setOpen(null);
          }}
        />
      )}
      {open === "flag" && <FlagDialog postId={post.id} commentId={null} onClose={() => setOpen(null)} />}
    </article>
  );
}
