// Every page in every look: what nobody may stumble over.
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { seriousFindings } from "./harness/axe.ts";
import { launch, type View } from "./harness/browser.ts";
import { net } from "./harness/network.ts";
import {
  card,
  connect,
  goTo,
  newVisit,
  openForm,
  placeOf,
  sendButton,
  settled,
  visit,
} from "./harness/page.ts";
import { soon } from "./harness/patience.ts";
import { assetBySymbol, chain } from "./harness/people.ts";
import { screenshotOf } from "./harness/screenshots.ts";

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

/** A user of the local network with several accounts that hold and owe something. */
const user = "alice";

/** The pages, and how each is headed. */
const places: readonly (readonly [name: string, place: string, title: RegExp])[] = [
  ["account", "account", /^Account$/],
  ["rebalance", "rebalance", /^Rebalance/],
  ["what if", "what-if", /^What if/],
  ["markets", "markets", /^Markets$/],
  ["market", `markets/${encodeURIComponent(assetBySymbol("USDC").asset)}`, /USDC/],
  ["liquidations", "liquidations", /^Liquidations$/],
  ["status", "status", /^Status$/],
];

const looks: readonly Required<View>[] = [
  { window: "desktop", scheme: "light" },
  { window: "desktop", scheme: "dark" },
  { window: "phone", scheme: "light" },
  { window: "phone", scheme: "dark" },
];

test.each(looks)("all pages are good to use: $window, $scheme", async (look) => {
  const { page, seen } = await visit(browser, "account", look);
  const findings: string[] = [];
  const check = async (name: string, picture = { whole: true }) => {
    await screenshotOf(page, `${name} ${look.window} ${look.scheme}`, picture);
    const wide = await page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement;
      return scrollWidth - clientWidth;
    });
    if (wide > 0) findings.push(`${name}: ${wide} px wider than the window`);
    for (const finding of await seriousFindings(page)) findings.push(`${name}: ${finding}`);
  };

  await settled(page, /^Account$/);
  await check("welcome");
  await connect(page, new RegExp(`^${user}`));
  for (const [name, place, title] of places) {
    await goTo(page, place);
    await settled(page, title);
    await check(name);
  }
  await goTo(page, "account");
  await settled(page, /^Account$/);
  const form = await openForm(page, "Withdraw");
  await form.getByLabel("Amount", { exact: true }).fill("1");
  await expect.poll(() => sendButton(form).isEnabled(), soon).toBe(true);
  await check("form", { whole: false });
  expect(findings).toEqual([]);
  expect(seen).toEqual({ errors: [], foreign: [] });
});

test("what can be done with a holding is in sight in every window, however long a badge is", async () => {
  const { page } = await visit(browser, "account");
  await settled(page, /^Account$/);
  await connect(page, new RegExp(`^${user}`));
  const holdings = card(page, "Holdings");
  await holdings
    .getByRole("button", { name: /^Manage / })
    .first()
    .waitFor();
  for (const width of [390, 768, 769, 1024, 1280]) {
    await page.setViewportSize({ width, height: 900 });
    const hidden = await holdings.evaluate((section) => {
      for (const link of section.querySelectorAll("tbody td a")) {
        link.textContent = "a price with a badge that says a lot";
      }
      const buttons = [...section.querySelectorAll("button[aria-label^=Manage]")];
      return buttons.filter((button) => {
        button.scrollIntoView({ block: "center", inline: "nearest" });
        const { left, right, top, bottom } = button.getBoundingClientRect();
        const middle = (top + bottom) / 2;
        return [left + 4, right - 4].some(
          (x) => !button.contains(document.elementFromPoint(x, middle)),
        );
      }).length;
    });
    expect(hidden, `cut off in a window ${width} px wide`).toBe(0);
    await screenshotOf(page, `holdings ${width}`);
  }
});

/** What a load of the page took. */
interface Load {
  /** What came from the page's own server, compressed as it came, in bytes. */
  readonly bytes: number;
  /** From the beginning until the page stood there, drawn by its own code, in milliseconds. */
  readonly ms: number;
}

async function firstLoad(place: string, isThere: (page: Page) => Promise<void>): Promise<Load> {
  const { page, context } = await newVisit(browser);
  const session = await context.newCDPSession(page);
  await session.send("Network.enable");
  const own = new Set<string>();
  let bytes = 0;
  session.on("Network.requestWillBeSent", ({ requestId, request }) => {
    if (request.url.startsWith(net.page)) own.add(requestId);
  });
  session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    if (own.has(requestId)) bytes += encodedDataLength;
  });
  await page.addInitScript(() => {
    new MutationObserver((_, observer) => {
      if (document.querySelector("main h1") === null) return;
      Reflect.set(window, "bulwarkTestDrawn", performance.now());
      observer.disconnect();
    }).observe(document, { childList: true, subtree: true });
  });
  await page.goto(`${net.page}#/${place}`);
  await isThere(page);
  const ms = Number(await page.evaluate(() => Reflect.get(window, "bulwarkTestDrawn")));
  return { bytes, ms };
}

test("the first load is small, and the page is there in two seconds", async () => {
  const [somebody] = await (await chain()).accountsAtRisk(10n ** 19n);
  if (somebody === undefined) throw new Error("nobody owes anything");
  // The account's page needs most: the margin formula is a file of its own.
  const load = () =>
    firstLoad(placeOf(somebody.account), (page) =>
      page.getByText(/before this account is liquidated|may liquidate this account/).waitFor(),
    );
  const first = await load();
  expect(first.bytes).toBeGreaterThan(100_000);
  expect(first.bytes).toBeLessThan(600_000);
  // A machine may be busy with something else for a while.
  let best = first.ms;
  for (let more = 0; more < 10 && best >= 2000; more++) best = Math.min(best, (await load()).ms);
  console.warn(
    `first load of the account's page: ${Math.round(first.bytes / 1000)} kB compressed, drawn after ${Math.round(best)} ms`,
  );
  expect(best).toBeLessThan(2000);
});
