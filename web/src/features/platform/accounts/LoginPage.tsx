import { Button, PasswordInput, TextInput } from "@mantine/core";
import { IconExternalLink, IconFingerprint } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useRouter } from "@tanstack/react-router";
import { useState } from "react";
import { ApiError, accounts, asApiError, elsewhere, passkeys } from "../../../api";
import { keys } from "../../../app/keys";
import { deviceName } from "../../../lib/device";
import { useTitle } from "../../../lib/useTitle";
import { isPasskeySupported, PasskeyCanceled } from "../../../lib/webauthn";
import classes from "./AuthForm.module.css";
import { FormAlert } from "./FormAlert";
import { SecondStep } from "./SecondStep";
import { checkEmail, useAuthForm } from "./useAuthForm";

const route = getRouteApi("/door/login");

export function LoginPage() {
  useTitle("Sign in");
  const { next, problem } = route.useSearch();
  const router = useRouter();
  /** Of a sign-in whose password was right and that needs a code. */
  const [waiting, setWaiting] = useState<string | null>(tokenOfAddress);
  const enter = () => router.navigate({ to: next ?? "/", replace: true });

  if (waiting) {
    return <SecondStep token={waiting} onDone={enter} onBack={() => setWaiting(null)} />;
  }
  return (
    <>
      <div className={classes.head}>
        <h1>Welcome back</h1>
        <p className={classes.lead}>Sign in to your rooms.</p>
      </div>
      {problem && <FormAlert problem={problemElsewhere(problem)} />}
      <PasswordStep onDone={enter} onSecondStep={setWaiting} />
      {isPasskeySupported() && <PasskeyButton onDone={enter} />}
      <ElsewhereButton next={next} />
      <p className={classes.foot}>
        <Link to="/forgot-password">Forgotten your password?</Link>
      </p>
      <p className={classes.foot}>
        New here? <Link to="/register">Create an account</Link>
      </p>
    </>
  );
}

type StepProps = { onDone: () => Promise<void> };

function PasswordStep({ onDone, onSecondStep }: StepProps & { onSecondStep: (token: string) => void }) {
  const form = useAuthForm(
    { email: "", password: "" },
    ({ email, password }) => ({
      email: checkEmail(email),
      password: password ? undefined : "Enter your password.",
    }),
    async ({ email, password }) => {
      try {
        await accounts.login({
          email: email.trim(),
          password,
          device_label: deviceName(navigator.userAgent),
        });
      } catch (error) {
        const { code, mfaToken } = asApiError(error);
        if (code !== "mfa_required" || !mfaToken) throw error;
        onSecondStep(mfaToken);
        return;
      }
      await onDone();
    },
  );
  return (
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
  );
}

function PasskeyButton({ onDone }: StepProps) {
  const login = useMutation({
    mutationFn: async () => {
      await passkeys.login(deviceName(navigator.userAgent));
      await onDone();
    },
    meta: { silent: true },
  });
  const isProblem = login.error && !(login.error instanceof PasskeyCanceled);
  return (
    <div className={classes.other}>
      <FormAlert problem={isProblem ? asApiError(login.error) : null} />
      <Button
        variant="default"
        size="md"
        fullWidth
        leftSection={<IconFingerprint size={20} aria-hidden />}
        loading={login.isPending}
        onClick={() => login.mutate()}
      >
        Use a passkey
      </Button>
    </div>
  );
}

/** Of a sign-in elsewhere that needs a code of ours; behind the `#`, and gone once it was read. */
function tokenOfAddress(): string | null {
  const token = /^#mfa_token=([\w-]+)$/.exec(globalThis.location?.hash ?? "")?.[1] ?? null;
  if (token) globalThis.history.replaceState(null, "", location.pathname + location.search);
  return token;
}

/** Why a sign-in elsewhere ended here. */
function problemElsewhere(code: string): ApiError {
  const words: Record<string, string> = {
    conflict:
      "There is an account with your e-mail address, and the other service does not vouch that it is yours. Sign in with the password.",
    forbidden: "The other service did not let you in, or told no e-mail address of you.",
    invalid_link: "That sign-in took too long, or began in another browser. Try again.",
  };
  const detail = words[code] ?? "The other service could not sign you in. Try again.";
  return new ApiError({ status: 0, code, title: "Not signed in", detail });
}

function ElsewhereButton({ next }: { next: string | undefined }) {
  const offer = useQuery({
    queryKey: keys.elsewhere,
    queryFn: elsewhere.offer,
    staleTime: Number.POSITIVE_INFINITY,
    meta: { silent: true },
  });
  if (!offer.data?.is_offered) return null;
  return (
    <div className={classes.other}>
      <Button
        component="a"
        href={elsewhere.address(next)}
        variant="default"
        size="md"
        fullWidth
        leftSection={<IconExternalLink size={20} aria-hidden />}
      >
        Continue with {offer.data.name}
      </Button>
    </div>
  );
}
