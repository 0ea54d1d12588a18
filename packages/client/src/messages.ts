// What the contracts are told. Each function builds a message and sends nothing; amounts are
// smallest units. An asset is a coin or a CW20 token, and where something is paid, the message
// takes the way that the asset needs: coins ride along, a token is told to send itself.

import { AMOUNT_LIMIT, formatDecimal } from "./amounts.js";
import { cw20Contract } from "./assets.js";
import type { ExecuteMsg as OracleMsg, PostedPrice } from "./generated/BulwarkOracle.types.js";
import type {
  AccountRef,
  Action,
  Callback,
  Receive,
  Target,
  ExecuteMsg as VaultMsg,
} from "./generated/BulwarkVault.types.js";
import { encodeJson } from "./json.js";

/** A coin of the bank. */
export interface Coin {
  readonly denom: string;
  /** Smallest units. */
  readonly amount: string;
}

/** A message to a contract, as a signer takes it. */
export interface Message {
  /** Address of the contract. */
  readonly contract: string;
  /** The contract's own message; it becomes JSON. */
  readonly msg: VaultMsg | OracleMsg | Cw20Send;
  /** Coins that go with it, in the order that the chain wants. */
  readonly funds: readonly Coin[];
}

/** How a CW20 token is told to send itself to a contract. */
export interface Cw20Send {
  readonly send: { readonly contract: string; readonly amount: string; readonly msg: string };
}

/** So much of an asset. */
export interface Quantity {
  readonly asset: string;
  /** Smallest units. */
  readonly amount: bigint;
}

/** A message that cannot be built. */
export class MessageError extends Error {
  override readonly name = "MessageError";

  constructor(
    /** What is refused, such as `amount`. */
    readonly field: string,
    /** What was given. */
    readonly value: unknown,
    /** What it has to be. */
    readonly bound: string,
  ) {
    super(`${field} = ${String(value)}: ${bound}`);
  }
}

/** The vault's address; a network has it. */
export interface ToVault {
  readonly vault: string;
}

/** The oracle's address; a network has it. */
export interface ToOracle {
  readonly oracle: string;
}

/** Which account; by default the sender's own number 0. */
interface OfAccount {
  readonly account?: AccountRef | undefined;
}

/** An asset, and how much of it; by default all there is. */
interface Some {
  readonly asset: string;
  /** Smallest units. */
  readonly amount?: bigint | undefined;
}

/** Arguments of {@link deposit}. */
export interface DepositArguments extends Quantity, OfAccount {
  /** Whether to lend it to the pool, where it earns; idle by default. */
  readonly lend?: boolean | undefined;
}

/**
 * Anyone: credits an account. It repays what the account owes in that asset first.
 *
 * @throws {MessageError}
 */
export function deposit(to: ToVault, { asset, amount, account, lend }: DepositArguments): Message {
  return paid(to.vault, { asset, amount }, { deposit: given({ account: ref(account), lend }) });
}

/** Arguments of {@link withdraw}. */
export interface WithdrawArguments extends Some, OfAccount {
  /** Who receives it; the sender by default. */
  readonly to?: string | undefined;
}

/**
 * The account's owner: pays out deposits, idle ones first.
 *
 * @throws {MessageError}
 */
export function withdraw(vault: ToVault, args: WithdrawArguments): Message {
  const { asset, amount, account, to } = args;
  return plain(vault.vault, {
    withdraw: given({ account: ref(account), asset, amount: optional(amount), to }),
  });
}

/**
 * The account's owner: lends idle deposits to the pool.
 *
 * @throws {MessageError}
 */
export function lend(to: ToVault, { asset, amount, account }: Some & OfAccount): Message {
  return plain(to.vault, {
    lend: given({ account: ref(account), asset, amount: optional(amount) }),
  });
}

/**
 * The account's owner: takes lent deposits back.
 *
 * @throws {MessageError}
 */
export function recall(to: ToVault, { asset, amount, account }: Some & OfAccount): Message {
  return plain(to.vault, {
    recall: given({ account: ref(account), asset, amount: optional(amount) }),
  });
}

/** Arguments of {@link borrow}. */
export interface BorrowArguments extends Quantity, OfAccount {
  /** Who receives it; the sender by default. */
  readonly to?: string | undefined;
}

/**
 * The account's owner: borrows.
 *
 * @throws {MessageError}
 */
export function borrow(vault: ToVault, args: BorrowArguments): Message {
  const { asset, amount, account, to } = args;
  return plain(vault.vault, {
    borrow: given({ account: ref(account), asset, amount: units(amount), to }),
  });
}

/**
 * Anyone: repays a debt. The excess goes back.
 *
 * @throws {MessageError}
 */
