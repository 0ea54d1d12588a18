// Signing: what a transaction will cost is known before anything is signed, and what became of it
// is told as types.

import { encodeSecp256k1Pubkey } from "@cosmjs/amino";
import {
  type MsgExecuteContractEncodeObject,
  SigningCosmWasmClient,
} from "@cosmjs/cosmwasm-stargate";
import { sha256 } from "@cosmjs/crypto";
import { fromBase64, fromUtf8, toHex, toUtf8 } from "@cosmjs/encoding";
import {
  type AccountData,
  type EncodeObject,
  encodePubkey,
  makeAuthInfoBytes,
  type OfflineSigner,
} from "@cosmjs/proto-signing";
import { accountFromAny, QueryClient, type StdFee } from "@cosmjs/stargate";
import type { Comet38Client } from "@cosmjs/tendermint-rpc";
import { QueryAccountRequest, QueryAccountResponse } from "cosmjs-types/cosmos/auth/v1beta1/query";
import { TxBody, TxRaw } from "cosmjs-types/cosmos/tx/v1beta1/tx";

import { divideCeil, ONE, parseDecimal } from "./amounts.js";
import { Answer } from "./answer.js";
import {
  asError,
  BulwarkError,
  ChainRefused,
  refusedBy,
  SequenceMismatch,
  TimedOut,
  UnknownAccount,
} from "./errors.js";
import {
  Dropped,
  EarlierIncluded,
  EarlierUnknown,
  MalformedAnswer,
  NodeRefused,
  UnknownSigner,
} from "./failures.js";
import { type Fate, fateOf, type Standing } from "./inclusion.js";
import { type Message, MessageError } from "./messages.js";
import { contractsOf, type Network } from "./network.js";
import { type Memory, type Pending, Unsettled } from "./pending.js";
import { type Receipt, receiptOf } from "./receipt.js";
import type { Rpc } from "./rpc.js";
import type { Included } from "./transaction.js";

/**
 * Gas asked for, as a multiple of what was simulated, in percent: a transaction may cost more when
 * it runs, because interest accrued or a price moved meanwhile. The chain charges for all of it.
 */
export const GAS_ADJUSTMENT_PERCENT = 130n;

/**
 * No chain lets a transaction use more: a node that says so would have the sender pay for it.
 */
const MOST_GAS = 1_000_000_000;

/** Tries out a transaction; the answer is JSON. */
const SIMULATE = "/app/simulate";

/** Tells of an account. */
const ACCOUNT = "/cosmos.auth.v1beta1.Query/Account";

/** What became of a transaction is asked this often. */
const POLL_MS = 700;

/** A node that is a little behind gets so long to tell what became of an earlier transaction. */
const SETTLE_MS = 15_000;

/** What a transaction will cost. */
export interface Estimate {
  /** Gas that it may use at most: simulated, times 1.3, rounded up. */
  readonly gas: number;
  /** As the chain takes it. */
  readonly fee: StdFee;
  /** The fee in smallest units of the network's fee denom: gas times its price, rounded up. */
  readonly feeAmount: bigint;
}

/**
 * How far a transaction is: the wallet is asked to sign it, it is sent, it waits for a block, it is
 * in a block.
 */
export type SendState = "signing" | "broadcasting" | "waiting" | "done";

/** How to send. */
export interface SendOptions {
  /** A note that everybody can read; none by default. */
  readonly memo?: string | undefined;
  /**
   * From {@link BulwarkSigner.estimate}: exactly its gas and fee are signed, so that whoever was shown
   * them pays no other. Without it, it is estimated first.
   */
  readonly estimate?: Estimate | undefined;
  /** Told of each state when it begins. */
  readonly onState?: ((state: SendState) => void) | undefined;
}

/** Signs and sends, one transaction after the other. */
export class BulwarkSigner {
  /** Who signs. */
  readonly address: string;
  private readonly client: SigningCosmWasmClient;
  private readonly queries: QueryClient;
  private readonly unsettled: Unsettled;
  private last: Promise<unknown> = Promise.resolve();
  /** Every sequence before this one is taken: a node that is behind does not know of all of them. */
  private next = 0;

  private constructor(
    private readonly account: AccountData,
    private readonly rpc: Rpc,
    private readonly network: Network,
    private readonly waitMs: number,
    private readonly timeoutBlocks: number,
    memory: Memory,
    comet: Comet38Client,
    signer: OfflineSigner,
  ) {
    this.address = account.address;
    this.unsettled = new Unsettled(memory);
    this.queries = new QueryClient(comet);
    this.client = SigningCosmWasmClient.createWithSigner(comet, signer);
  }

