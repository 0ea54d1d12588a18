import type { TemplateKind } from "./reach";

interface Words {
  readonly name: string;
  readonly what: string;
  readonly first: string;
  readonly second: string;
  readonly slider: string;
}

/** What templates and their fields are called. */
export const templateWords: Record<TemplateKind, Words> = {
  leverage: {
    name: "Leverage up",
    what: "Borrow, buy more with it, and deposit that.",
    first: "Buy",
    second: "Borrow",
    slider: "How much leverage",
  },
  deleverage: {
    name: "Deleverage",
    what: "Sell a deposit and repay a debt with it.",
    first: "Sell",
    second: "Repay",
    slider: "How much to repay",
  },
  "swap-deposit": {
    name: "Swap a deposit",
    what: "Turn one deposit into another.",
    first: "From",
    second: "Into",
    slider: "How much of it",
  },
  "swap-debt": {
    name: "Swap a debt",
    what: "Borrow one asset to repay another.",
    first: "Debt to repay",
    second: "Borrow instead",
    slider: "How much of it",
  },
};

/** Why a template has nothing to be about. */
export const nothingWords: Record<TemplateKind, string> = {
  leverage: "Nothing can be borrowed here: every asset of the exchange is deposited.",
  deleverage: "This needs a deposit to sell and a debt to repay.",
  "swap-deposit": "This needs a deposit that the exchange has.",
  "swap-debt": "This needs a debt that the exchange has.",
};

/** Why its slider has nowhere to go. */
export const noRoomWords: Record<TemplateKind, string> = {
  leverage: "There is no room: the account needs more equity, or the pool has nothing left.",
  deleverage: "There is nothing to sell.",
  "swap-deposit": "There is nothing to swap.",
  "swap-debt": "There is no room: the pool has nothing left.",
};
