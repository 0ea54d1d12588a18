import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { contentSecurityPolicy } from "./vite/content-security-policy.ts";
import { networkConfig } from "./vite/network-config.ts";

export default defineConfig({
  // Beside its configuration, wherever that is.
  base: "./",
  plugins: [react(), contentSecurityPolicy(), networkConfig(process.env.BULWARK_CONFIG)],
  build: {
    target: "es2023",
    // The risk engine is a file of its own, to be compiled while it loads.
    assetsInlineLimit: 0,
  },
});
