import type { MarginResponse } from "@bulwark/client/types/BulwarkVault.types";

/**
 * The margin ratio that is shown of an account. Deposits alone need a margin too, so the contracts
 * have a number for them; but without a debt no price can liquidate, and a number would say that one
 * could.
 */
export function shownRatio(
  figures: Pick<MarginResponse, "margin_ratio" | "debts">,
): string | undefined {
  return Number(figures.debts) === 0 ? undefined : (figures.margin_ratio ?? undefined);
}
