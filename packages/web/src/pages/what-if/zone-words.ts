import { formatDecimal, ONE, parseDecimal } from "@bulwark/client";
import { priceText } from "../../words/format";
import {
  changeAt,
  factorOf,
  multipleAt,
  multipleText,
  type PriceChange,
  priceEnds,
  volatilityEnds,
} from "./scale";
import type { Zone } from "./zones";

/** A price after a change, for showing: what counts is what the engine makes of it. */
export function movedPrice(price: string, change: PriceChange): string {
  return formatDecimal((parseDecimal(price) * factorOf(change)) / ONE);
}

/** Where a price would make the account liquidatable; `price` is that of one asset, if it is one. */
export function priceZonesText(zones: readonly Zone[], price: string | undefined): string {
  return text(zones, priceEnds, "wherever this goes", (position) => {
    const change = changeAt(position);
    const percent = `${change < 0 ? "−" : "+"}${(Math.abs(change) / 100).toFixed(1)}\u202f%`;
    return price === undefined ? percent : `${priceText(movedPrice(price, change))} (${percent})`;
  });
}

/** Where volatility would make the account liquidatable. */
export function volatilityZonesText(zones: readonly Zone[]): string {
  return text(zones, volatilityEnds, "whatever the volatility", (position) => {
    return `${multipleText(multipleAt(position))}×`;
  });
}

function text(
  zones: readonly Zone[],
  ends: { readonly least: number; readonly most: number },
  everywhere: string,
  at: (position: number) => string,
): string {
  const parts = zones.map(({ from, to }) => {
    const [isLeast, isMost] = [from <= ends.least, to >= ends.most];
    if (isLeast && isMost) return everywhere;
    if (isLeast) return `below ${at(to)}`;
    return isMost ? `above ${at(from)}` : `between ${at(from)} and ${at(to)}`;
  });
  return `Liquidatable ${parts.join(" and ")}`;
}
