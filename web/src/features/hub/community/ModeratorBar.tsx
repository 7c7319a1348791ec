import { Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { community, type Decision, type Post } from "../../../api";
import { keys } from "../../../app/keys";
import { toasts } from "../../../ui";
import classes from "../Hub.module.css";

const DONE: Record<Decision, string> = {
  keep: "It stays.",
  remove: "It is removed.",
  lock: "The post is locked.",
  unlock: "The post is open again.",
};

type Props = {
  /** Of the post or comment. */
  id: string;
  postId: string;
  state: Post["state"];
  /** Only a post can be locked. */
  isLocked?: boolean;
};

/** What a moderator can do about a post or comment. */
export function ModeratorBar({ id, postId, state, isLocked }: Props) {
  const client = useQueryClient();
  const decide = useMutation({
    mutationFn: (decision: Decision) => community.decide(id, decision),
    onSuccess: (_item, decision) => {
      toasts.show({ tone: "good", text: DONE[decision] });
      for (const key of [keys.posts, keys.post(postId), keys.comments(postId), keys.moderation]) {
        void client.invalidateQueries({ queryKey: key });
      }
    },
  });
  if (state === "deleted") return null;
  const button = (decision: Decision, label: string, color?: string) => (
    <Button
      key={decision}
      variant={color ? "light" : "default"}
      color={color}
      size="compact-sm"
      loading={decide.isPending && decide.variables === decision}
      disabled={decide.isPending}
      onClick={() => decide.mutate(decision)}
    >
      {label}
    </Button>
  );
  return (
    <fieldset className={`${classes.facts} ${classes.plain}`} aria-label="Moderation">
      {button("keep", state === "removed" ? "Bring back" : "Keep")}
      {state !== "removed" && button("remove", "Remove", "brick")}
      {isLocked !== undefined && (isLocked ? button("unlock", "Unlock") : button("lock", "Lock"))}
    </fieldset>
  );
}
