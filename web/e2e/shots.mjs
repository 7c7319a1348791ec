// Saves a picture of every page, light and dark, on a desk and on a phone, from the built app over the mock server.
//   node e2e/shots.mjs <folder> [name…]
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { preview } from "vite";
import { checkPage } from "./axe.mjs";
import { launch, watch } from "./browser.mjs";
import { drawnPhotos } from "./photos.mjs";

const folder = process.argv[2] ?? "shots";
const only = process.argv.slice(3);
mkdirSync(folder, { recursive: true });

const server = await preview({ configFile: "vite.mock.config.ts", preview: { port: 0, host: "127.0.0.1" } });
const base = server.resolvedUrls.local[0].replace(/\/$/, "");
const browser = await launch();
const problems = [];

const DESK = { width: 1360, height: 850 };
const PHONE = { width: 375, height: 760 };

async function signIn(page) {
  await page.goto(`${base}/login`);
  await page.getByLabel("E-mail").fill("mara@example.com");
  await page.getByLabel("Password", { exact: true }).fill("correct horse battery");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Projects" }).waitFor();
}
const openProject = async (page) => {
  await page.getByRole("link", { name: /12 Garden Street/ }).click();
  await page.getByRole("article", { name: "living-room.jpg" }).waitFor();
  await page.waitForTimeout(350);
};

async function openEditor(page, name, tool) {
  await openProject(page);
  const card = page.getByRole("article", { name });
  if (tool === "room") {
    await card.getByRole("link", { name: "Mark the room’s corners" }).click();
    await page.getByRole("button", { name: /^Back left corner at the floor/ }).waitFor();
  } else {
    await card.getByRole("button", { name: /furnished/ }).click();
    await page.getByRole("link", { name: "Edit room" }).click();
    await page
      .getByRole("button", { name: /^Three-seat sofa/ })
      .first()
      .waitFor();
  }
  await page.waitForTimeout(500);
}
const sofa = (page) =>
  page
    .getByRole("group", { name: "Furniture in the picture" })
    .getByRole("button", { name: /^Three-seat sofa/ });

