import { describe, expect, it } from "vitest";
import { hourNames, rhythm, timezones } from "./times";

describe("rhythms in words", () => {
  const base = { every: 1, at: "08:30", weekday: "friday", timezone: "Europe/Berlin" } as const;
  it.each([
    ["hours", 1, "Every hour"],
    ["hours", 6, "Every 6 hours"],
    ["days", 1, "Every day at 08:30, Europe/Berlin"],
    ["weeks", 2, "Every 2 weeks on Friday at 08:30, Europe/Berlin"],
  ] as const)("%s every %d", (unit, every, words) => {
    expect(rhythm({ ...base, unit, every })).toBe(words);
  });

  it("keeps a zone the browser does not know", () => {
    expect(timezones("Mars/Olympus").slice(0, 2)).toEqual(["UTC", "Mars/Olympus"]);
    expect(new Set(timezones("UTC")).size).toBe(timezones("UTC").length);
    expect(hourNames()[8]).toEqual({ value: "8", label: "08:00" });
  });
});
