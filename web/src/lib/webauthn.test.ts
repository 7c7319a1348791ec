import { afterEach, describe, expect, it, vi } from "vitest";
import {
  create,
  creationOptions,
  fromBase64Url,
  get,
  PasskeyCanceled,
  requestOptions,
  toBase64Url,
} from "./webauthn";

const bytes = (...all: number[]) => Uint8Array.from(all).buffer;

afterEach(() => vi.unstubAllGlobals());

describe("bytes as text", () => {
  it("come back as they were, without the letters that addresses cannot hold", () => {
    for (let length = 0; length < 20; length++) {
      const all = bytes(...Array.from({ length }, (_, n) => (n * 67 + 251) % 256));
      const text = toBase64Url(all);
      expect(text).toMatch(/^[\w-]*$/);
      expect([...new Uint8Array(fromBase64Url(text))]).toEqual([...new Uint8Array(all)]);
    }
    expect(toBase64Url(bytes(0xfb, 0xff))).toBe("-_8");
  });
});

describe("options of the server", () => {
  it("get bytes where the browser wants them and keep the rest", () => {
    const made = creationOptions({
      challenge: "AQI",
      user: { id: "Aw", name: "ada", displayName: "Ada" },
      rp: { id: "vitrine.test", name: "Vitrine" },
      excludeCredentials: [{ id: "BA", type: "public-key" }],
    });
    expect(new Uint8Array(made.challenge as ArrayBuffer)).toEqual(Uint8Array.from([1, 2]));
    expect(new Uint8Array(made.user.id as ArrayBuffer)).toEqual(Uint8Array.from([3]));
    expect(new Uint8Array(made.excludeCredentials?.[0]?.id as ArrayBuffer)).toEqual(Uint8Array.from([4]));
    expect(made.rp).toEqual({ id: "vitrine.test", name: "Vitrine" });
    const asked = requestOptions({ challenge: "AQI", rpId: "vitrine.test" });
    expect(asked.allowCredentials).toEqual([]);
    expect(asked.rpId).toBe("vitrine.test");
  });
});

describe("answers of the device", () => {
  const options = { challenge: "AQI", user: { id: "Aw" } };

  it("become what the server reads", async () => {
    const response = {
      clientDataJSON: bytes(1),
      authenticatorData: bytes(2),
      signature: bytes(3),
      userHandle: bytes(4),
    };
    const answer = { id: "BQ", rawId: bytes(5), type: "public-key", response };
    vi.stubGlobal("navigator", { credentials: { get: async () => answer } });
    expect(await get(options)).toEqual({
      id: "BQ",
      rawId: "BQ",
      type: "public-key",
      clientExtensionResults: {},
      response: { clientDataJSON: "AQ", authenticatorData: "Ag", signature: "Aw", userHandle: "BA" },
    });
  });

  it("that never come are no error of anybody", async () => {
    const refuse = (name: string) => ({
      credentials: { create: async () => Promise.reject(new DOMException("no", name)) },
    });
    vi.stubGlobal("navigator", refuse("NotAllowedError"));
    await expect(create(options)).rejects.toBeInstanceOf(PasskeyCanceled);
    vi.stubGlobal("navigator", refuse("InvalidStateError"));
    await expect(create(options)).rejects.toThrow("has a passkey for your account already");
    vi.stubGlobal("navigator", refuse("SecurityError"));
    await expect(create(options)).rejects.toThrow("Passkeys do not work at");
  });
});
