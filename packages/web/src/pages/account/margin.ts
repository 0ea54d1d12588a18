import { formatDecimal, ONE, parseDecimal } from "@bulwark/client";
import type { MarginResponse } from "@bulwark/client/types/BulwarkVault.types";

/** The margin ratio at which an account would just meet its initial margin, for drawing. */
export function openingRatio(
  margin: Pick<MarginResponse, "equity" | "equity_open" | "initial" | "maintenance">,
): string {
  const maintenance = parseDecimal(margin.maintenance);
  if (maintenance <= 0n) return "1";
  // Equity at opening prices is lower than at mid prices by what the bands cost.
  const missing = parseDecimal(margin.equity) - parseDecimal(margin.equity_open);
  const needed = parseDecimal(margin.initial) + missing;
  const ratio = (needed * ONE) / maintenance;
  return formatDecimal(ratio > ONE ? ratio : ONE);
}
