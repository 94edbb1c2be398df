import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const client = new URL("../clients/typescript/src/index.ts", import.meta.url).pathname;

// The server fills in the page's base and nonce, so that the console works below any prefix.
export default defineConfig({
  base: "./",
  plugins: [react()],
  resolve: { alias: { "facet-client": client } },
  build: {
    outDir: "../app/api/web/assets",
    emptyOutDir: true,
    assetsDir: "files",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    license: { fileName: "licences.md" },
    sourcemap: false,
    target: "es2022",
  },
});
