// Prices fall: what the owner of an account sees, and what a stranger does about it.
import { formatDecimal, ONE, parseDecimal } from "@bulwark/client";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { usdText } from "../../src/words/format.ts";
import { agreement, statusWords } from "./harness/account.ts";
import { launch } from "./harness/browser.ts";
import { setPrice } from "./harness/network.ts";
import {
  act,
  connect,
  plain,
  rowsOf,
  sendButton,
  statusShown,
  visit,
  visitAs,
} from "./harness/page.ts";
import { eventually, soon } from "./harness/patience.ts";
import {
  assetBySymbol,
  chain,
  marginOf,
  newPerson,
  priceOf,
  tokensWorth,
} from "./harness/people.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(async () => {
  await browser.close();
  await setPrice("OSMO", undefined);
});

/** The part of the first price that each step takes away, in percent. */
const step = 2;

test("a falling price brings a margin call, then a liquidation by somebody else, without a reload", async () => {
  const bulwark = await chain();
  const fay = await newPerson("fay", { OSMO: await tokensWorth("OSMO", 9_000) });
  const account = { owner: fay.address, id: 0 };
  const { page, seen } = await visitAs(browser, fay);
  await act(page, "Deposit", "OSMO", await tokensWorth("OSMO", 8_000));
  const dai = assetBySymbol("DAI");
  const { amount } = await bulwark.vault.maxBorrow({ account, asset: dai.asset });
  const most = BigInt(amount) / 10n ** BigInt(dai.decimals);
  await act(page, "Borrow", "DAI", String((most * 97n) / 100n));
  await expect.poll(() => statusShown(page), soon).toBe("Healthy");
  let loads = 0;
  page.on("load", () => {
    loads += 1;
  });

  const first = await priceOf("OSMO");
  const statuses: string[] = [];
  for (let fall = step; statuses.at(-1) !== "Liquidatable"; fall += step) {
    expect(fall, "the account outlives every price").toBeLessThan(60);
    const price = first * (1 - fall / 100);
    await setPrice("OSMO", price.toFixed(6));
    await eventually(
      "the price to be in force",
      async () => Math.abs((await priceOf("OSMO")) - price) < first / 1000 || undefined,
    );
    const { status } = await marginOf(account);
    await expect.poll(() => statusShown(page), soon).toBe(statusWords[status]);
    statuses.push(statusWords[status]);
  }
  expect(statuses.filter((status, at) => status !== statuses[at - 1])).toEqual(
    expect.arrayContaining(["Margin call", "Liquidatable"]),
  );
  await page.getByText("Anybody may liquidate this account now.").waitFor();
  await agreement(page, account);
  const before = await marginOf(account);

  // Another browser, another key.
  const keeper = await visit(browser, "liquidations");
  await connect(keeper.page, /^keeper/);
  const atRisk = keeper.page.getByRole("table", { name: "Accounts at risk" });
  await atRisk.getByRole("button", { name: `Liquidate account 0 of ${fay.address}` }).click();
  const dialog = keeper.page.getByRole("dialog", { name: "Liquidate" });
  await expect.poll(() => sendButton(dialog).isEnabled(), soon).toBe(true);
  await sendButton(dialog).click();
  await dialog.getByText("Liquidated", { exact: true }).waitFor();
  await dialog.getByText(/You repaid .* and received .* Your bonus is /).waitFor();
  await dialog.getByRole("button", { name: "Close", exact: true }).last().click();

  // The history says what the chain's event says.
  const history = await bulwark.history({ owner: fay.address, id: 0 });
  const event = history.flatMap(({ events }) => events).find(({ type }) => type === "liquidation");
  if (event?.type !== "liquidation") throw new Error("the chain knows of no liquidation");
  const done = keeper.page.getByRole("table", { name: "Liquidations so far" });
  const row = () =>
    rowsOf(done).then((rows) => rows.find((one) => one.Account?.includes(fay.address.slice(-6))));
  await expect.poll(async () => (await row())?.Repaid, soon).toBeDefined();
  expect(plain((await row())?.Repaid ?? "").split("\n")).toContain(
    usdText(formatDecimal(event.repaidValue)),
  );

  // And the owner reads what became of it, still without a reload.
  const after = await marginOf(account);
  expect(parseDecimal(after.margin_ratio ?? "0")).toBeGreaterThan(
    parseDecimal(before.margin_ratio ?? "0"),
  );
  expect(parseDecimal(after.margin_ratio ?? "0")).toBeGreaterThanOrEqual(ONE);
  await agreement(page, account);
  await page
    .getByRole("table", { name: /^What happened to this account/ })
    .getByText(/liquidated/i)
    .first()
    .waitFor();
  expect(loads).toBe(0);
  expect(seen).toEqual({ errors: [], foreign: [] });
  expect(keeper.seen).toEqual({ errors: [], foreign: [] });
});