  /** @internal Use `Bulwark.signer`. */
  static async of(
    connection: {
      rpc: Rpc;
      comet: Comet38Client;
      network: Network;
      waitMs: number;
      timeoutBlocks: number;
      memory: (address: string) => Memory;
    },
    signer: OfflineSigner,
    address: string | undefined,
  ): Promise<BulwarkSigner> {
    const { rpc, comet, network, waitMs, timeoutBlocks, memory } = connection;
    const accounts = await signer.getAccounts().catch((error) => {
      throw asError(error);
    });
    const own = accounts.find((account) => address === undefined || account.address === address);
    if (own === undefined) {
      throw new UnknownSigner(address);
    }
    const kept = memory(own.address);
    return new BulwarkSigner(own, rpc, network, waitMs, timeoutBlocks, kept, comet, signer);
  }

  /**
   * What a transaction of these messages will cost, by having the node run them.
   *
   * @throws {BulwarkError} If a contract would refuse.
   * @throws {ClientError} If the chain would, or the node does not answer.
   */
  async estimate(
    messages: readonly Message[],
    { memo = "" }: { readonly memo?: string | undefined } = {},
  ): Promise<Estimate> {
    const encoded = this.encoded(messages);
    const sequence = Math.max((await this.standing()).sequence, this.next);
    const simulated = await this.simulated(encoded, memo, sequence).catch((error) => {
      // A transaction of the same sender is on its way already.
      if (error instanceof SequenceMismatch && error.expected !== undefined) {
        return this.simulated(encoded, memo, error.expected);
      }
      throw error;
    });
    return this.priced(divideCeil(BigInt(simulated) * GAS_ADJUSTMENT_PERCENT, 100n));
  }

  /** Gas that a transaction would use now. */
  private async simulated(
    messages: readonly MsgExecuteContractEncodeObject[],
    memo: string,
    sequence: number,
  ): Promise<number> {
    const { denom, amount } = this.network.gasPrice;
    // Without a fee it would be left out what taking a fee costs.
    const fee = parseDecimal(amount) === 0n ? [] : [{ denom, amount: "1" }];
    const pubkey = this.pubkey();
    const { registry } = this.client;
    const tx = TxRaw.encode({
      bodyBytes: registry.encode({
        typeUrl: "/cosmos.tx.v1beta1.TxBody",
        value: { messages, memo },
      }),
      authInfoBytes: makeAuthInfoBytes([{ pubkey, sequence }], fee, 0, undefined, undefined),
      // Nobody checks it here, but its length counts.
      signatures: [new Uint8Array(64)],
    }).finish();
    // Not CosmJS's way: a node that offers neither gRPC nor REST does not have that service.
    const answer = await this.rpc.ask("abci_query", {
      path: SIMULATE,
      data: toHex(tx),
      prove: false,
    });
    const response = answer.at("response");
    const code = response.at("code").count();
    if (code !== 0) {
      const codespace = response.at("codespace");
      const refusal = {
        code,
        log: response.at("log").text(),
        codespace: codespace.isGiven() ? codespace.text() : undefined,
      };
      throw refusedBy(refusal, contractsIn(messages), contractsOf(this.network));
    }
    const used = readJson(SIMULATE, response.at("value")).at("gas_info").at("gas_used");
    if (used.positive() > MOST_GAS) {
      throw used.malformed();
    }
    return used.positive();
  }

  /**
   * Signs and sends a transaction, and waits until it is in a block. With an estimate it is not
   * simulated again, and exactly that fee is signed. Calls of one signer wait for each other.
   *
   * What is called once counts once, also where answers get lost. It is signed once and only the same
   * bytes are sent again, which a chain takes once. It is good for a limited number of blocks
   * (`ConnectOptions.timeoutBlocks`). It is remembered (`ConnectOptions.memory`) from before it is sent
   * until it is known what became of it. Meanwhile nothing is signed that could count as well: what
   * comes next takes the same sequence, so that only one of them ever counts; and if the earlier one
   * is in a block by then, `send` says so, once, and signs nothing.
   *
   * @throws {BulwarkError} If a contract refused. Nothing happened then, but the fee is paid if
   * the transaction is in a block.
   * @throws {TimedOut} If it was signed and nobody knows yet what became of it.
   * @throws {Dropped} If it can no longer come into a block: it did nothing.
   * @throws {EarlierIncluded} If an earlier transaction that had timed out is in a block. What was to be
   * sent now did nothing.
   * @throws {EarlierUnknown} If nobody can tell what became of an earlier one: once, and what was to
   * be sent now did nothing.
   * @throws {SequenceMismatch} If another transaction of the same key came first, or the node is behind.
   * Nothing is signed anew: who knows what the other one was for?
   * @throws {ClientError} If the wallet, the chain or the node did not play along.
   */
  send(messages: readonly Message[], options: SendOptions = {}): Promise<Receipt> {
    const sent = this.last.then(() => this.sendNow(messages, options));
    this.last = sent.catch(() => undefined);
    return sent;
  }

