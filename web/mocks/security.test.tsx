/** Two-step sign-in and passkeys, as somebody sees and presses them, over the mock API. */
import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { createMemoryHistory, RouterProvider } from "@tanstack/react-router";
import { fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { session } from "../src/api";
import { queryClient } from "../src/app/query";
import { makeRouter } from "../src/app/router";
import { Toasts } from "../src/ui";
import { theme } from "../src/ui/theme";
import { handle } from "./handler.ts";
import { CODE } from "./security.ts";
import { World } from "./world.ts";

let world: World;
const mara = () => [...world.users.keys()][0] as string;

beforeEach(() => {
  world = World.busy();
  let cookie = "";
  vi.stubGlobal("fetch", async (request: Request) => {
    const headers = new Headers(request.headers);
    if (cookie) headers.set("cookie", cookie);
    const body = request.method === "GET" ? undefined : await request.text();
    const reply = await handle(world, new Request(request.url, { method: request.method, headers, body }));
    cookie = reply.headers.get("set-cookie")?.split(";")[0] ?? cookie;
    return reply;
  });
  session.forget();
  queryClient.clear();
});

async function open(path: string): Promise<void> {
  const router = makeRouter(createMemoryHistory({ initialEntries: [path] }));
  render(
    <MantineProvider theme={theme} env="test">
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
        <Toasts />
      </QueryClientProvider>
    </MantineProvider>,
  );
}

const type = (label: string, value: string) =>
  fireEvent.change(screen.getByLabelText(label), { target: { value } });
const press = (name: string | RegExp) => fireEvent.click(screen.getByRole("button", { name }));

async function password(path = "/login"): Promise<void> {
  await open(path);
  await screen.findByText("Welcome back");
  type("E-mail", "mara@example.com");
  type("Password", "correct horse battery");
  press("Sign in");
}

/** A browser with a device that makes and uses passkeys, or one that refuses. */
function device(refusal?: string): void {
  const bytes = () => Uint8Array.from([1, 2, 3]).buffer;
  const response = {
    clientDataJSON: bytes(),
    attestationObject: bytes(),
    authenticatorData: bytes(),
    signature: bytes(),
    userHandle: bytes(),
  };
  const answer = async () => {
    if (refusal) throw new DOMException("refused", refusal);
    return { id: "AQID", rawId: bytes(), type: "public-key", response };
  };
  vi.stubGlobal("PublicKeyCredential", class {});
  vi.stubGlobal("isSecureContext", true);
  Object.defineProperty(navigator, "credentials", {
    configurable: true,
    value: { create: answer, get: answer },
  });
}

describe("the second step", () => {
  beforeEach(() => {
    world.factors.set(mara(), { enabled_at: "2026-11-02T09:00:00Z", codes: ["aaaa-bbbb-cccc-dddd"] });
  });

  it("asks for the app’s code and goes where the person wanted to", async () => {
    await password("/login?next=/account");
    await screen.findByRole("heading", { name: "One more step" });
    press("Continue");
    expect(await screen.findByText("Enter the six digits.")).toBeTruthy();
    type("Code", "000000");
    press("Continue");
    expect((await screen.findByRole("alert")).textContent).toContain("This code is wrong");
    type("Code", CODE);
    press("Continue");
    await screen.findByRole("heading", { name: "Account" });
  });

  it("takes a recovery code once", async () => {
    await password();
    await screen.findByRole("heading", { name: "One more step" });
    press("Use a recovery code");
    type("Recovery code", "aaaa-bbbb-cccc-dddd");
    press("Continue");
    await screen.findByRole("heading", { name: "Projects" });
    expect(world.factors.get(mara())?.codes).toEqual([]);
  });

  it("begins again when it took too long", async () => {
    await password();
    await screen.findByRole("heading", { name: "One more step" });
    world.waiting.clear();
    type("Code", CODE);
    press("Continue");
    expect((await screen.findByRole("alert")).textContent).toContain("took too long");
    press("Begin again");
    await screen.findByText("Welcome back");
  });
});

describe("the security page", () => {
  async function security(): Promise<void> {
    await password("/login?next=/account/security");
    await screen.findByRole("heading", { name: "Security" });
  }

  it("turns two-step sign-in on and shows the recovery codes once", async () => {
    await security();
    fireEvent.click(await screen.findByRole("button", { name: "Set up" }));
    const picture = await screen.findByRole("img", { name: /QR code/ });
    expect(picture.getAttribute("src")).toContain("data:image/svg+xml");
    expect(screen.getByText(/^GEZD GNBV GY3T/)).toBeTruthy();
    type("Code", "000000");
    press("Turn on");
    await screen.findByText(/This code is wrong/);
    type("Code", CODE);
    press("Turn on");
    const codes = await screen.findByRole("list", { name: "Your recovery codes" });
    expect(
      within(codes)
        .getAllByRole("listitem")
        .map((one) => one.textContent),
    ).toEqual(world.factors.get(mara())?.codes);
    press("I have kept them");
    await screen.findByText("10 recovery codes left.");
    expect(screen.queryByRole("list", { name: "Your recovery codes" })).toBeNull();
  });

  it("turns it off with password and code", async () => {
    world.factors.set(mara(), { enabled_at: "2026-11-02T09:00:00Z", codes: [] });
    await password("/login?next=/account/security");
    await screen.findByRole("heading", { name: "One more step" });
    type("Code", CODE);
    press("Continue");
    await screen.findByText(/No recovery codes are left/);
    press("Turn off");
    type("Password", "wrong");
    type("Code of the app, or a recovery code", CODE);
    press("Turn off");
    await screen.findByText("This is not your password.");
    type("Password", "correct horse battery");
    press("Turn off");
    await screen.findByRole("button", { name: "Set up" });
    expect(world.factors.has(mara())).toBe(false);
  });

  it("adds, names and removes a passkey", async () => {
    device();
    await security();
    await screen.findByText("You have none yet.");
    press("Add a passkey");
    const dialog = await screen.findByRole("dialog", { name: "Name of the passkey" });
    fireEvent.change(within(dialog).getByLabelText("Name"), { target: { value: "My phone" } });
    fireEvent.click(within(dialog).getByRole("button", { name: "Save" }));
    fireEvent.click(await screen.findByRole("button", { name: "Remove My phone" }));
    const question = await screen.findByRole("dialog", { name: "Remove “My phone”?" });
    fireEvent.click(within(question).getByRole("button", { name: "Remove" }));
    await waitFor(() => expect(world.passkeys.size).toBe(0));
    await screen.findByText("You have none yet.");
  });

  it("says what a device said, and nothing when the person changed their mind", async () => {
    device("InvalidStateError");
    await security();
    await screen.findByText("You have none yet.");
    press("Add a passkey");
    expect((await screen.findByRole("alert")).textContent).toContain(
      "has a passkey for your account already",
    );
    device("NotAllowedError");
    press("Add a passkey");
    await waitFor(() => expect(screen.queryByRole("alert")).toBeNull());
  });
});

describe("a passkey at the door", () => {
  it("signs in without a password", async () => {
    device();
    world.addPasskey(mara(), "Phone");
    await open("/login");
    fireEvent.click(await screen.findByRole("button", { name: "Use a passkey" }));
    await screen.findByRole("heading", { name: "Projects" });
  });

  it("that nobody knows is refused", async () => {
    device();
    await open("/login");
    fireEvent.click(await screen.findByRole("button", { name: "Use a passkey" }));
    expect((await screen.findByRole("alert")).textContent).toContain("does not open any account");
  });
});

describe("another sign-in service", () => {
  it("is offered where the server is connected to one, and leads back to the page that was wanted", async () => {
    world.elsewhere = "login.example.com";
    await open("/login?next=/account");
    const link = await screen.findByRole("link", { name: "Continue with login.example.com" });
    expect(link.getAttribute("href")).toBe("/api/v1/auth/oidc/login?next=%2Faccount");
  });

  it("that did not let somebody in is no dead end", async () => {
    await open("/login?problem=conflict");
    expect((await screen.findByRole("alert")).textContent).toContain("Sign in with the password");
    await screen.findByLabelText("E-mail");
    expect(screen.queryByRole("link", { name: /^Continue with/ })).toBeNull();
  });

  it("is listed on the security page and unlinked after a yes", async () => {
    world.elsewhere = "login.example.com";
    const common = {
      issuer: "https://login.example.com",
      is_in_use: true,
      last_used_at: null,
      created_at: "2026-11-02T09:00:00Z",
    };
    world.identities = [{ id: "one", name: "login.example.com", ...common }];
    await password("/login?next=/account/security");
    const card = await screen.findByRole("region", { name: "Other sign-in services" });
    fireEvent.click(await within(card).findByRole("button", { name: "Unlink login.example.com" }));
    const dialog = await screen.findByRole("dialog", { name: "Unlink login.example.com?" });
    fireEvent.click(within(dialog).getByRole("button", { name: "Unlink" }));
    await within(card).findByText(/^None is linked/);
    expect(world.identities).toEqual([]);
  });

  it("is not spoken of where there is none", async () => {
    await password("/login?next=/account/security");
    await screen.findByRole("region", { name: "Passkeys" });
    await waitFor(() => expect(screen.queryByRole("region", { name: "Other sign-in services" })).toBeNull());
  });

  it("can be followed by the second step of this one, and leads to the page that was wanted", async () => {
    const token = "waiting-elsewhere";
    world.factors.set(mara(), { enabled_at: "2026-11-02T09:00:00Z", codes: [] });
    world.waiting.set(token, mara());
    location.hash = `#mfa_token=${token}`;
    await open("/login?next=/account/sessions");
    await screen.findByRole("heading", { name: "One more step" });
    expect(location.hash).toBe("");
    type("Code", CODE);
    press("Continue");
    await screen.findByRole("heading", { name: "Devices" });
  });
});