const SCENES = [
  ["setup-link", "fresh", (page) => page.goto(`${base}/setup`)],
  ["setup", "fresh", (page) => page.goto(`${base}/setup?token=mock-setup-token-0123456789`)],
  ["login", "busy", (page) => page.goto(`${base}/login`)],
  [
    "register-errors",
    "busy",
    async (page) => {
      await page.goto(`${base}/register`);
      await page.getByLabel("E-mail").fill("somebody");
      await page.getByRole("button", { name: "Create account" }).click();
    },
  ],
  ["projects", "busy", signIn],
  ["projects-empty", "account", signIn],
  [
    "project",
    "busy",
    async (page) => {
      await signIn(page);
      await openProject(page);
    },
    true,
  ],
  [
    "project-selection",
    "busy",
    async (page) => {
      await signIn(page);
      await openProject(page);
      await page.getByLabel("Select living-room.jpg").click({ force: true });
      await page.getByLabel("Select dining.jpg").click({ force: true, modifiers: ["Shift"] });
    },
  ],
  [
    "photo-settings",
    "busy",
    async (page) => {
      await signIn(page);
      await openProject(page);
      await page.getByLabel("Room and styles of dining.jpg").click();
    },
  ],
  [
    "project-empty",
    "account",
    async (page) => {
      await signIn(page);
      await page.getByRole("button", { name: "New project" }).first().click();
      await page.getByLabel("Name").fill("Lake house");
      await page.getByRole("button", { name: "Create", exact: true }).click();
      await page.getByText("Drop photos of empty rooms here").waitFor();
    },
  ],
  [
    "new-project",
    "busy",
    async (page) => {
      await signIn(page);
      await page.getByRole("button", { name: "New project" }).first().click();
    },
  ],
  [
    "upload",
    "busy&upload_speed=90000",
    async (page) => {
      await signIn(page);
      await page.getByRole("link", { name: /Villa Aurora/ }).click();
      await page.getByText("Drop photos of empty rooms here").waitFor();
      const files = await drawnPhotos(page, [
        "hall.jpg",
        "kitchen-window.jpg",
        "terrace-room.jpg",
        "attic.jpg",
        "north-bedroom.jpg",
      ]);
      files.push({
        name: "notes.txt",
        mimeType: "text/plain",
        buffer: Buffer.from("not a photo at all, only words"),
      });
      await page.locator("input[type=file]").first().setInputFiles(files);
      await page.waitForTimeout(2600);
    },
  ],
  [
    "viewer",
    "busy",
    async (page) => {
      await signIn(page);
      await openProject(page);
      await page
        .getByRole("article", { name: "living-room.jpg" })
        .getByRole("button", { name: /furnished/ })
        .click();
      await page.getByRole("slider").waitFor();
      await page.waitForTimeout(400);
    },
  ],
  [
    "viewer-shortcuts",
    "busy",
    async (page) => {
      await signIn(page);
      await openProject(page);
      await page
        .getByRole("article", { name: "living-room.jpg" })
        .getByRole("button", { name: /furnished/ })
        .click();
      await page.getByRole("slider").waitFor();
      await page.keyboard.press("?");
    },
  ],
  [
    "editor",
    "busy",
    async (page) => {
      await signIn(page);
      await openEditor(page, "living-room.jpg");
    },
  ],
  [
    "editor-piece",
    "busy",
    async (page) => {
      await signIn(page);
      await openEditor(page, "living-room.jpg");
      await sofa(page).focus();
      for (const key of ["ArrowLeft", "ArrowLeft", "Shift+ArrowLeft", "e"]) await page.keyboard.press(key);
      await page.getByText(/Preview · /).waitFor();
    },
  ],
  [
    "editor-add",
    "busy",
    async (page) => {
      await signIn(page);
      await openEditor(page, "living-room.jpg");
      await page.getByRole("tab", { name: "Add" }).click();
      await page.getByRole("button", { name: /^Add Armchair/ }).click();
      await page.getByText(/Preview · /).waitFor();
    },
  ],
  [
    "editor-plans",
    "busy",
    async (page) => {
      await signIn(page);
      await openEditor(page, "living-room.jpg");
      await page.getByRole("tab", { name: "Plans" }).click();
      await page.getByText("Arrangement 3").waitFor();
      await page.waitForTimeout(500);
    },
  ],
  [
    "editor-versions",
    "busy&step_ms=40",
    async (page) => {
      await signIn(page);
      await openEditor(page, "living-room.jpg");
      await sofa(page).focus();
      await page.keyboard.press("Shift+ArrowLeft");
      await page.getByRole("button", { name: "Save" }).click();
      await page.getByRole("tab", { name: "Versions" }).click();
      await page.getByRole("button", { name: "Restore version 1" }).waitFor();
      await page.waitForTimeout(500);
    },
  ],
  [
    "editor-room",
    "busy",
    async (page) => {
      await signIn(page);
      await openEditor(page, "loft-corner.jpg", "room");
    },
  ],
  [
    "editor-leave",
    "busy",
    async (page) => {
      await signIn(page);
      await openEditor(page, "living-room.jpg");
      await sofa(page).focus();
      await page.keyboard.press("ArrowUp");
      await page.getByRole("link", { name: "Back to the project" }).click();
      await page.getByRole("dialog", { name: "Leave without saving?" }).waitFor();
    },
  ],
  [
    "undo",
    "busy",
    async (page) => {
      await signIn(page);
      await openProject(page);
      await page.getByLabel("More for dining.jpg").click();
      await page.getByRole("menuitem", { name: "Delete photo" }).click();
      await page.getByRole("button", { name: "Undo" }).waitFor();
    },
  ],
  [
    "activity",
    "busy",
    async (page) => {
      await signIn(page);
      await page
        .getByRole("button", { name: /^Activity/ })
        .filter({ visible: true })
        .click();
      await page.getByText("Under way").waitFor();
    },
  ],
  [
    "menu",
    "busy",
    async (page) => {
      await signIn(page);
      await page.getByRole("button", { name: "Account menu" }).click();
    },
  ],
  [
    "account",
    "busy",
    async (page) => {
      await signIn(page);
      await page.goto(`${base}/account`);
      await page.getByText("Plan and usage").waitFor();
    },
  ],
  [
    "sessions",
    "busy",
    async (page) => {
      await signIn(page);
      await page.goto(`${base}/account/sessions`);
      await page.getByText("This device").waitFor();
    },
  ],
  [
    "workspace",
    "busy",
    async (page) => {
      await signIn(page);
      await page.getByRole("button", { name: /^Workspace:/ }).click();
      await page.getByRole("menuitem", { name: "New workspace" }).click();
      await page.getByLabel("Name").fill("Elm Agency");
      await page.getByRole("button", { name: "Make the workspace" }).click();
      await page.getByRole("button", { name: "Workspace: Elm Agency" }).waitFor();
      await page.goto(`${base}/workspace`);
      await page.getByLabel("E-mail of the person").fill("ben@example.com");
      await page.getByRole("button", { name: "Invite", exact: true }).click();
      await page.getByText("Waiting for an answer").waitFor();
    },
  ],
  [
    "api-keys",
    "busy",
    async (page) => {
      await signIn(page);
      await page.goto(`${base}/account/api-keys`);
      await page.getByRole("button", { name: "New key" }).click();
      await page.getByLabel("Name").fill("Build server");
      await page.getByRole("button", { name: "Make the key" }).click();
      await page.getByRole("button", { name: "I have copied it" }).click();
      await page.getByText("never used").waitFor();
    },
  ],
  [
    "new-api-key",
    "busy",
    async (page) => {
      await signIn(page);
      await page.goto(`${base}/account/api-keys`);
      await page.getByRole("button", { name: "New key" }).click();
      await page.getByLabel("Name").fill("Build server");
      await page.getByRole("button", { name: "Make the key" }).click();
      await page.getByRole("button", { name: "I have copied it" }).waitFor();
    },
  ],
  [
    "data",
    "busy",
    async (page) => {
      await signIn(page);
      await page.goto(`${base}/account/data`);
      await page.getByRole("heading", { name: "Delete the account" }).waitFor();
    },
  ],
  [
    "error",
    "busy",
    async (page) => {
      await signIn(page);
      await page.route("**/api/v1/projects/*/images/grouped*", (route) =>
        route.fulfill({
          status: 503,
          contentType: "application/problem+json",
          body: JSON.stringify({
            type: "/problems/unavailable",
            title: "Not available",
            status: 503,
            detail: "The service is busy. Try again in a moment.",
            code: "unavailable",
            request_id: "0199f3f0-7d1c-7b9e-8c55-1f0e7a4d9b21",
          }),
        }),
      );
      await page.getByRole("link", { name: /12 Garden Street/ }).click();
      await page.getByRole("button", { name: "Try again" }).waitFor({ timeout: 20_000 });
    },
  ],
  [
    "loading",
    "busy",
    async (page) => {
      await signIn(page);
      await page.route("**/api/v1/projects/*/images/grouped*", () => {});
      await page.route("**/api/v1/staging/options", () => {});
      await page.getByRole("link", { name: /12 Garden Street/ }).click();
      await page.waitForTimeout(500);
    },
  ],
  [
    "not-found",
    "busy",
    async (page) => {
      await signIn(page);
      await page.goto(`${base}/nowhere`);
    },
  ],
];

