import "@mantine/core/styles.css";
import "@mantine/dropzone/styles.css";
import "@mantine/notifications/styles.css";

import { MantineProvider } from "@mantine/core";
import { ModalsProvider } from "@mantine/modals";
import { Notifications } from "@mantine/notifications";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { FacetError } from "facet-client";
import { setNonce } from "get-nonce";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";

import { router } from "./app/router";
import { styleNonce, theme, variables } from "./app/theme";
import { Texts } from "./texts/provider";

setNonce(styleNonce());
const cache = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      // The server may stand on this machine, or beside it: no way to the rest of the world is fine.
      networkMode: "always",
      // The client itself tries again what passes.
      retry: (count, error) => !(error instanceof FacetError) && count < 2,
    },
    mutations: { networkMode: "always" },
  },
});
const place = document.getElementById("root");
if (place) {
  createRoot(place).render(
    <StrictMode>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={variables}
        defaultColorScheme="auto"
        getStyleNonce={styleNonce}
      >
        <QueryClientProvider client={cache}>
          <Texts>
            <ModalsProvider>
              <Notifications position="bottom-right" />
              <RouterProvider router={router} />
            </ModalsProvider>
          </Texts>
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  );
}
