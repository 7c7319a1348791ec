import { NativeSelect, NumberInput, Select, Textarea, TextInput } from "@mantine/core";
import { IconCalendarTime } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { asApiError, type NewSchedule, type NotificationSchedule, schedules } from "../../../api";
import { keys } from "../../../app/keys";
import classes from "./Notifications.module.css";
import { type FormProps, SwitchedForm, SwitchedList } from "./SwitchedList";
import { moment, ownTimezone, rhythm, timezones, weekdayNames } from "./times";

export function SchedulesPage() {
  return (
    <SwitchedList<NotificationSchedule>
      title="Schedules"
      lead="Reminders and summaries that come by the clock."
      one="schedule"
      queryKey={keys.schedules}
      calls={schedules}
      empty={{
        art: <IconCalendarTime size={64} stroke={1.2} aria-hidden />,
        text: "Have yourself reminded of something, or get a summary of the week.",
      }}
      inWords={rhythm}
      when={(schedule) =>
        [
          schedule.next_run_at ? `Next ${moment(schedule.next_run_at)}` : "Paused",
          schedule.last_run_at && `last ${moment(schedule.last_run_at)}`,
        ]
          .filter(Boolean)
          .join(" · ")
      }
      form={(form) => <ScheduleForm {...form} />}
    />
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

function ScheduleForm({ thing: schedule, onClose, onSaved }: FormProps<NotificationSchedule>) {
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
    <SwitchedForm
      title={schedule ? "Change schedule" : "New schedule"}
      form={form}
      set={set}
      save={save}
      onClose={onClose}
    >
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
    </SwitchedForm>
  );
}
