import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const api = process.env.API ?? "http://127.0.0.1:3008";

export default defineConfig({
  base: "/inbox/",
  plugins: [react()],
  build: {
    outDir: "dist",
    // The inbox, and the API to try, which shares nothing with it that is loaded first.
    rollupOptions: { input: { inbox: "index.html", docs: "docs/index.html" } },
    target: "es2022",
    // The page's Content-Security-Policy allows no inline scripts and no code from data: addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1600,
  },
  server: {
    host: "127.0.0.1",
    proxy: { "^/(?!inbox/)": { target: api } },
  },
});
