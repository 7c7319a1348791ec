/** Words and colours of tickets. */
import type { TicketPriority, TicketStatus } from "../../../api";

export const STATUS: Record<TicketStatus, { label: string; tone?: "good" | "wait" }> = {
  open: { label: "Open", tone: "good" },
  pending: { label: "Waiting for answer", tone: "wait" },
  resolved: { label: "Resolved" },
  closed: { label: "Closed" },
};

export const PRIORITY: Record<TicketPriority, string> = {
  low: "Low",
  normal: "Normal",
  high: "High",
  urgent: "Urgent",
};

export const options = <K extends string>(words: Record<K, string | { label: string }>) =>
  (Object.entries(words) as [K, string | { label: string }][]).map(([value, word]) => ({
    value,
    label: typeof word === "string" ? word : word.label,
  }));
