import { Button, PasswordInput, TextInput } from "@mantine/core";
import { getRouteApi, Link, useRouter } from "@tanstack/react-router";
import { accounts } from "../../../api";
import { deviceName } from "../../../lib/device";
import { useTitle } from "../../../lib/useTitle";
import classes from "./AuthForm.module.css";
import { FormAlert } from "./FormAlert";
import { checkEmail, useAuthForm } from "./useAuthForm";

const route = getRouteApi("/door/login");

export function LoginPage() {
  useTitle("Sign in");
  const { next } = route.useSearch();
  const router = useRouter();
  const form = useAuthForm(
    { email: "", password: "" },
    ({ email, password }) => ({
      email: checkEmail(email),
      password: password ? undefined : "Enter your password.",
    }),
    async ({ email, password }) => {
      await accounts.login({
        email: email.trim(),
        password,
        device_label: deviceName(navigator.userAgent),
      });
      await router.navigate({ to: next ?? "/", replace: true });
    },
  );

  return (
    <>
      <div className={classes.head}>
        <h1>Welcome back</h1>
        <p className={classes.lead}>Sign in to your rooms.</p>
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
        <PasswordInput
          label="Password"
          name="password"
          autoComplete="current-password"
          value={form.values.password}
          onChange={(event) => form.set("password", event.currentTarget.value)}
          error={form.error("password")}
        />
        <Button type="submit" size="md" loading={form.isBusy}>
          Sign in
        </Button>
      </form>
      <p className={classes.foot}>
        <Link to="/forgot-password">Forgotten your password?</Link>
      </p>
      <p className={classes.foot}>
        New here? <Link to="/register">Create an account</Link>
      </p>
    </>
  );
}
