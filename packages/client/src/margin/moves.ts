import { formatDecimal, ONE, parseDecimal } from "../amounts.js";
import type {
  PriceRecord,
  PriceResponse,
  VolatilityRamp,
} from "../generated/BulwarkOracle.types.js";
import type { Basket } from "./basket.js";

/** The vault takes a price of nothing for no price: what falls ends at 10^-18 USD. */
const LEAST_PRICE = 1n;

/**
 * What if prices moved: the basket with each named asset's price, band and average times a factor,
 * and the volatility of all assets times another. What is not named stays; the basket that is given
 * is not changed. Volatility decides by way of the families' base assets, and the haircuts' floors
 * and caps bound what it does.
 *
 * @param factors With 18 decimals by asset: `ONE` leaves a price as it is.
 * @param volatility With 18 decimals, for the volatility in force and the newest alike.
 * @throws {RangeError} For a factor below zero.
 * @throws {AmountError} For a basket whose prices are none.
 */
export function movePrices(
  basket: Basket,
  factors: Readonly<Record<string, bigint>>,
  volatility: bigint = ONE,
): Basket {
  for (const [what, factor] of [...Object.entries(factors), ["volatility", volatility] as const]) {
    if (factor < 0n) {
      throw new RangeError(`the factor of ${what} is below zero: ${formatDecimal(factor)}`);
    }
  }
  const moved = (price: PriceResponse): PriceResponse => {
    const factor = Object.hasOwn(factors, price.asset) ? factors[price.asset] : undefined;
    return {
      ...price,
      record: movedRecord(price.record, factor ?? ONE, volatility),
      volatility_in_force: scaled(price.volatility_in_force, volatility),
    };
  };
  return { ...basket, prices: basket.prices.map(moved) };
}

function movedRecord(record: PriceRecord, factor: bigint, volatility: bigint): PriceRecord {
  const price = (text: string) => scaled(text, factor, LEAST_PRICE);
  const { mid, low, high, ema } = record;
  return {
    ...record,
    mid: price(mid),
    low: price(low),
    high: price(high),
    ema: price(ema),
    volatility: movedRamp(record.volatility, volatility),
  };
}

function movedRamp(ramp: VolatilityRamp, factor: bigint): VolatilityRamp {
  return { ...ramp, from: scaled(ramp.from, factor), target: scaled(ramp.target, factor) };
}

/** A contract's decimal times a factor, rounded down to 18 decimals, but not below `least`. */
function scaled(text: string, factor: bigint, least = 0n): string {
  if (factor === ONE) {
    return text;
  }
  const product = (parseDecimal(text) * factor) / ONE;
  return formatDecimal(product < least ? least : product);
}
