import { describe, expect, it } from "vitest";

import { ONE } from "../src/amounts.js";
import type { PriceResponse } from "../src/generated/BulwarkOracle.types.js";
import { type Basket, movePrices } from "../src/margin/index.js";

function priceOf(asset: string): PriceResponse {
  return {
    asset,
    record: {
      mid: "10",
      low: "9.9",
      high: "10.100000000000000001",
      ema: "10.05",
      volatility: { from: "0.04", target: "0.06", start_time: 5, end_time: 9 },
      published_at: 7,
      expires_at: 127,
      status: "ok",
    },
    volatility_in_force: "0.05",
    stale: false,
  };
}

/** Only prices move: nothing else of a basket is looked at. */
const BASKET = { now: 8, prices: [priceOf("uatom"), priceOf("uosmo")] } as unknown as Basket;

describe("moving prices", () => {
  it("takes the whole band along, rounded down, and leaves other assets alone", () => {
    const [moved, other] = movePrices(BASKET, { uatom: ONE / 2n }).prices;
    expect(moved?.record).toMatchObject({ mid: "5", low: "4.95", high: "5.05", ema: "5.025" });
    expect(moved?.record.volatility).toStrictEqual(priceOf("uatom").record.volatility);
    expect(other).toStrictEqual(priceOf("uosmo"));
  });

  it("moves the volatility of all assets, in force and newest", () => {
    const { prices } = movePrices(BASKET, {}, 2n * ONE);
    for (const { record, volatility_in_force } of prices) {
      const ramp = { from: "0.08", target: "0.12", start_time: 5, end_time: 9 };
      expect(record.volatility).toStrictEqual(ramp);
      expect(volatility_in_force).toBe("0.1");
    }
  });

  it("never moves a price to nothing, which would be no price", () => {
    const [moved] = movePrices(BASKET, { uatom: 0n }).prices;
    expect(moved?.record.mid).toBe("0.000000000000000001");
  });

  it("changes nothing of what it is given, and does not take an inherited name for an asset", () => {
    const basket = { ...BASKET, prices: [priceOf("toString")] };
    expect(movePrices(basket, {})).toStrictEqual(basket);
    movePrices(BASKET, { uatom: 3n * ONE }, 3n * ONE);
    expect(BASKET.prices).toStrictEqual([priceOf("uatom"), priceOf("uosmo")]);
  });

  it("refuses factors below zero by name", () => {
    expect(() => movePrices(BASKET, { uatom: -ONE })).toThrow(
      "the factor of uatom is below zero: -1",
    );
    expect(() => movePrices(BASKET, {}, -1n)).toThrow(RangeError);
  });
});
