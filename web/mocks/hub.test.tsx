/** Support and community over the mock API, as a customer, as staff and as a passer-by. */
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
import { hubOf } from "./hub.ts";
import { World } from "./world.ts";

let world: World;

beforeEach(() => {
  world = World.busy();
  vi.stubGlobal("fetch", async (request: Request) => {
    const body = request.method === "GET" ? undefined : await request.text();
    return handle(
      world,
      new Request(request.url, { method: request.method, headers: new Headers(request.headers), body }),
    );
  });
  session.forget();
  queryClient.clear();
});

function show(path: string) {
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

async function signedIn(path: string, isOperator = false) {
  const mara = [...world.users.values()][0];
  if (mara) mara.is_operator = isOperator;
  const router = show(`/login?next=${encodeURIComponent(path)}`);
  fireEvent.change(await screen.findByLabelText("E-mail"), { target: { value: "mara@example.com" } });
  fireEvent.change(screen.getByLabelText("Password"), { target: { value: "correct horse battery" } });
  fireEvent.click(screen.getByRole("button", { name: "Sign in" }));
  return router;
}

const type = (label: RegExp | string, value: string) =>
  fireEvent.change(screen.getByLabelText(label), { target: { value } });
const press = (name: RegExp | string) => fireEvent.click(screen.getByRole("button", { name }));

describe("support", () => {
  it("asks a question and shows it as a thread", async () => {
    const router = await signedIn("/support");
    await screen.findByRole("link", { name: "The sofa floats above the floor" });
    press("New ticket");
    await screen.findByRole("dialog");
    press("Send");
    expect(await screen.findByText("Say in a few words what it is about.")).toBeTruthy();
    type("Subject", "Where is the rug?");
    type("What happened?", "It was there yesterday.");
    press("Send");
    expect(await screen.findByRole("heading", { level: 1, name: "Where is the rug?" })).toBeTruthy();
    expect(router.state.location.pathname).toMatch(/^\/support\/.+/);
    expect(await screen.findByText("It was there yesterday.")).toBeTruthy();
    expect(screen.queryByLabelText("Internal note")).toBeNull();
  });

  it("replies, and closes what is solved", async () => {
    const ticket = hubOf(world).tickets[0];
    await signedIn(`/support/${ticket?.id}`);
    await screen.findByRole("article", { name: "Message of Nina Ortega" });
    type("Your reply", "It works now!");
    press("Send reply");
    expect(await screen.findByText("It works now!")).toBeTruthy();
    await waitFor(() => expect(ticket?.status).toBe("open"));
    press("It is solved");
    await waitFor(() => expect(ticket?.status).toBe("resolved"));
    expect(await screen.findByRole("button", { name: "Open it again" })).toBeTruthy();
  });

  it("lets the staff write a note from a prepared answer", async () => {
    const ticket = hubOf(world).tickets[0];
    await signedIn(`/support/${ticket?.id}`, true);
    fireEvent.click(await screen.findByRole("button", { name: "Prepared answer" }));
    fireEvent.click(await screen.findByRole("menuitem", { name: "Thanks for writing" }));
    expect((screen.getByLabelText("Your reply") as HTMLTextAreaElement).value).toBe(
      "Thank you for writing to us.",
    );
    fireEvent.click(screen.getByLabelText("Internal note"));
    type("Note for the staff", "Known bug.");
    press("Add note");
    const note = await screen.findByRole("article", { name: "Note of Mara Lindqvist" });
    expect(within(note).getByText("Note, staff only")).toBeTruthy();
    expect(hubOf(world).messages.at(-1)?.is_internal).toBe(true);
    expect(ticket?.status).toBe("pending");
  });
});

describe("community", () => {
  it("is read by a passer-by, who is asked to sign in for more", async () => {
    const post = hubOf(world).posts[0];
    show("/community");
    fireEvent.click(await screen.findByRole("link", { name: post?.title }));
    expect(await screen.findByRole("heading", { level: 1, name: post?.title })).toBeTruthy();
    const answers = await screen.findByRole("list", { name: "Answers" });
    expect(within(answers).getByText("That worked, thank you!")).toBeTruthy();
    expect(screen.getByRole("link", { name: "Sign in to comment" })).toBeTruthy();
    expect(screen.getByRole("button", { name: "Vote for this post" }).hasAttribute("disabled")).toBe(true);
    expect(screen.queryByRole("button", { name: "Report" })).toBeNull();
  });

  it("sorts, searches and says when nothing is found", async () => {
    await signedIn("/community");
    await screen.findByRole("link", { name: "Before and after: the old mill" });
    fireEvent.click(screen.getByRole("radio", { name: "Top" }));
    type("Search posts", "bathroom");
    await waitFor(() => expect(screen.queryByText("Before and after: the old mill")).toBeNull());
    expect(await screen.findByRole("link", { name: /small bathrooms/ })).toBeTruthy();
    type("Search posts", "zebra");
    expect(await screen.findByText("Nothing found for “zebra”.")).toBeTruthy();
  });

  it("counts a vote at once and takes it back on a second press", async () => {
    const post = hubOf(world).posts[0];
    await signedIn(`/community/${post?.id}`);
    const up = await screen.findByRole("button", { name: "Vote for this post" });
    fireEvent.click(up);
    await waitFor(() => expect(post?.my_vote).toBe(1));
    expect(await screen.findByText("13 points")).toBeTruthy();
    expect(up.getAttribute("aria-pressed")).toBe("true");
    fireEvent.click(up);
    await waitFor(() => expect(post?.my_vote).toBe(null));
    expect(await screen.findByText("12 points")).toBeTruthy();
  });

  it("comments, answers and reports", async () => {
    const hub = hubOf(world);
    await signedIn(`/community/${hub.posts[0]?.id}`);
    await screen.findByRole("list", { name: "Answers" });
    type("Add a comment", "A wide lens helps.");
    press("Comment");
    expect(await screen.findByText("A wide lens helps.")).toBeTruthy();
    fireEvent.click(screen.getAllByRole("button", { name: "Report" })[0] as HTMLElement);
    const dialog = await screen.findByRole("dialog");
    fireEvent.click(within(dialog).getByLabelText("Does not belong here"));
    fireEvent.click(within(dialog).getByRole("button", { name: "Report" }));
    expect(await screen.findByText("Thank you. The moderators will look at it.")).toBeTruthy();
    expect(hub.queue[0]?.flags[0]?.reason).toBe("off_topic");
  });

  it("shows moderators what was reported and does what they decide", async () => {
    const hub = hubOf(world);
    const post = hub.posts[0];
    if (!post) throw new Error("there is a post");
    const { id, title, body, body_html, author, state, is_locked, created_at } = post;
    const flag = { id: "f", reason: "spam", note: "Look", created_at } as const;
    const item = { id, title, body, body_html, author, state, is_locked, created_at };
    hub.queue.push({ ...item, kind: "post", post_id: id, flag_count: 1, flags: [flag] });
    await signedIn("/community/moderation", true);
    const card = await screen.findByRole("article", { name: "Post of Nina Ortega" });
    expect(within(card).getByText("Spam or advertising: Look")).toBeTruthy();
    fireEvent.click(within(card).getByRole("button", { name: "Remove" }));
    expect(await screen.findByText("Nothing waits for you")).toBeTruthy();
    expect(post.state).toBe("removed");
  });
});
