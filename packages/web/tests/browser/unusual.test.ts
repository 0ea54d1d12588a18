// Days that are not as usual: the guardian stops something, a block is long in coming, a node or a
// configuration says what cannot be.
import type { Browser, Page, Route } from "playwright-core";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { launch } from "./harness/browser.ts";
import { net } from "./harness/network.ts";
import {
  act,
  card,
  fill,
  goTo,
  newVisit,
  openForm,
  sendAndClose,
  sendButton,
  settled,
  visitAs,
} from "./harness/page.ts";
import { eventually, soon } from "./harness/patience.ts";
import {
  asGuardian,
  assetBySymbol,
  chain,
  newPerson,
  tokensWorth,
  walletOf,
} from "./harness/people.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

/** Stopped here, and used by no other test. */
const stopped = "SOL";

/** Something to be done once: by the test, or else when it has ended. */
function atTheEnd(does: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  const once = () => {
    done ??= does();
    return done;
  };
  onTestFinished(once);
  return once;
}

describe("the guardian", () => {
  const { asset } = assetBySymbol(stopped);
  const { vault, oracle } = net.network;

  test("pauses withdrawals of an asset: the page says so at once, and the form refuses with the reason", async () => {
    const kim = await newPerson("kim", { [stopped]: await tokensWorth(stopped, 3_000) });
    const { page, seen, wallet } = await visitAs(browser, kim);
    await act(page, "Deposit", stopped, await tokensWorth(stopped, 2_000));
    const form = await openForm(page, "Withdraw");
    await fill(form, stopped, await tokensWorth(stopped, 500));
    await expect.poll(() => sendButton(form).isEnabled(), soon).toBe(true);

    const pause = { actions: ["withdraw" as const], asset };
    const lift = atTheEnd(() => asGuardian(vault, { unpause: pause }));
    await asGuardian(vault, { pause });
    await form.getByText(new RegExp(`^Withdrawals of ${stopped} are paused`)).waitFor();
    expect(await sendButton(form).isEnabled()).toBe(false);
    expect(wallet.asked()).toBe(1);

    await page.keyboard.press("Escape");
    await goTo(page, `markets/${encodeURIComponent(asset)}`);
    await page.getByText("Withdrawals are paused").waitFor();
    await goTo(page, "status");
    await settled(page, /^Status$/);
    await page
      .getByText(new RegExp(`^The guardian paused withdrawals of ${stopped}, until`))
      .waitFor();
    await card(page, "Pauses").getByText(`Withdrawals of ${stopped}`).waitFor();

    await lift();
    await card(page, "Pauses").getByText("Nothing is paused.").waitFor();
    await goTo(page, "account");
    await act(page, "Withdraw", stopped, await tokensWorth(stopped, 500));
    expect(seen).toEqual({ errors: [], foreign: [] });
  });

  test("halts a price: nothing can be borrowed against it, and the page says why", async () => {
    const leo = await newPerson("leo", { [stopped]: await tokensWorth(stopped, 3_000) });
    const { page, seen } = await visitAs(browser, leo);
    await act(page, "Deposit", stopped, await tokensWorth(stopped, 2_000));
    const resume = atTheEnd(() => asGuardian(oracle, { resume: { asset } }));
    await asGuardian(oracle, { halt: { asset } });

    const form = await openForm(page, "Borrow");
    await fill(form, "USDT", "10");
    await form
      .getByText(`The price of ${stopped} is halted by the guardian, and nothing that adds risk`)
      .waitFor();
    expect(await sendButton(form).isEnabled()).toBe(false);
    await page.keyboard.press("Escape");

    await goTo(page, "status");
    await settled(page, /^Status$/);
    await page.getByText(`The guardian halted the price of ${stopped} until`).waitFor();
    await resume();
    await page
      .getByText(`The guardian halted the price of ${stopped} until`)
      .waitFor({ state: "detached" });
    expect(seen).toEqual({ errors: [], foreign: [] });
  });
});

/** Answers every request to the node that is meant. */
async function answering(
  page: Page,
  isMeant: (body: string) => boolean,
  answer: (id: unknown) => string,
): Promise<() => Promise<void>> {
  const place = `${net.network.rpc}/**`;
  const handle = (route: Route) => {
    const body = route.request().postData() ?? "";
    if (!isMeant(body)) return route.continue();
    const headers = { "access-control-allow-origin": "*" };
    return route.fulfill({ contentType: "application/json", headers, body: answer(idOf(body)) });
  };
  await page.route(place, handle);
  return () => page.unroute(place, handle);
}

function idOf(body: string): unknown {
  const asked: unknown = JSON.parse(body);
  return typeof asked === "object" && asked !== null && "id" in asked ? asked.id : undefined;
}

