/**
 * What can go wrong, as types: refusals of Bulwark's contracts by name and fields, and what happens
 * between a program, a wallet and a node.
 *
 * A chain hands on nothing but text. A contract's error survives in it as it was displayed, also
 * where another contract passed it on. It does not survive where a contract *handles* the failure
 * of what it called (a reply on error): the chain then tells that contract a codespace and a code,
 * and no words, because words can differ between nodes. Bulwark's own contracts never do this. Of an
 * error that came by way of a contract that does, {@link ChainRefused} is all that is left.
 *
 * Nor does the chain say whose words they are. It puts `dispatch: ` before what did not come from the
 * contract that was called itself, but from one that this one called in turn. So an error without it is
 * Bulwark's for certain if the message went to one of its contracts, and not Bulwark's if it went to
 * another one: what signs here tells these apart ({@link refusedBy}). With it, a token, an exchange or
 * whatever else was called on the way can have imitated one of ours, and nothing tells: that is
 * {@link BulwarkError.passedOn}. What such an error says is a hint for people; nothing may be decided by it
 * that whoever wrote that contract must not decide. That the transaction did nothing is certain either way.
 */

import {
  type Contract,
  type ErrorFields,
  type ErrorName,
  errors,
  type FieldKind,
} from "./generated/errors.js";
import { type WireText, wireTexts } from "./wire.js";

export {
  type Contract,
  type ErrorFields,
  type ErrorName,
  errorNames,
} from "./generated/errors.js";

/** Whether a contract answers with errors of this name. */
export function isErrorName(name: string): name is ErrorName {
  return Object.hasOwn(errors, name);
}

/**
 * A refusal of one of Bulwark's contracts.
 *
 * As text it is what the contract displayed: `<name>: <sentence> {fields}`.
 */
export class BulwarkError extends Error {
  /** Which refusal. */
  override readonly name: ErrorName;
  /** Who refused; nothing where more than one contract answers with this name. */
  readonly contract: Contract | undefined;
  /** The contract's sentence for people, without the fields. */
  readonly sentence: string;
  /** The offending values, as in JSON: amounts and decimals are strings. */
  readonly fields: Readonly<Record<string, unknown>>;
  /**
   * Whether it came by way of another message than the one that was sent: each contract on the way,
   * also a foreign one, could have written it.
   */
  readonly passedOn: boolean;

  /** `options.cause` is what the text was found in. */
  constructor(
    name: ErrorName,
    sentence: string,
    fields: Readonly<Record<string, unknown>>,
    options: ErrorOptions & { readonly passedOn?: boolean } = {},
  ) {
    const { passedOn = false, ...rest } = options;
    super(`${sentence} ${JSON.stringify(fields)}`, rest);
    this.passedOn = passedOn;
    const { contracts } = errors[name];
    this.name = name;
    this.contract = contracts.length === 1 ? contracts[0] : undefined;
    this.sentence = sentence;
    this.fields = fields;
  }

  /**
   * Whether it is the refusal of that name; the compiler then knows its fields.
   *
   * ```ts
   * if (error.is("deposit_cap")) console.error(BigInt(error.fields.total) - BigInt(error.fields.cap));
   * ```
   */
  is<N extends ErrorName>(
    name: N,
  ): this is BulwarkError & { readonly name: N; readonly fields: ErrorFields[N] } {
    return this.name === name;
  }
}

/**
 * The refusal of one of Bulwark's contracts inside a text, the last one if there are several.
 *
 * A name that no contract has, or one whose fields are not those of that name, is somebody else's.
 */
export function findError(text: string, options?: ErrorOptions): BulwarkError | undefined {
  // Whoever imitates an error cannot take away what the chain put before it.
  const passedOn = text.includes("dispatch: ");
  for (const found of wireTexts(text).reverse()) {
    const error = known(found, { ...options, passedOn });
    if (error) return error;
  }
  return undefined;
}

