import { Button, TextInput } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { accounts } from "../../../api";
import { useTitle } from "../../../lib/useTitle";
import classes from "./AuthForm.module.css";
import { FormAlert } from "./FormAlert";
import { checkEmail, useAuthForm } from "./useAuthForm";

export function ForgotPasswordPage() {
  useTitle("Forgotten password");
  const [sentTo, setSentTo] = useState<string | null>(null);
  const form = useAuthForm(
    { email: "" },
    ({ email }) => ({ email: checkEmail(email) }),
    async ({ email }) => {
      await accounts.forgotPassword(email.trim());
      setSentTo(email.trim());
    },
  );

  if (sentTo) {
    return (
      <div className={classes.head} role="status">
        <h1>Look into your mail</h1>
        <p className={classes.lead}>
          If there is an account for {sentTo}, a link is on its way. It works for an hour. Nothing there after
          a few minutes? Look among the unwanted mail, or{" "}
          <button type="button" className={classes.linkButton} onClick={() => setSentTo(null)}>
            ask again
          </button>
          .
        </p>
        <p className={classes.foot}>
          <Link to="/login">Back to signing in</Link>
        </p>
      </div>
    );
  }
  return (
    <>
      <div className={classes.head}>
        <h1>Forgotten password</h1>
        <p className={classes.lead}>We send you a link to choose a new one.</p>
      </div>
      <form className={classes.form} onSubmit={form.onSubmit} noValidate>
        <FormAlert problem={form.general} />
        <TextInput
          label="E-mail"
          type="email"
          name="email"
          autoComplete="username"
          autoFocus
          value={form.values.email}
          onChange={(event) => form.set("email", event.currentTarget.value)}
          error={form.error("email")}
        />
        <Button type="submit" size="md" loading={form.isBusy}>
          Send the link
        </Button>
      </form>
      <p className={classes.foot}>
        Remembered it? <Link to="/login">Sign in</Link>
      </p>
    </>
  );
}
