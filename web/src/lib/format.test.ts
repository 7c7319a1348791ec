import { describe, expect, it } from "vitest";
import { deviceName } from "./device";
import { ago, binaryBytes, bytes, exactly, humanize, money, plural, roughly, speed } from "./format";
import { isHeif, nameFor, photoType } from "./photoType";

describe("formats", () => {
  it("counts in words", () => {
    expect([plural(1, "photo"), plural(0, "photo"), plural(2, "photo")]).toEqual([
      "1 photo",
      "0 photos",
      "2 photos",
    ]);
  });

  it("shows sizes and speeds with two meaningful digits", () => {
    expect([bytes(0), bytes(999), bytes(1234), bytes(999_600), bytes(25_000_000)]).toEqual([
      "0 B",
      "999 B",
      "1.2 kB",
      "1.0 MB",
      "25 MB",
    ]);
    expect([binaryBytes(26_214_400), binaryBytes(1_572_864), binaryBytes(65_536)]).toEqual([
      "25 MiB",
      "1.5 MiB",
      "64 KiB",
    ]);
    expect(speed(3_210_000)).toBe("3.2 MB/s");
  });

  it("rounds times the way people say them", () => {
    expect([roughly(0.2), roughly(8.2), roughly(42), roughly(200), roughly(9000)]).toEqual([
      "1 s",
      "9 s",
      "40 s",
      "3 min",
      "2.5 h",
    ]);
    expect([exactly(4210), exactly(65_000)]).toEqual(["4.2 s", "1 min 5 s"]);
  });

  it("names no price when there is none", () => {
    expect(money(0, "usd")).toBeNull();
    expect(money(360_000, "usd")).toContain("0.36");
  });

  it("tells how long ago", () => {
    const now = Date.parse("2026-05-01T12:00:00Z");
    expect(ago("2026-05-01T11:59:40Z", now)).toBe("just now");
    expect(ago("2026-05-01T11:00:00Z", now)).toBe("1 hour ago");
    expect(ago("2026-04-30T11:00:00Z", now)).toBe("yesterday");
  });

  it("reads ids aloud", () => {
    expect(humanize("tracing_light")).toBe("Tracing light");
  });
});

describe("what a file is", () => {
  const head = (...bytes: number[]) => new Uint8Array([...bytes, ...new Array(16).fill(0)]);

  it("is decided by its first bytes", () => {
    expect(photoType(head(0xff, 0xd8, 0xff, 0xe1))).toBe("image/jpeg");
    expect(photoType(head(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a))).toBe("image/png");
    expect(photoType(new TextEncoder().encode("RIFF0000WEBPVP8 "))).toBe("image/webp");
    expect(photoType(new TextEncoder().encode("<svg xmlns='http"))).toBeNull();
    expect(isHeif(new TextEncoder().encode("0000ftypheic0000"))).toBe(true);
  });

  it("corrects a wrong extension and keeps a right one", () => {
    expect(nameFor("image/jpeg", "room.JPEG")).toBe("room.JPEG");
    expect(nameFor("image/png", "room.jpg")).toBe("room.png");
    expect(nameFor("image/webp", "room")).toBe("room.webp");
  });
});

describe("device names", () => {
  it("are browser and system", () => {
    const firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";
    const phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1";
    expect([deviceName(firefox), deviceName(phone), deviceName("curl/8.1"), deviceName(null)]).toEqual([
      "Firefox on Linux",
      "Safari on iPhone",
      "curl",
      "Unknown device",
    ]);
  });
});
