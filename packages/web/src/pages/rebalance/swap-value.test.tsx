import { ONE } from "@bulwark/client";
import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { AssetsContext } from "../../data/assets";
import { AssetBook } from "../../words/assets";
import type { PlannedSwap } from "./batch";
import { SwapWarning } from "./SwapWarning";
import { shortfall } from "./swap-value";

const markets = [
  { asset: "uatom", decimals: 6 },
  { asset: "aeth", decimals: 18 },
];
const price = (mid: string, stale = false) => ({ record: { mid }, stale });
const prices = new Map([
  ["uatom", price("10")],
  ["aeth", price("2000")],
]);

/** What the page knows of prices. */
let known: { data: unknown; error: Error | null };

vi.mock("../../data/queries", () => ({
  useMarkets: () => ({ data: markets, error: null }),
  usePrices: () => known,
}));

/** 400 ATOM (4,000 USD) for at least so many thousandths of an ETH. */
const swap = (thousandths: bigint): PlannedSwap => ({
  kind: "swap",
  asset: "uatom",
  amount: 400_000_000n,
  get: "aeth",
  expected: 2n * ONE,
  least: thousandths * 10n ** 15n,
});

describe("what a swap may lose by the oracle's prices", () => {
  it("is a fraction of what it gives, whatever the assets' decimals", () => {
    expect(shortfall(swap(2_000n), { markets, prices })).toBe(0n);
    expect(shortfall(swap(1_900n), { markets, prices })).toBe(ONE / 20n);
    expect(shortfall(swap(2_200n), { markets, prices })).toBe(-ONE / 10n);
  });

  it("is unknown without a price", () => {
    const some = new Map([["uatom", price("10")]]);
    expect(shortfall(swap(2_000n), { markets, prices: some })).toBeUndefined();
  });
});

describe("the warning", () => {
  beforeEach(() => {
    known = { data: prices, error: null };
  });
  afterEach(cleanup);
  const book = new AssetBook([
    { asset: "uatom", symbol: "ATOM", decimals: 6 },
    { asset: "aeth", symbol: "ETH", decimals: 18 },
  ]);
  const shown = (one: PlannedSwap) => {
    render(
      <AssetsContext value={book}>
        <SwapWarning swap={one} />
      </AssetsContext>,
    );
    return document.body.textContent?.replaceAll("\u202f", " ");
  };

  it("is not there within a few percent", () => {
    expect(shown(swap(1_940n))).toBe("");
  });

  it("says plainly how much may be lost", () => {
    expect(shown(swap(1_840n))).toContain("8.0 % less than the oracle's prices");
    expect(screen.getByText(/ATOM for ETH/)).toBeTruthy();
  });

  it("says that nothing can be compared where prices could not be fetched, once or again", () => {
    for (const data of [undefined, prices]) {
      known = { data, error: new Error("no answer") };
      expect(shown(swap(2_000n))).toContain(
        "prices could not be fetched, so this page cannot tell",
      );
      cleanup();
    }
  });

  it("does not call a swap fair by a price that is out of date, and still warns by it", () => {
    known = {
      data: new Map([...prices, ["aeth", price("2000", true)]]),
      error: null,
    };
    expect(shown(swap(2_000n))).toContain("is out of date, so this page cannot tell");
    cleanup();
    expect(shown(swap(1_000n))).toContain("may lose you 50.0 %");
  });

  it("waits for prices that are still being asked for", () => {
    known = { data: undefined, error: null };
    expect(shown(swap(1_000n))).toBe("");
  });
});
