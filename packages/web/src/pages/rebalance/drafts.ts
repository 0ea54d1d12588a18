import { readAmount } from "../../parts/AmountInput";
import type { AssetBook } from "../../words/assets";
import type { Step, StepKind } from "./steps";

/** A step as it is being written. */
export interface StepDraft {
  /** Tells steps apart while they move. */
  readonly key: number;
  readonly kind: StepKind;
  readonly asset: string;
  /** Of a swap: what it brings. */
  readonly get: string;
  readonly text: string;
}

/** What a kind of step is called, and what it does. */
export const stepWords: Record<StepKind, { readonly verb: string; readonly what: string }> = {
  deposit: { verb: "Deposit", what: "From your wallet, or what is in hand, into the account." },
  withdraw: { verb: "Withdraw", what: "Out of the account into your hand, for steps below." },
  lend: { verb: "Lend", what: "Idle deposits go to the pool and earn." },
  recall: { verb: "Recall", what: "Lent deposits become idle." },
  borrow: { verb: "Borrow", what: "From the pool into your hand, for steps below." },
  repay: { verb: "Repay", what: "A debt, with what is in hand or in your wallet." },
  swap: {
    verb: "Swap",
    what: "Gives what is in hand; what comes back is credited to the account.",
  },
};

/** The step that a draft says, if it says one. */
export function stepOf(draft: StepDraft, assets: AssetBook): Step | undefined {
  const { kind, asset, get, text } = draft;
  const read = readAmount(text, assets.counting(asset));
  if (read.kind !== "amount" || read.amount === 0n) return undefined;
  if (kind !== "swap") return { kind, asset, amount: read.amount };
  return get === "" || get === asset ? undefined : { kind, asset, amount: read.amount, get };
}

/** Steps as drafts, to be changed by hand. */
export function draftsOf(steps: readonly Step[], assets: AssetBook): StepDraft[] {
  return steps.map((step, index) => ({
    key: index + 1,
    kind: step.kind,
    asset: step.asset,
    get: step.kind === "swap" ? step.get : "",
    text: assets.typed(step.asset, step.amount),
  }));
}

/** A list with one entry at another place; unchanged if that is beyond its ends. */
export function moved<T>(list: readonly T[], from: number, to: number): readonly T[] {
  const entry = list[from];
  if (entry === undefined || to < 0 || to >= list.length) return list;
  return list.toSpliced(from, 1).toSpliced(to, 0, entry);
}
