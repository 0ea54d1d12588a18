import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: [
      { test: { name: "unit", include: ["tests/*.test.ts"] } },
      {
        test: {
          // Against what the contracts answer: scripts/test-client writes and names it.
          name: "margin",
          include: ["tests/margin/*.test.ts"],
          testTimeout: 180_000,
        },
      },
      {
        test: {
          // Against a real chain: BULWARK_NETWORK names the network file of a local one.
          name: "chain",
          include: ["tests/chain/*.test.ts"],
          // Node.js 20 has WebSockets only when asked for them.
          execArgv: process.version.startsWith("v20.") ? ["--experimental-websocket"] : [],
          // The tests move the same prices.
          fileParallelism: false,
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
