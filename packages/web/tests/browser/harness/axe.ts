// What axe finds in a page as it is now.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { AxeResults, ImpactValue } from "axe-core";
import type { Page } from "playwright-core";

const source = readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const grave: readonly (ImpactValue | undefined)[] = ["serious", "critical"];

/** One line for each serious finding: rule, element, what is wrong. */
export async function seriousFindings(page: Page): Promise<string[]> {
  await page.evaluate(await source);
  const results: AxeResults = await page.evaluate("axe.run({ resultTypes: ['violations'] })");
  return results.violations
    .filter(({ impact }) => grave.includes(impact))
    .flatMap(({ id, help, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id} (${help}) at ${target}: ${failureSummary}`),
    );
}
