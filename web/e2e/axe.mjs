// Accessibility rules over the page as it is now; the script comes through the driver, so the page's policy stays as strict as it is.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export async function checkPage(page) {
  await page.evaluate(source);
  const result = await page.evaluate(() =>
    globalThis.axe.run(document, {
      runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"],
      // Dialogs and menus sit beside the page's landmarks while they are open; the library gives dialogs a <header>.
      rules: {
        region: { enabled: false },
        "landmark-no-duplicate-banner": { enabled: false },
        "landmark-unique": { enabled: false },
      },
    }),
  );
  return result.violations.map(
    (v) =>
      `${v.id}: ${v.nodes
        .slice(0, 3)
        .map((n) => `${n.target.join(" ")} ${(n.any[0] ?? n.all[0] ?? n.none[0])?.message ?? ""}`)
        .join(" | ")}`,
  );
}
