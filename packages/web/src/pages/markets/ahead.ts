import type { MarginEngine } from "@bulwark/client/margin";
import type { PriceResponse } from "@bulwark/client/types/BulwarkOracle.types";
import type { ConfigResponse, MarketResponse } from "@bulwark/client/types/BulwarkVault.types";

/** A haircut to come. */
export interface Ahead {
  /** Seconds since 1970. */
  readonly time: number;
  /** A fraction; only for drawing. */
  readonly haircut: number;
}

/** So many points are drawn of what is to come. */
const points = 24;

/** A course that takes less than this, in seconds, is not worth drawing. */
const shortest = 60;

/**
 * The course of a market's haircut if the volatility that is newest now stays the newest: the
 * margin engine evaluates it at times to come. Nothing where the ramp has ended, or
 * is about to.
 *
 * @param base The record of the family's base asset, whose volatility decides.
 */
export function haircutsAhead(
  engine: MarginEngine,
  now: number,
  config: ConfigResponse,
  markets: readonly MarketResponse[],
  market: MarketResponse,
  prices: ReadonlyMap<string, PriceResponse>,
): Ahead[] {
  const base = prices.get(market.family.base);
  const end = base?.record.volatility.end_time ?? now;
  if (end < now + shortest || !prices.has(market.asset)) return [];
  // The chart is of the family's haircut: what the asset adds of its own does not move with it.
  const alone = { ...market, risk: { ...market.risk, extra_haircut: "0" } };
  const basket = {
    config,
    markets: markets.map((other) => (other.asset === market.asset ? alone : other)),
    prices: [...prices.values()],
    holdings: [{ asset: market.asset, side: "deposit" as const, amount: "1" }],
  };
  return Array.from({ length: points }, (_, index) => {
    const time = Math.round(now + ((end - now) * (index + 1)) / points);
    const [holding] = engine.margin({ ...basket, now: time }).holdings;
    return { time, haircut: Number(holding?.haircut ?? Number.NaN) };
  });
}
