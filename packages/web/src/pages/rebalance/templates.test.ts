import { ONE } from "@bulwark/client";
import { describe, expect, it } from "vitest";
import {
  borrowRoom,
  broughtBy,
  givenFor,
  givenForAll,
  type Lender,
  largest,
  leverage,
  shareOf,
} from "./templates";

const rate = { offered: 1_000n, returned: 333n };

describe("an exchange's rate", () => {
  it("rounds against whoever swaps, both ways", () => {
    expect(broughtBy(10n, rate)).toBe(3n); // 3.33
    expect(givenFor(3n, rate)).toBe(10n); // 9.009…
    expect(broughtBy(givenFor(3n, rate), rate)).toBeGreaterThanOrEqual(3n);
  });

  it("covers a whole debt even if the swap brings the least that is accepted", () => {
    const tolerance = ONE / 100n;
    const debt = 1_000n;
    const given = givenForAll(debt, rate, tolerance);
    const least = (broughtBy(given, rate) * 99n) / 100n;
    expect(least).toBeGreaterThanOrEqual(debt - 1n);
  });

  it("gives nothing for nothing", () => {
    expect(givenFor(5n, { offered: 1n, returned: 0n })).toBe(0n);
    expect(broughtBy(5n, { offered: 0n, returned: 0n })).toBe(0n);
  });
});

describe("the largest amount that passes", () => {
  it("is found below the limit", () => {
    const found = largest(1_000_000n, (amount) => amount <= 123_456n);
    expect(found).toBeLessThanOrEqual(123_456n);
    expect(found).toBeGreaterThan(123_454n);
  });

  it("is the limit if that passes, and nothing if nothing does", () => {
    expect(largest(10n, () => true)).toBe(10n);
    expect(largest(10n, () => false)).toBe(0n);
    expect(largest(0n, () => true)).toBe(0n);
  });
});

describe("what a pool lends to one borrower", () => {
  const limits = {
    borrow_cap: "900",
    counterparty_share: "0.5",
    deposit_cap: "5000",
    max_utilisation: "0.8",
    outflow_share: "1",
  };
  const market: Lender = {
    borrow_enabled: true,
    pauses: [],
    limits,
    supplied: "1000",
    borrowed: "100",
    cash: "900",
    outflow: "0",
    outflow_limit: null,
  };

  it("is the least of its limits, one unit below what one account may owe", () => {
    expect(borrowRoom(market, 0n)).toBe(499n);
    expect(borrowRoom(market, 100n)).toBe(399n);
    expect(borrowRoom({ ...market, borrowed: "750" }, 0n)).toBe(50n);
    expect(borrowRoom({ ...market, outflow: "70", outflow_limit: "100" }, 0n)).toBe(30n);
    expect(borrowRoom(market, 600n)).toBe(0n);
  });

  it("is nothing while borrowing is switched off or paused", () => {
    expect(borrowRoom({ ...market, borrow_enabled: false }, 0n)).toBe(0n);
    const pauses: Lender["pauses"] = [{ action: "borrow", until: 5 }];
    expect(borrowRoom({ ...market, pauses }, 0n)).toBe(0n);
    expect(borrowRoom({ ...market, pauses: [{ action: "deposit", until: 5 }] }, 0n)).toBe(499n);
  });
});

describe("templates", () => {
  it("leave steps out that are about nothing", () => {
    expect(leverage({ borrow: "a", buy: "b", own: 0n, amount: 0n })).toEqual([]);
    expect(leverage({ borrow: "a", buy: "b", own: 0n, amount: 5n })).toHaveLength(2);
  });

  it("take shares exactly", () => {
    expect(shareOf(10n ** 30n, 100)).toBe(10n ** 30n);
    expect(shareOf(1_000n, 12.5)).toBe(125n);
  });
});
