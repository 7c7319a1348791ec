/** Workspaces, API keys, preferences and leaving: the pages over the mock API. */
import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { createMemoryHistory, RouterProvider } from "@tanstack/react-router";
import { cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { chooseWorkspace, chosenWorkspace, session } from "../src/api";
import { queryClient } from "../src/app/query";
import { makeRouter } from "../src/app/router";
import { Toasts } from "../src/ui";
import { theme } from "../src/ui/theme";
import { handle } from "./handler.ts";
import { json, problem } from "./kit.ts";
import { people } from "./people.ts";
import { CODE } from "./security.ts";
import { World } from "./world.ts";

let world: World;
let refuse: (request: Request) => Response | null = () => null;
let asked: Request[] = [];

beforeEach(() => {
  world = World.busy();
  refuse = () => null;
  asked = [];
  let cookie = "";
  vi.stubGlobal("fetch", async (request: Request) => {
    asked.push(request.clone());
    const refused = refuse(request);
    if (refused) return refused;
    const headers = new Headers(request.headers);
    if (cookie) headers.set("cookie", cookie);
    const body = request.method === "GET" ? undefined : await request.text();
    const reply = await handle(world, new Request(request.url, { method: request.method, headers, body }));
    cookie = reply.headers.get("set-cookie")?.split(";")[0] ?? cookie;
    return reply;
  });
  session.forget();
  queryClient.clear();
  chooseWorkspace(null);
});

function show(path: string): void {
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

const type = (label: string | RegExp, value: string) =>
  fireEvent.change(screen.getByLabelText(label), { target: { value } });
const press = (name: string | RegExp) => fireEvent.click(screen.getByRole("button", { name }));

async function signInAt(path: string): Promise<void> {
  show(`/login?next=${encodeURIComponent(path)}`);
  await screen.findByText("Welcome back");
  type("E-mail", "mara@example.com");
  type("Password", "correct horse battery");
  press("Sign in");
}

/** A shared workspace of Mara's with Ben in it, chosen. */
function share(): string {
  const mara = [...world.users.values()][0];
  if (!mara) throw new Error("somebody is there");
  const { password: _password, ...me } = mara;
  const id = "018f0000-0000-7000-8000-00000000000a";
  const common = { created_at: me.created_at };
  people(world).shared.set(id, {
    workspace: {
      id,
      name: "Elm Agency",
      role: "owner",
      is_personal: false,
      plan: "free",
      member_count: 2,
      ...common,
    },
    members: [
      { account_id: me.id, email: me.email, full_name: me.full_name, role: "owner", is_you: true, ...common },
      {
        account_id: "ben",
        email: "ben@example.com",
        full_name: "Ben",
        role: "viewer",
        is_you: false,
        ...common,
      },
    ],
    invitations: [],
  });
  chooseWorkspace(id);
  return id;
}

describe("a shared workspace", () => {
  it("shows its members, invites somebody and takes the invitation back", async () => {
    share();
    await signInAt("/workspace");
    await screen.findByRole("heading", { name: "Elm Agency" });
    const members = await screen.findByRole("region", { name: "Members" });
    await within(members).findByText("ben@example.com", { exact: false });
    expect(screen.getByText("2 of 3 seats taken")).toBeTruthy();

    type("E-mail of the person", "nobody");
    press("Invite");
    expect(await screen.findByText("Enter an e-mail address.")).toBeTruthy();
    type("E-mail of the person", "cleo@example.com");
    press("Invite");
    expect(await screen.findByText("An invitation is on its way to cleo@example.com.")).toBeTruthy();
    await screen.findByText("3 of 3 seats taken");
    press("Take the invitation to cleo@example.com back");
    await screen.findByText("2 of 3 seats taken");
  });

  it("is deleted by its owner, who types its name and the password", async () => {
    const id = share();
    await signInAt("/workspace");
    fireEvent.click(await screen.findByRole("button", { name: "Delete the workspace…" }));
    const dialog = await screen.findByRole("dialog", { name: "Delete “Elm Agency”?" });
    const send = within(dialog).getByRole("button", { name: "Delete it for good" }) as HTMLButtonElement;
    fireEvent.change(within(dialog).getByLabelText("Your password"), { target: { value: "wrong" } });
    expect(send.disabled).toBe(true);
    fireEvent.change(within(dialog).getByLabelText("Name of the workspace"), {
      target: { value: "Elm Agenc" },
    });
    expect(send.disabled).toBe(true);
    fireEvent.change(within(dialog).getByLabelText("Name of the workspace"), {
      target: { value: "Elm Agency" },
    });
    fireEvent.click(send);
    expect(await within(dialog).findByText("This is not your password.")).toBeTruthy();
    expect(people(world).shared.has(id)).toBe(true);
    fireEvent.change(within(dialog).getByLabelText("Your password"), {
      target: { value: "correct horse battery" },
    });
    fireEvent.click(send);
    await waitFor(() => expect(people(world).shared.has(id)).toBe(false));
    // Back in one's own.
    await waitFor(() => expect(chosenWorkspace()).toBeNull());
  });

  it("cannot be deleted by who does not own it", async () => {
    const id = share();
    const shared = people(world).shared.get(id);
    if (shared) shared.workspace.role = "admin";
    await signInAt("/workspace");
    await screen.findByRole("region", { name: "Members" });
    expect(screen.queryByRole("button", { name: "Delete the workspace…" })).toBeNull();
  });

  it("says what the server says when no seat is left", async () => {
    share();
    refuse = (request) =>
      request.method === "POST" && request.url.endsWith("/invitations")
        ? problem(402, "quota_exceeded", "The plan has 3 seats, and all are taken.")
        : null;
    await signInAt("/workspace");
    await screen.findByLabelText("E-mail of the person");
    type("E-mail of the person", "cleo@example.com");
    press("Invite");
    expect((await screen.findByRole("alert")).textContent).toContain("all are taken");
  });

  it("removes a member only after asking", async () => {
    const id = share();
    await signInAt("/workspace");
    fireEvent.click(await screen.findByRole("button", { name: "Remove Ben" }));
    const dialog = await screen.findByRole("dialog", { name: "Remove Ben?" });
    expect(people(world).shared.get(id)?.members).toHaveLength(2);
    fireEvent.click(within(dialog).getByRole("button", { name: "Remove" }));
    await waitFor(() => expect(people(world).shared.get(id)?.members).toHaveLength(1));
  });

  it("is named by every request about rooms, and by none about the account", async () => {
    const id = share();
    await signInAt("/");
    await screen.findByRole("heading", { name: "Projects" });
    await screen.findByRole("button", { name: "Workspace: Elm Agency" });
    const named = (path: string) =>
      asked.find((one) => new URL(one.url).pathname === `/api/v1${path}`)?.headers.get("x-workspace-id");
    expect(named("/projects")).toBe(id);
    expect(named("/workspaces")).toBeNull();
    expect(named("/user/preferences")).toBeNull();
  });

  it("takes somebody in by the link of a letter, once they press the button", async () => {
    const id = share();
    const shared = people(world).shared.get(id);
    if (!shared) throw new Error("it is there");
    shared.members = [];
    shared.invitations = [
      {
        id: "invitation-token",
        email: "mara@example.com",
        role: "editor",
        invited_by: null,
        created_at: new Date().toISOString(),
        sent_at: new Date().toISOString(),
        expires_at: new Date(Date.now() + 86_400_000).toISOString(),
        is_expired: false,
      },
    ];
    chooseWorkspace(null);
    await signInAt("/join?token=invitation-token");
    await screen.findByRole("heading", { name: "You are invited to a workspace" });
    expect(shared.invitations).toHaveLength(1);
    press("Join");
    await screen.findByRole("heading", { name: "Welcome to Elm Agency" });
    cleanup();
    show("/join?token=invitation-token");
    fireEvent.click(await screen.findByRole("button", { name: "Join" }));
    await screen.findByRole("heading", { name: "This invitation does not work any more" });
  });
});

describe("API keys", () => {
  it("shows the secret once and only the beginning later", async () => {
    await signInAt("/account/api-keys");
    await screen.findByText(/No keys yet/);
    press("New key");
    const dialog = await screen.findByRole("dialog", { name: "New API key" });
    fireEvent.change(within(dialog).getByLabelText("Name"), { target: { value: "Build server" } });
    fireEvent.click(within(dialog).getByRole("button", { name: "Make the key" }));
    const secret = (await screen.findByTestId("secret")).textContent ?? "";
    expect(secret).toMatch(/^vk_/);
    expect(screen.getByRole("button", { name: "Copy the key" })).toBeTruthy();
    press("I have copied it");
    await screen.findByText("Build server");
    await waitFor(() => expect(screen.queryByTestId("secret")).toBeNull());
    expect(document.body.textContent).not.toContain(secret);
    expect(document.body.textContent).toContain(`${secret.slice(0, 11)}…`);
  });

  it("asks for a confirmed address first when the server does", async () => {
    refuse = (request) =>
      request.method === "POST" && request.url.endsWith("/api-keys")
        ? problem(403, "email_unverified", "Confirm your e-mail address first.")
        : null;
    await signInAt("/account/api-keys");
    fireEvent.click(await screen.findByRole("button", { name: "New key" }));
    const dialog = await screen.findByRole("dialog", { name: "New API key" });
    fireEvent.change(within(dialog).getByLabelText("Name"), { target: { value: "Build server" } });
    fireEvent.click(within(dialog).getByRole("button", { name: "Make the key" }));
    expect((await screen.findByRole("alert")).textContent).toContain("Confirm your e-mail address first.");
  });
});

describe("the account page", () => {
  it("keeps the theme with the account", async () => {
    await signInAt("/account");
    const card = await screen.findByRole("region", { name: "Preferences" });
    fireEvent.click(await within(card).findByRole("radio", { name: "Dark" }));
    await waitFor(() => expect(people(world).preferences.theme).toBe("dark"));
    expect(document.documentElement.dataset.mantineColorScheme).toBe("dark");
  });

  it("calms the page and takes it back when the server refuses", async () => {
    await signInAt("/account");
    const calm = await screen.findByRole("switch", { name: /Less movement/ });
    fireEvent.click(calm);
    await waitFor(() => expect(people(world).preferences.reduced_motion).toBe(true));
    expect(document.documentElement.hasAttribute("data-calm")).toBe(true);
    refuse = (request) => (request.method === "PATCH" ? problem(500, "internal", "Not today.") : null);
    fireEvent.click(calm);
    await waitFor(() => expect((calm as HTMLInputElement).checked).toBe(true));
  });

  it("saves another name and shows it at once", async () => {
    await signInAt("/account");
    await screen.findByLabelText("Name");
    type("Name", "Mara Other");
    press("Save the profile");
    await screen.findByText("Your profile was saved.");
    expect(people(world).profile.full_name).toBe("Mara Other");
  });
});

describe("going", () => {
  it("makes an archive for who knows the password", async () => {
    await signInAt("/account/data");
    const card = await screen.findByRole("region", { name: "Take everything along" });
    fireEvent.change(await within(card).findByLabelText("Your password"), { target: { value: "wrong" } });
    press("Make the archive");
    expect(await screen.findByText("This is not your password.")).toBeTruthy();
    fireEvent.change(within(card).getByLabelText("Your password"), {
      target: { value: "correct horse battery" },
    });
    press("Make the archive");
    expect(await screen.findByText(/Your archive is being made/)).toBeTruthy();
    await queryClient.invalidateQueries();
    const link = await screen.findByRole("link", { name: /Download the archive/ });
    expect(link.getAttribute("href")).toBe("/api/v1/files/mock-export");
  });

  it("asks for a code as well where two-step sign-in is on", async () => {
    await signInAt("/account/data");
    const card = await screen.findByRole("region", { name: "Take everything along" });
    const mara = [...world.users.keys()][0] as string;
    expect(within(card).queryByLabelText(/^Code of the app/)).toBeNull();
    world.factors.set(mara, { enabled_at: "2026-11-02T09:00:00Z", codes: [] });
    await queryClient.invalidateQueries();
    const code = await within(card).findByLabelText("Code of the app, or a recovery code");
    fireEvent.change(within(card).getByLabelText("Your password"), {
      target: { value: "correct horse battery" },
    });
    fireEvent.change(code, { target: { value: "000000" } });
    press("Make the archive");
    expect(await screen.findByText(/This code is wrong/)).toBeTruthy();
    fireEvent.change(code, { target: { value: CODE } });
    press("Make the archive");
    expect(await screen.findByText(/Your archive is being made/)).toBeTruthy();
    const sent = asked.filter((one) => one.url.endsWith("/user/export") && one.method === "POST").at(-1);
    expect(await sent?.json()).toEqual({ password: "correct horse battery", code: CODE });
  });

  it("tells who has no password to sign in again when that was too long ago", async () => {
    const none = { is_enabled: false, enabled_at: null, recovery_codes_left: 0, has_password: false };
    const missing = [{ field: "password", code: "required", message: "Enter your password." }];
    refuse = ({ url, method }) => {
      if (url.endsWith("/auth/mfa/totp")) return json(none);
      if (url.endsWith("/user/export") && method === "POST")
        return problem(422, "validation_failed", "Some fields need another look.", missing);
      return null;
    };
    await signInAt("/account/data");
    const card = await screen.findByRole("region", { name: "Take everything along" });
    await waitFor(() => expect(within(card).queryByLabelText("Your password")).toBeNull());
    press("Make the archive");
    expect((await within(card).findByRole("alert")).textContent).toContain("Sign out and in again");
  });

  it("deletes after a yes and the password, and leads back in time", async () => {
    await signInAt("/account/data");
    fireEvent.click(await screen.findByRole("button", { name: "Delete the account…" }));
    const dialog = await screen.findByRole("dialog", { name: "Delete the account?" });
    const send = within(dialog).getByRole("button", { name: "Delete my account" });
    fireEvent.change(within(dialog).getByLabelText("Your password"), {
      target: { value: "correct horse battery" },
    });
    expect((send as HTMLButtonElement).disabled).toBe(true);
    fireEvent.click(within(dialog).getByRole("checkbox"));
    fireEvent.click(send);
    await waitFor(() => expect(session.snapshot().status).toBe("signed_out"));
    cleanup();
    await signInAt("/");
    await screen.findByRole("heading", { name: /^Your account will be deleted on/ });
    press("Keep my account");
    await screen.findByRole("heading", { name: "Projects" });
  });
});
