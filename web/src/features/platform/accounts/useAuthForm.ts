/** Shared by every form at the door: values, the server's word on each field, one general message. */
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { type ApiError, asApiError } from "../../../api";

export function useAuthForm<V extends Record<string, string | boolean>>(
  initial: V,
  check: (values: V) => Partial<Record<keyof V, string>>,
  submit: (values: V) => Promise<void>,
) {
  const [values, setValues] = useState(initial);
  const [found, setFound] = useState<Partial<Record<keyof V, string>>>({});
  const send = useMutation({ mutationFn: submit, meta: { silent: true } });
  const problem: ApiError | null = send.error ? asApiError(send.error) : null;

  return {
    values,
    set: <K extends keyof V>(name: K, value: V[K]) => {
      setValues((old) => ({ ...old, [name]: value }));
      setFound((old) => ({ ...old, [name]: undefined }));
    },
    error: (name: keyof V & string) => found[name] ?? problem?.field(name),
    /** What no field can show. */
    general: problem && problem.fields.length === 0 ? problem : null,
    isBusy: send.isPending,
    onSubmit: (event: React.FormEvent) => {
      event.preventDefault();
      const wrong = check(values);
      setFound(wrong);
      if (Object.values(wrong).some(Boolean)) return;
      send.mutate(values);
    },
  };
}

export const PASSWORD_MIN = 10;

export function checkEmail(email: string): string | undefined {
  return /^\S+@\S+$/.test(email.trim()) ? undefined : "Enter an e-mail address.";
}

export function checkNewPassword(password: string): string | undefined {
  if (password.length < PASSWORD_MIN) return `Use at least ${PASSWORD_MIN} characters.`;
  return password.length > 128 ? "Use at most 128 characters." : undefined;
}
