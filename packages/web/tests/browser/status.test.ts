// The vault's balance sheet.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { amountText } from "../../src/words/format.ts";
import { seriousFindings } from "./harness/axe.ts";
import { launch } from "./harness/browser.ts";
import { net } from "./harness/network.ts";
import { card, rowsOf, settled, visit } from "./harness/page.ts";
import { soon } from "./harness/patience.ts";
import { chain } from "./harness/people.ts";
import { screenshotOf } from "./harness/screenshots.ts";

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

test("on a phone long tables are folded into a line, and a button unfolds them", async () => {
  const { page } = await visit(browser, "status", { window: "phone" });
  await settled(page, /^Status$/);
  const feeds = card(page, "Price feeds");
  const count = net.network.assets.length;
  await feeds.getByText(`${count} of ${count} in force`).waitFor();
  expect(await feeds.getByRole("table").count()).toBe(0);
  for (const what of ["assets", "feeds", "contracts", "roles"]) {
    await page.getByRole("button", { name: `Show the ${what}` }).press("Enter");
    await page.getByRole("button", { name: `Hide the ${what}`, expanded: true }).waitFor();
  }
  expect(await page.getByRole("table").count()).toBe(4);
  expect(await seriousFindings(page)).toEqual([]);
  await screenshotOf(page, "status phone unfolded");
});
