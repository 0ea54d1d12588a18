import { ONE } from "@bulwark/client";
import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { AssetsContext } from "../../data/assets";
import { AssetBook } from "../../words/assets";
import type { PlannedSwap } from "./batch";
import { SwapWarning } from "./SwapWarning";
import { shortfall } from "./swap-value";

const markets = [
  { asset: "uatom", decimals: 6 },
  { asset: "aeth", decimals: 18 },
];
const price = (mid: string) => ({ record: { mid } });
const prices = new Map([
  ["uatom", price("10")],
  ["aeth", price("2000")],
]);

vi.mock("../../data/queries", () => ({
  useMarkets: () => ({ data: markets }),
  usePrices: () => ({ data: prices }),
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
});
