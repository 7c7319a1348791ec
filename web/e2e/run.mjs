// The whole story in a real browser against a running server:
//   VITRINE_BASE_URL   where it runs, such as http://127.0.0.1:8080
//   VITRINE_SETUP_URL  the one-time link it printed (its database must be empty)
//   VITRINE_PHOTOS     optional folder of photos to upload; drawn ones otherwise
//   VITRINE_SHOTS      optional folder for a picture after every step
// `node e2e/run.mjs --mock` runs the same story over the mock server.
import { mkdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkPage } from "./axe.mjs";
import { launch, watch } from "./browser.mjs";
import { drawnPhotos, photosIn } from "./photos.mjs";
import { atADevice } from "./signin.mjs";

const isMock = process.argv.includes("--mock");
let base = process.env.VITRINE_BASE_URL?.replace(/\/$/, "");
let setupUrl = process.env.VITRINE_SETUP_URL;
let mock = null;
if (isMock) {
  const { preview } = await import("vite");
  mock = await preview({ configFile: "vite.mock.config.ts", preview: { port: 0, host: "127.0.0.1" } });
  base = mock.resolvedUrls.local[0].replace(/\/$/, "");
  setupUrl = `${base}/setup?token=mock-setup-token-0123456789`;
  await fetch(`${base}/mock/scenario?name=fresh&step_ms=150`);
}
if (!base || !setupUrl) {
  console.error("set VITRINE_BASE_URL and VITRINE_SETUP_URL, or pass --mock");
  process.exit(2);
}
const shots = process.env.VITRINE_SHOTS;
if (shots) mkdirSync(shots, { recursive: true });

/** Furnishing one photo may take this long on a slow, busy machine. */
const STAGING_MS = 180_000;
const EMAIL = "ada@example.com";
const PASSWORD = "a bright empty room 42";

const browser = await launch();
const context = await browser.newContext({ viewport: { width: 1360, height: 850 }, acceptDownloads: true });
const page = await context.newPage();
page.setDefaultTimeout(20_000);
page.on("dialog", (dialog) => dialog.accept());
const problems = [];
watch(page, problems);

let count = 0;
async function step(name, work) {
  const start = Date.now();
  try {
    await work();
  } catch (error) {
    const picture = join(shots ?? tmpdir(), "vitrine-e2e-failed.png");
    await page.screenshot({ path: picture }).catch(() => {});
    console.error(
      `FAILED  ${name}\n${error.stack}\nproblems so far: ${problems.join("; ") || "none"}\npicture: ${picture}`,
    );
    console.log(`${count} passed, 1 failed`);
    await browser.close();
    process.exit(1);
  }
  count += 1;
  if (shots)
    await page.screenshot({
      path: join(shots, `${String(count).padStart(2, "0")}-${name.replace(/\W+/g, "-")}.png`),
    });
  console.log(`ok  ${name} (${Date.now() - start} ms)`);
}

/** One more picture in the middle of a step. */
async function picture(name, fullPage = false) {
  if (shots) await page.screenshot({ path: join(shots, `${name}.png`), fullPage });
}

function expect(isTrue, message) {
  if (!isTrue) throw new Error(message);
}

async function accessible(where = page) {
  const found = await checkPage(where);
  expect(found.length === 0, `accessibility: ${found.join("; ")}`);
}

const cards = () => page.getByRole("article");
const downloadOf = (card) => card.getByRole("button", { name: /^Download / });

async function savedBytes(press) {
  const [download] = await Promise.all([page.waitForEvent("download"), press()]);
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
}

/** How many files the page has kept for after a reload. Runs in the page. */
function keptFiles() {
  return new Promise((resolve) => {
    const open = indexedDB.open("vitrine-uploads");
    open.onsuccess = () => {
      const count = open.result.transaction("files").objectStore("files").count();
      count.onsuccess = () => {
        open.result.close();
        resolve(count.result);
      };
    };
  });
}

let firstName = "";

