import {
  Button,
  Checkbox,
  Modal,
  NativeSelect,
  NumberInput,
  Select,
  Skeleton,
  Switch,
  Textarea,
  TextInput,
} from "@mantine/core";
import { IconCalendarTime, IconPlus } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { asApiError, type NewSchedule, type NotificationSchedule, schedules } from "../../../api";
import { keys } from "../../../app/keys";
import { EmptyState, ErrorState } from "../../../ui";
import { Frame } from "./Frame";
import classes from "./Notifications.module.css";
import { moment, ownTimezone, rhythm, timezones, weekdayNames } from "./times";

export function SchedulesPage() {
  const client = useQueryClient();
  const list = useQuery({ queryKey: keys.schedules, queryFn: schedules.list });
  const refresh = () => client.invalidateQueries({ queryKey: keys.schedules });
  const [draft, setDraft] = useState<NotificationSchedule | "new" | null>(null);
  const change = useMutation({
    mutationFn: ({ id, is_enabled }: { id: string; is_enabled: boolean }) =>
      schedules.change(id, { is_enabled }),
    onSuccess: refresh,
  });
  const remove = useMutation({ mutationFn: schedules.remove, onSuccess: refresh });
  const items = list.data?.items ?? [];
  const add = (
    <Button leftSection={<IconPlus size={18} />} onClick={() => setDraft("new")}>
      New schedule
    </Button>
  );

  return (
    <Frame
      title="Schedules"
      lead="Reminders and summaries that come by the clock."
      action={items.length > 0 && add}
    >
      {list.isPending && [1, 2].map((n) => <Skeleton key={n} h={92} radius="lg" />)}
      {list.isError && <ErrorState error={list.error} onRetry={() => void list.refetch()} />}
      {list.isSuccess && items.length === 0 && (
        <EmptyState
          art={<IconCalendarTime size={64} stroke={1.2} aria-hidden />}
          title="No schedules yet"
          text="Have yourself reminded of something, or get a summary of the week."
        >
          {add}
        </EmptyState>
      )}
      <ul className={classes.list} aria-label="Schedules">
        {items.map((schedule) => (
          <li key={schedule.id} className={classes.row}>
            <div className={classes.rowBody}>
              <strong>{schedule.name}</strong>
              <span className={classes.text}>{rhythm(schedule)}</span>
              <span className={classes.time}>
                {schedule.next_run_at ? `Next ${moment(schedule.next_run_at)}` : "Paused"}
                {schedule.last_run_at && ` · last ${moment(schedule.last_run_at)}`}
              </span>
            </div>
            <Switch
              aria-label={`${schedule.name} is on`}
              checked={schedule.is_enabled}
              onChange={(event) =>
                change.mutate({ id: schedule.id, is_enabled: event.currentTarget.checked })
              }
            />
            <div className={classes.buttons}>
              <Button
                size="compact-sm"
                variant="default"
                aria-label={`Change ${schedule.name}`}
                onClick={() => setDraft(schedule)}
              >
                Change
              </Button>
              <Button
                size="compact-sm"
                variant="subtle"
                color="brick"
                aria-label={`Delete ${schedule.name}`}
                onClick={() => remove.mutate(schedule.id)}
              >
                Delete
              </Button>
            </div>
          </li>
        ))}
      </ul>
      {draft && (
        <ScheduleForm
          schedule={draft === "new" ? null : draft}
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

function blank(): NewSchedule {
  return {
    name: "",
    kind: "reminder",
    message: "",
    unit: "days",
    every: 1,
    at: "08:00",
    weekday: "monday",
    timezone: ownTimezone(),
    in_app: true,
    email: false,
  };
}

function ScheduleForm(props: {
  schedule: NotificationSchedule | null;
  onClose: () => void;
  onSaved: () => void;
}) {
  const { schedule, onClose, onSaved } = props;
  const [form, setForm] = useState<NewSchedule>(() => {
    if (!schedule) return blank();
    const { name, kind, message, unit, every, at, weekday, timezone, in_app, email } = schedule;
    return { name, kind, message, unit, every, at, weekday, timezone, in_app, email };
  });
  const set = (part: Partial<NewSchedule>) => setForm((before) => ({ ...before, ...part }));
  const save = useMutation({
    mutationFn: () => (schedule ? schedules.change(schedule.id, form) : schedules.create(form)),
    meta: { silent: true },
    onSuccess: onSaved,
  });
  const problem = save.error ? asApiError(save.error) : null;
  return (
    <Modal opened onClose={onClose} title={schedule ? "Change schedule" : "New schedule"}>
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
          label="What"
          value={form.kind}
          data={[
            { value: "reminder", label: "A reminder" },
            { value: "summary", label: "A summary of what happened" },
          ]}
          onChange={(event) => set({ kind: event.currentTarget.value as NewSchedule["kind"] })}
        />
        {form.kind === "reminder" && (
          <Textarea
            label="Message"
            maxLength={500}
            rows={3}
            value={form.message ?? ""}
            error={problem?.field("message")}
            onChange={(event) => set({ message: event.currentTarget.value })}
          />
        )}
        <div className={classes.fields}>
          <NumberInput
            label="Every"
            min={1}
            value={form.every ?? 1}
            error={problem?.field("every")}
            onChange={(value) => set({ every: Number(value) || 1 })}
          />
          <NativeSelect
            label="Unit"
            value={form.unit}
            data={["hours", "days", "weeks"]}
            onChange={(event) => set({ unit: event.currentTarget.value as NewSchedule["unit"] })}
          />
        </div>
        {form.unit !== "hours" && (
          <div className={classes.fields}>
            {form.unit === "weeks" && (
              <NativeSelect
                label="Day"
                value={form.weekday ?? "monday"}
                data={weekdayNames}
                onChange={(event) => set({ weekday: event.currentTarget.value as NewSchedule["weekday"] })}
              />
            )}
            <TextInput
              label="At"
              type="time"
              value={form.at ?? "08:00"}
              error={problem?.field("at")}
              onChange={(event) => set({ at: event.currentTarget.value })}
            />
            <Select
              label="Time zone"
              searchable
              value={form.timezone ?? "UTC"}
              data={timezones(form.timezone ?? "UTC")}
              error={problem?.field("timezone")}
              onChange={(timezone) => timezone && set({ timezone })}
            />
          </div>
        )}
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
