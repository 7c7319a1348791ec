import type { IncidentImpact, IncidentState, ServiceStatus } from "../../../api";

/** From best to worst. */
export const STATUSES: { value: ServiceStatus; label: string; color: string }[] = [
  { value: "operational", label: "Operational", color: "green" },
  { value: "maintenance", label: "Under maintenance", color: "blue" },
  { value: "degraded", label: "Degraded", color: "yellow" },
  { value: "partial_outage", label: "Partial outage", color: "orange" },
  { value: "major_outage", label: "Major outage", color: "red" },
];

export const IMPACTS: { value: IncidentImpact; label: string }[] = [
  { value: "none", label: "None" },
  { value: "minor", label: "Minor: services are degraded" },
  { value: "major", label: "Major: partial outage" },
  { value: "critical", label: "Critical: major outage" },
];

export const STATES: { value: IncidentState; label: string }[] = [
  { value: "investigating", label: "Investigating" },
  { value: "identified", label: "Identified" },
  { value: "monitoring", label: "Monitoring" },
  { value: "resolved", label: "Resolved" },
];

export function statusOf(value: ServiceStatus) {
  return STATUSES.find((status) => status.value === value) ?? { value, label: value, color: "gray" };
}
