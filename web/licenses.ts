/** Writes the licences of everything that ends up in the built app beside it, as most of them ask for. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "vite";

/** The folder of the package a module comes from; null for our own code. */
function packageOf(moduleId: string): string | null {
  const match = /^\0?(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(moduleId.replaceAll("\\", "/"));
  return match?.[1] ?? null;
}

export function licenses(): Plugin {
  return {
    name: "vitrine-licenses",
    apply: "build",
    generateBundle() {
      const folders = new Set<string>();
      for (const id of this.getModuleIds()) {
        const folder = packageOf(id);
        if (folder && existsSync(join(folder, "package.json"))) folders.add(folder);
      }
      const entries = [...folders]
        .map((folder) => {
          const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
          const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
          const text = file ? readFileSync(join(folder, file), "utf8").trim() : "";
          return { name, text: `${name} ${version} (${license ?? "see text"})\n\n${text}` };
        })
        .sort((a, b) => a.name.localeCompare(b.name));
      this.emitFile({
        type: "asset",
        fileName: "third-party-licenses.txt",
        source: `${entries.map((entry) => entry.text).join(`\n\n${"-".repeat(72)}\n\n`)}\n`,
      });
    },
  };
}