function known(
  { name, sentence, fields }: WireText,
  options: ErrorOptions & { readonly passedOn: boolean },
) {
  if (!isErrorName(name)) return undefined;
  const values = jsonObject(fields);
  if (values === undefined) return undefined;
  const kinds = Object.entries(errors[name].fields);
  const fits = kinds.every(([key, kind]) => isOfKind(values[key], kind));
  return fits ? new BulwarkError(name, sentence, values, options) : undefined;
}

function jsonObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isOfKind(value: unknown, kind: FieldKind): boolean {
  if (typeof kind !== "string") return typeof value === "string" && kind.includes(value);
  if (kind === "string[]") {
    return Array.isArray(value) && value.every((entry) => typeof entry === "string");
  }
  if (kind.endsWith("?")) return value === null || typeof value === kind.slice(0, -1);
  return typeof value === kind;
}

/** What went wrong beside the contracts. `kind` tells which, also where classes were minified. */
export abstract class ClientError extends Error {
  /** Which class this is, for a `switch`. */
  abstract readonly kind: string;
}

/** The wallet did not sign: its owner said no. Nothing was sent. */
export class WalletRejected extends ClientError {
  override readonly name = "WalletRejected";
  readonly kind = "wallet_rejected";

  constructor(options?: ErrorOptions) {
    super("the request was rejected in the wallet", options);
  }
}

/** The node does not answer, or not as a node does. */
export class NodeUnreachable extends ClientError {
  override readonly name = "NodeUnreachable";
  readonly kind = "node_unreachable";

  constructor(
    /** In the words of what failed. */
    readonly detail: string,
    options?: ErrorOptions,
  ) {
    super(`the node does not answer: ${detail}`, options);
  }
}

/**
 * The transaction was signed, and perhaps sent, but nobody knows yet what became of it. It may still come
 * into a block: who sends the same again with a signer that does not remember it may do it twice.
 */
export class TimedOut extends ClientError {
  override readonly name = "TimedOut";
  readonly kind = "timed_out";
  /** It can come into no block after this one; nothing if there is no such bound. */
  readonly until: number | undefined;

  constructor(
    /** Hash of the transaction. */
    readonly hash: string,
    options: ErrorOptions & { readonly until?: number | undefined } = {},
  ) {
    const { until, ...rest } = options;
    const bound = until === undefined ? "" : `; up to block ${until} it may come into one`;
    super(`nobody knows yet whether the transaction ${hash} is in a block${bound}`, rest);
    this.until = until;
  }
}

/** There is no such account on the chain: nothing was ever sent to it. */
export class UnknownAccount extends ClientError {
  override readonly name = "UnknownAccount";
  readonly kind = "unknown_account";

  constructor(
    /** Its address. */
    readonly address: string,
    options?: ErrorOptions,
  ) {
    super(`the account ${address} does not exist on this chain: send it some coins first`, options);
  }
}

/** What the chain itself says of a refusal. */
export interface ChainAnswer {
  /** In the chain's words. */
  readonly log: string;
  /** The code within its codespace. */
  readonly code?: number | undefined;
  /** Whose code it is: `sdk`, `wasm`, …. Told where a node does not take a transaction. */
  readonly codespace?: string | undefined;
  /** Hash of the transaction, if it is in a block: its fee is paid. */
  readonly hash?: string | undefined;
}

/** The chain refused, and no contract of Bulwark did: another contract, or the chain itself. */
export class ChainRefused extends ClientError implements ChainAnswer {
  override readonly name: string = "ChainRefused";
  readonly kind: string = "chain_refused";
  readonly log: string;
  readonly code: number | undefined;
  readonly codespace: string | undefined;
  readonly hash: string | undefined;

  constructor(answer: ChainAnswer, options?: ErrorOptions, message?: string) {
    super(message ?? `the chain refused this: ${answer.log}`, options);
    this.log = answer.log;
    this.code = answer.code;
    this.codespace = answer.codespace;
    this.hash = answer.hash;
  }
}

/** The transaction, or a query, needs more gas than it was given. */
export class OutOfGas extends ChainRefused {
  override readonly name = "OutOfGas";
  override readonly kind = "out_of_gas";
  /** Gas that was given, if the chain tells. */
  readonly gasWanted: number | undefined;
  /** Gas that was used when it stopped, if the chain tells. */
  readonly gasUsed: number | undefined;

