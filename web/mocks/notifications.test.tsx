/** Bell, panel, pages and the link of a letter, over the mock API. */
import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { createMemoryHistory, RouterProvider } from "@tanstack/react-router";
import { act, fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { session } from "../src/api";
import { keys } from "../src/app/keys";
import { queryClient } from "../src/app/query";
import { makeRouter } from "../src/app/router";
import { Toasts } from "../src/ui";
import { theme } from "../src/ui/theme";
import { handle } from "./handler.ts";
import { boxOf, tellNotification } from "./notifications.ts";
import { World } from "./world.ts";

let world: World;
let owner: string;
let failing: RegExp | null;

beforeEach(() => {
  world = World.busy();
  owner = [...world.users.values()].find((user) => user.email === "mara@example.com")?.id as string;
  failing = null;
  vi.stubGlobal("fetch", async (request: Request) => {
    if (failing?.test(request.url)) return new Response("{}", { status: 503 });
    const body = request.method === "GET" ? undefined : await request.text();
    return handle(
      world,
      new Request(request.url, { method: request.method, headers: new Headers(request.headers), body }),
    );
  });
  session.forget();
  queryClient.clear();
});

function show(path: string): ReturnType<typeof makeRouter> {
  const router = makeRouter(createMemoryHistory({ initialEntries: [path] }));
  render(
    <MantineProvider theme={theme} env="test">
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
        <Toasts />
      </QueryClientProvider>
    </MantineProvider>,
  );
  return router;
}

async function open(path: string): Promise<ReturnType<typeof makeRouter>> {
  const router = show(`/login?next=${encodeURIComponent(path)}`);
  await screen.findByText("Welcome back");
  fireEvent.change(screen.getByLabelText("E-mail"), { target: { value: "mara@example.com" } });
  fireEvent.change(screen.getByLabelText("Password"), { target: { value: "correct horse battery" } });
  fireEvent.click(screen.getByRole("button", { name: "Sign in" }));
  return router;
}

/** What the live stream does when something comes. */
const comes = (part: Parameters<typeof tellNotification>[2]) =>
  act(async () => {
    tellNotification(world, owner, part);
    await queryClient.invalidateQueries({ queryKey: keys.notifications });
  });

describe("the bell", () => {
  it("counts what is unread, says aloud when something comes, and the panel puts it aside", async () => {
    tellNotification(world, owner, { title: "12 images are ready", link: "/credits" });
    await open("/notifications/rules");
    const bell = await screen.findByRole("button", { name: "Notifications, 1 unread" });
    await comes({ title: "A staging failed", kind: "staging.image_failed" });
    await screen.findByRole("button", { name: "Notifications, 2 unread" });
    await screen.findByText("2 unread notifications");

    fireEvent.click(bell);
    const panel = await screen.findByRole("dialog");
    await within(panel).findByText("12 images are ready");
    fireEvent.click(within(panel).getByRole("button", { name: "Mark “A staging failed” as read" }));
    await screen.findByRole("button", { name: "Notifications, 1 unread" });
    fireEvent.click(within(panel).getByRole("button", { name: "Mark all read" }));
    await screen.findByRole("button", { name: "Notifications, none unread" });
    expect(boxOf(world, owner).all.every((one) => one.read_at !== null)).toBe(true);
  });

  it("leads to what a notification is about and marks it as read", async () => {
    tellNotification(world, owner, { title: "12 images are ready", link: "/credits" });
    const router = await open("/notifications/rules");
    fireEvent.click(await screen.findByRole("button", { name: "Notifications, 1 unread" }));
    fireEvent.click(await screen.findByRole("link", { name: /12 images are ready/ }));
    await waitFor(() => expect(router.state.location.pathname).toBe("/credits"));
    await screen.findByRole("button", { name: "Notifications, none unread" });
  });
});

describe("the pages about notifications", () => {
  it("filters by unread and kind, and says when nothing fits", async () => {
    tellNotification(world, owner, { title: "Ready", read_at: new Date().toISOString() });
    tellNotification(world, owner, { title: "Broken", kind: "staging.image_failed" });
    const router = await open("/notifications");
    const list = await screen.findByRole("list", { name: "Notifications" });
    await within(list).findByText("Ready");
    fireEvent.click(await screen.findByRole("radio", { name: "Unread (1)" }));
    await waitFor(() => expect(within(list).queryByText("Ready")).toBeNull());
    within(list).getByText("Broken");
    fireEvent.click(screen.getByRole("button", { name: "Mark all read" }));
    await screen.findByText("Nothing fits");
    fireEvent.click(screen.getByRole("button", { name: "Show all" }));
    await within(list).findByText("Broken");
    expect(router.state.location.search).toEqual({});
  });

  it("is empty at first, and says what went wrong when the list cannot be read", async () => {
    await open("/notifications");
    await screen.findByText("Nothing yet");
    failing = /\/notifications\?/;
    await act(() => queryClient.resetQueries({ queryKey: keys.notifications }));
    await screen.findByRole("alert", {}, { timeout: 8000 });
    failing = null;
    fireEvent.click(screen.getByRole("button", { name: "Try again" }));
    await screen.findByText("Nothing yet");
  }, 15_000);

  it("saves a preference at once and leaves the essential ones alone", async () => {
    await open("/notifications/preferences");
    const inApp = await screen.findByRole("checkbox", { name: "Images are ready, in the app" });
    expect(screen.getByRole("checkbox", { name: "A sign-in from a new device, in the app" })).toHaveProperty(
      "disabled",
      true,
    );
    fireEvent.click(inApp);
    fireEvent.change(screen.getByRole("combobox", { name: "Images are ready, by mail" }), {
      target: { value: "weekly" },
    });
    const ready = () =>
      boxOf(world, owner).preferences.kinds.find((one) => one.kind === "staging.image_ready");
    await waitFor(() => expect(ready()).toMatchObject({ in_app: false, email: "weekly" }));
    fireEvent.change(screen.getByRole("combobox", { name: "Hour" }), { target: { value: "17" } });
    await waitFor(() => expect(boxOf(world, owner).preferences.digest.hour).toBe(17));
  });

  it("says when letters came back", async () => {
    boxOf(world, owner).preferences.address.refused_at = "2026-11-02T09:00:00Z";
    await open("/notifications/preferences");
    await screen.findByText("Letters to mara@example.com came back");
  });

  it("makes a schedule, names what is missing, pauses and deletes it", async () => {
    await open("/notifications/schedules");
    fireEvent.click(await screen.findByRole("button", { name: "New schedule" }));
    const form = await screen.findByRole("dialog", { name: "New schedule" });
    fireEvent.change(within(form).getByLabelText(/^Name/), { target: { value: "Call the agent" } });
    fireEvent.click(within(form).getByRole("button", { name: "Save" }));
    await within(form).findByText("Say what to be reminded of.");
    fireEvent.change(within(form).getByLabelText("Message"), { target: { value: "Ask for keys" } });
    fireEvent.click(within(form).getByRole("button", { name: "Save" }));
    const list = await screen.findByRole("list", { name: "Schedules" });
    await within(list).findByText("Call the agent");
    fireEvent.click(within(list).getByRole("switch", { name: "Call the agent is on" }));
    await within(list).findByText(/Paused/);
    fireEvent.click(within(list).getByRole("button", { name: "Delete Call the agent" }));
    await screen.findByText("No schedules yet");
  });

  it("makes a rule about a kind that members may follow", async () => {
    await open("/notifications/rules");
    const add = await screen.findByRole("button", { name: "New rule" });
    await waitFor(() => expect(add).toHaveProperty("disabled", false));
    fireEvent.click(add);
    const form = await screen.findByRole("dialog", { name: "New rule" });
    const kinds = within(within(form).getByRole("combobox", { name: "When" })).getAllByRole("option");
    expect(kinds.map((kind) => kind.textContent)).toEqual(["Images are ready", "A staging failed"]);
    fireEvent.change(within(form).getByLabelText(/^Name/), { target: { value: "Failures" } });
    fireEvent.change(within(form).getByRole("combobox", { name: "When" }), {
      target: { value: "staging.image_failed" },
    });
    fireEvent.click(within(form).getByRole("checkbox", { name: "By mail" }));
    fireEvent.click(within(form).getByRole("button", { name: "Save" }));
    await screen.findByText("A staging failed, told in the app and by mail");
    expect(boxOf(world, owner).rules[0]).toMatchObject({ kind: "staging.image_failed", email: true });
  });
});

describe("the link of a letter", () => {
  it("stops such letters only when asked to", async () => {
    show("/unsubscribe?token=good");
    await screen.findByText(/Letters about “Images are ready” to m…@example.com/);
    fireEvent.click(screen.getByRole("button", { name: "Stop them" }));
    await screen.findByText("No more of these letters");
  });

  it("says when it is not complete", async () => {
    show("/unsubscribe?token=half");
    await screen.findByText("This link does not work");
  });
});