  private async sendNow(messages: readonly Message[], options: SendOptions): Promise<Receipt> {
    const { memo = "", onState = () => undefined } = options;
    await this.settle();
    const { fee } = options.estimate ?? (await this.estimate(messages, { memo }));
    const encoded = this.encoded(messages);
    onState("signing");
    const { pending, bytes } = await this.signed(encoded, fee, memo);
    this.unsettled.add(pending);
    onState("broadcasting");
    const first = await this.broadcast(bytes);
    if (first.kind === "refused" && !(first.error instanceof SequenceMismatch)) {
      // It stays remembered: whoever refuses it may keep it all the same.
      throw isTooLate(first.error)
        ? new Dropped(pending.hash, { cause: first.error })
        : first.error;
    }
    onState("waiting");
    const included = await this.included(pending, bytes, first);
    const receipt = receiptOf(pending.hash, included, this.network, contractsIn(encoded));
    onState("done");
    return receipt;
  }

  /**
   * Finds out what became of earlier transactions whose sequence is taken. One whose sequence is not
   * taken needs none of this: what is signed next takes the same.
   */
  private async settle(): Promise<void> {
    const deadline = Date.now() + Math.min(this.waitMs, SETTLE_MS);
    const unknown: Pending[] = [];
    for (const pending of this.unsettled.all()) {
      const fate = await this.settled(pending, deadline);
      if (fate === undefined) {
        continue;
      }
      if (fate.kind === "open") {
        unknown.push(pending);
        continue;
      }
      this.unsettled.forget(({ hash }) => hash === pending.hash);
      if (fate.kind === "included" && fate.included.code === 0) {
        throw new EarlierIncluded(pending.hash, fate.included.height);
      }
    }
    const [first] = unknown;
    if (first !== undefined) {
      // Nobody will ever know more: it is said once.
      this.unsettled.forget(({ hash }) => unknown.some((one) => one.hash === hash));
      throw new EarlierUnknown(first.hash);
    }
  }

  /** What became of an earlier transaction; nothing as long as its sequence is not taken. */
  private async settled(pending: Pending, deadline: number): Promise<Fate | undefined> {
    for (;;) {
      const standing = await this.standing();
      if (standing.sequence <= pending.sequence) {
        const isPast = pending.until !== undefined && standing.height >= pending.until;
        return isPast ? { kind: "dead" } : undefined;
      }
      const fate = await fateOf(this.rpc, pending, standing, deadline);
      if (fate.kind !== "open" || Date.now() > deadline) {
        return fate;
      }
      await pause();
    }
  }

  private async signed(
    messages: readonly EncodeObject[],
    fee: StdFee,
    memo: string,
  ): Promise<{ pending: Pending; bytes: Uint8Array }> {
    const { accountNumber, height, ...chain } = await this.standing();
    // Also where the chain has taken it just now: whatever is open and this one must not both count.
    const open = this.unsettled.all().map((pending) => pending.sequence);
    const sequence = Math.min(Math.max(chain.sequence, this.next), ...open);
    const { chainId } = this.network;
    const bound = BigInt(height + this.timeoutBlocks);
    const raw = await this.client
      .sign(this.address, messages, fee, memo, { accountNumber, sequence, chainId }, bound)
      .catch((error) => {
        throw asError(error);
      });
    const bytes = TxRaw.encode(raw).finish();
    const { timeoutHeight } = TxBody.decode(raw.bodyBytes);
    const signed = { hash: toHex(sha256(bytes)).toUpperCase(), sequence, from: height };
    // A wallet may have changed what it signed.
    const until = timeoutHeight === 0n ? {} : { until: Number(timeoutHeight) };
    return { pending: { ...signed, ...until }, bytes };
  }

  /** What the node says to it: whether it arrived is not known from every answer. */
  private async broadcast(bytes: Uint8Array): Promise<Handover> {
    try {
      await this.client.broadcastTxSync(bytes);
      return { kind: "taken" };
    } catch (thrown) {
      const error = asError(thrown);
      if (error instanceof NodeRefused && /tx already exists in cache/.test(error.detail)) {
        return { kind: "taken" };
      }
      const isRefused =
        error instanceof ChainRefused || error instanceof BulwarkError || isTurnedAway(error);
      return isRefused ? { kind: "refused", error } : { kind: "unanswered" };
    }
  }

