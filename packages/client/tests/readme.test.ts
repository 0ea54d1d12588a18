import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";

const text = (name: string) => readFile(new URL(`../${name}`, import.meta.url), "utf8");

// They are run against a real chain by tests/chain/examples.test.ts.
it("the README shows the programs as they are", async () => {
  const readme = await text("README.md");
  for (const name of ["deposit.mjs", "liquidate.mjs"]) {
    expect(readme).toContain(`\`\`\`js\n${await text(`examples/${name}`)}\`\`\``);
  }
});
