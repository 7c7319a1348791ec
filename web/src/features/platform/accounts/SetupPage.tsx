/** The very first page of a new installation. The one-time link in the terminal proves who runs it. */
import { Button, Checkbox, TextInput } from "@mantine/core";
import { getRouteApi, useRouter } from "@tanstack/react-router";
import { useState } from "react";
import { accounts } from "../../../api";
import { keys } from "../../../app/keys";
import { queryClient } from "../../../app/query";
import { useTitle } from "../../../lib/useTitle";
import classes from "./AuthForm.module.css";
import { FormAlert } from "./FormAlert";
import { AccountFields } from "./RegisterPage";
import { setupToken } from "./setupToken";
import { checkEmail, checkNewPassword, useAuthForm } from "./useAuthForm";

const route = getRouteApi("/door/setup");

export function SetupPage() {
  useTitle("Set up");
  const { token } = route.useSearch();
  return token ? <OperatorForm token={token} /> : <AskForLink />;
}

function AskForLink() {
  const router = useRouter();
  const [link, setLink] = useState("");
  const [error, setError] = useState<string>();
  return (
    <>
      <div className={classes.head}>
        <h1>Set up Vitrine</h1>
        <p className={classes.lead}>
          Vitrine printed a one-time link when it started. It proves that you run this installation.
        </p>
      </div>
      <ol className={classes.steps}>
        <li>Look at the terminal or the log of the server.</li>
        <li>
          Copy the link that ends in <span className={classes.code}>/setup?token=…</span>
        </li>
        <li>Open it, or paste it here.</li>
      </ol>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          const token = setupToken(link);
          if (!token) return setError("This is not the set-up link. It ends in /setup?token=…");
          void router.navigate({ to: "/setup", search: { token }, replace: true });
        }}
      >
        <TextInput
          label="Set-up link"
          placeholder="http://…/setup?token=…"
          autoFocus
          value={link}
          onChange={(event) => {
            setLink(event.currentTarget.value);
            setError(undefined);
          }}
          error={error}
        />
        <Button type="submit" size="md">
          Continue
        </Button>
      </form>
    </>
  );
}

function OperatorForm({ token }: { token: string }) {
  const router = useRouter();
  const form = useAuthForm(
    { full_name: "", email: "", password: "", sample_project: true as boolean },
    ({ full_name, email, password }) => ({
      full_name: full_name.trim() ? undefined : "Enter your name.",
      email: checkEmail(email),
      password: checkNewPassword(password),
    }),
    async ({ full_name, email, password, sample_project }) => {
      const done = await accounts.setup({
        token,
        full_name: full_name.trim(),
        email: email.trim(),
        password,
        sample_project,
      });
      queryClient.setQueryData(keys.setup, false);
      if (done.sample_project_id) {
        await router.navigate({
          to: "/projects/$projectId",
          params: { projectId: done.sample_project_id },
          replace: true,
        });
      } else {
        await router.navigate({ to: "/", replace: true });
      }
    },
  );

  return (
    <>
      <div className={classes.head}>
        <h1>Set up Vitrine</h1>
        <p className={classes.lead}>Make the first account. It runs this installation.</p>
      </div>
      <form className={classes.form} onSubmit={form.onSubmit} noValidate>
        <FormAlert problem={form.general} />
        <AccountFields form={form} />
        {form.error("token" as "email") && (
          <p className={classes.lead} role="alert">
            {form.error("token" as "email")}
          </p>
        )}
        <Checkbox
          size="md"
          label="Start with a sample project"
          description="A few empty rooms, so that the first furnished one is one click away."
          checked={form.values.sample_project}
          onChange={(event) => form.set("sample_project", event.currentTarget.checked)}
        />
        <Button type="submit" size="md" loading={form.isBusy}>
          Create account and start
        </Button>
      </form>
    </>
  );
}
