import {
  actions,
  type Exchange,
  type Message,
  messages,
  type Network,
  type Quantity,
} from "@bulwark/client";
import type {
  AccountRef,
  Action,
  SimulateResponse,
} from "@bulwark/client/types/BulwarkVault.types";
import { leastAccepted } from "../../data/tolerance";
import type { KnownStep, PlainStep, QuotedSwap } from "./steps";

/** A swap with the least that it may bring. */
export interface PlannedSwap extends QuotedSwap {
  readonly least: bigint;
}

/** Steps made ready for the chain. */
export interface Plan {
  /** What is sent. */
  readonly actions: readonly Action[];
  /**
   * What the vault can simulate: it cannot call other contracts, so what a swap takes leaves the
   * account directly, and what it brings is deposited.
   */
  readonly simulated: readonly Action[];
  /** Coins to send with the batch. */
  readonly funds: readonly Quantity[];
  readonly swaps: readonly PlannedSwap[];
}

/** Tokens in hand that a step took out of the account. */
interface Source {
  readonly step: PlainStep;
  /** Still in hand. */
  rest: bigint;
  /** Given away by swaps. */
  given: bigint;
}

/**
 * Makes steps ready: what a step needs is taken out of what the steps before it left in hand, and
 * the rest is sent with the batch.
 *
 * @param to Where simulated tokens go that a swap takes.
 * @param tolerance How much less than expected a swap may bring, 18 decimals.
 * @throws {MessageError} For a swap that the exchange does not offer.
 */
export function planOf(
  steps: readonly KnownStep[],
  exchange: Exchange | undefined,
  to: string,
  tolerance: bigint,
): Plan {
  const sources: Source[] = [];
  const funds = new Map<string, bigint>();
  const swaps: PlannedSwap[] = [];
  const sent: Action[] = [];
  const simulated: (() => Action[])[] = [];
  const take = (asset: string, amount: bigint, isGiven: boolean) => {
    let missing = amount;
    for (const source of sources) {
      if (source.step.asset !== asset) continue;
      const part = source.rest < missing ? source.rest : missing;
      source.rest -= part;
      if (isGiven) source.given += part;
      missing -= part;
    }
    if (missing > 0n) funds.set(asset, (funds.get(asset) ?? 0n) + missing);
  };
  for (const step of steps) {
    if (step.kind === "swap") {
      if (exchange === undefined) continue;
      const least = leastAccepted(step.expected, tolerance);
      take(step.asset, step.amount, true);
      swaps.push({ ...step, least });
      sent.push(actions.swap(exchange, step, step.get, least));
      simulated.push(() => [actions.deposit({ asset: step.get, amount: step.expected })]);
      continue;
    }
    sent.push(actionOf(step));
    if (step.kind === "withdraw" || step.kind === "borrow") {
      const source: Source = { step, rest: step.amount, given: 0n };
      sources.push(source);
      // How much of it a later swap gives away is known only at the end.
      simulated.push(() => parted(source, to));
      continue;
    }
    if (step.kind === "deposit" || step.kind === "repay") take(step.asset, step.amount, false);
    simulated.push(() => [actionOf(step)]);
  }
  return {
    actions: sent,
    simulated: simulated.flatMap((build) => build()),
    funds: Array.from(funds, ([asset, amount]) => ({ asset, amount })),
    swaps,
  };
}

/** The message to be signed, or why there is none: too many steps, or a token that cannot go along. */
export function batchOf(
  network: Network,
  account: AccountRef,
  plan: Plan,
): { readonly batch?: readonly Message[]; readonly error?: Error } {
  try {
    return {
      batch: [messages.batch(network, { account, actions: plan.actions, funds: plan.funds })],
    };
  } catch (error) {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }
}

function actionOf({ kind, asset, amount }: PlainStep, to?: string): Action {
  switch (kind) {
    case "deposit":
      return actions.deposit({ asset, amount });
    case "withdraw":
      return actions.withdraw({ asset, amount, to });
    case "lend":
      return actions.lend({ asset, amount });
    case "recall":
      return actions.recall({ asset, amount });
    case "borrow":
      return actions.borrow({ asset, amount, to });
    case "repay":
      return actions.repay({ asset, amount });
  }
}

/** What a swap takes leaves; the rest stays in hand. */
function parted({ step, given }: Source, to: string): Action[] {
  const kept = step.amount - given;
  return [
    ...(given > 0n ? [actionOf({ ...step, amount: given }, to)] : []),
    ...(kept > 0n ? [actionOf({ ...step, amount: kept })] : []),
  ];
}

/**
 * What comes back to the sender. The simulation had what swaps bring sent along and did not see what
 * they take of what is sent along, so both are put right here.
 */
export function returnedBy(
  plan: Plan,
  answer: Pick<SimulateResponse, "funds" | "returned">,
): Quantity[] {
  const back = new Map<string, bigint>();
  const add = (asset: string, amount: bigint) => back.set(asset, (back.get(asset) ?? 0n) + amount);
  for (const { asset, amount } of plan.funds) add(asset, amount);
  for (const { asset, amount } of answer.funds) add(asset, -BigInt(amount));
  for (const { asset, amount } of answer.returned) add(asset, BigInt(amount));
  for (const { asset, amount } of givenFromFunds(plan)) add(asset, -amount);
  for (const { get, expected } of plan.swaps) add(get, expected);
  return Array.from(back, ([asset, amount]) => ({ asset, amount })).filter(
    ({ amount }) => amount > 0n,
  );
}

/** What swaps take of the coins that are sent, and not of what steps took out of the account. */
function givenFromFunds(plan: Plan): Quantity[] {
  const given = new Map<string, bigint>();
  for (const { asset, amount } of plan.swaps) given.set(asset, (given.get(asset) ?? 0n) + amount);
  for (const action of plan.simulated) {
    const out =
      "withdraw" in action ? action.withdraw : "borrow" in action ? action.borrow : undefined;
    if (out?.to === undefined || out.to === null) continue;
    given.set(out.asset, (given.get(out.asset) ?? 0n) - BigInt(out.amount ?? "0"));
  }
  return Array.from(given, ([asset, amount]) => ({ asset, amount }));
}
