import { divideCeil, ONE, parseDecimal } from "@bulwark/client";
import type { MarketResponse } from "@bulwark/client/types/BulwarkVault.types";
import type { Step } from "./steps";

/** Borrows, buys with it, and keeps what is bought as a deposit; `own` comes out of the wallet. */
export function leverage(input: {
  borrow: string;
  buy: string;
  own: bigint;
  amount: bigint;
}): Step[] {
  const { borrow, buy, own, amount } = input;
  return some([
    { kind: "deposit", asset: buy, amount: own },
    { kind: "borrow", asset: borrow, amount },
    { kind: "swap", asset: borrow, amount, get: buy },
  ]);
}

/** Sells a deposit and repays with what it brings. */
export function deleverage(input: { sell: string; repay: string; amount: bigint }): Step[] {
  return swapDeposit({ from: input.sell, into: input.repay, amount: input.amount });
}

/** Turns a deposit into another. */
export function swapDeposit(input: { from: string; into: string; amount: bigint }): Step[] {
  const { from, into, amount } = input;
  return some([
    { kind: "withdraw", asset: from, amount },
    { kind: "swap", asset: from, amount, get: into },
  ]);
}

/** Turns a debt into another: borrows `amount` of the new one and repays the old one with it. */
export function swapDebt(input: { from: string; into: string; amount: bigint }): Step[] {
  const { from, into, amount } = input;
  return some([
    { kind: "borrow", asset: into, amount },
    { kind: "swap", asset: into, amount, get: from },
  ]);
}

function some(steps: Step[]): Step[] {
  return steps.filter(({ amount }) => amount > 0n);
}

/** What an exchange gave for an amount when it was asked. */
export interface Rate {
  readonly offered: bigint;
  readonly returned: bigint;
}

/** What an amount would bring at a rate, rounded down. */
export function broughtBy(amount: bigint, { offered, returned }: Rate): bigint {
  return offered === 0n ? 0n : (amount * returned) / offered;
}

/** What has to be given so that it brings at least so much at a rate, rounded up. */
export function givenFor(wanted: bigint, { offered, returned }: Rate): bigint {
  return returned === 0n ? 0n : divideCeil(wanted * offered, returned);
}

/**
 * What has to be given so that even the least that is accepted covers a debt: what it brings beyond
 * it becomes a deposit.
 */
export function givenForAll(debt: bigint, rate: Rate, tolerance: bigint): bigint {
  return givenFor(divideCeil(debt * ONE, ONE - tolerance), rate);
}

/** A part of an amount, in percent, rounded down; all of it at 100. */
export function shareOf(amount: bigint, percent: number): bigint {
  return (amount * BigInt(Math.round(percent * 100))) / 10_000n;
}

/**
 * The largest amount up to a limit for which something holds, taking it to hold for all smaller ones;
 * found to a millionth of the limit.
 */
export function largest(limit: bigint, holds: (amount: bigint) => boolean): bigint {
  if (limit <= 0n || !holds(1n)) return 0n;
  if (holds(limit)) return limit;
  let [good, bad] = [1n, limit];
  for (let turn = 0; turn < 20 && bad - good > 1n; turn++) {
    const middle = (good + bad) / 2n;
    if (holds(middle)) good = middle;
    else bad = middle;
  }
  return good;
}

/** What decides about how much a pool lends. */
export type Lender = Pick<
  MarketResponse,
  | "borrow_enabled"
  | "pauses"
  | "limits"
  | "supplied"
  | "borrowed"
  | "cash"
  | "outflow"
  | "outflow_limit"
>;

/**
 * What a pool has for one borrower, by its cash, cap and limits, smallest units, and nothing while
 * nobody may borrow; the margin aside, which the vault's own largest borrow does not leave out.
 *
 * @param owed What the borrower owes of it already.
 */
export function borrowRoom(market: Lender, owed: bigint): bigint {
  const isPaused = market.pauses.some(({ action }) => action === "borrow");
  if (!market.borrow_enabled || isPaused) return 0n;
  const { limits } = market;
  const [supplied, borrowed] = [BigInt(market.supplied), BigInt(market.borrowed)];
  const share = (fraction: string) => (supplied * parseDecimal(fraction)) / ONE;
  const rooms = [
    BigInt(market.cash),
    BigInt(limits.borrow_cap) - borrowed,
    share(limits.max_utilisation) - borrowed,
    // A debt rounds up: one unit less, as the vault has it.
    share(limits.counterparty_share) - owed - 1n,
  ];
  if (market.outflow_limit !== null && market.outflow_limit !== undefined) {
    rooms.push(BigInt(market.outflow_limit) - BigInt(market.outflow));
  }
  const least = rooms.reduce((one, other) => (one < other ? one : other));
  return least > 0n ? least : 0n;
}
