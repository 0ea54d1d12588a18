import type { Quantity } from "@bulwark/client";
import type { BasketHolding } from "@bulwark/client/margin";
import type { Side } from "@bulwark/client/types/BulwarkVault.types";

/** What a step of a batch can be. */
export type StepKind = "deposit" | "withdraw" | "lend" | "recall" | "borrow" | "repay" | "swap";

/** Moves between the account, its pools and what is in hand; smallest units. */
export interface PlainStep extends Quantity {
  readonly kind: Exclude<StepKind, "swap">;
}

/** Gives what is in hand for another asset, which is credited to the account. */
export interface SwapStep extends Quantity {
  readonly kind: "swap";
  readonly get: string;
}

/** A step, whole. */
export type Step = PlainStep | SwapStep;

/** A swap with what the exchange would give for it now, smallest units. */
export interface QuotedSwap extends SwapStep {
  readonly expected: bigint;
}

/** A step of which everything is known. */
export type KnownStep = PlainStep | QuotedSwap;

/**
 * What an account holds after steps, by whole amounts: near enough for what a slider shows while it
 * moves. What counts is the chain's own simulation. A step that cannot be done takes what there is.
 */
export function holdingsAfter(
  holdings: readonly BasketHolding[],
  steps: readonly KnownStep[],
): BasketHolding[] {
  const signed = new Map(
    holdings.map(({ asset, side, amount }) => [asset, signedAmount(side, amount)]),
  );
  const add = (asset: string, amount: bigint) =>
    signed.set(asset, (signed.get(asset) ?? 0n) + amount);
  for (const step of steps) {
    if (step.kind === "deposit" || step.kind === "repay") add(step.asset, step.amount);
    if (step.kind === "withdraw" || step.kind === "borrow") add(step.asset, -step.amount);
    if (step.kind === "swap") add(step.get, step.expected);
  }
  return Array.from(signed, ([asset, amount]): BasketHolding => {
    const side: Side = amount < 0n ? "debt" : "deposit";
    return { asset, side, amount: (amount < 0n ? -amount : amount).toString() };
  }).filter(({ amount }) => amount !== "0");
}

function signedAmount(side: Side, amount: string): bigint {
  return side === "debt" ? -BigInt(amount) : BigInt(amount);
}