export function repay(to: ToVault, { asset, amount, account }: Quantity & OfAccount): Message {
  return paid(to.vault, { asset, amount }, { repay: given({ account: ref(account) }) });
}

/** Arguments of {@link transfer}. */
export interface TransferArguments extends Some, OfAccount {
  /** The account that receives. */
  readonly to: AccountRef;
}

/**
 * The account's owner: moves deposits to another account.
 *
 * @throws {MessageError}
 */
export function transfer(vault: ToVault, args: TransferArguments): Message {
  const { asset, amount, account, to } = args;
  return plain(vault.vault, {
    transfer: given({
      account: ref(account),
      to: checkedRef("to", to),
      asset,
      amount: optional(amount),
    }),
  });
}

/** Arguments of {@link batch}. */
export interface BatchArguments extends OfAccount {
  /** What to do, in this order: see {@link actions}. */
  readonly actions: readonly Action[];
  /** Coins that are in hand at the beginning. */
  readonly funds?: readonly Quantity[] | undefined;
}

/**
 * The account's owner: several actions, with one check of the margin, at the end.
 *
 * @throws {MessageError} Also for CW20 tokens among the funds: only coins can ride along.
 */
export function batch(to: ToVault, { actions, funds, account }: BatchArguments): Message {
  if (actions.length < 1 || actions.length > MOST_AT_ONCE) {
    throw new MessageError("actions", actions.length, `1 to ${MOST_AT_ONCE} of them`);
  }
  return {
    contract: to.vault,
    msg: { batch: given({ account: ref(account), actions: [...actions] }) },
    funds: coins(funds ?? []),
  };
}

/** What liquidations have in common. */
interface Receiving {
  /** `tokens` by default: shares only as far as the pool has no cash. */
  readonly receive?: Receive | undefined;
  /** Who receives what is seized; the sender's account 0 by default. */
  readonly to?: AccountRef | undefined;
}

/** A liquidation: which account, what is repaid, what is seized. */
export interface LiquidationTarget {
  readonly account: AccountRef;
  /** What is repaid at most. What is not used goes back. */
  readonly debt: Quantity;
  /** The asset to seize. */
  readonly seize: string;
  /** Fails below so many smallest units, tokens and shares together. */
  readonly minSeized?: bigint | undefined;
}

/** Arguments of {@link liquidate}. */
export interface LiquidateArguments extends LiquidationTarget, Receiving {
  /**
   * Called between seizing and being repaid, with the seized tokens; then nothing is paid with
   * the message. `data` becomes JSON.
   */
  readonly callback?: { readonly contract: string; readonly data: unknown } | undefined;
}

/**
 * Anyone: repays a debt of a liquidatable account and seizes a deposit worth more.
 *
 * @throws {MessageError}
 */
export function liquidate(vault: ToVault, args: LiquidateArguments): Message {
  const { account, debt, seize, minSeized, receive, to, callback } = args;
  const terms = given({
    account: checkedRef("account", account),
    seize,
    min_seized: optional(minSeized, "minSeized"),
    receive,
    to: ref(to, "to"),
  });
  if (callback === undefined) {
    return paid(vault.vault, debt, { liquidate: terms });
  }
  const called: Callback = { contract: callback.contract, data: encodeJson(callback.data) };
  return plain(vault.vault, {
    liquidate: { ...terms, debt: quantity(debt), callback: called },
  });
}

/** Arguments of {@link liquidateMany}. */
export interface LiquidateManyArguments extends Receiving {
  readonly targets: readonly LiquidationTarget[];
}

/**
 * Anyone: liquidates several accounts as far as the coins go. Those that cannot be liquidated
 * are skipped, and what is not used goes back.
 *
 * @throws {MessageError} Also if a CW20 token is to be repaid beside something else: one message
 * brings one token, or coins.
 */
export function liquidateMany(vault: ToVault, args: LiquidateManyArguments): Message {
  const { targets, receive, to } = args;
  if (targets.length < 1 || targets.length > MOST_AT_ONCE) {
    throw new MessageError("targets", targets.length, `1 to ${MOST_AT_ONCE} of them`);
  }
  const wanted = targets.map(
    ({ account, debt, seize, minSeized }): Target =>
      given({
        account: checkedRef("account", account),
        debt: quantity(debt),
        seize,
        min_seized: optional(minSeized, "minSeized"),
      }),
  );
  const msg = { liquidate_many: given({ targets: wanted, receive, to: ref(to, "to") }) };
  const sums = summed(targets.map(({ debt }) => debt));
  const [only, ...others] = sums;
  if (only !== undefined && others.length === 0) {
    return paid(vault.vault, only, msg);
  }
  return { contract: vault.vault, msg, funds: coins(sums) };
}

