import { NativeSelect, NumberInput, Select } from "@mantine/core";
import { IconRoute } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
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
import { type FormProps, SwitchedForm, SwitchedList } from "./SwitchedList";
import { moment } from "./times";

export function RulesPage() {
  const preferences = useQuery({
    queryKey: keys.notificationPreferences,
    queryFn: notifications.preferences,
  });
  const kinds = (preferences.data?.kinds ?? []).filter((kind) => kind.is_shared);
  return (
    <SwitchedList<NotificationRule>
      title="Rules"
      lead="Follow what happens in this workspace, also what others do."
      one="rule"
      queryKey={keys.rules}
      calls={rules}
      canMake={kinds.length > 0}
      empty={{
        art: <IconRoute size={64} stroke={1.2} aria-hidden />,
        text: "Say what you want to hear of, such as every staging of one project that fails, and where.",
      }}
      inWords={(rule) => inWords(rule, kinds)}
      when={(rule) =>
        rule.last_fired_at
          ? `Fired ${plural(rule.fired_count, "time")}, last ${moment(rule.last_fired_at)}`
          : "Has not fired yet"
      }
      form={(form) => <RuleForm {...form} kinds={kinds} />}
    />
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

function RuleForm(props: FormProps<NotificationRule> & { kinds: KindPreference[] }) {
  const { thing: rule, kinds, onClose, onSaved } = props;
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
    <SwitchedForm
      title={rule ? "Change rule" : "New rule"}
      form={form}
      set={set}
      save={save}
      onClose={onClose}
    >
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
    </SwitchedForm>
  );
}