await step("set up with the printed link and a sample project", async () => {
  await page.goto(setupUrl);
  await page.getByRole("heading", { name: "Set up Vitrine" }).waitFor();
  await accessible();
  await page.getByLabel("Name").fill("Ada Byron");
  await page.getByLabel("E-mail").fill(EMAIL);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Create account and start" }).click();
  await cards().first().waitFor();
  expect((await cards().count()) >= 3, "the sample project has at least three photos");
  await page.getByRole("button", { name: /^Furnish \d+ photos/ }).waitFor({ timeout: 60_000 });
  await accessible();
});

const first = () => page.getByRole("article", { name: firstName, exact: true });

await step("furnish the sample with one click and see it become ready without a reload", async () => {
  await page.evaluate(() => {
    globalThis.sameDocument = true;
  });
  await page.getByRole("button", { name: /^Furnish \d+ photos/ }).click();
  await page.getByRole("progressbar", { name: "Furnishing" }).first().waitFor();
  await page
    .getByRole("progressbar", { name: "Furnishing" })
    .first()
    .waitFor({ state: "detached", timeout: STAGING_MS });
  const ready = cards().filter({ has: page.getByRole("button", { name: /^Download / }) });
  const refused = cards().filter({ has: page.getByRole("note") });
  await ready.first().waitFor();
  // The engine may refuse a photo, but never silently.
  const [count, readyCount, refusedCount] = [
    await cards().count(),
    await ready.count(),
    await refused.count(),
  ];
  expect(
    readyCount + refusedCount === count,
    `${count} photos, ${readyCount} ready, ${refusedCount} refused`,
  );
  firstName = await ready.first().getAttribute("aria-label");
  expect(await page.evaluate(() => globalThis.sameDocument), "the page was not reloaded");
  await page.evaluate(() => scrollTo(0, 0));
  await picture("furnished", true);
});

await step("compare before and after by keyboard", async () => {
  await first()
    .getByRole("button", { name: /furnished/ })
    .click();
  const slider = page.getByRole("slider", { name: "Before and after" });
  await slider.waitFor();
  const value = async () => Number(await slider.getAttribute("aria-valuenow"));
  await slider.focus();
  expect((await value()) === 50, "the line starts in the middle");
  for (let n = 0; n < 3; n += 1) await page.keyboard.press("ArrowRight");
  expect((await value()) === 53, `three steps right are 53, not ${await value()}`);
  await page.keyboard.press("Shift+ArrowLeft");
  expect((await value()) === 43, `one big step left is 43, not ${await value()}`);
  const box = await slider.boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + 180, box.y + box.height / 2, { steps: 5 });
  await page.mouse.up();
  expect((await value()) > 50, "the line follows the mouse");
  await page.keyboard.press("+");
  await page.getByText("140 %").waitFor();
  await page.keyboard.press("0");
  await page.getByRole("button", { name: "Fit to the window" }).getByText("100 %").waitFor();
  await accessible();
  await picture("viewer");
  await page.keyboard.press("Escape");
  await slider.waitFor({ state: "detached" });
});

