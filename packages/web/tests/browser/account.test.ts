// What somebody does with an account of their own, from an empty one on.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { agreement } from "./harness/account.ts";
import { launch } from "./harness/browser.ts";
import {
  act,
  fill,
  goTo,
  openForm,
  placeOf,
  rowsOf,
  sendAndClose,
  sendButton,
  visit,
  visitAs,
} from "./harness/page.ts";
import { soon } from "./harness/patience.ts";
import { assetBySymbol, chain, newPerson, tokensWorth, walletOf } from "./harness/people.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

describe("somebody with a wallet", () => {
  test("connects, deposits two assets, borrows, and reads on the page what the chain knows", async () => {
    const ann = await newPerson("ann", {
      OSMO: await tokensWorth("OSMO", 12_000),
      ATOM: await tokensWorth("ATOM", 6_000),
    });
    const account = { owner: ann.address, id: 0 };
    const { page, seen, wallet } = await visitAs(browser, ann);
    await page.getByText("This account is empty.").waitFor();

    await act(page, "Deposit", "OSMO", await tokensWorth("OSMO", 8_000));
    await page.getByText("Nothing is owed: no price can liquidate this account.").waitFor();
    await act(page, "Deposit", "ATOM", await tokensWorth("ATOM", 4_000));
    const said = await act(page, "Borrow", "USDC", "3000");
    expect(said).toBe("Borrow 3,000 USDC");
    expect(wallet.asked()).toBe(3);
    expect(await walletOf(ann.address, "USDC")).toBe(3_000_000_000n);

    await agreement(page, account);

    const activity = page.getByRole("table", { name: /^What happened to this account/ });
    await expect
      .poll(async () => (await rowsOf(activity)).map((row) => row.What), soon)
      .toHaveLength(3);
    expect(seen).toEqual({ errors: [], foreign: [] });
  });

  test("lends, recalls, withdraws, repays, and moves a deposit to a new sub-account", async () => {
    const ben = await newPerson("ben", { OSMO: "10000", USDC: "500" });
    const account = { owner: ben.address, id: 0 };
    const { page, seen } = await visitAs(browser, ben);
    const held = async (symbol: string, id = 0) => {
      const { holdings } = await (await chain()).vault.account({ account: { ...account, id } });
      const { asset } = assetBySymbol(symbol);
      const found = holdings.find((holding) => holding.asset === asset);
      return (
        found && {
          side: found.side,
          idle: found.idle,
          lent: BigInt(found.lent),
          debt: BigInt(found.debt),
        }
      );
    };

    const dialog = await openForm(page, "Deposit");
    await fill(dialog, "OSMO", "6000");
    await dialog.getByRole("radio", { name: /^Lend it/ }).check();
    await sendAndClose(dialog);
    await expect.poll(() => held("OSMO"), soon).toMatchObject({ idle: "0" });

    await act(page, "Recall", "OSMO", "2000");
    expect(await held("OSMO")).toMatchObject({ idle: "2000000000" });
    await act(page, "Lend", "OSMO", "500");
    expect(await held("OSMO")).toMatchObject({ idle: "1500000000" });
    await act(page, "Withdraw", "OSMO", "1000");
    expect(await held("OSMO")).toMatchObject({ idle: "500000000" });
    expect(await walletOf(ben.address, "OSMO")).toBe(5_000_000_000n);

    await act(page, "Borrow", "USDT", "300");
    const repay = await openForm(page, "Repay");
    await repay.getByLabel("Amount", { exact: true }).fill("100");
    await sendAndClose(repay);
    const left = await held("USDT");
    expect(left?.side).toBe("debt");
    expect(left?.debt).toBeGreaterThanOrEqual(200_000_000n);
    expect(left?.debt).toBeLessThan(200_100_000n);

    await act(page, "Transfer", "OSMO", "700");
    await page.getByLabel("Sub-account").selectOption("1");
    await page.getByRole("heading", { level: 1, name: "Sub-account 1" }).waitFor();
    await page.getByText("Nothing is owed: no price can liquidate this account.").waitFor();
    const moved = await held("OSMO", 1);
    expect(BigInt(moved?.idle ?? 0) + (moved?.lent ?? 0n)).toBeGreaterThan(699_000_000n);
    expect(seen).toEqual({ errors: [], foreign: [] });
  });

  test("is told why a borrow is refused, and cannot send it", async () => {
    const cleo = await newPerson("cleo", { OSMO: await tokensWorth("OSMO", 1_500) });
    const { page, wallet } = await visitAs(browser, cleo);
    await act(page, "Deposit", "OSMO", await tokensWorth("OSMO", 1_000));
    const dialog = await openForm(page, "Borrow");
    await fill(dialog, "DAI", "2000");
    await dialog.getByText(/equity at opening prices, and it needs .* as initial margin/).waitFor();
    await dialog.getByText(/Choose a smaller amount/).waitFor();
    expect(await sendButton(dialog).isEnabled()).toBe(false);

    // What the account has deposited it cannot borrow: the form does not offer it.
    const offered = await dialog
      .getByLabel("Asset", { exact: true })
      .locator("option")
      .allInnerTexts();
    expect(offered.filter((text) => text.startsWith("OSMO"))).toEqual([]);

    // Less is allowed, at once.
    await dialog.getByRole("button", { name: /^Max,/ }).click();
    await sendAndClose(dialog);
    expect(wallet.asked()).toBe(2);
  });

  test("rejects in the wallet, is told that nothing was sent, and can go on", async () => {
    const dan = await newPerson("dan", { OSMO: "2000" });
    const { page, wallet } = await visitAs(browser, dan);
    wallet.refuse(true);
    const dialog = await openForm(page, "Deposit");
    await fill(dialog, "OSMO", "1000");
    await expect.poll(() => sendButton(dialog).isEnabled(), soon).toBe(true);
    await sendButton(dialog).click();
    await dialog.getByText("Nothing was sent, nothing was paid.").waitFor();
    expect(await walletOf(dan.address, "OSMO")).toBe(2_000_000_000n);

    wallet.refuse(false);
    await sendAndClose(dialog);
    expect(wallet.asked()).toBe(2);
    await page.getByText("Nothing is owed: no price can liquidate this account.").waitFor();
  });

  test("disconnects, and is remembered only until then", async () => {
    const eve = await newPerson("eve", {});
    const { page } = await visitAs(browser, eve);
    await page.reload();
    await page.getByRole("button", { name: /^Wallet / }).click();
    await page.getByRole("menuitem", { name: "Disconnect" }).click();
    await page.getByRole("button", { name: "Connect a wallet" }).waitFor();
    await page.reload();
    await page.getByRole("button", { name: "Connect a wallet" }).waitFor();
  });
});

describe("somebody without a wallet", () => {
  test("looks at a stranger's account and can change nothing", async () => {
    const { network } = await chain();
    const bulwark = await chain();
    const [market] = await bulwark.markets();
    expect(market).toBeDefined();
    const [risky] = await bulwark.accountsAtRisk(10n ** 19n);
    if (risky === undefined) throw new Error("nobody owes anything");
    const { page, seen } = await visit(browser, "account");
    const field = page.getByLabel("Owner's address");
    await field.fill("cosmos1nobody");
    await page.getByRole("button", { name: "Look at it" }).click();
    await page.getByText(`Enter an address of this chain: ${network.prefix}1…`).waitFor();
    await field.fill(risky.account.owner);
    await page.getByRole("button", { name: "Look at it" }).click();
    await page.getByText("Looking only: not your account").waitFor();
    await goTo(page, placeOf(risky.account));
    await agreement(page, risky.account);
    expect(await page.getByLabel("What to do").count()).toBe(0);
    expect(await page.getByRole("button", { name: /^Manage/ }).count()).toBe(0);
    expect(seen).toEqual({ errors: [], foreign: [] });
  });
});
