import "@fontsource-variable/instrument-sans/index.css";
import "@mantine/core/styles.css";
import "../ui/tokens.css";
import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { startUploads } from "../features/platform/files/uploads";
import { Toasts } from "../ui";
import { theme } from "../ui/theme";
import { startLive } from "./live";
import { queryClient } from "./query";
import { router } from "./router";

const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? "";
// The scroll lock of dialogs writes a style tag of its own and looks for its nonce here.
Object.assign(globalThis, { __webpack_nonce__: nonce });

startLive(queryClient);
startUploads();

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <MantineProvider theme={theme} defaultColorScheme="auto" getStyleNonce={() => nonce}>
        <QueryClientProvider client={queryClient}>
          <RouterProvider router={router} />
          <Toasts />
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  );
}
