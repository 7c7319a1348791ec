/** Voting: shown at once, put right by the server's answer. */
import { useMutation } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { community } from "../../../api";

type Standing = { score: number; my_vote?: number | null };

export function useVote(postId: string, commentId: string | null, standing: Standing) {
  const [shown, setShown] = useState(standing);
  useEffect(
    () => setShown({ score: standing.score, my_vote: standing.my_vote }),
    [standing.score, standing.my_vote],
  );
  const send = useMutation({
    mutationFn: (value: number) => community.vote(postId, commentId, value),
    onMutate: (value) => {
      const before = shown;
      setShown({ score: shown.score - (shown.my_vote ?? 0) + value, my_vote: value || null });
      return before;
    },
    onSuccess: (tally) => setShown(tally),
    onError: (_error, _value, before) => before && setShown(before),
  });
  return {
    ...shown,
    /** A second press takes the vote back. */
    press: (value: 1 | -1) => send.mutate(shown.my_vote === value ? 0 : value),
  };
}