for (const [name, scenario, go, isLong] of SCENES) {
  if (only.length > 0 && !only.includes(name)) continue;
  for (const size of ["desk", "phone"]) {
    await fetch(`${base}/mock/scenario?name=${scenario}`);
    const isPhone = size === "phone";
    const context = await browser.newContext({
      viewport: isPhone ? PHONE : DESK,
      deviceScaleFactor: isPhone ? 2 : 1,
      hasTouch: isPhone,
      reducedMotion: "reduce",
    });
    const page = await context.newPage();
    watch(page, problems);
    page.setDefaultTimeout(12_000);
    try {
      await go(page);
      await page.waitForTimeout(350);
      for (const theme of ["light", "dark"]) {
        await page.evaluate((scheme) => {
          localStorage.setItem("mantine-color-scheme-value", scheme);
          document.documentElement.setAttribute("data-mantine-color-scheme", scheme);
        }, theme);
        await page.waitForTimeout(150);
        await page.screenshot({
          path: join(folder, `${name}-${size}-${theme}.png`),
          fullPage: Boolean(isLong),
        });
        problems.push(...(await checkPage(page)).map((problem) => `${name} ${size} ${theme}: ${problem}`));
      }
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      if (overflow > 0) problems.push(`${name} ${size}: the page is ${overflow} px too wide`);
    } catch (error) {
      problems.push(`${name} ${size}: ${error.message}`);
      await page.screenshot({ path: join(folder, `${name}-${size}-broken.png`) }).catch(() => {});
    }
    await context.close();
  }
}

await browser.close();
await server.close();
for (const problem of problems) console.error(problem);
console.log(`${folder}: done, ${problems.length} problems`);
process.exit(problems.length > 0 ? 1 : 0);
