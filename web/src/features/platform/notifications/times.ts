/** Names of time zones, hours and rhythms. Pure. */
import type { NotificationSchedule } from "../../../api";

export function ownTimezone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
}

/** Every zone the browser knows, and the one that is set, whether it knows it or not. */
export function timezones(current: string): string[] {
  const known = Intl.supportedValuesOf?.("timeZone") ?? [];
  return [...new Set(["UTC", current, ...known])];
}

export function hourNames(): { value: string; label: string }[] {
  return Array.from({ length: 24 }, (_, hour) => ({
    value: String(hour),
    label: `${String(hour).padStart(2, "0")}:00`,
  }));
}

export const WEEKDAYS = [
  "monday",
  "tuesday",
  "wednesday",
  "thursday",
  "friday",
  "saturday",
  "sunday",
] as const;

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);

export const weekdayNames = WEEKDAYS.map((day) => ({ value: day, label: capital(day) }));

/** `Every 2 weeks on Monday at 08:00, Europe/Berlin` */
export function rhythm(
  schedule: Pick<NotificationSchedule, "unit" | "every" | "at" | "weekday" | "timezone">,
): string {
  const { unit, every, at, weekday, timezone } = schedule;
  const one = unit.slice(0, -1);
  const count = every === 1 ? `Every ${one}` : `Every ${every} ${unit}`;
  if (unit === "hours") return count;
  const day = unit === "weeks" ? ` on ${capital(weekday)}` : "";
  return `${count}${day} at ${at}, ${timezone}`;
}

export function moment(time: string): string {
  return new Date(time).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
}
