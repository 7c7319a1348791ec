/** What rules and schedules share: a list of things with a name that can be switched on and off, and the frame of their form. */
import { Button, Checkbox, Modal, Skeleton, Switch, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { type UseMutationResult, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { asApiError } from "../../../api";
import { EmptyState, ErrorState } from "../../../ui";
import { Frame } from "./Frame";
import classes from "./Notifications.module.css";

type Thing = { id: string; name: string; is_enabled: boolean };

type Calls<T> = {
  list: () => Promise<{ items: T[] }>;
  change: (id: string, body: { is_enabled: boolean }) => Promise<unknown>;
  remove: (id: string) => Promise<unknown>;
};

export type FormProps<T> = { thing: T | null; onClose: () => void; onSaved: () => void };

export function SwitchedList<T extends Thing>(props: {
  title: string;
  lead: string;
  /** What one of them is called. */
  one: string;
  queryKey: readonly unknown[];
  calls: Calls<T>;
  /** False while nothing can be made. */
  canMake?: boolean;
  empty: { art: ReactNode; text: string };
  inWords: (thing: T) => string;
  when: (thing: T) => string;
  form: (form: FormProps<T>) => ReactNode;
}) {
  const { calls, queryKey, title, one } = props;
  const client = useQueryClient();
  const list = useQuery({ queryKey, queryFn: calls.list });
  const refresh = () => client.invalidateQueries({ queryKey });
  const [draft, setDraft] = useState<T | "new" | null>(null);
  const change = useMutation({
    mutationFn: ({ id, is_enabled }: Thing) => calls.change(id, { is_enabled }),
    onSuccess: refresh,
  });
  const remove = useMutation({ mutationFn: calls.remove, onSuccess: refresh });
  const items = list.data?.items ?? [];
  const add = (
    <Button
      leftSection={<IconPlus size={18} />}
      disabled={props.canMake === false}
      onClick={() => setDraft("new")}
    >
      New {one}
    </Button>
  );

  return (
    <Frame title={title} lead={props.lead} action={items.length > 0 && add}>
      {list.isPending && [1, 2].map((n) => <Skeleton key={n} h={92} radius="lg" />)}
      {list.isError && <ErrorState error={list.error} onRetry={() => void list.refetch()} />}
      {list.isSuccess && items.length === 0 && (
        <EmptyState art={props.empty.art} title={`No ${one}s yet`} text={props.empty.text}>
          {add}
        </EmptyState>
      )}
      <ul className={classes.list} aria-label={title}>
        {items.map((thing) => (
          <li key={thing.id} className={classes.row}>
            <div className={classes.rowBody}>
              <strong>{thing.name}</strong>
              <span className={classes.text}>{props.inWords(thing)}</span>
              <span className={classes.time}>{props.when(thing)}</span>
            </div>
            <Switch
              aria-label={`${thing.name} is on`}
              checked={thing.is_enabled}
              onChange={(event) => change.mutate({ ...thing, is_enabled: event.currentTarget.checked })}
            />
            <div className={classes.buttons}>
              <Button
                size="compact-sm"
                variant="default"
                aria-label={`Change ${thing.name}`}
                onClick={() => setDraft(thing)}
              >
                Change
              </Button>
              <Button
                size="compact-sm"
                variant="subtle"
                color="brick"
                aria-label={`Delete ${thing.name}`}
                onClick={() => remove.mutate(thing.id)}
              >
                Delete
              </Button>
            </div>
          </li>
        ))}
      </ul>
      {draft &&
        props.form({
          thing: draft === "new" ? null : draft,
          onClose: () => setDraft(null),
          onSaved: () => {
            setDraft(null);
            void refresh();
          },
        })}
    </Frame>
  );
}

type Shared = { name: string; in_app?: boolean | null; email?: boolean | null };

/** The dialog around the fields of one: its name first, where it is told last. */
export function SwitchedForm(props: {
  title: string;
  form: Shared;
  set: (part: Partial<Shared>) => void;
  save: UseMutationResult<unknown, Error, void>;
  onClose: () => void;
  children: ReactNode;
}) {
  const { form, set, save, onClose } = props;
  const problem = save.error ? asApiError(save.error) : null;
  return (
    <Modal opened onClose={onClose} title={props.title}>
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <TextInput
          label="Name"
          required
          maxLength={100}
          value={form.name}
          error={problem?.field("name")}
          onChange={(event) => set({ name: event.currentTarget.value })}
        />
        {props.children}
        <Checkbox
          label="In the app"
          checked={form.in_app ?? true}
          error={problem?.field("in_app")}
          onChange={(event) => set({ in_app: event.currentTarget.checked })}
        />
        <Checkbox
          label="By mail"
          checked={form.email ?? false}
          onChange={(event) => set({ email: event.currentTarget.checked })}
        />
        {problem && problem.code !== "validation_failed" && (
          <p role="alert" className={classes.reason}>
            {problem.message}
          </p>
        )}
        <div className={classes.buttons}>
          <Button type="submit" loading={save.isPending}>
            Save
          </Button>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
        </div>
      </form>
    </Modal>
  );
}
