// Without a mouse.
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launch } from "./harness/browser.ts";
import { net } from "./harness/network.ts";
import { newVisit, sendButton, settled } from "./harness/page.ts";
import { eventually, soon } from "./harness/patience.ts";
import { assetBySymbol, newPerson, walletOf } from "./harness/people.ts";
import { installWallet } from "./harness/wallet.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

/** More stops than this no reader takes. */
const mostStops = 60;

const hasFocus = (target: Locator) => target.evaluate((node) => node === document.activeElement);

/** Presses Tab until the focus is there, and sees that it is to be seen. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  await target.waitFor();
  for (let stop = 0; stop < mostStops; stop++) {
    if (await hasFocus(target)) {
      const ring = await target.evaluate((node) => {
        const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(node);
        return (outlineStyle !== "none" && outlineWidth !== "0px") || boxShadow !== "none";
      });
      expect(ring, `the focus on ${target} is not to be seen`).toBe(true);
      return;
    }
    await page.keyboard.press("Tab");
  }
  throw new Error(`${mostStops} stops do not lead to ${target}`);
}

test("somebody without a mouse connects, deposits, and is back where they were", async () => {
  const gus = await newPerson("gus", { ATOM: "20" });
  const { page, context, seen } = await newVisit(browser);
  await installWallet(context, gus);
  await page.goto(net.page);

  await tabTo(page, page.getByRole("button", { name: "Connect a wallet" }));
  await page.keyboard.press("Enter");
  const extension = page.getByRole("menuitem", { name: /Keplr/ });
  await extension.waitFor();
  for (let stop = 0; stop < 5 && !(await hasFocus(extension)); stop++) {
    await page.keyboard.press("ArrowDown");
  }
  await page.keyboard.press("Enter");
  const deposit = page
    .getByLabel("What to do")
    .getByRole("button", { name: "Deposit", exact: true });
  await tabTo(page, deposit);
  await page.keyboard.press("Enter");

  const dialog = page.getByRole("dialog", { name: "Deposit" });
  await dialog.waitFor();
  const asset = dialog.getByLabel("Asset", { exact: true });
  await tabTo(page, asset);
  await page.keyboard.type("ATOM");
  expect(await asset.inputValue()).toBe(assetBySymbol("ATOM").asset);
  await tabTo(page, dialog.getByLabel("Amount", { exact: true }));
  await page.keyboard.type("12.5");
  await eventually("the deposit to be allowed", async () => {
    return (await sendButton(dialog).isEnabled()) || undefined;
  });
  await tabTo(page, sendButton(dialog));
  await page.keyboard.press("Enter");
  await dialog.getByText("Done", { exact: true }).waitFor();
  await tabTo(page, dialog.getByRole("button", { name: "Close", exact: true }).last());
  await page.keyboard.press("Enter");
  await dialog.waitFor({ state: "detached" });
  await expect.poll(() => hasFocus(deposit), soon).toBe(true);
  expect(await walletOf(gus.address, "ATOM")).toBe(7_500_000n);
  expect(seen).toEqual({ errors: [], foreign: [] });
});

test("the first stop leads past the navigation", async () => {
  const { page } = await newVisit(browser);
  await page.goto(`${net.page}#/account`);
  await settled(page, /^Account$/);
  const focused = () => page.evaluate(() => document.activeElement?.outerHTML);
  await page.keyboard.press("Tab");
  expect(await focused()).toContain("Skip to the content");
  await page.keyboard.press("Enter");
  expect(await focused()).toContain('id="main"');
});
