import type { Comment } from "../../../api";

/** Comments with the answers to them, in the order they came. An answer whose comment is not at hand stands alone. */
export function threads(comments: Comment[]): { comment: Comment; answers: Comment[] }[] {
  const known = new Set(comments.map((one) => one.id));
  const isAnswer = (one: Comment) => Boolean(one.parent_id && known.has(one.parent_id));
  return comments
    .filter((one) => !isAnswer(one))
    .map((comment) => ({
      comment,
      answers: comments.filter((one) => isAnswer(one) && one.parent_id === comment.id),
    }));
}
