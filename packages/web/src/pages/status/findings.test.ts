import type { FeedResponse, PriceResponse } from "@bulwark/client/types/BulwarkOracle.types";
import type { MarketResponse, Solvency } from "@bulwark/client/types/BulwarkVault.types";
import { describe, expect, test } from "vitest";
import { AssetBook } from "../../words/assets";
import { findings, type Known, solvencyWords, verdict } from "./findings";

const assets = new AssetBook([
  { asset: "uatom", symbol: "ATOM", decimals: 6 },
  { asset: "uosmo", symbol: "OSMO", decimals: 6 },
]);

const now = 1_000_000;

const usual: Known = {
  live: "live",
  blockAge: 2,
  now,
  locked: false,
  pauses: [],
  markets: [],
  feeds: [],
  prices: new Map(),
  solvency: [],
  changes: 0,
};

function said(change: Partial<Known>) {
  return findings({ ...usual, ...change }, assets);
}

describe("on a usual day", () => {
  test("nothing is found and everything is all right", () => {
    expect(said({})).toEqual([]);
    expect(verdict([]).tone).toBe("healthy");
  });

  test("an announced change is told of without alarm", () => {
    const found = said({ changes: 2 });
    expect(found).toEqual([{ tone: "neutral", text: "2 announced changes wait for their time." }]);
    expect(verdict(found).tone).toBe("healthy");
  });
});

describe("solvency", () => {
  const whole = { asset: "uatom", held: "5", owed: "5", missing: "0", surplus: "0" } as Solvency;
  const short = { ...whole, held: "1500000", owed: "2000000", missing: "500000" };

  test("a vault that holds what it owes says so in one sentence", () => {
    expect(solvencyWords([whole], assets)).toBe("The vault holds everything that it owes.");
  });

  test("what is missing comes before everything else", () => {
    const found = said({ solvency: [whole, short], changes: 1, blockAge: 300 });
    expect(found[0]?.text).toBe("The vault holds less than it owes: 0.5 ATOM missing.");
    expect(verdict(found).tone).toBe("danger");
  });
});

test("an asset that configuration and market count differently is a danger", () => {
  const contradicted = new AssetBook(
    [{ asset: "uatom", symbol: "ATOM", decimals: 6 }],
    [{ asset: "uatom", decimals: 8 }],
  );
  const found = findings(usual, contradicted);
  expect(found).toHaveLength(1);
  expect(found[0]?.tone).toBe("danger");
  expect(found[0]?.text).toContain("gives ATOM 6 decimals, its market 8");
});

describe("feeds", () => {
  const feed = { asset: "uatom", halted_until: null } as FeedResponse;
  const priced = (record: Partial<PriceResponse["record"]>, stale = false) =>
    new Map([
      [
        "uatom",
        { asset: "uatom", stale, record: { status: "ok", expires_at: now + 60, ...record } },
      ],
    ] as [string, PriceResponse][]);

  test("a price in force is no finding", () => {
    expect(said({ feeds: [feed], prices: priced({}) })).toEqual([]);
  });

  test("a price goes out of date without anybody asking again", () => {
    const found = said({ feeds: [feed], prices: priced({ expires_at: now - 90 }) });
    expect(found).toHaveLength(1);
    expect(found[0]?.tone).toBe("danger");
    expect(found[0]?.text).toContain("The price of ATOM is out of date since");
  });

  test("a halt is told as a halt, however old its price", () => {
    const halted = { ...feed, halted_until: now + 3600 };
    const [found] = said({ feeds: [halted], prices: priced({ status: "halted" }, true) });
    expect(found?.tone).toBe("caution");
    expect(found?.text).toContain("The guardian halted the price of ATOM until");
  });

  test("a jump and a wide price need attention", () => {
    for (const status of ["pending", "wide"] as const) {
      expect(said({ feeds: [feed], prices: priced({ status }) })[0]?.tone).toBe("caution");
    }
  });
});

describe("pauses", () => {
  const until = now + 1000;
  const market = (asset: string, action: "borrow" | "withdraw") =>
    ({ asset, pauses: [{ action, until }] }) as MarketResponse;

  test("one of all assets is told once, not for each market", () => {
    const found = said({
      pauses: [{ action: "borrow", until }],
      markets: [market("uatom", "borrow"), market("uosmo", "borrow")],
    });
    expect(found).toHaveLength(1);
    expect(found[0]?.text).toContain("borrowing of all assets");
  });

  test("one of a single asset names it", () => {
    expect(said({ markets: [market("uosmo", "withdraw")] })[0]?.text).toContain(
      "withdrawals of OSMO",
    );
  });
});

test("a chain that stands still is a danger, and so is a node that does not answer", () => {
  expect(said({ blockAge: 61 })[0]?.tone).toBe("danger");
  expect(said({ blockAge: 60 })).toEqual([]);
  expect(said({ live: "offline" })[0]?.tone).toBe("danger");
});
