import { defineConfig } from "vitest/config";

/** Tests in a real browser against a real chain. `scripts/test-web` provides both. */
export default defineConfig({
  test: {
    environment: "node",
    include: ["tests/browser/**/*.test.ts"],
    globalSetup: ["tests/browser/global.ts"],
    // All of them share one network, on which they move prices and stop the node.
    fileParallelism: false,
    // Each waits for what it awaits; these end what hangs.
    testTimeout: 900_000,
    hookTimeout: 900_000,
  },
});
