import { ONE } from "@bulwark/client";

/** How far prices that move together may go before an account is liquidated; 18 decimals. */
export interface Headroom {
  /** Fraction that they may fall; absent if no fall does it. */
  readonly fall: bigint | undefined;
  /** Fraction that they may rise; absent if no rise up to fivefold does it. */
  readonly rise: bigint | undefined;
}

const lowest = ONE / 1000n;
const highest = 5n * ONE;
const steps = 40n;
const halvings = 20;

/**
 * Finds the nearest prices on both sides at which an account is no longer safe; what it finds is
 * still safe.
 *
 * @param safe Whether the account covers its maintenance margin when prices are multiplied by so
 * much (18 decimals).
 */
export function headroom(safe: (factor: bigint) => boolean): Headroom {
  if (!safe(ONE)) return { fall: 0n, rise: 0n };
  const low = edge(safe, lowest);
  const high = edge(safe, highest);
  return {
    fall: low === undefined ? undefined : ONE - low,
    rise: high === undefined ? undefined : high - ONE,
  };
}

/**
 * The last safe factor on the way from one. Walks before it halves, because a hedge can become safe
 * again further on.
 */
function edge(safe: (factor: bigint) => boolean, to: bigint): bigint | undefined {
  let inside = ONE;
  for (let step = 1n; step <= steps; step++) {
    const factor = ONE + ((to - ONE) * step) / steps;
    if (safe(factor)) {
      inside = factor;
      continue;
    }
    let outside = factor;
    for (let turn = 0; turn < halvings; turn++) {
      const middle = (inside + outside) / 2n;
      if (safe(middle)) inside = middle;
      else outside = middle;
    }
    return inside;
  }
  return undefined;
}