  constructor(answer: ChainAnswer, options?: ErrorOptions) {
    super(answer, options, "this needs more gas than it was given");
    const [, wanted, used] = /gasWanted: (\d+), gasUsed: (\d+)/.exec(answer.log) ?? [];
    this.gasWanted = wanted === undefined ? undefined : Number(wanted);
    this.gasUsed = used === undefined ? undefined : Number(used);
  }
}

/** The fee is below what the node asks for. */
export class InsufficientFees extends ChainRefused {
  override readonly name = "InsufficientFees";
  override readonly kind = "insufficient_fees";
  /** Coins offered, such as `5ustake`, if the node tells. */
  readonly offered: string | undefined;
  /** Coins asked for, if the node tells. */
  readonly required: string | undefined;

  constructor(answer: ChainAnswer, options?: ErrorOptions) {
    const [, offered, required] = /got: (\S*) required: ([^\s:]+)/.exec(answer.log) ?? [];
    const told = required === undefined ? "" : `: it asks for ${required}`;
    super(answer, options, `the fee is below what the node asks for${told}`);
    this.offered = offered;
    this.required = required;
  }
}

/** The sender has less of a coin than the message or the fee takes. */
export class InsufficientFunds extends ChainRefused {
  override readonly name = "InsufficientFunds";
  override readonly kind = "insufficient_funds";
  /** Coins there are, such as `5ustake`, if the chain tells. */
  readonly available: string | undefined;
  /** Coins that it takes, if the chain tells. */
  readonly required: string | undefined;

  constructor(answer: ChainAnswer, options?: ErrorOptions) {
    const [, available, required] =
      /balance (\S+) is smaller than ([^\s:]+)/.exec(answer.log) ?? [];
    const told = required === undefined ? "" : `: ${available} of ${required}`;
    super(answer, options, `the sender does not have the coins${told}`);
    this.available = available;
    this.required = required;
  }
}

/**
 * Another transaction of the same sender came first: this one did nothing and can do nothing any more.
 * Whether the other was the same wish, only its sender can tell. Or, where `expected` is below `found`,
 * the chain has begun anew or the node is behind, and refused this one.
 */
export class SequenceMismatch extends ChainRefused {
  override readonly name = "SequenceMismatch";
  override readonly kind = "sequence_mismatch";
  /** The sequence that the chain waits for, if it tells. */
  readonly expected: number | undefined;
  /** The one that was signed, if it tells. */
  readonly found: number | undefined;

  constructor(answer: ChainAnswer, options?: ErrorOptions) {
    const [, expected, found] = /expected (\d+), got (\d+)/.exec(answer.log) ?? [];
    const why =
      Number(expected) < Number(found)
        ? "the node knows less of the sender than was signed for"
        : "another transaction of the same sender came first";
    super(answer, options, why);
    this.expected = expected === undefined ? undefined : Number(expected);
    this.found = found === undefined ? undefined : Number(found);
  }
}

/**
 * Whatever CosmJS, a wallet or `fetch` throws, as one of the types above: a {@link BulwarkError}, a
 * {@link ClientError} with the original as its `cause`, or, where it is neither, the original.
 */
export function asError(thrown: unknown): Error {
  if (thrown instanceof BulwarkError || thrown instanceof ClientError) return thrown;
  const text = textOf(thrown);
  const options = { cause: thrown };
  const answer = chainAnswer(thrown, text);
  const found =
    findError(answer?.log ?? text, options) ??
    (answer ? refusal(answer, options) : beside(thrown, text, options));
  if (found) return found;
  return thrown instanceof Error ? thrown : new Error(text, options);
}

/**
 * What the chain refused, of whom that is known: an error in the form of Bulwark's from a contract that
 * is not Bulwark's is a {@link ChainRefused}.
 *
 * @param called Addresses of the contracts that the transaction's messages went to, in their order.
 * @param ours Addresses of Bulwark's contracts.
 */
