/** What stands in for a page that is loading, broken or not there. */
import { Button, Loader } from "@mantine/core";
import { type ErrorComponentProps, Link, useRouter } from "@tanstack/react-router";
import { EmptyRoomArt, EmptyState, ErrorState } from "../ui";
import classes from "./fallbacks.module.css";

export function PagePending() {
  return (
    <div className={classes.middle} role="status" aria-label="Loading">
      <Loader type="dots" />
    </div>
  );
}

export function PageError({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  return (
    <main className={classes.middle}>
      <ErrorState
        error={error}
        onRetry={() => {
          reset();
          void router.invalidate();
        }}
      />
    </main>
  );
}

export function NotFound() {
  return (
    <main className={classes.middle}>
      <EmptyState
        isPage
        art={<EmptyRoomArt />}
        title="Nothing in this room"
        text="The page does not exist, or it belongs to another workspace."
      >
        <Button component={Link} to="/">
          Go to projects
        </Button>
      </EmptyState>
    </main>
  );
}
