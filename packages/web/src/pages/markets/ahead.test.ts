import type { Basket, MarginEngine } from "@bulwark/client/margin";
import type { PriceResponse } from "@bulwark/client/types/BulwarkOracle.types";
import type { ConfigResponse, MarketResponse } from "@bulwark/client/types/BulwarkVault.types";
import { expect, test } from "vitest";
import { haircutsAhead } from "./ahead";

const market = {
  asset: "statom",
  family: { base: "uatom" },
  risk: { extra_haircut: "0.02" },
} as MarketResponse;
const other = { asset: "uatom", family: { base: "uatom" } } as MarketResponse;

/** Prices of both, the base's volatility on its way until then. */
function prices(end: number): Map<string, PriceResponse> {
  const priced = (asset: string, until: number) =>
    [asset, { asset, record: { volatility: { end_time: until } } }] as [string, PriceResponse];
  return new Map([priced("uatom", end), priced("statom", 0)]);
}

/** Says when it was asked as the haircut, and remembers what it was asked. */
function clock(asked: Basket[]): MarginEngine {
  return {
    margin: (basket: Basket) => {
      asked.push(basket);
      return { holdings: [{ haircut: String(basket.now) }] };
    },
  } as unknown as MarginEngine;
}

const ahead = (engine: MarginEngine, end: number) =>
  haircutsAhead(engine, 1000, {} as ConfigResponse, [other, market], market, prices(end));

test("the engine is asked at times up to the end of the family's ramp", () => {
  const asked: Basket[] = [];
  const course = ahead(clock(asked), 4600);
  expect(course.at(0)?.time).toBe(1150);
  expect(course.at(-1)).toEqual({ time: 4600, haircut: 4600 });
  expect(new Set(course.map(({ time }) => time)).size).toBe(course.length);
});

test("what the asset adds of its own is left out", () => {
  const asked: Basket[] = [];
  ahead(clock(asked), 4600);
  expect(asked[0]?.markets.find(({ asset }) => asset === "statom")?.risk.extra_haircut).toBe("0");
  expect(market.risk.extra_haircut).toBe("0.02");
});

test("of a ramp that has ended or ends at once nothing is drawn", () => {
  expect(ahead(clock([]), 900)).toEqual([]);
  expect(ahead(clock([]), 1002)).toEqual([]);
});
