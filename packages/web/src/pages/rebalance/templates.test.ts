import { ONE } from "@bulwark/client";
import { describe, expect, it } from "vitest";
import { broughtBy, givenFor, givenForAll, largest, leverage, shareOf } from "./templates";

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
