import { Button, PasswordInput, TextInput } from "@mantine/core";
import { Link, useRouter } from "@tanstack/react-router";
import { accounts } from "../../../api";
import { useTitle } from "../../../lib/useTitle";
import classes from "./AuthForm.module.css";
import { FormAlert } from "./FormAlert";
import { checkEmail, checkNewPassword, PASSWORD_MIN, useAuthForm } from "./useAuthForm";

export function RegisterPage() {
  useTitle("Create an account");
  const router = useRouter();
  const form = useAuthForm(
    { full_name: "", email: "", password: "" },
    ({ full_name, email, password }) => ({
      full_name: full_name.trim() ? undefined : "Enter your name.",
      email: checkEmail(email),
      password: checkNewPassword(password),
    }),
    async ({ full_name, email, password }) => {
      await accounts.register({ full_name: full_name.trim(), email: email.trim(), password });
      await router.navigate({ to: "/", replace: true });
    },
  );

  return (
    <>
      <div className={classes.head}>
        <h1>Create your account</h1>
        <p className={classes.lead}>Your first furnished room is a minute away.</p>
      </div>
      <form className={classes.form} onSubmit={form.onSubmit} noValidate>
        <FormAlert problem={form.general} />
        <AccountFields form={form} />
        <Button type="submit" size="md" loading={form.isBusy}>
          Create account
        </Button>
      </form>
      <p className={classes.foot}>
        Already have one? <Link to="/login">Sign in</Link>
      </p>
    </>
  );
}

type AccountForm = {
  values: { full_name: string; email: string; password: string };
  set: (name: "full_name" | "email" | "password", value: string) => void;
  error: (name: "full_name" | "email" | "password") => string | undefined;
};

/** Name, e-mail and a new password; the set-up page asks for the same. */
export function AccountFields({ form }: { form: AccountForm }) {
  return (
    <>
      <TextInput
        label="Name"
        name="full_name"
        autoComplete="name"
        autoFocus
        value={form.values.full_name}
        onChange={(event) => form.set("full_name", event.currentTarget.value)}
        error={form.error("full_name")}
      />
      <TextInput
        label="E-mail"
        type="email"
        name="email"
        autoComplete="username"
        value={form.values.email}
        onChange={(event) => form.set("email", event.currentTarget.value)}
        error={form.error("email")}
      />
      <PasswordInput
        label="Password"
        name="password"
        autoComplete="new-password"
        description={`${PASSWORD_MIN} characters or more; a short sentence is best.`}
        value={form.values.password}
        onChange={(event) => form.set("password", event.currentTarget.value)}
        error={form.error("password")}
      />
    </>
  );
}
