import { formatDecimal, ONE } from "@bulwark/client";
import type { MarginResponse } from "@bulwark/client/types/BulwarkVault.types";
import type { Headroom } from "../../data/headroom";
import { percentText, usdText } from "../../words/format";

/** How far prices may move and of which groups of assets that is said. */
export interface NamedHeadroom extends Headroom {
  /** Such as `crypto`; absent where all assets are meant. */
  readonly group: string | undefined;
  /** The group whose prices are taken to stand still meanwhile; absent if all move. */
  readonly still: string | undefined;
}

/** What an account's figures mean for its owner. */
export function safetyText(
  margin: Pick<
    MarginResponse,
    "status" | "debts" | "deposits" | "equity" | "initial" | "maintenance" | "equity_open"
  >,
  headroom: NamedHeadroom | undefined,
): { sentence: string; detail: string | undefined } {
  if (Number(margin.debts) === 0) {
    return Number(margin.deposits) === 0
      ? {
          sentence: "This account is empty.",
          detail: "Deposit something to begin with. What is deposited can leave again at any time.",
        }
      : {
          sentence: "Nothing is owed: no price can liquidate this account.",
          detail: "Idle deposits can leave at any time, lent ones as far as their pool has cash.",
        };
  }
  switch (margin.status) {
    case "insolvent":
      return {
        sentence: "The debts are worth more than the deposits.",
        detail: "Anybody may liquidate this account now. Deposit or repay to end that.",
      };
    case "liquidatable":
      return {
        sentence: "Anybody may liquidate this account now.",
        detail: `Its equity is ${usdText(margin.equity)}, and it has to bear ${usdText(margin.maintenance)}. Deposit or repay to end that.`,
      };
    default: {
      const call =
        margin.status === "margin_call"
          ? `Margin call: equity at opening prices is ${usdText(margin.equity_open)}, and opening needs ${usdText(margin.initial)}. Only what lowers the risk is allowed.`
          : undefined;
      return { sentence: movesText(headroom), detail: call };
    }
  }
}

function movesText(headroom: NamedHeadroom | undefined): string {
  if (headroom === undefined) return "This account covers its maintenance margin.";
  const { fall, rise, group, still } = headroom;
  const prices = group === undefined ? "Prices" : `${capital(named(group))} prices`;
  const how =
    still === undefined ? "all together" : `all together while ${named(still)} prices stand still`;
  const moves = [
    ...(fall === undefined ? [] : [`fall ${share(fall)}`]),
    ...(rise === undefined ? [] : [`rise ${share(rise)}`]),
  ];
  if (moves.length > 0) {
    return `${prices} may ${moves.join(" or ")}, ${how}, before this account is liquidated.`;
  }
  // What is tried: down to a thousandth, up to fivefold, and nothing else changing.
  return `${prices} may fall 99.9\u202f% or rise fivefold, ${how}, without this account being liquidated.`;
}

/** A group's name as people write it. */
function named(group: string): string {
  return group === "usd" ? "USD" : group;
}

/** Cut off, so that nobody seems to have more room than there is. */
function share(fraction: bigint): string {
  const fine = fraction < ONE / 10n;
  const step = ONE / (fine ? 1000n : 100n);
  return percentText(formatDecimal((fraction / step) * step), fine ? 1 : 0);
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
