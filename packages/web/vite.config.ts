import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { contentSecurityPolicy } from "./vite/content-security-policy.ts";
import { networkConfig } from "./vite/network-config.ts";
import { warningsFail } from "./vite/warnings-fail.ts";

/** Files of their own, which a browser keeps while the page's own code changes. */
const libraries = {
  react: /node_modules\/(react|react-dom|scheduler|react-router)\//,
  radix: /node_modules\/(@radix-ui|@floating-ui|aria-hidden|react-remove-scroll)/,
  // Addresses alone, which the page checks before there is a connection.
  addresses: /node_modules\/(@cosmjs\/encoding|@cosmjs\/math|@scure\/base)\//,
  "chain-types": /node_modules\/cosmjs-types\//,
  chain: /node_modules\/(@cosmjs|@noble|@scure|xstream|symbol-observable|globalthis)/,
};

/** Modules of chains of which CosmJS brings the types, and the page needs none. */
const unused =
  /^cosmjs-types\/(ibc|cosmos\/(authz|distribution|feegrant|gov|group|mint|slashing|upgrade|vesting))\/.*$/;

const absent = (name: string) =>
  fileURLToPath(new URL(`./vite/absent/${name}.ts`, import.meta.url));

export default defineConfig(({ command }) => ({
  ...(command === "build" ? { customLogger: warningsFail() } : {}),
  // Beside its configuration, wherever that is.
  base: "./",
  plugins: [react(), contentSecurityPolicy(), networkConfig(process.env.BULWARK_CONFIG)],
  resolve: {
    alias: [
      { find: "hash-wasm", replacement: absent("hash-wasm") },
      { find: unused, replacement: absent("chain-modules") },
    ],
  },
  build: {
    target: "es2023",
    // What the page is written for anyway, so that nothing is rewritten for older browsers.
    cssTarget: ["chrome123", "safari17.5", "firefox120"],
    // The risk engine is a file of its own, to be compiled while it loads.
    assetsInlineLimit: 0,
    // The types of the chain's messages come in one piece: half a megabyte, 60 kB compressed.
    chunkSizeWarningLimit: 600,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: Object.entries(libraries).map(([name, test]) => ({ name, test })),
        },
      },
    },
  },
}));
