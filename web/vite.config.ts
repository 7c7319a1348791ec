import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { licenses } from "./licenses.ts";

/** Where `npm run dev` finds the server; `make run` listens there. */
const server = process.env.VITRINE_SERVER ?? "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [react(), licenses()],
  build: {
    target: "es2022",
    // The page's content security policy allows no data: fonts or scripts, so nothing is inlined.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
  },
  server: {
    proxy: {
      "/api": { target: server, changeOrigin: false },
      // A page of the server's own.
      "/status": { target: server, changeOrigin: false },
    },
  },
  test: {
    environment: "jsdom",
    include: ["src/**/*.test.{ts,tsx}", "mocks/**/*.test.{ts,tsx}"],
    setupFiles: ["mocks/setup.ts"],
    css: false,
    testTimeout: 30_000,
  },
});
