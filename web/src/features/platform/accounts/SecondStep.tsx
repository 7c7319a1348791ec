import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import { asApiError, factors } from "../../../api";
import classes from "./AuthForm.module.css";
import { FormAlert } from "./FormAlert";
import { useAuthForm } from "./useAuthForm";

type Props = {
  /** Of the sign-in whose password was right. */
  token: string;
  onDone: () => Promise<void>;
  /** Back to e-mail and password. */
  onBack: () => void;
};

/** The second step of signing in: a code of the app, or a recovery code. */
export function SecondStep({ token, onDone, onBack }: Props) {
  const [isRecovery, setRecovery] = useState(false);
  const [isOver, setOver] = useState(false);
  const form = useAuthForm(
    { code: "" },
    ({ code }) => ({
      code: code.trim() ? undefined : isRecovery ? "Enter a recovery code." : "Enter the six digits.",
    }),
    async ({ code }) => {
      try {
        await factors.finishLogin(token, code.trim());
      } catch (error) {
        if (asApiError(error).code === "unauthorized") setOver(true);
        throw error;
      }
      await onDone();
    },
  );
  const change = () => {
    setRecovery(!isRecovery);
    form.set("code", "");
  };
  return (
    <>
      <div className={classes.head}>
        <h1>One more step</h1>
        <p className={classes.lead}>
          {isRecovery
            ? "Enter one of the recovery codes you kept. Each works once."
            : "Enter the code that your authenticator app shows for Vitrine."}
        </p>
      </div>
      <form className={classes.form} onSubmit={form.onSubmit} noValidate>
        <FormAlert problem={form.general} />
        <TextInput
          // Another field, so that the keyboard and the focus start anew.
          key={isRecovery ? "recovery" : "app"}
          label={isRecovery ? "Recovery code" : "Code"}
          name="code"
          autoComplete="one-time-code"
          inputMode={isRecovery ? "text" : "numeric"}
          autoCapitalize="none"
          spellCheck={false}
          maxLength={40}
          autoFocus
          value={form.values.code}
          onChange={(event) => form.set("code", event.currentTarget.value)}
          error={form.error("code")}
        />
        {isOver ? (
          <Button size="md" onClick={onBack}>
            Begin again
          </Button>
        ) : (
          <Button type="submit" size="md" loading={form.isBusy}>
            Continue
          </Button>
        )}
      </form>
      <p className={classes.foot}>
        <button type="button" className={classes.linkButton} onClick={change}>
          {isRecovery ? "Use the app’s code" : "Use a recovery code"}
        </button>
      </p>
      <p className={classes.foot}>
        <button type="button" className={classes.linkButton} onClick={onBack}>
          Sign in as somebody else
        </button>
      </p>
    </>
  );
}
