import type { Estimate } from "@bulwark/client";
import { expect, it } from "vitest";
import { isEnough } from "./fee";

/** Of a transaction that uses so much gas now. */
const estimate = (used: number): Estimate => ({
  gas: Math.ceil(used * 1.3),
  feeAmount: 1n,
  fee: { amount: [], gas: "" },
});

it("a shown fee does while most of its room is left", () => {
  const shown = estimate(1_000_000);
  expect(isEnough(shown, estimate(900_000))).toBe(true);
  expect(isEnough(shown, shown)).toBe(true);
  expect(isEnough(shown, estimate(1_130_000))).toBe(true);
  expect(isEnough(shown, estimate(1_131_000))).toBe(false);
});
