// A browser for the tests: Debian's Chromium, or the one named by VITRINE_CHROMIUM.
import { existsSync } from "node:fs";
import { chromium } from "playwright-core";

const CANDIDATES = [
  process.env.VITRINE_CHROMIUM,
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
];

export function launch() {
  const executablePath = CANDIDATES.find((path) => path && existsSync(path));
  if (!executablePath)
    throw new Error("no Chromium found: install the package chromium, or set VITRINE_CHROMIUM");
  const isRoot = process.getuid?.() === 0;
  return chromium.launch({ executablePath, args: isRoot ? ["--no-sandbox"] : [] });
}

// Collects what must not happen on any page: script errors and violations of the content security policy.
export function watch(page, problems) {
  page.on("pageerror", (error) => problems.push(`script error: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() !== "error") return;
    const text = message.text();
    // An answer of 4xx is logged by the browser whether the page expects it or not.
    if (text.startsWith("Failed to load resource")) return;
    problems.push(`console: ${text}`);
  });
}
