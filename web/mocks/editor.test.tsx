/** The room editor over the mock API: keys, saving, versions, and what happens when two people save. */
import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { createMemoryHistory, RouterProvider } from "@tanstack/react-router";
import { act, fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { type Image, type SceneChange, session } from "../src/api";
import { keys } from "../src/app/keys";
import { queryClient } from "../src/app/query";
import { makeRouter } from "../src/app/router";
import { putImages } from "../src/features/staging/images/cache";
import { Toasts } from "../src/ui";
import { theme } from "../src/ui/theme";
import { handle } from "./handler.ts";
import { people } from "./people.ts";
import { failScene, sceneOf } from "./scenes.ts";
import { World } from "./world.ts";

let world: World;
let bodies: { method: string; path: string; body: Record<string, unknown> }[];

vi.mock("@mantine/hooks", async (original) => ({
  ...(await original<typeof import("@mantine/hooks")>()),
  // A stage has a size also where nothing is laid out.
  useElementSize: () => ({ ref: () => {}, width: 1600, height: 1067 }),
}));

beforeEach(() => {
  world = World.busy();
  bodies = [];
  URL.createObjectURL = () => "blob:preview";
  URL.revokeObjectURL = () => {};
  vi.stubGlobal("fetch", async (request: Request) => {
    const body = request.method === "GET" ? undefined : await request.text();
    if (body)
      bodies.push({ method: request.method, path: new URL(request.url).pathname, body: JSON.parse(body) });
    return handle(
      world,
      new Request(request.url, { method: request.method, headers: new Headers(request.headers), body }),
    );
  });
  session.forget();
  queryClient.clear();
});

const imageWith = (status: string) =>
  [...world.images.values()].find((image) => image.status === status) as Image & { owner: string };

async function openEditor(image: Image, search = ""): Promise<ReturnType<typeof makeRouter>> {
  const path = `/projects/${image.project_id}/images/${image.id}/edit${search}`;
  const router = makeRouter(
    createMemoryHistory({ initialEntries: [`/login?next=${encodeURIComponent(path)}`] }),
  );
  render(
    <MantineProvider theme={theme} env="test">
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
        <Toasts />
      </QueryClientProvider>
    </MantineProvider>,
  );
  await screen.findByText("Welcome back");
  fireEvent.change(screen.getByLabelText("E-mail"), { target: { value: "mara@example.com" } });
  fireEvent.change(screen.getByLabelText("Password"), { target: { value: "correct horse battery" } });
  fireEvent.click(screen.getByRole("button", { name: "Sign in" }));
  return router;
}

const pieces = () => screen.findByRole("group", { name: "Furniture in the picture" });
const sofa = async () => within(await pieces()).getByRole("button", { name: /^Three-seat sofa/ });
const saved = () =>
  bodies.filter((one) => one.method === "PATCH").at(-1)?.body as Partial<SceneChange> | undefined;
const positionOf = (body: Partial<SceneChange> | undefined, kind: string) =>
  body?.furniture?.find((one) => one.kind === kind)?.position_m;

/** What the live stream would bring. */
async function rendered(image: Image): Promise<void> {
  await act(async () => {
    world.stepMs = 1;
    for (let n = 0; n < 30 && world.images.get(image.id)?.status !== "ready"; n += 1) world.tick();
    putImages(queryClient, [{ ...(world.images.get(image.id) as Image) }]);
  });
}

describe("the room editor", () => {
  it("moves a sofa by keyboard, says so, saves it, and returns to the first version", async () => {
    const image = imageWith("ready");
    await openEditor(image);
    const button = await sofa();
    button.focus();
    for (const key of ["ArrowLeft", "ArrowLeft", "ArrowLeft", "ArrowLeft"])
      fireEvent.keyDown(button, { key });
    await screen.findByText("Three-seat sofa moved 20 cm left, 52 cm from the back wall");

    fireEvent.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(positionOf(saved(), "sofa")?.[0]).toBeCloseTo(-0.2, 6));
    expect(saved()).not.toHaveProperty("camera");
    await rendered(image);
    fireEvent.click(screen.getByRole("tab", { name: "Versions" }));
    fireEvent.click(await screen.findByRole("button", { name: "Restore version 1" }));
    await screen.findByText("Version 1 is back, as version 3.");
    await waitFor(() => expect(sceneOf(world, image).scene.furniture[1]?.position_m[0]).toBe(0));
    expect(screen.getByRole("button", { name: "Save" })).toHaveProperty("disabled", true);
  });

  it("writes lengths in feet and inches for who asked for these", async () => {
    people(world).preferences.units = "imperial";
    await openEditor(imageWith("ready"), "?tool=room");
    await screen.findByText(/^2 ft 7 in × 6 ft 8 in; drag it/);
    const ceiling = screen.getByRole("slider", { name: "Ceiling height" });
    await waitFor(() => expect(ceiling.getAttribute("aria-valuetext")).toMatch(/^\d+ feet( \d+ inches)?$/));
    people(world).preferences.units = "metric";
    await queryClient.invalidateQueries({ queryKey: keys.preferences });
    await screen.findByText(/^0.80 × 2.03 m; drag it/);
  });

  it("lays another floor and paints the walls, a run of colours as one step, and saves both", async () => {
    const image = imageWith("ready");
    await openEditor(image, "?tool=surfaces");
    const floors = await screen.findByRole("group", { name: "Floor" });
    const oak = within(floors).getByRole("button", { name: "Oak boards" });
    fireEvent.click(oak);
    expect(oak.getAttribute("aria-pressed")).toBe("true");
    await screen.findByText("Floor in oak boards");
    const own = screen.getByLabelText("Own colour");
    for (const value of ["#112233", "#445566", "#778899"]) fireEvent.change(own, { target: { value } });
    await screen.findByText("Walls in #778899");
    const previews = () => bodies.filter((one) => one.path.endsWith("/preview"));
    await waitFor(() =>
      expect(previews().at(-1)?.body.redecoration).toEqual({ floor: "oak", walls: "#778899" }),
    );
    fireEvent.keyDown(window, { key: "z", ctrlKey: true });
    const bare = screen.getByRole("button", { name: "As in the photo", pressed: true });
    expect(bare).toHaveProperty("disabled", true);
    fireEvent.click(
      within(screen.getByRole("group", { name: "Walls" })).getByRole("button", { name: "Sage" }),
    );
    fireEvent.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(saved()?.redecoration).toEqual({ floor: "oak", walls: "#9fb0a3" }));
    await rendered(image);
    await waitFor(() => expect(sceneOf(world, image).scene.redecoration.floor).toBe("oak"));
  });

  it("turns the photo level with its room, back by undo, and sends both", async () => {
    const image = imageWith("ready");
    await openEditor(image, "?tool=surfaces");
    const level = await screen.findByRole("switch", { name: /^Straighten verticals/ });
    fireEvent.click(level);
    await screen.findByText("Verticals straightened");
    expect(level).toHaveProperty("checked", true);
    fireEvent.keyDown(window, { key: "z", ctrlKey: true });
    expect(level).toHaveProperty("checked", false);
    expect(screen.getByRole("button", { name: "Save" })).toHaveProperty("disabled", true);
    fireEvent.keyDown(window, { key: "y", ctrlKey: true });
    fireEvent.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(saved()).toBeDefined());
    const { camera, straightened, furniture } = saved() as Required<SceneChange>;
    expect(straightened.from).toEqual(expect.objectContaining({ center_px: [800, 384] }));
    expect(camera.center_px).toEqual([800, 372]);
    // What the page knows of the picture's size is no part of the camera to the server.
    for (const { body } of bodies) expect(body.camera ?? {}).not.toHaveProperty("picture_px");
    expect(furniture).toHaveLength(8);
  });

  it("undoes, redoes and saves by keys while a switch or a button of the panel has the focus", async () => {
    const image = imageWith("ready");
    await openEditor(image, "?tool=surfaces");
    const level = await screen.findByRole("switch", { name: /^Straighten verticals/ });
    level.focus();
    fireEvent.click(level);
    await screen.findByText("Verticals straightened");
    // A switch that was switched off while its answer came would have lost the focus.
    expect(document.activeElement).toBe(level);
    fireEvent.keyDown(level, { key: "z", ctrlKey: true });
    expect(level).toHaveProperty("checked", false);
    fireEvent.keyDown(level, { key: "y", ctrlKey: true });
    expect(level).toHaveProperty("checked", true);
    fireEvent.keyDown(screen.getByRole("radio", { name: "Surfaces" }), { key: "s", ctrlKey: true });
    await waitFor(() => expect(saved()?.straightened?.from).toBeTruthy());
  });

  it("takes no straightening for a room that was undone while the answer came", async () => {
    const image = imageWith("ready");
    await openEditor(image, "?tool=room");
    const corner = await screen.findByRole("button", { name: "Back left corner at the floor" });
    corner.focus();
    fireEvent.keyDown(corner, { key: "ArrowLeft", shiftKey: true });
    await screen.findByText(/^Back left floor corner at .* away$/);
    fireEvent.click(screen.getByRole("radio", { name: "Surfaces" }));
    const level = await screen.findByRole("switch", { name: /^Straighten verticals/ });
    fireEvent.click(level);
    fireEvent.keyDown(level, { key: "z", ctrlKey: true });
    await screen.findByText("The room was changed meanwhile, so the photo stays as it is");
    expect(level).toHaveProperty("checked", false);
    expect(screen.getByRole("button", { name: "Save" })).toHaveProperty("disabled", true);
  });

  it("takes up a version again that never got its picture", async () => {
    const image = imageWith("ready");
    await openEditor(image);
    const button = await sofa();
    button.focus();
    fireEvent.keyDown(button, { key: "Delete" });
    fireEvent.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(saved()?.furniture).toHaveLength(7));
    await act(async () => {
      const now = world.images.get(image.id) as Image;
      failScene(world, now);
      const stored = sceneOf(world, now);
      stored.scene = stored.versions.at(-1)?.scene ?? stored.scene;
      const error = { code: "engine_failed", message: "It broke." };
      Object.assign(now, { version: 1, status: "ready", error });
      putImages(queryClient, [{ ...now }]);
    });
    fireEvent.click(screen.getByRole("tab", { name: "Versions" }));
    const row = await screen.findByRole("listitem", { name: "Version 2" });
    within(row).getByText("No picture was made");
    // The work is still in the hands; a reload would find it here.
    fireEvent.keyDown(window, { key: "z", ctrlKey: true });
    await waitFor(() =>
      expect(
        within(screen.getByRole("group", { name: "Furniture in the picture" })).getAllByRole("button"),
      ).toHaveLength(8),
    );
    fireEvent.click(within(row).getByRole("button", { name: "Take up version 2 again" }));
    await screen.findByText("Version 2 is in your hands again");
    expect(within(await pieces()).getAllByRole("button")).toHaveLength(7);
    expect(screen.getByRole("button", { name: "Save" })).toHaveProperty("disabled", false);
  });

  it("undoes a run of steps as one, redoes it, and removes with Delete", async () => {
    await openEditor(imageWith("ready"));
    const list = await pieces();
    const before = within(list).getAllByRole("button").length;
    const button = await sofa();
    button.focus();
    fireEvent.keyDown(button, { key: "e" });
    await screen.findByText("Three-seat sofa turned 15° clockwise");
    fireEvent.keyDown(button, { key: "Delete" });
    expect(within(list).getAllByRole("button")).toHaveLength(before - 1);
    fireEvent.keyDown(window, { key: "z", ctrlKey: true });
    expect(within(list).getAllByRole("button")).toHaveLength(before);
    fireEvent.keyDown(window, { key: "z", ctrlKey: true });
    expect(screen.getByRole("button", { name: "Save" })).toHaveProperty("disabled", true);
    fireEvent.keyDown(window, { key: "z", ctrlKey: true, shiftKey: true });
    expect(screen.getByRole("button", { name: "Save" })).toHaveProperty("disabled", false);
  });

  it("adds from the catalogue, swaps and recolours", async () => {
    await openEditor(imageWith("ready"));
    await pieces();
    fireEvent.click(screen.getByRole("tab", { name: "Add" }));
    fireEvent.click(await screen.findByRole("button", { name: /^Add Armchair/ }));
    fireEvent.click(screen.getByRole("tab", { name: "Pieces" }));
    fireEvent.click(screen.getByRole("button", { name: "Swap" }));
    fireEvent.click(await screen.findByRole("button", { name: "Swap for Armchair, industrial" }));
    fireEvent.click(screen.getByRole("button", { name: "Petrol" }));
    fireEvent.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(saved()).toBeTruthy());
    const added = saved()?.furniture?.at(-1);
    expect(added).toMatchObject({ kind: "armchair", style: "industrial", color: "#2f5a66" });
  });

  it("offers three arrangements to take", async () => {
    await openEditor(imageWith("ready"));
    await pieces();
    fireEvent.click(screen.getByRole("tab", { name: "Plans" }));
    fireEvent.click(await screen.findByRole("button", { name: /Arrangement 2/ }));
    const list = await pieces();
    expect(within(list).getByRole("button", { name: /^Bookcase/ })).toBeTruthy();
  });

  it("says that someone else saved meanwhile, and can save on top", async () => {
    const image = imageWith("ready");
    await openEditor(image);
    const button = await sofa();
    button.focus();
    fireEvent.keyDown(button, { key: "ArrowUp" });
    Object.assign(world.images.get(image.id) as Image, { version: 5 });
    fireEvent.click(screen.getByRole("button", { name: "Save" }));
    await screen.findByText("Someone else changed this room");
    fireEvent.click(screen.getByRole("button", { name: "Save mine" }));
    await waitFor(() => expect(world.images.get(image.id)?.version).toBe(6));
  });

  it("asks before unsaved work is left behind", async () => {
    const image = imageWith("ready");
    const router = await openEditor(image);
    const button = await sofa();
    button.focus();
    fireEvent.keyDown(button, { key: "ArrowUp" });
    fireEvent.click(screen.getByRole("link", { name: "Back to the project" }));
    await screen.findByText("Leave without saving?");
    fireEvent.click(screen.getByRole("button", { name: "Leave" }));
    await waitFor(() => expect(router.state.location.pathname).toBe(`/projects/${image.project_id}`));
  });

  it("stages a room whose corners were marked by hand", async () => {
    const image = imageWith("error");
    await openEditor(image);
    const corner = await screen.findByRole("button", { name: "Back left corner at the floor" });
    corner.focus();
    fireEvent.keyDown(corner, { key: "ArrowLeft", shiftKey: true });
    await waitFor(() => expect(bodies.some((one) => one.path.endsWith("/scene/solve"))).toBe(true));
    const before = sceneOf(world, image).scene.room.left_m as number;
    await waitFor(() => {
      fireEvent.click(screen.getByRole("button", { name: "Stage this room" }));
      expect(saved()).toBeTruthy();
    });
    const body = saved();
    expect(body?.room?.left_m).toBeLessThan(before);
    expect(body?.furniture).toBeUndefined();
    await rendered(image);
    await waitFor(() => expect(sceneOf(world, image).scene.furniture.length).toBeGreaterThan(3));
    await sofa();
  });

  it("keeps the changes when their picture could not be made", async () => {
    const image = imageWith("ready");
    const stored = sceneOf(world, image);
    const { scene } = stored;
    await openEditor(image);
    const button = await sofa();
    button.focus();
    fireEvent.keyDown(button, { key: "ArrowUp" });
    fireEvent.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(world.images.get(image.id)?.status).toBe("queued"));
    await waitFor(() => expect(screen.getByText("Waiting its turn")).toBeTruthy());
    stored.scene = scene;
    const error = { code: "engine_failed", message: "The engine stopped." };
    Object.assign(world.images.get(image.id) as Image, { status: "ready", version: 1, error });
    await act(async () => putImages(queryClient, [{ ...(world.images.get(image.id) as Image) }]));
    await screen.findByText("Your changes are still here.");
    await waitFor(() =>
      expect(screen.getByRole("button", { name: "Save" })).toHaveProperty("disabled", false),
    );
  });

  it("says so when there is nothing to edit", async () => {
    const image = imageWith("ready");
    await openEditor({ ...image, id: "gone" });
    await screen.findByText("Nothing to edit here");
  });
});
