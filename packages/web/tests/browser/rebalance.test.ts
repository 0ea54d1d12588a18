// Several steps in one transaction, through the local network's practice exchange.
import { parseDecimal } from "@bulwark/client";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { agreement } from "./harness/account.ts";
import { launch } from "./harness/browser.ts";
import { act, card, goTo, plain, settled, visitAs } from "./harness/page.ts";
import { eventually, soon } from "./harness/patience.ts";
import {
  assetBySymbol,
  chain,
  marginOf,
  newPerson,
  tokensWorth,
  walletOf,
} from "./harness/people.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

test("somebody levers up by one signature, and gets what the preview said", async () => {
  const hal = await newPerson("hal", { OSMO: await tokensWorth("OSMO", 4_000) });
  const account = { owner: hal.address, id: 0 };
  const held = async (symbol: string) => {
    const { holdings } = await (await chain()).vault.account({ account });
    const { asset } = assetBySymbol(symbol);
    const found = holdings.find((holding) => holding.asset === asset);
    return { side: found?.side, deposit: BigInt(found?.idle ?? 0) + BigInt(found?.lent ?? 0) };
  };
  const { page, seen, wallet } = await visitAs(browser, hal);
  await act(page, "Deposit", "OSMO", await tokensWorth("OSMO", 3_000));
  const before = await held("OSMO");
  const inWallet = await walletOf(hal.address, "OSMO");
  const signed = wallet.asked();

  await goTo(page, "rebalance");
  await settled(page, /^Rebalance$/);
  await page.getByRole("button", { name: /^Leverage up/ }).click();
  await page.getByLabel("Buy", { exact: true }).selectOption(assetBySymbol("OSMO").asset);
  await page.getByLabel("Borrow", { exact: true }).selectOption(assetBySymbol("DAI").asset);
  const slider = page.getByRole("slider", { name: "How much leverage" });
  await slider.focus();
  for (let step = 0; step < 4; step++) await slider.press("PageUp");
  const steps = card(page, "Steps").getByRole("listitem");
  await expect
    .poll(async () => (await steps.allInnerTexts()).map((text) => plain(text).split(/\s+/)), soon)
    .toEqual([
      expect.arrayContaining(["Borrow", "DAI"]),
      expect.arrayContaining(["Swap", "DAI", "OSMO"]),
    ]);
  const preview = card(page, "What would happen");
  const send = preview.getByRole("button", { name: "Send as one transaction" });
  await eventually("the preview", async () => (await send.isEnabled()) || undefined);
  const foreseen = Number(
    plain(await preview.getByText("Margin ratio", { exact: true }).locator("..").innerText())
      .split(/\s/)
      .at(-1),
  );
  await send.click();
  await preview.getByText("Done", { exact: true }).waitFor();

  expect(wallet.asked()).toBe(signed + 1);
  expect((await held("DAI")).side).toBe("debt");
  expect((await held("OSMO")).deposit).toBeGreaterThan(before.deposit);
  expect(await walletOf(hal.address, "OSMO")).toBe(inWallet);
  expect(await walletOf(hal.address, "DAI")).toBe(0n);
  const { margin_ratio } = await marginOf(account);
  const ratio = Number(parseDecimal(margin_ratio ?? "0")) / 1e18;
  expect(Math.abs(ratio - foreseen)).toBeLessThan(0.03);
  await goTo(page, "account");
  await agreement(page, account);
  expect(seen).toEqual({ errors: [], foreign: [] });
});
