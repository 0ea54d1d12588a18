import {
  actions,
  type BulwarkEvent,
  divideCeil,
  type Message,
  messages,
  type Network,
  ONE,
  parseDecimal,
} from "@bulwark/client";
import type {
  AccountHolding,
  AccountRef,
  Action,
  MarketResponse,
} from "@bulwark/client/types/BulwarkVault.types";
import type { ActionKind } from "./kinds";

/** Kept in the wallet for fees, as units of gas, where the asset also pays fees. */
const gasKept = 2_000_000n;

/** What a form says, once it says it whole. */
export interface Draft {
  readonly kind: ActionKind;
  readonly account: AccountRef;
  readonly asset: string;
  /** Smallest units. */
  readonly amount: bigint;
  /** All there is of it: what interest adds until the transaction runs goes along. */
  readonly whole: boolean;
  /** Of a deposit: lend it to the pool at once. */
  readonly lend: boolean;
  /** Of a transfer: where to. */
  readonly to: AccountRef | undefined;
}

/** The messages to be signed. */
export function messagesOf(network: Network, draft: Draft): Message[] {
  const { account, asset, amount, lend, to } = draft;
  const some = { account, asset, amount: draft.whole ? undefined : amount };
  switch (draft.kind) {
    case "deposit":
      return [messages.deposit(network, { account, asset, amount, lend })];
    case "repay":
      return [messages.repay(network, { account, asset, amount })];
    case "borrow":
      return [messages.borrow(network, { account, asset, amount })];
    case "withdraw":
      return [messages.withdraw(network, some)];
    case "lend":
      return [messages.lend(network, some)];
    case "recall":
      return [messages.recall(network, some)];
    case "transfer":
      return to === undefined ? [] : [messages.transfer(network, { ...some, to })];
  }
}

/**
 * The same as actions that the vault can simulate. A transfer takes out of the account what a
 * withdrawal takes; that lent deposits move without cash the simulation does not know.
 */
export function actionsOf(draft: Draft): Action[] {
  const { asset, amount, lend } = draft;
  const some = { asset, amount: draft.whole ? undefined : amount };
  switch (draft.kind) {
    case "deposit":
      return [actions.deposit({ asset, amount, lend })];
    case "repay":
      return [actions.repay({ asset, amount })];
    case "borrow":
      return [actions.borrow({ asset, amount })];
    case "withdraw":
    case "transfer":
      return [actions.withdraw(some)];
    case "lend":
      return [actions.lend(some)];
    case "recall":
      return [actions.recall(some)];
  }
}

/** What the largest amount of a form depends on; what is not known yet is absent. */
export interface Room {
  readonly holding: AccountHolding | undefined;
  readonly market: MarketResponse | undefined;
  /** In the wallet, less what fees need. */
  readonly wallet: bigint | undefined;
  /** The vault's answer to `max_borrow`. */
  readonly maxBorrow: bigint | undefined;
  /** The vault's answer to `max_withdraw`. */
  readonly maxWithdraw: bigint | undefined;
  /** What the margin lets go, which is all that binds what moves between accounts. */
  readonly maxTransfer: bigint | undefined;
}

/** The most that a form can be filled with, in smallest units. */
export function maximumOf(kind: ActionKind, room: Room): bigint | undefined {
  const { holding, market } = room;
  switch (kind) {
    case "deposit": {
      if (room.wallet === undefined || market === undefined) return room.wallet;
      return least(room.wallet, capRoom(market) + BigInt(holding?.debt ?? 0));
    }
    case "borrow":
      return room.maxBorrow;
    case "withdraw":
      return room.maxWithdraw;
    case "transfer":
      return room.maxTransfer ?? room.maxWithdraw;
    case "lend":
      return holding === undefined ? undefined : BigInt(holding.idle);
    case "recall": {
      if (holding === undefined || market === undefined) return undefined;
      return least(BigInt(holding.lent), BigInt(market.cash));
    }
    case "repay":
      if (holding === undefined || room.wallet === undefined) return undefined;
      return least(BigInt(holding.debt), room.wallet);
  }
}

interface CapFigures extends Pick<MarketResponse, "idle" | "supplied"> {
  readonly limits: Pick<MarketResponse["limits"], "deposit_cap">;
}

/** What a market takes until its deposit cap is reached. */
export function capRoom(market: CapFigures): bigint {
  const room = BigInt(market.limits.deposit_cap) - BigInt(market.idle) - BigInt(market.supplied);
  return room > 0n ? room : 0n;
}

/** All that a form can be about, in smallest units; nothing where there is no such thing. */
function wholeOf(kind: ActionKind, holding: AccountHolding | undefined): bigint | undefined {
  if (holding === undefined) return undefined;
  switch (kind) {
    case "withdraw":
    case "transfer":
      return BigInt(holding.idle) + BigInt(holding.lent);
    case "lend":
      return BigInt(holding.idle);
    case "recall":
      return BigInt(holding.lent);
    case "repay":
      return BigInt(holding.debt);
    default:
      return undefined;
  }
}

/**
 * Whether an amount is all that a form can be about.
 *
 * @param wasWhole Whether it was when it was entered. Interest makes it more while the form is open,
 * up to half of what is sent for it: what is far more came otherwise, and nobody meant that.
 */
export function isWhole(
  kind: ActionKind,
  holding: AccountHolding | undefined,
  amount: bigint,
  wasWhole = false,
): boolean {
  const whole = wholeOf(kind, holding);
  if (whole === undefined) return false;
  return amount === whole || (wasWhole && amount < whole && whole <= amount + amount / 2000n);
}

/**
 * What to send to repay a whole debt: a thousandth more, for the interest until the transaction
 * runs, as far as the wallet has it. What is not used comes back.
 */
export function wholeRepayment(debt: bigint, wallet: bigint): bigint {
  return least(debt + debt / 1000n + 1n, wallet);
}

/**
 * What can be paid out of a wallet beside fees.
 *
 * @param gasPrice Smallest units of its denom for a unit of gas, a decimal number.
 */
export function lessFees(
  balance: bigint,
  asset: string,
  gasPrice: { amount: string; denom: string },
): bigint {
  if (asset !== gasPrice.denom) return balance;
  const kept = divideCeil(gasKept * parseDecimal(gasPrice.amount), ONE);
  return balance > kept ? balance - kept : 0n;
}

function least(one: bigint, other: bigint): bigint {
  return one < other ? one : other;
}

/** How much it became, by what the vault said: interest and what comes back change it a little. */
export function movedBy(draft: Draft, events: readonly BulwarkEvent[]): bigint {
  for (const event of events) {
    if (event.type === draft.kind && event.asset === draft.asset) return event.amount;
  }
  return draft.amount;
}
