// The page, as somebody who reads it and presses its buttons knows it: by names and roles.
import type { AccountRef } from "@bulwark/client/types/BulwarkVault.types";
import type { Browser, BrowserContext, Locator, Page } from "playwright-core";
import { onTestFinished } from "vitest";
import { newContext, type View, type Watch, watch } from "./browser.ts";
import { net } from "./network.ts";
import { eventually } from "./patience.ts";
import { assetBySymbol, type Person } from "./people.ts";
import { screenshotOf } from "./screenshots.ts";
import { installWallet, type TestWallet } from "./wallet.ts";

/** A browser window with the page in it. It is closed when the test has ended. */
export interface Visit {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly seen: Watch;
}

/** Opens the page at a place, such as `account`, as somebody without a wallet. */
export async function visit(browser: Browser, place: string, view: View = {}): Promise<Visit> {
  const opened = await newVisit(browser, view);
  await opened.page.goto(`${net.page}#/${place}`);
  return opened;
}

/** Opens the page as somebody with a wallet, and connects it. */
export async function visitAs(
  browser: Browser,
  person: Person,
  place = "account",
): Promise<Visit & { wallet: TestWallet }> {
  const opened = await newVisit(browser);
  const wallet = await installWallet(opened.context, person);
  await opened.page.goto(`${net.page}#/${place}`);
  await connect(opened.page, /Keplr/);
  return { ...opened, wallet };
}

/** An empty window. When its test fails, what it showed last is kept as a picture. */
export async function newVisit(browser: Browser, view: View = {}): Promise<Visit> {
  const context = await newContext(browser, view);
  const page = await context.newPage();
  onTestFinished(async ({ task }) => {
    if (task.result?.state === "fail") await screenshotOf(page, `failed ${task.name}`);
    await context.close();
  });
  return { context, page, seen: watch(page) };
}

/** Connects a wallet of the menu: the extension, or one of the test keys. */
export async function connect(page: Page, wallet: RegExp): Promise<void> {
  await page.getByRole("button", { name: "Connect a wallet" }).click();
  await page.getByRole("menuitem", { name: wallet }).click();
  await page.getByRole("button", { name: /^Wallet / }).waitFor();
}

/** Goes to a place without loading the page anew. */
export async function goTo(page: Page, place: string): Promise<void> {
  await page.evaluate((hash) => {
    window.location.hash = hash;
  }, `#/${place}`);
}

/** Where an account is shown. */
export const placeOf = ({ owner, id }: AccountRef): string => `account/${owner}/${id}`;

/** What can be done with an account. */
export type Verb = "Deposit" | "Withdraw" | "Borrow" | "Repay" | "Lend" | "Recall" | "Transfer";

/** Opens a form of the account's page. */
export async function openForm(page: Page, verb: Verb): Promise<Locator> {
  const toolbar = page.getByLabel("What to do");
  await toolbar.getByRole("button", { name: verb, exact: true }).click();
  const dialog = page.getByRole("dialog", { name: verb });
  await dialog.waitFor();
  return dialog;
}

/** Fills a form's asset and amount in. */
export async function fill(dialog: Locator, symbol: string, amount: string): Promise<void> {
  await dialog.getByLabel("Asset", { exact: true }).selectOption(assetBySymbol(symbol).asset);
  await dialog.getByLabel("Amount", { exact: true }).fill(amount);
}

/** The button that sends a form. */
export const sendButton = (dialog: Locator): Locator => dialog.locator("button[type=submit]");

/** Sends a form and waits until it is done; what the button said. */
export async function sendAndClose(dialog: Locator): Promise<string> {
  const button = sendButton(dialog);
  await eventually("the form to be ready", async () => (await button.isEnabled()) || undefined);
  const said = plain(await button.innerText());
  await button.click();
  await dialog.getByText("Done", { exact: true }).waitFor();
  await dialog.getByRole("button", { name: "Close", exact: true }).last().click();
  await dialog.waitFor({ state: "detached" });
  return said;
}

/** Does something whole with an account of the page. */
export async function act(page: Page, verb: Verb, symbol: string, amount: string): Promise<string> {
  const dialog = await openForm(page, verb);
  await fill(dialog, symbol, amount);
  return sendAndClose(dialog);
}

/** A text with plain blanks: some stand between a number and its unit and do not break. */
export const plain = (text: string): string => text.replace(/[\u00a0\u202f]/g, " ").trim();

/** Figures of a list by their names, as they stand there. */
export async function figuresOf(section: Locator): Promise<Record<string, string>> {
  const found = await section.locator("dl > div").evaluateAll((groups) =>
    groups.map((group) => {
      const name = group.querySelector("dt");
      const value = group.querySelector("dd");
      // A question mark beside a name has no text of its own.
      return [name?.textContent?.trim() ?? "", value?.textContent?.trim() ?? ""] as const;
    }),
  );
  return Object.fromEntries(found.map(([name, value]) => [name, plain(value)]));
}

/** A table's rows, each as texts by the names of their columns. */
export async function rowsOf(table: Locator): Promise<Record<string, string>[]> {
  const rows = await table.evaluate((node) => {
    const text = (cell: Element) => (cell instanceof HTMLElement ? cell.innerText : "").trim();
    const names = [...node.querySelectorAll("thead th")].map(
      (cell) => cell.textContent?.replace(/[▾▴]/g, "").trim() ?? "",
    );
    return [...node.querySelectorAll("tbody tr")].map((row) =>
      [...row.children].map((cell, index) => [names[index] ?? "", text(cell)] as const),
    );
  });
  return rows.map((row) => Object.fromEntries(row.map(([name, text]) => [name, plain(text)])));
}

/** A titled section of a page. */
export const card = (page: Page, title: string): Locator =>
  page.getByRole("region", { name: title, exact: true });

/** The status of the account that the page shows, in its own words. */
export async function statusShown(page: Page): Promise<string> {
  return (await card(page, "Margin").locator("h2 + *").innerText()).trim();
}

/** Waits until the page shows what it has to show. */
export async function settled(page: Page, title: RegExp): Promise<void> {
  await page.getByRole("heading", { level: 1, name: title }).waitFor();
  await eventually("everything to be fetched", async () => {
    const waiting = await page.locator("[class*=skeleton]").count();
    return waiting === 0 || undefined;
  });
}
