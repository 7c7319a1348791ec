import { PasswordInput, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ApiError, factors, type ProofOfPerson } from "../../../api";
import { keys } from "../../../app/keys";
import { FormAlert } from "./FormAlert";

const SIGN_IN_AGAIN = new ApiError({
  status: 0,
  code: "required",
  title: "Sign in again",
  detail: "Sign out and in again, then do this within ten minutes.",
});
const NOTHING: ProofOfPerson = { password: "", code: "" };

/** Who asks, once more: what is typed, and which of it this account has. */
export function useProof() {
  const status = useQuery({ queryKey: keys.factors, queryFn: factors.status, meta: { silent: true } });
  const [typed, setTyped] = useState(NOTHING);
  const hasFactor = status.data?.is_enabled ?? false;
  const hasPassword = status.data?.has_password ?? true;
  return {
    typed,
    hasFactor,
    hasPassword,
    set: (change: Partial<ProofOfPerson>) => setTyped((old) => ({ ...old, ...change })),
    clear: () => setTyped(NOTHING),
    /** Whether everything this account has is typed; the server may ask for less. */
    isWhole: (typed.password !== "" || !hasPassword) && (typed.code.trim() !== "" || !hasFactor),
  };
}

type Props = {
  proof: ReturnType<typeof useProof>;
  problem: ApiError | null;
  /** The first field gets the focus of the dialog it is in. */
  isFirst?: boolean;
};

/** Password, and a code where two-step sign-in is on. */
export function ProofFields({ proof, problem, isFirst = false }: Props) {
  const focus = isFirst ? { "data-autofocus": true } : {};
  const isTooLate = !proof.hasPassword && problem?.field("password") !== undefined;
  return (
    <>
      {/* Without a password, only having just signed in shows who it is. */}
      {isTooLate && <FormAlert problem={SIGN_IN_AGAIN} />}
      {proof.hasPassword && (
        <PasswordInput
          label="Your password"
          autoComplete="current-password"
          {...focus}
          value={proof.typed.password}
          error={problem?.field("password")}
          onChange={(event) => proof.set({ password: event.currentTarget.value })}
        />
      )}
      {proof.hasFactor && (
        <CodeInput
          label={ANY_CODE}
          value={proof.typed.code}
          error={problem?.field("code")}
          onChange={(code) => proof.set({ code })}
        />
      )}
    </>
  );
}

type CodeProps = { label: string; value: string; error?: string; onChange: (code: string) => void };

export const ANY_CODE = "Code of the app, or a recovery code";

export function CodeInput({ label, value, error, onChange }: CodeProps) {
  return (
    <TextInput
      label={label}
      name="code"
      autoComplete="one-time-code"
      autoCapitalize="none"
      spellCheck={false}
      maxLength={40}
      maw={320}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      error={error}
    />
  );
}
