// An account at other prices.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ratioText } from "../../src/words/format.ts";
import { launch } from "./harness/browser.ts";
import { net, setPrice } from "./harness/network.ts";
import { act, card, figuresOf, settled, visitAs } from "./harness/page.ts";
import { eventually, soon } from "./harness/patience.ts";
import { marginOf, newPerson, priceOf, tokensWorth } from "./harness/people.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(async () => {
  await browser.close();
  await setPrice("ATOM", undefined);
});

test("what the page supposes without asking the node is what then happens", async () => {
  const ivy = await newPerson("ivy", { ATOM: await tokensWorth("ATOM", 4_000) });
  const account = { owner: ivy.address, id: 0 };
  const { page, seen } = await visitAs(browser, ivy);
  await act(page, "Deposit", "ATOM", await tokensWorth("ATOM", 3_000));
  await act(page, "Borrow", "USDT", "1500");
  await page.getByRole("link", { name: "What if" }).click();
  await settled(page, /^What if$/);
  const asItIs = async () => (await figuresOf(card(page, "As it is")))["Margin ratio"];
  await expect.poll(asItIs, soon).toBe(ratioText((await marginOf(account)).margin_ratio));

  const asked: string[] = [];
  page.on("request", (request) => {
    const body = request.postData() ?? "";
    if (request.url().startsWith(net.network.rpc) && body.includes("abci_query")) asked.push(body);
  });
  const change = page.getByLabel("Price of ATOM, change in percent");
  const supposed = async () => {
    const figures = await figuresOf(card(page, "What would be"));
    return figures["Margin ratio"]?.split(/becomes/).at(-1);
  };
  await change.fill("-70");
  await expect
    .poll(async () => (await figuresOf(card(page, "What would be"))).Status, soon)
    .toMatch(/Liquidatable|Insolvent/);
  asked.length = 0;
  await change.fill("-10");
  await expect.poll(supposed, soon).toMatch(/^\d+\.\d\d$/);
  const foreseen = await supposed();
  const slider = page.getByRole("slider", { name: "Price of ATOM" });
  await slider.press("ArrowLeft");
  await expect.poll(supposed, soon).not.toBe(foreseen);
  await change.fill("-10");
  await expect.poll(supposed, soon).toBe(foreseen);
  expect(asked).toEqual([]);
  // That it would have been seen shows where the page follows the chain again.
  await page.getByRole("button", { name: "Reset" }).click();
  await expect.poll(() => asked.length, soon).toBeGreaterThan(0);

  // Now it happens.
  const price = (await priceOf("ATOM")) * 0.9;
  await setPrice("ATOM", price.toFixed(6));
  await eventually(
    "the price to be in force",
    async () => Math.abs((await priceOf("ATOM")) - price) < price / 1000 || undefined,
  );
  const { margin_ratio } = await marginOf(account);
  expect(Number(foreseen)).toBeCloseTo(Number(margin_ratio), 1);
  expect(seen).toEqual({ errors: [], foreign: [] });
});
