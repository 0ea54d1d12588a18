import { ONE, parseDecimal, worth } from "@bulwark/client";
import type { PriceResponse } from "@bulwark/client/types/BulwarkOracle.types";
import type { MarketResponse } from "@bulwark/client/types/BulwarkVault.types";
import type { PlannedSwap } from "./batch";

/** What assets are worth by the oracle. */
export interface Values {
  readonly markets: readonly Pick<MarketResponse, "asset" | "decimals">[];
  readonly prices: ReadonlyMap<string, { record: Pick<PriceResponse["record"], "mid"> }>;
}

/** A swap that may bring less than this below the oracle's prices is warned of, 18 decimals. */
export const muchLess = (ONE * 3n) / 100n;

/** From here on it is a loss that nobody means, 18 decimals. */
export const farLess = ONE / 10n;

/**
 * How far below the oracle's prices the least lies that a swap may bring, as a fraction of what it
 * gives (18 decimals, rounded up); negative where it brings more. Absent without both prices.
 */
export function shortfall(swap: PlannedSwap, values: Values): bigint | undefined {
  const given = worthOf(swap.asset, swap.amount, values);
  const brought = worthOf(swap.get, swap.least, values);
  if (given === undefined || brought === undefined || given === 0n) return undefined;
  return ONE - (brought * ONE) / given;
}

function worthOf(asset: string, amount: bigint, { markets, prices }: Values): bigint | undefined {
  const market = markets.find((one) => one.asset === asset);
  const mid = prices.get(asset)?.record.mid;
  if (market === undefined || mid === undefined) return undefined;
  return worth(amount, market.decimals, parseDecimal(mid));
}
