import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { accounts, asApiError, person } from "../../../api";
import { useUser } from "../../../app/session";
import { day } from "../../../lib/format";
import { useTitle } from "../../../lib/useTitle";
import { FormAlert } from "./FormAlert";
import sessions from "./SessionsPage.module.css";

/** All there is for somebody whose account is about to be deleted: keep it, or go. */
export function LeavingPage() {
  useTitle("Your account will be deleted");
  const user = useUser();
  const navigate = useNavigate();
  const stay = useMutation({
    mutationFn: person.stay,
    meta: { silent: true },
    onSuccess: () => navigate({ to: "/", replace: true }),
  });
  const logout = useMutation({ mutationFn: accounts.logout });
  return (
    <main className={sessions.page}>
      <h1>Your account will be deleted{user?.deletion_at && ` on ${day(user.deletion_at)}`}</h1>
      <p className={sessions.lead}>
        Until then everything is still here. Keep the account and all is as it was; your API keys have to be
        made anew.
      </p>
      <FormAlert problem={stay.error ? asApiError(stay.error) : null} />
      <div>
        <Button loading={stay.isPending} onClick={() => stay.mutate()}>
          Keep my account
        </Button>{" "}
        <Button variant="default" loading={logout.isPending} onClick={() => logout.mutate()}>
          Sign out
        </Button>
      </div>
    </main>
  );
}
