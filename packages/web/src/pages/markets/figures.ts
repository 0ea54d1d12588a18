import { formatDecimal, parseDecimal, worth as usdOf } from "@bulwark/client";
import type { PriceResponse } from "@bulwark/client/types/BulwarkOracle.types";
import type { MarketResponse } from "@bulwark/client/types/BulwarkVault.types";

/** What an amount of a market's asset is worth at the price in force, USD with 18 decimals. */
export function worth(
  market: MarketResponse,
  amount: string | bigint,
  price: PriceResponse | undefined,
): bigint | undefined {
  if (price === undefined) return undefined;
  return usdOf(BigInt(amount), market.decimals, parseDecimal(price.record.mid));
}

/** {@link worth} as a decimal string. */
export function worthText(
  market: MarketResponse,
  amount: string | bigint,
  price: PriceResponse | undefined,
): string | undefined {
  const value = worth(market, amount, price);
  return value === undefined ? undefined : formatDecimal(value);
}

/** One amount as a part of another, for drawing; nothing of nothing is nothing. */
export function shareOf(part: string | bigint, whole: string | bigint): number {
  const all = BigInt(whole);
  if (all === 0n) return BigInt(part) === 0n ? 0 : 1;
  return Number((BigInt(part) * 1_000_000n) / all) / 1_000_000;
}

/** Where a market is shown. */
export function marketPath(asset: string): string {
  return `/markets/${encodeURIComponent(asset)}`;
}
