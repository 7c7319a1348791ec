import { Button, PasswordInput, Skeleton } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { asApiError, factors, type TotpSetup, type TotpStatus } from "../../../../api";
import { keys } from "../../../../app/keys";
import { ago, plural } from "../../../../lib/format";
import { ErrorState } from "../../../../ui";
import { toasts } from "../../../../ui/toasts";
import cards from "../AccountPage.module.css";
import form from "../AuthForm.module.css";
import { FormAlert } from "../FormAlert";
import { CodeInput } from "../Proof";
import { useAuthForm } from "../useAuthForm";
import { RecoveryCodes } from "./RecoveryCodes";
import classes from "./Security.module.css";

type Doing = "nothing" | "renewing" | "turning off";

/** Two-step sign-in: off, being set up, on. */
export function TwoStepCard() {
  const client = useQueryClient();
  const status = useQuery({ queryKey: keys.factors, queryFn: factors.status });
  const setup = useMutation({ mutationFn: factors.setup, gcTime: 0 });
  const [codes, setCodes] = useState<string[] | null>(null);
  const [doing, setDoing] = useState<Doing>("nothing");
  const calm = () => {
    setup.reset();
    setDoing("nothing");
    void client.invalidateQueries({ queryKey: keys.factors });
  };
  const show = (fresh: string[]) => {
    setCodes(fresh);
    calm();
  };

  return (
    <section className={cards.card} aria-labelledby="two-step">
      <h2 id="two-step">Two-step sign-in</h2>
      {status.isPending && <Skeleton h={84} />}
      {status.isError && <ErrorState error={status.error} onRetry={() => void status.refetch()} />}
      {status.data &&
        (codes ? (
          <RecoveryCodes codes={codes} onDone={() => setCodes(null)} />
        ) : setup.data && !status.data.is_enabled ? (
          <SetUp setup={setup.data} onEnabled={show} onCancel={calm} />
        ) : !status.data.is_enabled ? (
          <Off isBusy={setup.isPending} onSetUp={() => setup.mutate()} />
        ) : doing === "renewing" ? (
          <Renew onRenewed={show} onCancel={calm} />
        ) : doing === "turning off" ? (
          <TurnOff status={status.data} onDone={calm} onCancel={calm} />
        ) : (
          <On status={status.data} onDo={setDoing} />
        ))}
    </section>
  );
}

function Off({ isBusy, onSetUp }: { isBusy: boolean; onSetUp: () => void }) {
  return (
    <>
      <p className={classes.note}>
        Besides your password, signing in asks for a code that an app on your phone makes. Somebody who learns
        your password still cannot get in.
      </p>
      <Button loading={isBusy} onClick={onSetUp}>
        Set up
      </Button>
    </>
  );
}

function On({ status, onDo }: { status: TotpStatus; onDo: (doing: Doing) => void }) {
  const left = status.recovery_codes_left;
  return (
    <>
      <p className={classes.state}>
        <strong>On</strong>
        {status.enabled_at && <span>since {ago(status.enabled_at)}</span>}
      </p>
      <p className={cards.note}>
        {left === 0
          ? "No recovery codes are left. Make new ones, or losing your phone means losing the account."
          : `${plural(left, "recovery code")} left.`}
      </p>
      <div className={classes.actions}>
        <Button variant="default" onClick={() => onDo("renewing")}>
          New recovery codes
        </Button>
        <Button variant="subtle" color="brick" onClick={() => onDo("turning off")}>
          Turn off
        </Button>
      </div>
    </>
  );
}

const checkCode = ({ code }: { code: string }) => ({
  code: code.trim() ? undefined : "Enter a code.",
});

type SetUpProps = { setup: TotpSetup; onEnabled: (codes: string[]) => void; onCancel: () => void };

function SetUp({ setup, onEnabled, onCancel }: SetUpProps) {
  const enable = useAuthForm({ code: "" }, checkCode, async ({ code }) => {
    onEnabled(await factors.enable(code.trim()));
  });
  return (
    <div className={classes.setup}>
      <img
        className={classes.qr}
        src={`data:image/svg+xml,${encodeURIComponent(setup.qr_svg)}`}
        alt="QR code for your authenticator app; the key beside it says the same"
      />
      <form className={form.form} onSubmit={enable.onSubmit} noValidate>
        <ol className={classes.steps}>
          <li>Open an authenticator app on your phone and add an account.</li>
          <li>
            Scan the code, <a href={setup.otpauth_url}>open it here</a>, or type the key{" "}
            <code className={form.code}>{setup.secret.replace(/.{4}(?=.)/g, "$& ")}</code>
          </li>
          <li>Enter the six digits that the app shows.</li>
        </ol>
        <FormAlert problem={enable.general} />
        <CodeInput
          label="Code"
          value={enable.values.code}
          error={enable.error("code")}
          onChange={(code) => enable.set("code", code)}
        />
        <div className={classes.actions}>
          <Button type="submit" loading={enable.isBusy}>
            Turn on
          </Button>
          <Button variant="subtle" onClick={onCancel}>
            Cancel
          </Button>
        </div>
      </form>
    </div>
  );
}

function Renew({ onRenewed, onCancel }: { onRenewed: (codes: string[]) => void; onCancel: () => void }) {
  const renew = useAuthForm({ code: "" }, checkCode, async ({ code }) => {
    onRenewed(await factors.newRecoveryCodes(code.trim()));
  });
  return (
    <form className={form.form} onSubmit={renew.onSubmit} noValidate>
      <p className={classes.note}>The codes you have now stop working.</p>
      <FormAlert problem={renew.general} />
      <CodeInput
        label="Code of the app"
        value={renew.values.code}
        error={renew.error("code")}
        onChange={(code) => renew.set("code", code)}
      />
      <div className={classes.actions}>
        <Button type="submit" loading={renew.isBusy}>
          Make new codes
        </Button>
        <Button variant="subtle" onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </form>
  );
}

type TurnOffProps = { status: TotpStatus; onDone: () => void; onCancel: () => void };

function TurnOff({ status, onDone, onCancel }: TurnOffProps) {
  const off = useAuthForm(
    { password: "", code: "" },
    ({ password, code }) => ({
      password: password || !status.has_password ? undefined : "Enter your password.",
      ...checkCode({ code }),
    }),
    async ({ password, code }) => {
      try {
        await factors.disable({ code: code.trim(), ...(status.has_password ? { password } : {}) });
      } catch (error) {
        // Somebody else turned it off: there is nothing left to do.
        if (asApiError(error).code !== "conflict") throw error;
      }
      toasts.show({ tone: "neutral", text: "Two-step sign-in is off." });
      onDone();
    },
  );
  return (
    <form className={form.form} onSubmit={off.onSubmit} noValidate>
      <p className={classes.note}>Signing in will need your password alone.</p>
      <FormAlert problem={off.general} />
      {status.has_password && (
        <PasswordInput
          label="Password"
          name="password"
          autoComplete="current-password"
          maw={320}
          value={off.values.password}
          onChange={(event) => off.set("password", event.currentTarget.value)}
          error={off.error("password")}
        />
      )}
      <CodeInput
        label="Code of the app, or a recovery code"
        value={off.values.code}
        error={off.error("code")}
        onChange={(code) => off.set("code", code)}
      />
      <div className={classes.actions}>
        <Button type="submit" color="brick" loading={off.isBusy}>
          Turn off
        </Button>
        <Button variant="subtle" onClick={onCancel}>
          Keep it on
        </Button>
      </div>
    </form>
  );
}
