import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const bench = fileURLToPath(new URL("../../scripts/bench.mjs", import.meta.url));

// With the package as it is built. What it measures is not looked at: that is the machine's.
it("the benchmark's accounts are such as the contracts know, and its figures are complete", async () => {
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, [bench, "--json", "--seconds", "0.01"]);
  const { results } = JSON.parse(stdout);
  const functions = ["margin", "liquidation_prices", "largest_change"];
  expect(results).toMatchObject(
    [2, 8, 16].flatMap((holdings) => functions.map((name) => ({ function: name, holdings }))),
  );
  for (const { milliseconds, per_second } of results) {
    expect(milliseconds).toBeGreaterThan(0);
    expect(per_second).toBeGreaterThan(0);
  }
  await expect(run(process.execPath, [bench, "--holdings", "1"])).rejects.toMatchObject({
    code: 2,
  });
});