export function refusedBy(
  answer: ChainAnswer,
  called: readonly string[],
  ours: ReadonlySet<string>,
): Error {
  const error = asError(answer);
  if (!(error instanceof BulwarkError) || error.passedOn) return error;
  const [, index] = /^failed to execute message; message index: (\d+): /.exec(answer.log) ?? [];
  const contract = called[Number(index)];
  return contract === undefined || ours.has(contract)
    ? error
    : new ChainRefused(answer, { cause: answer });
}

function textOf(thrown: unknown): string {
  if (typeof thrown === "string") return thrown;
  if (isRecord(thrown) && typeof thrown.message === "string") return thrown.message;
  return String(thrown);
}

/** What the chain has said, if that is what this text tells. */
function chainAnswer(thrown: unknown, text: string): ChainAnswer | undefined {
  if (isRecord(thrown) && typeof thrown.code === "number" && typeof thrown.log === "string") {
    const { code, log, codespace } = thrown;
    return { code, log, codespace: typeof codespace === "string" ? codespace : undefined };
  }
  const delivered =
    /Error when broadcasting tx (\w+) at height \d+\. Code: (\d+); Raw log: (.*)/s.exec(text);
  if (delivered) {
    const [, hash, code, log = ""] = delivered;
    return { hash, code: Number(code), log };
  }
  const refused =
    /Broadcasting transaction failed with code (\d+) \(codespace: (\w*)\)\. Log: (.*)/s.exec(text);
  if (refused) {
    const [, code, codespace, log = ""] = refused;
    return { code: Number(code), codespace, log };
  }
  const queried = /Query failed with \((\d+)\): (.*)/s.exec(text);
  if (queried) {
    const [, code, log = ""] = queried;
    return { code: Number(code), log };
  }
  return undefined;
}

/** Told apart by the chain's words: the codes of a query are others than those of a transaction. */
function refusal(answer: ChainAnswer, options: ErrorOptions): ChainRefused {
  const { log } = answer;
  if (/account sequence mismatch|incorrect account sequence/.test(log)) {
    return new SequenceMismatch(answer, options);
  }
  if (/insufficient fees?\b/.test(log)) return new InsufficientFees(answer, options);
  if (/insufficient funds/.test(log)) return new InsufficientFunds(answer, options);
  if (/out of gas/i.test(log)) return new OutOfGas(answer, options);
  return new ChainRefused(answer, options);
}

/** What goes wrong before the chain is asked, or because it cannot be. */
function beside(thrown: unknown, text: string, options: ErrorOptions): ClientError | undefined {
  // A transaction that CosmJS waited for in vain.
  if (isRecord(thrown) && typeof thrown.txId === "string") {
    return new TimedOut(thrown.txId, options);
  }
  const [, address] = /Account '(\w+)' does not exist on chain/.exec(text) ?? [];
  if (address !== undefined) return new UnknownAccount(address, options);
  if (isUnreachable(thrown, text)) return new NodeUnreachable(text, options);
  if (isRejection(thrown, text)) return new WalletRejected(options);
  return undefined;
}

/** The words of browsers, of Node.js, of CosmJS; an answer that is no JSON; a time that ran out. */
function isUnreachable(thrown: unknown, text: string): boolean {
  const words =
    /failed to fetch|fetch failed|load failed|networkerror|network request failed|bad status on response|ECONNREFUSED|ECONNRESET|ENOTFOUND|ETIMEDOUT|socket (is|was) (closed|disconnected)|websocket/i;
  if (words.test(text)) return true;
  if (thrown instanceof SyntaxError) return text.includes("JSON");
  return isRecord(thrown) && thrown.name === "TimeoutError";
}

/** 4001 is what wallets answer with that follow EIP-1193; the others have words alone. */
function isRejection(thrown: unknown, text: string): boolean {
  if (isRecord(thrown) && thrown.code === 4001) return true;
  return /\b(request|transaction|user)\b[\w\s]{0,20}\b(rejected|declined|denied|cancell?ed)\b/i.test(
    text,
  );
}
