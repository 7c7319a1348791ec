import { ActionIcon, VisuallyHidden } from "@mantine/core";
import { IconArrowBigDown, IconArrowBigUp } from "@tabler/icons-react";
import { useUser } from "../../../app/session";
import { plural } from "../../../lib/format";
import classes from "../Hub.module.css";
import { useVote } from "./useVote";

type Props = {
  postId: string;
  commentId?: string;
  /** What is voted on, for screen readers. */
  of: string;
  standing: { score: number; my_vote?: number | null };
};

export function VoteButtons({ postId, commentId, of, standing }: Props) {
  const user = useUser();
  const vote = useVote(postId, commentId ?? null, standing);
  return (
    <div className={classes.votes}>
      <ActionIcon
        aria-label={`Vote for ${of}`}
        aria-pressed={vote.my_vote === 1}
        color={vote.my_vote === 1 ? "glass" : "gray"}
        disabled={!user}
        onClick={() => vote.press(1)}
      >
        <IconArrowBigUp size={20} aria-hidden />
      </ActionIcon>
      <span className={classes.score}>
        <span aria-hidden>{vote.score}</span>
        <VisuallyHidden aria-live="polite">{plural(vote.score, "point")}</VisuallyHidden>
      </span>
      <ActionIcon
        aria-label={`Vote against ${of}`}
        aria-pressed={vote.my_vote === -1}
        color={vote.my_vote === -1 ? "brick" : "gray"}
        disabled={!user}
        onClick={() => vote.press(-1)}
      >
        <IconArrowBigDown size={20} aria-hidden />
      </ActionIcon>
    </div>
  );
}
