import {
  Button,
  Checkbox,
  Modal,
  NativeSelect,
  NumberInput,
  Select,
  Skeleton,
  Switch,
  TextInput,
} from "@mantine/core";
import { IconPlus, IconRoute } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import {
  asApiError,
  type KindPreference,
  type NewRule,
  type NotificationRule,
  notifications,
  projects,
  rules,
} from "../../../api";
import { keys } from "../../../app/keys";
import { plural } from "../../../lib/format";
import { EmptyState, ErrorState } from "../../../ui";
import { Frame } from "./Frame";
import classes from "./Notifications.module.css";
import { moment } from "./times";

export function RulesPage() {
  const client = useQueryClient();
  const list = useQuery({ queryKey: keys.rules, queryFn: rules.list });
  const preferences = useQuery({
    queryKey: keys.notificationPreferences,
    queryFn: notifications.preferences,
  });
  const kinds = (preferences.data?.kinds ?? []).filter((kind) => kind.is_shared);
  const refresh = () => client.invalidateQueries({ queryKey: keys.rules });
  const [draft, setDraft] = useState<NotificationRule | "new" | null>(null);
  const change = useMutation({
    mutationFn: ({ id, is_enabled }: { id: string; is_enabled: boolean }) => rules.change(id, { is_enabled }),
    onSuccess: refresh,
  });
  const remove = useMutation({ mutationFn: rules.remove, onSuccess: refresh });
  const items = list.data?.items ?? [];
  const add = (
    <Button
      leftSection={<IconPlus size={18} />}
      disabled={kinds.length === 0}
      onClick={() => setDraft("new")}
    >
      New rule
    </Button>
  );

  return (
    <Frame
      title="Rules"
      lead="Follow what happens in this workspace, also what others do."
      action={items.length > 0 && add}
    >
      {list.isPending && [1, 2].map((n) => <Skeleton key={n} h={92} radius="lg" />)}
      {list.isError && <ErrorState error={list.error} onRetry={() => void list.refetch()} />}
      {list.isSuccess && items.length === 0 && (
        <EmptyState
          art={<IconRoute size={64} stroke={1.2} aria-hidden />}
          title="No rules yet"
          text="Say what you want to hear of, such as every staging of one project that fails, and where."
        >
          {add}
        </EmptyState>
      )}
      <ul className={classes.list} aria-label="Rules">
        {items.map((rule) => (
          <li key={rule.id} className={classes.row}>
            <div className={classes.rowBody}>
              <strong>{rule.name}</strong>
              <span className={classes.text}>{inWords(rule, kinds)}</span>
              <span className={classes.time}>
                {rule.last_fired_at
                  ? `Fired ${plural(rule.fired_count, "time")}, last ${moment(rule.last_fired_at)}`
                  : "Has not fired yet"}
              </span>
            </div>
            <Switch
              aria-label={`${rule.name} is on`}
              checked={rule.is_enabled}
              onChange={(event) => change.mutate({ id: rule.id, is_enabled: event.currentTarget.checked })}
            />
            <div className={classes.buttons}>
              <Button
                size="compact-sm"
                variant="default"
                aria-label={`Change ${rule.name}`}
                onClick={() => setDraft(rule)}
              >
                Change
              </Button>
              <Button
                size="compact-sm"
                variant="subtle"
                color="brick"
                aria-label={`Delete ${rule.name}`}
                onClick={() => remove.mutate(rule.id)}
              >
                Delete
              </Button>
            </div>
          </li>
        ))}
      </ul>
      {draft && (
        <RuleForm
          rule={draft === "new" ? null : draft}
          kinds={kinds}
          onClose={() => setDraft(null)}
          onSaved={() => {
            setDraft(null);
            void refresh();
          }}
        />
      )}
    </Frame>
  );
}

function inWords(rule: NotificationRule, kinds: KindPreference[]): string {
  const what = kinds.find((kind) => kind.kind === rule.kind)?.title ?? rule.kind;
  const where = [rule.in_app && "in the app", rule.email && "by mail"].filter(Boolean).join(" and ");
  return [
    what,
    rule.project_id && "in one project",
    rule.status && `with state ${rule.status}`,
    `told ${where}`,
    rule.cooldown_minutes > 0 && `at most every ${plural(rule.cooldown_minutes, "minute")}`,
  ]
    .filter(Boolean)
    .join(", ");
}

function RuleForm(props: {
  rule: NotificationRule | null;
  kinds: KindPreference[];
  onClose: () => void;
  onSaved: () => void;
}) {
  const { rule, kinds, onClose, onSaved } = props;
  const list = useQuery({ queryKey: keys.projects, queryFn: () => projects.list() });
  const [form, setForm] = useState<NewRule>(() => ({
    name: rule?.name ?? "",
    kind: rule?.kind ?? kinds[0]?.kind ?? "",
    project_id: rule?.project_id ?? null,
    status: rule?.status ?? null,
    in_app: rule?.in_app ?? true,
    email: rule?.email ?? false,
    cooldown_minutes: rule?.cooldown_minutes ?? 0,
  }));
  const set = (part: Partial<NewRule>) => setForm((before) => ({ ...before, ...part }));
  const save = useMutation({
    mutationFn: () => (rule ? rules.change(rule.id, form) : rules.create(form)),
    meta: { silent: true },
    onSuccess: onSaved,
  });
  const problem = save.error ? asApiError(save.error) : null;
  return (
    <Modal opened onClose={onClose} title={rule ? "Change rule" : "New rule"}>
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
        <NativeSelect
          label="When"
          value={form.kind}
          error={problem?.field("kind")}
          data={kinds.map((kind) => ({ value: kind.kind, label: kind.title }))}
          onChange={(event) => set({ kind: event.currentTarget.value })}
        />
        <Select
          label="Only in this project"
          placeholder="Every project"
          clearable
          searchable
          value={form.project_id ?? null}
          data={(list.data?.items ?? []).map((project) => ({ value: project.id, label: project.name }))}
          onChange={(project_id) => set({ project_id })}
        />
        <NumberInput
          label="Minutes of quiet after it fired"
          min={0}
          max={10080}
          value={form.cooldown_minutes ?? 0}
          error={problem?.field("cooldown_minutes")}
          onChange={(value) => set({ cooldown_minutes: Number(value) || 0 })}
        />
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
