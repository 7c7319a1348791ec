import { describe, expect, it } from "vitest";
import { EventParser } from "./sse";

const TEXT = 'id: 7\nevent: job_update\ndata: {"a":1}\n\n: comment\nevent: heartbeat\ndata: {}\n\n';

describe("the event parser", () => {
  it("reads events, keeping the last id", () => {
    expect(new EventParser().push(TEXT)).toEqual([
      { event: "job_update", data: '{"a":1}', id: "7" },
      { event: "heartbeat", data: "{}", id: "7" },
    ]);
  });

  it("gives the same for any way of cutting the text", () => {
    const whole = new EventParser().push(TEXT.replaceAll("\n", "\r\n"));
    for (const size of [1, 2, 3, 5, 11]) {
      const parser = new EventParser();
      const parts: unknown[] = [];
      const text = TEXT.replaceAll("\n", "\r\n");
      for (let at = 0; at < text.length; at += size) parts.push(...parser.push(text.slice(at, at + size)));
      expect(parts).toEqual(whole);
    }
  });

  it("joins data lines and drops an event without data", () => {
    const parser = new EventParser();
    expect(parser.push("data: a\ndata:b\n\nevent: empty\n\n")).toEqual([
      { event: "message", data: "a\nb", id: null },
    ]);
  });

  it("waits for the blank line", () => {
    const parser = new EventParser();
    expect(parser.push("data: half")).toEqual([]);
    expect(parser.push(" done\n\n")).toHaveLength(1);
  });
});
