// A configuration that is wrong, and a node that is not there, or not any more.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { agreement } from "./harness/account.ts";
import { launch } from "./harness/browser.ts";
import { net, startNode, stopNode } from "./harness/network.ts";
import { card, figuresOf, newVisit, placeOf, settled, visit } from "./harness/page.ts";
import { soon } from "./harness/patience.ts";
import { chain } from "./harness/people.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

/** Opens the page where the server answers so when it is asked for the configuration. */
async function visitWith(config: { status?: number; body: string }) {
  const opened = await newVisit(browser);
  await opened.page.route("**/config.json", (route) =>
    route.fulfill({ contentType: "application/json", ...config }),
  );
  await opened.page.goto(net.page);
  return opened.page;
}

describe("a configuration", () => {
  test.each([
    ["that is missing", { status: 404, body: "not here" }, /config\.json .* 404/],
    ["that is no JSON", { body: "<html>" }, /config\.json beside this page is not JSON/],
    ["that is empty", { body: "{}" }, /chainId|prefix/],
    ["of the wrong kind", { body: "[]" }, /the file = /],
    [
      "with a vault elsewhere",
      { body: JSON.stringify({ ...net.network, vault: "cosmos1vault" }) },
      /vault = .*cosmos1vault/,
    ],
    [
      "with test keys for a chain elsewhere",
      { body: JSON.stringify({ ...net.network, rpc: "https://rpc.example.org" }) },
      /local = .*rpc\.example\.org/,
    ],
    [
      "with test keys for a chain that does not call itself local",
      { body: JSON.stringify({ ...net.network, chainId: "cosmoshub-4" }) },
      /local = .*cosmoshub-4/,
    ],
  ])("%s is named as what is wrong", async (_, config, said) => {
    const page = await visitWith(config);
    await page.getByText("This page does not know which network it is for").waitFor();
    await page.getByText(said).waitFor();
    await page.getByRole("button", { name: "Try again" }).waitFor();
  });

  test("without test keys offers none", async () => {
    const { local, ...rest } = net.network;
    const keys = local?.users ?? [];
    expect(keys.length).toBeGreaterThan(2);
    const page = await visitWith({ body: JSON.stringify(rest) });
    await page.getByRole("button", { name: "Connect a wallet" }).click();
    await page.getByRole("menuitem", { name: "No wallet extension found" }).waitFor();
    expect(await page.getByRole("menuitem").count()).toBe(1);
    expect(await page.getByText(/test key/i).count()).toBe(0);
  });

  test("of another chain than the node's is refused", async () => {
    // With test keys the file itself would be refused.
    const { local: _, ...rest } = net.network;
    const page = await visitWith({ body: JSON.stringify({ ...rest, chainId: "cosmoshub-4" }) });
    await page.getByText("Not connected yet").waitFor();
    const { chainId } = net.network;
    const said = `The node belongs to the chain ${chainId}, not to cosmoshub-4.`;
    await page.getByText(said).waitFor();
  });
});

test("the node goes away and returns: the page says so, keeps its figures, and goes on by itself", async () => {
  const [somebody] = await (await chain()).accountsAtRisk(10n ** 19n);
  if (somebody === undefined) throw new Error("nobody owes anything");
  const place = placeOf(somebody.account);
  const { page } = await visit(browser, place);
  await agreement(page, somebody.account);
  const gone = page.getByText(/^Not connected, showing figures as of block [\d,]+, \d\d:\d\d$/);
  expect(await gone.count()).toBe(0);

  await stopNode();
  await gone.waitFor();
  await card(page, "Margin").getByText("Equity", { exact: true }).waitFor();

  // Somebody who comes just now.
  const newcomer = await visit(browser, place);
  await newcomer.page.getByText("Not connected yet").waitFor();
  await newcomer.page
    .getByText(new RegExp(new URL(net.network.rpc).host))
    .first()
    .waitFor();

  await startNode();
  await gone.waitFor({ state: "detached" });
  await agreement(page, somebody.account);
  await newcomer.page.getByText(/^Not connected/).waitFor({ state: "detached" });
  await agreement(newcomer.page, somebody.account);

  // It hears of blocks again.
  await page.goto(`${net.page}#/status`);
  await settled(page, /^Status$/);
  const block = async () =>
    Number((await figuresOf(card(page, "Chain")))["Newest block"]?.replaceAll(",", ""));
  const now = await block();
  await expect.poll(block, soon).toBeGreaterThan(now);
});