/** Has the node know of no transaction, as before its block has come. */
function withoutBlock(page: Page): Promise<() => Promise<void>> {
  return answering(
    page,
    (body) => /"method":"tx(_search)?"/.test(body),
    (id) =>
      JSON.stringify({
        jsonrpc: "2.0",
        id,
        error: { code: -32603, message: "Internal error", data: "tx (AB) not found, err: <nil>" },
      }),
  );
}

test("somebody who leaves before the block has come is told later that it has, before signing again", async () => {
  const noa = await newPerson("noa", { OSMO: "500" });
  const { page, wallet } = await visitAs(browser, noa);
  const blockComes = await withoutBlock(page);
  const first = await openForm(page, "Deposit");
  await fill(first, "OSMO", "100");
  await expect.poll(() => sendButton(first).isEnabled(), soon).toBe(true);
  await sendButton(first).click();
  await first.getByText("Sent. Waiting for a block…").waitFor();
  await page.reload();
  await blockComes();
  await eventually("the deposit", async () =>
    (await walletOf(noa.address, "OSMO")) === 400_000_000n ? true : undefined,
  );

  const second = await openForm(page, "Deposit");
  await fill(second, "OSMO", "100");
  await expect.poll(() => sendButton(second).isEnabled(), soon).toBe(true);
  await sendButton(second).click();
  await second.getByText("What you sent before has arrived").waitFor();
  expect(wallet.asked()).toBe(1);
  await sendAndClose(second);
  expect(wallet.asked()).toBe(2);
});

test("a transaction whose block is long in coming is shown as sent, and cannot be sent twice", async () => {
  const mia = await newPerson("mia", { OSMO: "500" });
  const { page, wallet } = await visitAs(browser, mia);
  const blockComes = await withoutBlock(page);
  const form = await openForm(page, "Deposit");
  await fill(form, "OSMO", "100");
  await expect.poll(() => sendButton(form).isEnabled(), soon).toBe(true);
  await sendButton(form).click();
  await form.getByText("Sent. Waiting for a block…").waitFor();
  expect(await sendButton(form).isEnabled()).toBe(false);
  await blockComes();
  await form.getByText("Done", { exact: true }).waitFor();
  expect(wallet.asked()).toBe(1);
});

describe("a node whose answers cannot be read", () => {
  const places: readonly (readonly [string, RegExp])[] = [
    ["markets", /^Markets$/],
    ["liquidations", /^Liquidations$/],
    ["status", /^Status$/],
  ];
  const answers: readonly (readonly [string, (id: unknown) => string])[] = [
    ["of another form", (id) => JSON.stringify({ jsonrpc: "2.0", id, result: { response: 5 } })],
    [
      "of a contract that never was",
      (id) =>
        JSON.stringify({
          jsonrpc: "2.0",
          id,
          result: { response: { code: 0, value: "e30=", height: "-1", key: null } },
        }),
    ],
    ["that are a page of a proxy", () => "<html><h1>502 Bad Gateway</h1></html>"],
  ];

  test.each(answers)("%s: each page says what it could not fetch", async (_, answer) => {
    const { page, seen } = await newVisit(browser);
    const comesToItself = await answering(page, (body) => body.includes('"abci_query"'), answer);
    await page.goto(`${net.page}#/account`);
    await page.getByRole("heading", { level: 1, name: "Account" }).waitFor();
    for (const [place, title] of places) {
      await goTo(page, place);
      await page.getByRole("heading", { level: 1, name: title }).waitFor();
      await page
        .getByText(/could not be fetched$/)
        .first()
        .waitFor();
    }
    await comesToItself();
    const failed = page.getByText(/could not be fetched$/);
    const again = page.getByRole("button", { name: "Try again" });
    await eventually("everything to be fetched", async () => {
      // One answer may take several notices away.
      if ((await again.count()) > 0)
        await again
          .first()
          .click({ timeout: 1000 })
          .catch(() => undefined);
      return (await failed.count()) === 0 || undefined;
    });
    expect(seen.errors).toEqual([]);
  });
});

test("an asset that configuration and market count differently is told of and never typed", async () => {
  const { page } = await newVisit(browser);
  const assets = net.network.assets.map((info) =>
    info.symbol === "USDT" ? { ...info, decimals: info.decimals + 2 } : info,
  );
  await page.route("**/config.json", (route) =>
    route.fulfill({
      contentType: "application/json",
      body: JSON.stringify({ ...net.network, assets }),
    }),
  );
  await page.goto(`${net.page}#/status`);
  await page
    .getByText(/^This page's configuration gives USDT 8 decimals, its market 6\./)
    .waitFor();
  await page.getByText("Something is wrong").waitFor();
  const chainAnswer = (await (await chain()).markets()).find(
    (market) => market.asset === assetBySymbol("USDT").asset,
  );
  expect(chainAnswer?.decimals).toBe(6);
});
