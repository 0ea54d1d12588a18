import type { AccountResponse } from "@bulwark/client/types/BulwarkVault.types";

/** What a form does. */
export type ActionKind =
  | "deposit"
  | "withdraw"
  | "borrow"
  | "repay"
  | "lend"
  | "recall"
  | "transfer";

interface ActionWords {
  /** On the button that opens the form, and the one that sends it. */
  readonly verb: string;
  /** What it does, below the title. */
  readonly what: string;
  /** Said when it is done. */
  readonly done: string;
}

/** How the forms are called. */
export const actionWords: Readonly<Record<ActionKind, ActionWords>> = {
  deposit: {
    verb: "Deposit",
    what: "From your wallet into this account, where it counts as collateral.",
    done: "Deposited",
  },
  withdraw: {
    verb: "Withdraw",
    what: "From this account to your wallet. Idle deposits leave first, then lent ones.",
    done: "Withdrawn",
  },
  borrow: {
    verb: "Borrow",
    what: "From a pool to your wallet, against what this account holds.",
    done: "Borrowed",
  },
  repay: {
    verb: "Repay",
    what: "From your wallet, to lower what this account owes.",
    done: "Repaid",
  },
  lend: {
    verb: "Lend",
    what: "Idle deposits go to the pool and earn interest. They still count as collateral.",
    done: "Lent",
  },
  recall: {
    verb: "Recall",
    what: "Lent deposits come back from the pool and stay idle, as far as it has cash.",
    done: "Recalled",
  },
  transfer: {
    verb: "Transfer",
    what: "Deposits move to another account, of yours or of somebody else.",
    done: "Transferred",
  },
};

/** Whether an account has what the form is about. */
export function possible(kind: ActionKind, account: AccountResponse): boolean {
  return (
    kind === "deposit" ||
    (kind === "borrow" && account.holdings.some((holding) => holding.side === "deposit")) ||
    account.holdings.some((holding) => offers(kind, holding))
  );
}

type Holding = AccountResponse["holdings"][number];

/** Whether a form can be about a holding. */
export function offers(kind: ActionKind, holding: Holding): boolean {
  switch (kind) {
    case "deposit":
      return true;
    case "withdraw":
    case "transfer":
      return holding.side === "deposit";
    case "lend":
      return holding.side === "deposit" && BigInt(holding.idle) > 0n;
    case "recall":
      return holding.side === "deposit" && BigInt(holding.lent) > 0n;
    case "borrow":
    case "repay":
      return holding.side === "debt";
  }
}
