// The vault's balance sheet.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { amountText } from "../../src/words/format.ts";
import { launch } from "./harness/browser.ts";
import { net } from "./harness/network.ts";
import { card, rowsOf, settled, visit } from "./harness/page.ts";
import { soon } from "./harness/patience.ts";
import { chain } from "./harness/people.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

test("what the page says that the vault holds and owes is what the chain says", async () => {
  const { page, seen } = await visit(browser, "status");
  await settled(page, /^Status$/);
  const table = card(page, "Solvency").getByRole("table");
  const compare = async () => {
    const told = (await (await chain()).solvency()).map((row) => {
      const info = net.network.assets.find(({ asset }) => asset === row.asset);
      const text = (amount: string) => amountText(amount, info?.decimals ?? 0);
      return [info?.symbol, text(row.held), text(row.owed), text(row.idle), text(row.borrowed)];
    });
    const shown = (await rowsOf(table)).map((row) => [
      row.Asset?.split("\n").at(-1)?.trim(),
      row.Held,
      row.Owed,
      row["Of it idle"],
      row["Lent out"],
    ]);
    return { told, shown, agree: JSON.stringify(told) === JSON.stringify(shown) };
  };
  await expect.poll(compare, soon).toMatchObject({ agree: true });
  await page.getByText("Everything is all right").waitFor();
  expect(seen).toEqual({ errors: [], foreign: [] });
});