/** Anyone: closes an insolvent account whose deposits are dust. */
export function writeOff(to: ToVault, { account }: { readonly account: AccountRef }): Message {
  return plain(to.vault, { write_off: { account: checkedRef("account", account) } });
}

/** Anyone: adds the interest of some markets to their totals. */
export function accrue(to: ToVault, { assets }: { readonly assets: readonly string[] }): Message {
  return plain(to.vault, { accrue: { assets: [...assets] } });
}

/** Arguments of {@link setOperator}. */
export interface OperatorArguments {
  /** Who may act for the sender, or no longer may. */
  readonly operator: string;
  /** For this account only; for all of the sender's by default. */
  readonly id?: number | undefined;
  /** Block time in seconds from which it no longer counts; never by default. */
  readonly expires?: number | undefined;
  /** Takes the right away instead. */
  readonly revoke?: boolean | undefined;
}

/** An owner: lets somebody act for its accounts, or no longer. */
export function setOperator(to: ToVault, args: OperatorArguments): Message {
  const { operator, id, expires, revoke } = args;
  return plain(to.vault, { set_operator: given({ operator, id, expires, revoke }) });
}

/** A price that a feeder posts. */
export interface PricePost {
  readonly asset: string;
  /** USD per whole token, 18 decimals. */
  readonly price: bigint;
  /** Half the width of its band, in the same unit. */
  readonly conf?: bigint | undefined;
  /** Seconds since 1970. */
  readonly publishedAt: number;
}

/** A feeder: posts prices. */
export function postPrices(
  to: ToOracle,
  { prices }: { readonly prices: readonly PricePost[] },
): Message {
  const posted = prices.map(
    ({ asset, price, conf, publishedAt }): PostedPrice =>
      given({
        asset,
        price: formatDecimal(price),
        conf: conf === undefined ? undefined : formatDecimal(conf),
        published_at: publishedAt,
      }),
  );
  return { contract: to.oracle, msg: { post_prices: { prices: posted } }, funds: [] };
}

/** Targets of a `liquidate_many`, and actions of a batch: what one message takes at most. */
const MOST_AT_ONCE = 32;

/** Messages that come with a payment are, in JSON, the hooks that a token's `send` carries. */
type PaidMsg = Extract<
  VaultMsg,
  { deposit: object } | { repay: object } | { liquidate: object } | { liquidate_many: object }
>;

function plain(contract: string, msg: VaultMsg): Message {
  return { contract, msg, funds: [] };
}

function paid(contract: string, payment: Quantity, msg: PaidMsg): Message {
  const token = cw20Contract(payment.asset);
  if (token === undefined) {
    return { contract, msg, funds: coins([payment]) };
  }
  const amount = units(payment.amount);
  return { contract: token, msg: { send: { contract, amount, msg: encodeJson(msg) } }, funds: [] };
}

/** The chain wants each denom once, in order. */
function coins(funds: readonly Quantity[]): Coin[] {
  return summed(funds)
    .map(({ asset, amount }) => {
      if (cw20Contract(asset) !== undefined) {
        throw new MessageError("funds", asset, "only coins of the bank can go with this message");
      }
      return { denom: asset, amount: units(amount) };
    })
    .sort((one, other) => (one.denom < other.denom ? -1 : 1));
}

function summed(parts: readonly Quantity[]): Quantity[] {
  const sums = new Map<string, bigint>();
  for (const { asset, amount } of parts) {
    sums.set(asset, (sums.get(asset) ?? 0n) + amount);
  }
  return Array.from(sums, ([asset, amount]) => ({ asset, amount }));
}

/** So much of an asset, as the contracts write it. */
export function quantity({ asset, amount }: Quantity): { asset: string; amount: string } {
  return { asset, amount: units(amount) };
}

/** Smallest units, as the contracts write them: more than none, in 128 bits. */
export function units(amount: bigint, field = "amount"): string {
  if (amount <= 0n || amount >= AMOUNT_LIMIT) {
    throw new MessageError(field, amount, "more than 0 and below 2^128");
  }
  return amount.toString();
}

/** The same, where leaving it out means all there is, or no bound. */
export function optional(amount: bigint | undefined, field = "amount"): string | undefined {
  return amount === undefined ? undefined : units(amount, field);
}

function ref(account: AccountRef | undefined, field = "account"): AccountRef | undefined {
  return account === undefined ? undefined : checkedRef(field, account);
}

function checkedRef(field: string, { owner, id }: AccountRef): AccountRef {
  if (!Number.isInteger(id) || id < 0 || id > 65_535) {
    throw new MessageError(`${field}.id`, id, "a whole number from 0 to 65535");
  }
  return { owner, id };
}

/** What has a value: a key without one means something else to a contract than no key. */
type Given<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

export function given<T extends object>(fields: T): Given<T>;
export function given(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
