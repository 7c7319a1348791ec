import { Button, PasswordInput } from "@mantine/core";
import { accounts } from "../../../api";
import { toasts } from "../../../ui/toasts";
import cards from "./AccountPage.module.css";
import classes from "./AuthForm.module.css";
import { FormAlert } from "./FormAlert";
import { ANY_CODE, CodeInput, useProof } from "./Proof";
import { checkNewPassword, PASSWORD_MIN, useAuthForm } from "./useAuthForm";

export function PasswordCard() {
  const { hasFactor } = useProof();
  const form = useAuthForm(
    { current_password: "", new_password: "", code: "" },
    ({ current_password, new_password, code }) => ({
      current_password: current_password ? undefined : "Enter your present password.",
      new_password: checkNewPassword(new_password),
      code: code.trim() || !hasFactor ? undefined : "Enter a code.",
    }),
    async ({ current_password, new_password, code }) => {
      await accounts.changePassword({ current_password, new_password, code: code.trim() || null });
      form.set("current_password", "");
      form.set("new_password", "");
      form.set("code", "");
      toasts.show({
        tone: "good",
        text: "Your password was changed.",
        detail: "The other devices were signed out.",
      });
    },
  );
  return (
    <section className={cards.card} aria-labelledby="password">
      <h2 id="password">Password</h2>
      <form className={classes.form} onSubmit={form.onSubmit} noValidate>
        <FormAlert problem={form.general} />
        <PasswordInput
          label="Present password"
          name="current_password"
          autoComplete="current-password"
          value={form.values.current_password}
          onChange={(event) => form.set("current_password", event.currentTarget.value)}
          error={form.error("current_password")}
        />
        <PasswordInput
          label="New password"
          name="new_password"
          autoComplete="new-password"
          description={`${PASSWORD_MIN} characters or more. The other devices will be signed out.`}
          value={form.values.new_password}
          onChange={(event) => form.set("new_password", event.currentTarget.value)}
          error={form.error("new_password")}
        />
        {hasFactor && (
          <CodeInput
            label={ANY_CODE}
            value={form.values.code}
            error={form.error("code")}
            onChange={(code) => form.set("code", code)}
          />
        )}
        <div>
          <Button type="submit" variant="default" loading={form.isBusy}>
            Change the password
          </Button>
        </div>
      </form>
    </section>
  );
}
