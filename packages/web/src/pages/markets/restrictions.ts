import type { MarketResponse, PausableAction } from "@bulwark/client/types/BulwarkVault.types";
import type { Tone } from "../../parts/Badge";
import { timeText } from "../../words/format";

/** Something that a market does not allow now. */
export interface Restriction {
  readonly tone: Tone;
  /** For a table. */
  readonly short: string;
  /** As a sentence. */
  readonly title: string;
  /** What that means, and until when. */
  readonly detail: string;
}

const actions: Record<PausableAction, string> = {
  deposit: "Deposits",
  borrow: "Borrowing",
  withdraw: "Withdrawals",
};

/** What a market does not allow now, the gravest first. */
export function restrictions(market: MarketResponse): Restriction[] {
  const found: Restriction[] = [];
  if (market.wiped_out) {
    found.push({
      tone: "danger",
      short: "wiped out",
      title: "Bad debt has wiped out this market's suppliers",
      detail: "It takes no deposits any more. Debts can be repaid and liquidated as before.",
    });
  }
  for (const { action, until } of market.pauses) {
    found.push({
      tone: "caution",
      short: `${actions[action].toLowerCase()} paused`,
      title: `${actions[action]} are paused`.replace("Borrowing are", "Borrowing is"),
      detail: `The guardian paused this. It ends by itself on ${timeText(until)} at the latest. Repayments and liquidations go on.`,
    });
  }
  if (!market.deposit_enabled) {
    found.push({
      tone: "neutral",
      short: "no deposits",
      title: "New deposits are switched off",
      detail: "What is deposited stays, and can be withdrawn.",
    });
  }
  if (!market.borrow_enabled) {
    found.push({
      tone: "neutral",
      short: "not for borrowing",
      title: "Borrowing is switched off",
      detail: "It serves as collateral only. Debts can be repaid.",
    });
  }
  return found;
}