  /** Waits until it is in a block, and sends the same bytes again until the node has them. */
  private async included(pending: Pending, bytes: Uint8Array, first: Handover): Promise<Included> {
    const { hash, sequence, until } = pending;
    const deadline = Date.now() + this.waitMs;
    const mismatch = first.kind === "refused" ? first.error : undefined;
    if (mismatch instanceof SequenceMismatch && (mismatch.expected ?? sequence) < sequence) {
      // The chain began anew, as local ones do, or a node told too much before.
      this.next = 0;
      throw mismatch;
    }
    for (let handover = first; ; ) {
      let cause: unknown = mismatch;
      try {
        const standing = await this.standing();
        const fate = await fateOf(this.rpc, pending, standing, deadline);
        if (fate.kind === "included") {
          this.settledNow(pending, fate.included, standing);
          return fate.included;
        }
        if (fate.kind === "dead") {
          this.unsettled.forget((one) => one.hash === hash);
          break;
        }
      } catch (error) {
        // It is signed: whatever the node says now, only its blocks tell what becomes of it.
        cause = error;
      }
      if (Date.now() > deadline || this.rpc.isClosed) {
        throw new TimedOut(hash, { cause, until });
      }
      await pause();
      if (handover.kind === "unanswered") {
        handover = await this.broadcast(bytes);
      }
    }
    if (mismatch === undefined) {
      throw new Dropped(hash);
    }
    // What came first may be an earlier one of which nobody knew.
    await this.settle().catch((error) => {
      throw error instanceof EarlierIncluded || error instanceof EarlierUnknown ? error : mismatch;
    });
    throw mismatch;
  }

  private settledNow({ hash, sequence }: Pending, { code }: Included, standing: Standing): void {
    if (code === 0) {
      this.next = Math.max(this.next, sequence + 1);
      this.unsettled.forget((one) => one.sequence === sequence);
    } else if (standing.sequence > sequence) {
      // Otherwise it took no sequence, and may come into another block.
      this.unsettled.forget((one) => one.hash === hash);
    }
  }

  private async standing(): Promise<Standing> {
    const request = QueryAccountRequest.encode({ address: this.address }).finish();
    const { value, height } = await this.queries.queryAbci(ACCOUNT, request).catch((error) => {
      const text = error instanceof Error ? error.message : "";
      throw /code = NotFound/i.test(text)
        ? new UnknownAccount(this.address, { cause: error })
        : asError(error);
    });
    if (!Number.isSafeInteger(height) || height < 1) {
      throw new MalformedAnswer("abci_query", "response.height", height);
    }
    try {
      const { account } = QueryAccountResponse.decode(value);
      if (account !== undefined) {
        const { accountNumber, sequence } = accountFromAny(account);
        return { accountNumber, sequence, height };
      }
    } catch (cause) {
      throw new MalformedAnswer("abci_query", "response.value", toHex(value), { cause });
    }
    throw new UnknownAccount(this.address);
  }

  private pubkey() {
    return encodePubkey(encodeSecp256k1Pubkey(this.account.pubkey));
  }

  private priced(gas: bigint): Estimate {
    const { amount, denom } = this.network.gasPrice;
    const feeAmount = divideCeil(gas * parseDecimal(amount), ONE);
    const coins = feeAmount === 0n ? [] : [{ denom, amount: feeAmount.toString() }];
    return { gas: Number(gas), feeAmount, fee: { amount: coins, gas: gas.toString() } };
  }

  private encoded(messages: readonly Message[]): MsgExecuteContractEncodeObject[] {
    if (messages.length === 0) {
      throw new MessageError("messages", 0, "at least one");
    }
    return messages.map(({ contract, msg, funds }) => ({
      typeUrl: "/cosmwasm.wasm.v1.MsgExecuteContract",
      value: {
        sender: this.address,
        contract,
        msg: toUtf8(JSON.stringify(msg)),
        funds: [...funds],
      },
    }));
  }
}

/** What is known after a transaction was given to a node. */
type Handover =
  /** The node has these very bytes. */
  | { readonly kind: "taken" }
  | { readonly kind: "refused"; readonly error: Error }
  /** It may have arrived or not. */
  | { readonly kind: "unanswered" };

/** Whether the node did not even look at it. Whatever else it says leaves open whether it did. */
function isTurnedAway(error: Error): boolean {
  return error instanceof NodeRefused && /mempool is full|tx too large/i.test(error.detail);
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, POLL_MS));
}

/** Whether a transaction was signed for blocks that have passed. */
function isTooLate(error: Error): boolean {
  return error instanceof ChainRefused && /tx timeout height/.test(error.log);
}

/** Which contracts are called. */
function contractsIn(messages: readonly MsgExecuteContractEncodeObject[]): string[] {
  return messages.map(({ value }) => value.contract ?? "");
}

/** JSON that a node hands on as base64. */
function readJson(method: string, answer: Answer): Answer {
  try {
    return new Answer(method, JSON.parse(fromUtf8(fromBase64(answer.text()))));
  } catch {
    throw answer.malformed();
  }
}
