import type { MarketResponse } from "@bulwark/client/types/BulwarkVault.types";
import { percentText, timeText } from "../../words/format";

/** How the haircut stands, in a sentence or two. */
export function haircutWords(market: MarketResponse, now: number | undefined): string {
  const { haircut, newest_haircut: newest, family } = market;
  if (!isGiven(haircut) || !isGiven(newest)) {
    return "There is none without a price of the family's base asset.";
  }
  const { floor, cap } = family.haircut_rule;
  const inForce = `In force ${percentText(haircut)}`;
  const ends = haircut === floor ? ", its floor" : haircut === cap ? ", its cap" : "";
  const opening =
    newest === haircut
      ? ", for opening positions as well."
      : `; for opening positions ${percentText(newest)} counts already, where volatility is taking it.`;
  const target = family.haircut_rule_target;
  const moving =
    now !== undefined && market.ramp_end > now && target.floor !== floor
      ? ` The floor is on its way to ${percentText(target.floor)}, there by ${timeText(market.ramp_end)}.`
      : "";
  return `${inForce}${ends}${opening}${moving}`;
}

function isGiven<T>(value: T | null | undefined): value is T {
  return value !== null && value !== undefined;
}
