// Puts the margin engine's code beside its module in dist/, where it looks for it.
import { copyFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const path = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));

try {
  await copyFile(path("src/margin/risk.wasm"), path("dist/margin/risk.wasm"));
} catch (error) {
  if (error.code !== "ENOENT") {
    throw error;
  }
  console.error("src/margin/risk.wasm is missing: scripts/build-risk-wasm at the root builds it");
  process.exitCode = 1;
}
