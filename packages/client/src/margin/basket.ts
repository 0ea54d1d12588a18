import type { PriceResponse } from "../generated/BulwarkOracle.types.js";
import type {
  AccountResponse,
  Amount,
  ConfigResponse,
  MarginResponse,
  MarketResponse,
  Price,
  Side,
} from "../generated/BulwarkVault.types.js";

/**
 * Holdings with everything that decides about their margin, as the contracts' queries answered it.
 *
 * Ramps of parameters are in the vault's answers as far as they had come: all answers should be of
 * one block. The margin is exact for that block; `now` may run ahead of it to see prices grow stale.
 */
export interface Basket {
  /** Block time in seconds. */
  readonly now: number;
  /** The vault's answer to `config`. */
  readonly config: ConfigResponse;
  /** Those of the holdings and of their families' base assets; more do no harm. */
  readonly markets: readonly MarketResponse[];
  /** The oracle's answers for the same assets; more do no harm. */
  readonly prices: readonly PriceResponse[];
  /** What is held and owed, each asset once. */
  readonly holdings: readonly BasketHolding[];
}

/** What is held or owed of one asset. */
export interface BasketHolding {
  /** Asset. */
  readonly asset: string;
  /** Owned or owed. */
  readonly side: Side;
  /** Smallest units: of a deposit idle and lent together, as the vault's `account` has them. */
  readonly amount: Amount;
}

/** What the vault's answer to `account` comes to: idle and lent deposits of an asset together. */
export function basketHoldings(account: AccountResponse): BasketHolding[] {
  return account.holdings.map(({ asset, side, idle, lent, debt }) => ({
    asset,
    side,
    amount: side === "debt" ? debt : (BigInt(idle) + BigInt(lent)).toString(),
  }));
}

/** Equity, margins and status: the vault's answer to `margin`, of holdings that need not be any account's. */
export type MarginFigures = Omit<MarginResponse, "account" | "locked">;

/** At which prices of one asset, the others standing still, a basket is liquidatable. */
export interface AssetLiquidationPrice {
  /** Asset. */
  asset: string;
  /** At or below it, USD per whole token; none if no fall does it, or if it is liquidatable now. */
  below?: Price | null;
  /** At or above it, USD per whole token; none if twenty doublings do not do it. */
  above?: Price | null;
}

/**
 * The basket without what does not matter to its holdings, nor to an asset that may come to them:
 * little to hand over, however many markets there are.
 */
export function pruned(basket: Basket, ...more: readonly string[]): Basket {
  const assets = new Set([...basket.holdings.map((holding) => holding.asset), ...more]);
  for (const market of basket.markets) {
    if (assets.has(market.asset)) {
      assets.add(market.family.base);
    }
  }
  return {
    now: basket.now,
    config: basket.config,
    markets: basket.markets.filter((market) => assets.has(market.asset)),
    prices: basket.prices.filter((price) => assets.has(price.asset)),
    holdings: basket.holdings.map(({ asset, side, amount }) => ({ asset, side, amount })),
  };
}
