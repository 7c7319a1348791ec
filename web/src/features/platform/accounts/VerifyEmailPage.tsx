import { Button, Loader } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { accounts, asApiError } from "../../../api";
import { keys } from "../../../app/keys";
import { queryClient } from "../../../app/query";
import { useTitle } from "../../../lib/useTitle";
import classes from "./AuthForm.module.css";
import { FormAlert } from "./FormAlert";

const route = getRouteApi("/door/verify-email");

/** Where the link of the letter leads, for somebody signed in or not. */
export function VerifyEmailPage() {
  useTitle("Confirm your e-mail address");
  const { token } = route.useSearch();
  const verify = useMutation({
    mutationFn: () => accounts.verifyEmail(token ?? ""),
    meta: { silent: true },
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keys.me }),
  });
  const { mutate } = verify;
  const isAsked = useRef(false);
  useEffect(() => {
    if (isAsked.current || !token) return;
    isAsked.current = true;
    mutate();
  }, [mutate, token]);

  if (verify.isSuccess) {
    return (
      <div className={classes.head} role="status">
        <h1>Thank you, that is confirmed</h1>
        <p className={classes.lead}>{verify.data.email} is yours.</p>
        <p className={classes.foot}>
          <Link to="/">Go to your rooms</Link>
        </p>
      </div>
    );
  }
  const problem = verify.error ? asApiError(verify.error) : null;
  if (problem || !token) {
    return (
      <div className={classes.head}>
        <h1>
          {problem && problem.code !== "invalid_link"
            ? "That did not work"
            : "This link does not work any more"}
        </h1>
        <FormAlert problem={problem} />
        <p className={classes.foot}>
          {problem && problem.code !== "invalid_link" ? (
            <Button onClick={() => mutate()} loading={verify.isPending}>
              Try again
            </Button>
          ) : (
            <>
              Sign in and ask for a new one on your <Link to="/account">account page</Link>.
            </>
          )}
        </p>
      </div>
    );
  }
  return (
    <div className={classes.head} role="status">
      <h1>Confirming your address…</h1>
      <Loader mt="md" aria-hidden />
    </div>
  );
}
