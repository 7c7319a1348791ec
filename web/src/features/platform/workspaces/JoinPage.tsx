import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { asApiError, workspaces } from "../../../api";
import { useUser } from "../../../app/session";
import { useTitle } from "../../../lib/useTitle";
import { FormAlert } from "../accounts/FormAlert";
import { roleLabel, switchTo } from "./useWorkspaces";
import classes from "./Workspaces.module.css";

const route = getRouteApi("/inside/join");

/** Where the link of an invitation leads. Nothing happens until the button is pressed. */
export function JoinPage() {
  useTitle("Join a workspace");
  const { token } = route.useSearch();
  const user = useUser();
  const join = useMutation({ mutationFn: () => workspaces.accept(token ?? ""), meta: { silent: true } });
  const problem = join.error ? asApiError(join.error) : null;
  const isDead = !token || problem?.code === "invalid_link";

  if (join.data) {
    const joined = join.data;
    return (
      <div className={classes.page} role="status">
        <h1>Welcome to {joined.name}</h1>
        <p className={classes.lead}>You are {roleLabel(joined.role).toLowerCase()} there.</p>
        <div>
          <Button onClick={() => switchTo(joined)}>Open the workspace</Button>
        </div>
      </div>
    );
  }
  return (
    <div className={classes.page}>
      <h1>{isDead ? "This invitation does not work any more" : "You are invited to a workspace"}</h1>
      {isDead ? (
        <p className={classes.lead}>
          It was used, taken back or has expired. Ask whoever invited you to send it again.{" "}
          <Link to="/">Go to your rooms</Link>
        </p>
      ) : (
        <>
          <FormAlert problem={problem} />
          <p className={classes.lead}>
            You are signed in as {user?.email}. The invitation works for the address the letter came to.
          </p>
          <div>
            <Button loading={join.isPending} onClick={() => join.mutate()}>
              Join
            </Button>
          </div>
        </>
      )}
    </div>
  );
}
