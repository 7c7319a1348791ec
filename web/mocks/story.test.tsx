/** Pages over the mock API: what somebody sees and presses, without a browser. */
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
import { problem } from "./kit.ts";
import { SETUP_TOKEN, World } from "./world.ts";

let world: World;
let refuse: (request: Request) => Response | null = () => null;

beforeEach(() => {
  world = World.busy();
  refuse = () => null;
  // The cookie that jsdom would not keep.
  let cookie = "";
  vi.stubGlobal("fetch", async (request: Request) => {
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

async function signIn(): Promise<void> {
  await open("/login");
  await screen.findByText("Welcome back");
  type("E-mail", "mara@example.com");
  type("Password", "correct horse battery");
  press("Sign in");
  await screen.findByRole("heading", { name: "Projects" });
}

describe("the door", () => {
  it("says the same for a wrong password as the server", async () => {
    await open("/login");
    await screen.findByText("Welcome back");
    type("E-mail", "mara@example.com");
    type("Password", "wrong");
    press("Sign in");
    expect((await screen.findByRole("alert")).textContent).toContain("E-mail or password is wrong.");
  });

  it("leads a new installation to set-up and from there into the sample project", async () => {
    world = new World();
    await open("/");
    await screen.findByText("Set up Vitrine");
    type("Set-up link", `http://127.0.0.1:8080/setup?token=${SETUP_TOKEN}`);
    press("Continue");
    await screen.findByText("Make the first account. It runs this installation.");
    type("Name", "Ada");
    type("E-mail", "ada@example.com");
    type("Password", "a long enough one");
    press("Create account and start");
    await screen.findByRole("heading", { name: "Sample rooms" });
    expect(await screen.findAllByRole("article")).toHaveLength(3);
    expect(screen.getByRole("button", { name: /^Furnish 3 photos · about/ })).toBeTruthy();
  });

  it("shows each field's problem as the server names it", async () => {
    refuse = (request) =>
      request.url.endsWith("/auth/register")
        ? problem(422, "validation_failed", "Some fields need another look.", [
            { field: "password", code: "common", message: "This password is too common." },
          ])
        : null;
    await open("/register");
    await screen.findByText("Create your account");
    type("Name", "Ada");
    type("E-mail", "ada@example.com");
    type("Password", "password12345");
    press("Create account");
    await screen.findByText("This password is too common.");
  });
});

describe("letters", () => {
  it("set a new password that signs in", async () => {
    const [user] = [...world.users.values()];
    await open("/login");
    await screen.findByText("Welcome back");
    fireEvent.click(screen.getByRole("link", { name: "Forgotten your password?" }));
    await screen.findByRole("heading", { name: "Forgotten password" });
    type("E-mail", "nobody");
    press("Send the link");
    expect(screen.getByText("Enter an e-mail address.")).toBeTruthy();
    type("E-mail", "mara@example.com");
    press("Send the link");
    await screen.findByText(/If there is an account for mara@example.com/);
    document.body.innerHTML = "";
    await open(`/reset-password?token=${user?.id}`);
    await screen.findByRole("heading", { name: "Choose a new password" });
    type("New password", "short");
    press("Set the password");
    expect(screen.getByText("Use at least 10 characters.")).toBeTruthy();
    type("New password", "a new and long one");
    press("Set the password");
    await screen.findByText("Your password is set");
    expect(user?.password).toBe("a new and long one");
  });

  it("with a link that ended lead to a new one", async () => {
    await open("/reset-password?token=gone");
    await screen.findByRole("heading", { name: "Choose a new password" });
    type("New password", "a new and long one");
    press("Set the password");
    await screen.findByRole("link", { name: "Ask for a new link" });
  });

  it("confirm an address as soon as they are opened", async () => {
    const [user] = [...world.users.values()];
    if (user) user.email_verified = false;
    await open(`/verify-email?token=${user?.id}`);
    await screen.findByText("Thank you, that is confirmed");
    expect(user?.email_verified).toBe(true);
  });

  it("with a dead link say so", async () => {
    await open("/verify-email?token=gone");
    await screen.findByText("This link does not work any more");
  });
});

describe("the password", () => {
  it("is changed by somebody who knows the present one", async () => {
    await signIn();
    await open("/account");
    await screen.findByRole("heading", { name: "Password" });
    type("Present password", "wrong");
    type("New password", "a new and long one");
    press("Change the password");
    await screen.findByText("This is not your password.");
    type("Present password", "correct horse battery");
    press("Change the password");
    await screen.findAllByText(/Your password was changed/);
    expect([...world.users.values()][0]?.password).toBe("a new and long one");
  });
});

describe("projects", () => {
  it("can be deleted and brought back", async () => {
    await signIn();
    await screen.findByText("Villa Aurora");
    press("More for Villa Aurora");
    fireEvent.click(await screen.findByRole("menuitem", { name: "Delete" }));
    await waitFor(() => expect(screen.queryByText("Villa Aurora")).toBeNull());
    expect([...world.projects.values()].some((one) => one.name === "Villa Aurora" && one.deleted)).toBe(true);
    press("Undo");
    await screen.findByText("Villa Aurora");
  });

  it("say what failed with the id of the request, and load when asked again", async () => {
    let isBroken = true;
    refuse = (request) =>
      isBroken && /\/projects\?/.test(request.url) ? problem(403, "forbidden", "Not for you.") : null;
    await signIn();
    const alert = await screen.findByRole("alert");
    expect(alert.textContent).toContain("Not for you.");
    expect(alert.textContent).toContain("Request ");
    isBroken = false;
    press("Try again");
    await screen.findByText("12 Garden Street");
  });
});

describe("a project", () => {
  async function openProject(): Promise<void> {
    await signIn();
    fireEvent.click(await screen.findByText("12 Garden Street"));
    await screen.findByRole("article", { name: "guest-room.jpg" });
  }
  const card = (name: string) => within(screen.getByRole("article", { name }));

  it("furnishes what the button says", async () => {
    await openProject();
    press("Modern");
    press(/^Furnish \d photos · \d images? · about/);
    await waitFor(() => {
      const made = [...world.images.values()].filter((image) => image.status === "queued");
      expect(made.length).toBeGreaterThan(4);
    });
    expect(card("guest-room.jpg").getByRole("button", { name: "Modern, waiting" })).toBeTruthy();
  });

  it("explains a failure and that it costs nothing", async () => {
    await openProject();
    const note = card("loft-corner.jpg").getByRole("note");
    expect(note.textContent).toContain("Could not find the room’s corners");
    expect(note.textContent).toContain("not billed");
  });

  it("cancels what runs", async () => {
    await openProject();
    fireEvent.click(card("office.jpg").getByRole("button", { name: "Cancel" }));
    await waitFor(() =>
      expect([...world.images.values()].filter((image) => image.status === "canceled")).toHaveLength(1),
    );
  });

  it("selects ranges and everything, and deletes with a way back", async () => {
    await openProject();
    const names = screen.getAllByRole("article").map((one) => one.getAttribute("aria-label") as string);
    fireEvent.click(screen.getByLabelText(`Select ${names[0]}`));
    fireEvent.click(screen.getByLabelText(`Select ${names[2]}`), { shiftKey: true });
    expect(screen.getByRole("toolbar").textContent).toContain("3 photos");
    fireEvent.keyDown(document.body, { key: "a", ctrlKey: true });
    expect(screen.getByRole("toolbar").textContent).toContain("6 photos");
    fireEvent.keyDown(document.body, { key: "Escape" });
    expect(screen.queryByRole("toolbar")).toBeNull();

    fireEvent.click(screen.getByLabelText(`Select ${names[1]}`));
    fireEvent.click(within(screen.getByRole("toolbar")).getByRole("button", { name: "Delete" }));
    await waitFor(() => expect(screen.getAllByRole("article")).toHaveLength(5));
    press("Undo");
    await waitFor(() => expect(screen.getAllByRole("article")).toHaveLength(6));
  });

  it("says how many could not be started when the month's images are used up", async () => {
    await openProject();
    const original = [...world.originals.values()][0];
    const user = [...world.users.values()][0];
    if (!original || !user) throw new Error("the mock world is empty");
    for (let n = world.usage(user.id).remaining; n > 1; n -= 1) {
      world.addImage(user.id, original, "none", { status: "ready", deleted_at: "2026-01-01T00:00:00Z" });
    }
    press(/^Furnish \d photos/);
    await screen.findByText(/1 image under way, \d not started\./);
    expect(screen.getByText(/used up/)).toBeTruthy();
  });
});
