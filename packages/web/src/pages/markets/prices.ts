import { approximately, type HistoryEntry } from "@bulwark/client";
import type { Moment } from "../../data/course";
import type { PricePoint } from "./PriceChart";

/** Prices as the oracle told them at earlier blocks. */
export function pricesOf(moments: readonly Moment[]): PricePoint[] {
  return moments.flatMap(({ time, price }): PricePoint[] => {
    if (price === undefined) return [];
    const { mid, low, high, ema } = price.record;
    return [{ time, mid: Number(mid), band: [Number(low), Number(high)], ema: Number(ema) }];
  });
}

/**
 * Prices as the oracle's events have them, oldest first and each once: where a node keeps events
 * but not what contracts knew.
 */
export function pricesIn(history: readonly HistoryEntry[], asset: string): PricePoint[] {
  const points = new Map<number, PricePoint>();
  for (const { events, time } of history) {
    for (const event of events) {
      if (event.type !== "price" || event.asset !== asset || time === undefined) continue;
      // Newest first: of one block the last stands.
      if (points.has(time)) continue;
      const { mid, low, high } = event;
      points.set(time, {
        time,
        mid: approximately(mid),
        band: [approximately(low), approximately(high)],
      });
    }
  }
  return [...points.values()].toSorted((one, other) => one.time - other.time);
}
