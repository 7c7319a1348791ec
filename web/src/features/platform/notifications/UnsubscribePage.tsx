import { Button, Skeleton } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { asApiError, notifications } from "../../../api";
import { useTitle } from "../../../lib/useTitle";
import classes from "../accounts/AuthForm.module.css";
import { FormAlert } from "../accounts/FormAlert";

const route = getRouteApi("/door/unsubscribe");

/** Where the link of a letter leads: one press and such letters stop, signed in or not. */
export function UnsubscribePage() {
  useTitle("Letters");
  const { token = "" } = route.useSearch();
  const standing = useQuery({
    queryKey: ["unsubscription", token],
    queryFn: () => notifications.unsubscription(token),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const stop = useMutation({
    mutationFn: () => notifications.unsubscribe(token),
    meta: { silent: true },
  });
  const now = stop.data ?? standing.data;
  const error = stop.error ?? standing.error;
  const problem = error ? asApiError(error) : null;

  if (standing.isPending) {
    return (
      <div className={classes.head} aria-busy="true">
        <h1>Letters</h1>
        <Skeleton h={120} mt="md" />
      </div>
    );
  }
  if (!now) {
    return (
      <div className={classes.head}>
        <h1>This link does not work</h1>
        <FormAlert problem={problem} />
        <Manage />
      </div>
    );
  }
  if (!now.is_subscribed) {
    return (
      <div className={classes.head} role="status">
        <h1>No more of these letters</h1>
        <p className={classes.lead}>
          {now.email} gets no letters about “{now.title}” any more.
        </p>
        <Manage />
      </div>
    );
  }
  return (
    <div className={classes.head}>
      <h1>Stop these letters?</h1>
      <p className={classes.lead}>
        Letters about “{now.title}” to {now.email}.
      </p>
      <FormAlert problem={problem} />
      <Button onClick={() => stop.mutate()} loading={stop.isPending}>
        Stop them
      </Button>
      <Manage />
    </div>
  );
}

function Manage() {
  return (
    <p className={classes.foot}>
      <Link to="/notifications/preferences">Choose what else you are told</Link>
    </p>
  );
}