await step("move a sofa by keyboard, save, and return to the first version", async () => {
  await first()
    .getByRole("button", { name: /furnished/ })
    .click();
  await page.getByRole("link", { name: "Edit room" }).click();
  const group = page.getByRole("group", { name: "Furniture in the picture" });
  await group.getByRole("button").first().waitFor();
  await accessible();
  // The engine chooses the room; where it put no sofa, another piece of the floor is moved.
  const sofa = group.getByRole("button", { name: /sofa/i });
  const piece =
    (await sofa.count()) > 0 ? sofa.first() : group.getByRole("button", { name: /bed|desk|table/i });
  const save = page.getByRole("button", { name: "Save" });
  await piece.first().focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  // A wall on one side leaves the other.
  if (await save.isDisabled()) await page.keyboard.press("Shift+ArrowLeft");
  await page
    .getByRole("status")
    .filter({ hasText: / moved / })
    .waitFor();
  await page.getByText(/^Preview · \d+ ms$/).waitFor();
  await picture("editor");
  await page.keyboard.press("Control+z");
  expect(await save.isDisabled(), "nothing is left to save after undo");
  await page.keyboard.press("Control+Shift+z");
  await page.keyboard.press("Control+s");
  await page.getByText("Version 2 is ready.").waitFor({ timeout: STAGING_MS });
  expect(await save.isDisabled(), "all is saved");
  await page.getByRole("tab", { name: "Versions" }).click();
  await page.getByRole("button", { name: "Restore version 1" }).click();
  await page.getByText("Version 1 is back, as version 3.").waitFor();
  await page.getByRole("listitem", { name: "Version 3" }).getByText("Shown").waitFor();
  await accessible();
  await page.getByRole("link", { name: "Back to the project" }).click();
  await page.getByRole("slider", { name: "Before and after" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("slider", { name: "Before and after" }).waitFor({ state: "detached" });
});

await step("download one image and all of them", async () => {
  const one = await savedBytes(() => downloadOf(first()).click());
  expect(one.bytes.length > 1000, `${one.name} has only ${one.bytes.length} bytes`);
  if (!isMock) expect(one.bytes[0] === 0xff && one.bytes[1] === 0xd8, `${one.name} is no JPEG`);
  const all = await savedBytes(() => page.getByRole("button", { name: "Download all" }).click());
  expect(all.bytes.subarray(0, 2).toString() === "PK", `${all.name} is no ZIP`);
});

await step("delete an image and a photo, and take both back", async () => {
  await page.getByLabel(`More for ${firstName}`, { exact: true }).click();
  await page.getByRole("menuitem", { name: "Delete this image" }).click();
  await downloadOf(first()).waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Undo" }).click();
  await downloadOf(first()).waitFor();
  await page.getByLabel(`More for ${firstName}`, { exact: true }).click();
  await page.getByRole("menuitem", { name: "Delete photo" }).click();
  await first().waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Undo" }).click();
  await downloadOf(first()).waitFor();
});

await step("upload photos, reload in the middle, and lose none", async () => {
  await page.getByRole("link", { name: "Projects" }).filter({ visible: true }).first().click();
  await page.getByRole("button", { name: "New project" }).click();
  await page.getByLabel("Name").fill("Lake house");
  await page.getByRole("button", { name: "Create", exact: true }).click();
  await page.getByText("Drop photos of empty rooms here").waitFor();
  const files = process.env.VITRINE_PHOTOS
    ? photosIn(process.env.VITRINE_PHOTOS).slice(0, 5)
    : await drawnPhotos(page, ["hall.jpg", "attic.jpg", "terrace.jpg", "studio.jpg", "north.jpg"]);
  // Nothing reaches storage until after the reload.
  const gate = {};
  gate.opened = new Promise((open) => {
    gate.open = open;
  });
  const held = async (route) => {
    if (route.request().method() === "PUT") await gate.opened;
    // What the page before the reload had asked for is gone by then.
    await route.fallback().catch(() => {});
  };
  await context.route(() => true, held);
  await page.locator("input[type=file]").first().setInputFiles(files);
  await page.getByText(/^Uploading 1 of/).waitFor();
  // A function that answers with a promise would count as true at once; so the page is asked again and again.
  const deadline = Date.now() + 20_000;
  while ((await page.evaluate(keptFiles)) !== files.length) {
    expect(Date.now() < deadline, "the files were not kept for after a reload");
  }
  await page.reload();
  gate.open();
  await page.waitForFunction(
    (wanted) => document.querySelectorAll("article").length === wanted,
    files.length,
    {
      timeout: 60_000,
    },
  );
  await page
    .getByRole("button", { name: new RegExp(`^Furnish ${files.length} photos?`) })
    .waitFor({ timeout: 60_000 });
  await context.unrouteAll({ behavior: "ignoreErrors" });
  await accessible();
});

await step("refuse a file that is no photo, in words", async () => {
  await page
    .locator("input[type=file]")
    .first()
    .setInputFiles({
      name: "notes.jpg",
      mimeType: "image/jpeg",
      buffer: Buffer.from("words, not a picture"),
    });
  await page.getByText("Not a photo we can read. Use JPEG, PNG or WebP.").waitFor();
  await page.getByRole("button", { name: "Clear" }).click();
});

await step("furnish with two styles while the live stream is blocked", async () => {
  await context.route("**/api/v1/events?*", (route) => route.abort());
  await page.reload();
  await page.getByText("Checking every 3 s").waitFor({ timeout: 40_000 });
  const name = await cards().first().getAttribute("aria-label");
  const card = page.getByRole("article", { name, exact: true });
  const styles = page.getByRole("group", { name: "Styles for all photos" }).getByRole("button");
  for (const style of await styles.all()) {
    if ((await style.getAttribute("aria-pressed")) === "false") {
      await style.click();
      break;
    }
  }
  await page.getByLabel(`Select ${name}`, { exact: true }).click({ force: true });
  await page.getByRole("button", { name: /^Furnish 1 photo · 2 images/ }).click();
  // Either both become ready, or the engine says in words why not; a drawn photo may not be a room to it.
  const done = card.getByRole("button", { name: /, (ready|failed)$/ });
  await done.nth(1).waitFor({ timeout: STAGING_MS });
  await context.unrouteAll({ behavior: "ignoreErrors" });
});

await step("keep the dark theme over a reload", async () => {
  await page.getByRole("button", { name: "Account menu" }).click();
  await page.getByRole("menuitem", { name: "Dark" }).click();
  await page.keyboard.press("Escape");
  await page.reload();
  await cards().first().waitFor();
  const scheme = await page.evaluate(() =>
    document.documentElement.getAttribute("data-mantine-color-scheme"),
  );
  expect(scheme === "dark", `the theme is ${scheme}`);
  await accessible();
});

await step("work on a phone", async () => {
  await page.setViewportSize({ width: 375, height: 760 });
  await page.getByRole("navigation", { name: "Main, bottom" }).waitFor();
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(wide <= 0, `the page is ${wide} px too wide`);
  await accessible();
  await picture("phone", true);
  await page
    .getByRole("button", { name: /^Activity/ })
    .filter({ visible: true })
    .click();
  await page.getByRole("dialog", { name: "Activity" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("link", { name: "Account" }).filter({ visible: true }).click();
  await page.getByRole("heading", { name: "Account" }).waitFor();
  await accessible();
  await page.setViewportSize({ width: 1360, height: 850 });
});

await step("name this device and sign out another one", async () => {
  const other = await browser.newContext();
  const otherPage = await other.newPage();
  await otherPage.goto(`${base}/login`);
  await otherPage.getByLabel("E-mail").fill(EMAIL);
  await otherPage.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await otherPage.getByRole("button", { name: "Sign in" }).click();
  await otherPage.getByRole("heading", { name: "Projects" }).waitFor();

  await page.goto(`${base}/account/sessions`);
  await page.getByText("This device").waitFor();
  const current = page.getByRole("listitem").filter({ hasText: "This device" });
  await current.getByRole("button", { name: /^Rename/ }).click();
  await page.getByLabel("Name of this device").fill("Desk by the window");
  await page.getByRole("button", { name: "Save name" }).click();
  await page.getByText("Desk by the window").waitFor();
  await accessible();
  await page.getByRole("button", { name: "Sign out all others" }).click();
  await page.getByText(/^Signed out 1 other device/).waitFor();
  await otherPage.reload();
  await otherPage.getByRole("heading", { name: "Welcome back" }).waitFor();
  await other.close();
});

// The mock server answers no device.
if (!isMock) {
  const device = await atADevice(browser, { base, email: EMAIL, password: PASSWORD, problems });
  await step("add a passkey and sign in with it alone", () => device.passkey(expect));
  await step("sign in with a code of the app, and with the passkey without one", () =>
    device.secondFactor(expect, accessible),
  );
  await device.close();
}

await step("sign out, meet the door, and come back to the same page", async () => {
  await page.getByRole("button", { name: "Account menu" }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.getByRole("heading", { name: "Welcome back" }).waitFor();
  await page.goto(`${base}/account`);
  await page.getByRole("heading", { name: "Welcome back" }).waitFor();
  await accessible();
  await page.getByLabel("E-mail").fill(EMAIL);
  await page.getByLabel("Password", { exact: true }).fill("not the password");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("alert").waitFor();
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Account" }).waitFor();
});

await step("leave no script error and no policy violation behind", async () => {
  expect(problems.length === 0, problems.join("\n"));
});

await browser.close();
await mock?.close();
console.log(`${count} passed, 0 failed`);
process.exit(0);
