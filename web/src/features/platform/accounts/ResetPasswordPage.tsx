import { Button, PasswordInput } from "@mantine/core";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useState } from "react";
import { accounts } from "../../../api";
import { useTitle } from "../../../lib/useTitle";
import classes from "./AuthForm.module.css";
import { FormAlert } from "./FormAlert";
import { checkNewPassword, PASSWORD_MIN, useAuthForm } from "./useAuthForm";

const route = getRouteApi("/door/reset-password");

export function ResetPasswordPage() {
  useTitle("New password");
  const { token } = route.useSearch();
  const [isDone, setDone] = useState(false);
  const form = useAuthForm(
    { password: "" },
    ({ password }) => ({ password: checkNewPassword(password) }),
    async ({ password }) => {
      await accounts.resetPassword(token ?? "", password);
      setDone(true);
    },
  );

  if (!token) {
    return (
      <div className={classes.head}>
        <h1>This link is not complete</h1>
        <p className={classes.lead}>
          Open it straight from the letter, or <Link to="/forgot-password">ask for a new one</Link>.
        </p>
      </div>
    );
  }
  if (isDone) {
    return (
      <div className={classes.head} role="status">
        <h1>Your password is set</h1>
        <p className={classes.lead}>Every device was signed out.</p>
        <p className={classes.foot}>
          <Link to="/login">Sign in with it</Link>
        </p>
      </div>
    );
  }
  return (
    <>
      <div className={classes.head}>
        <h1>Choose a new password</h1>
        <p className={classes.lead}>Every device will be signed out.</p>
      </div>
      <form className={classes.form} onSubmit={form.onSubmit} noValidate>
        <FormAlert problem={form.general} />
        {form.general?.code === "invalid_link" && (
          <p className={classes.foot}>
            <Link to="/forgot-password">Ask for a new link</Link>
          </p>
        )}
        <PasswordInput
          label="New password"
          name="password"
          autoComplete="new-password"
          autoFocus
          description={`${PASSWORD_MIN} characters or more; a short sentence is best.`}
          value={form.values.password}
          onChange={(event) => form.set("password", event.currentTarget.value)}
          error={form.error("password")}
        />
        <Button type="submit" size="md" loading={form.isBusy}>
          Set the password
        </Button>
      </form>
    </>
  );
}
