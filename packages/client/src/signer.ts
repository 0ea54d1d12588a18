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
import type { StdFee } from "@cosmjs/stargate";
import type { Comet38Client } from "@cosmjs/tendermint-rpc";
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
} from "./errors.js";
import {
  ConnectionClosed,
  Dropped,
  EarlierIncluded,
  NodeRefused,
  UnknownSigner,
} from "./failures.js";
import { type Fate, fateOf, inclusionOf, type Sent } from "./inclusion.js";
import { type Message, MessageError } from "./messages.js";
import { contractsOf, type Network } from "./network.js";
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

/** What became of an earlier transaction is asked this often. */
const SETTLE_POLL_MS = 700;

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

/** A transaction that was signed and not sent yet. */
export interface Signed {
  /** Upper-case hex. */
  readonly hash: string;
  /** It can come into no block after this one; nothing if there is no such bound. */
  readonly until: number | undefined;
}

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
  /**
   * Told what was signed before it is sent: who keeps it can look for it with `Bulwark.transaction`,
   * even if the program ends before it is known what became of it.
   */
  readonly onSigned?: ((signed: Signed) => void) | undefined;
}

/** Signs and sends, one transaction after the other. */
export class BulwarkSigner {
  /** Who signs. */
  readonly address: string;
  private readonly client: SigningCosmWasmClient;
  private last: Promise<unknown> = Promise.resolve();
  /** Sent with one and the same sequence; what became of them is not known. */
  private unsettled: Sent[] = [];
  /** Every sequence before this one is taken. */
  private next = 0;

  private constructor(
    private readonly account: AccountData,
    private readonly rpc: Rpc,
    private readonly network: Network,
    private readonly waitMs: number,
    private readonly timeoutBlocks: number,
    comet: Comet38Client,
    signer: OfflineSigner,
  ) {
    this.address = account.address;
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
    },
    signer: OfflineSigner,
    address: string | undefined,
  ): Promise<BulwarkSigner> {
    const { rpc, comet, network, waitMs, timeoutBlocks } = connection;
    const accounts = await signer.getAccounts().catch((error) => {
      throw asError(error);
    });
    const own = accounts.find((account) => address === undefined || account.address === address);
    if (own === undefined) {
      throw new UnknownSigner(address);
    }
    return new BulwarkSigner(own, rpc, network, waitMs, timeoutBlocks, comet, signer);
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
    const { sequence } = await this.sequence();
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
   * (`ConnectOptions.timeoutBlocks`). As long as it is open what became of it, this signer signs
   * nothing that could count as well: what comes next takes the same sequence, so that only one of
   * them ever counts; and if the earlier one is in a block by then, `send` says so, once, and signs
   * nothing. A signer that is made anew, by a page that is loaded again, does not know the earlier one:
   * keep what `onSigned` tells, and look for it with `Bulwark.transaction`.
   *
   * @throws {BulwarkError} If a contract refused. Nothing happened then, but the fee is paid if
   * the transaction is in a block.
   * @throws {TimedOut} If it is in no block yet: it may still come into one.
   * @throws {Dropped} If it can no longer come into a block: it did nothing.
   * @throws {EarlierIncluded} If an earlier transaction that had timed out is in a block: nothing was
   * signed.
   * @throws {SequenceMismatch} If another transaction of the same key came first, or waits for its
   * block. Nothing is signed anew: who knows what the other one was for?
   * @throws {ClientError} If the wallet, the chain or the node did not play along.
   */
  send(messages: readonly Message[], options: SendOptions = {}): Promise<Receipt> {
    const sent = this.last.then(() => this.sendNow(messages, options));
    this.last = sent.catch(() => undefined);
    return sent;
  }

  private async sendNow(messages: readonly Message[], options: SendOptions): Promise<Receipt> {
    const { memo = "", onState = () => undefined, onSigned = () => undefined } = options;
    await this.settle();
    const { fee } = options.estimate ?? (await this.estimate(messages, { memo }));
    const encoded = this.encoded(messages);
    onState("signing");
    const sent = await this.signed(encoded, fee, memo);
    onSigned({ hash: sent.hash, until: sent.until });
    this.unsettled.push(sent);
    onState("broadcasting");
    const isAnswered = await this.broadcast(sent);
    onState("waiting");
    const included = await this.included(sent, isAnswered);
    const receipt = receiptOf(sent.hash, included, this.network, contractsIn(encoded));
    onState("done");
    return receipt;
  }

  /** Finds out what became of earlier transactions, as far as that is possible and matters. */
  private async settle(): Promise<void> {
    const [first] = this.unsettled;
    const deadline = Date.now() + this.waitMs;
    // Before their sequence is taken, what is signed next takes the same.
    while (first !== undefined && (await this.sequence()).sequence > first.sequence) {
      const fate = await fateOf(this.rpc, this.unsettled);
      if (fate.kind !== "open") {
        this.forget(first.sequence + 1);
        throwIfDone(fate);
        return;
      }
      if (Date.now() > deadline) {
        // The node no longer has the blocks that would tell: this is said once.
        this.forget(first.sequence + 1);
        throw new TimedOut(first.hash, { until: first.until });
      }
      await new Promise((resolve) => setTimeout(resolve, SETTLE_POLL_MS));
    }
  }

  /** The sequence of these is taken. */
  private forget(next: number): void {
    this.unsettled = [];
    this.next = Math.max(this.next, next);
  }

  private async signed(
    messages: readonly EncodeObject[],
    fee: StdFee,
    memo: string,
  ): Promise<Sent> {
    const from = await this.height();
    const { accountNumber, ...current } = await this.sequence();
    // Also where the chain has taken it just now: whatever is open and this one must not both count.
    const sequence = this.unsettled[0]?.sequence ?? current.sequence;
    const until = from + this.timeoutBlocks;
    const { chainId } = this.network;
    const raw = await this.client
      .sign(this.address, messages, fee, memo, { accountNumber, sequence, chainId }, BigInt(until))
      .catch((error) => {
        throw asError(error);
      });
    const bytes = TxRaw.encode(raw).finish();
    const { timeoutHeight } = TxBody.decode(raw.bodyBytes);
    return {
      hash: toHex(sha256(bytes)).toUpperCase(),
      bytes,
      pubkey: this.pubkey().value,
      sequence,
      from,
      // A wallet may have changed what it signed.
      until: timeoutHeight === 0n ? undefined : Number(timeoutHeight),
    };
  }

  /** Whether the node has it for certain; it may have it all the same. */
  private async broadcast(sent: Sent): Promise<boolean> {
    try {
      await this.client.broadcastTxSync(sent.bytes);
      return true;
    } catch (thrown) {
      const error = asError(thrown);
      if (error instanceof SequenceMismatch) {
        await this.comeSecond(sent, error);
        return true;
      }
      if (error instanceof ChainRefused || error instanceof BulwarkError) {
        this.unsettled = this.unsettled.filter((other) => other !== sent);
        throw isTooLate(error) ? new Dropped(sent.hash, { cause: error }) : error;
      }
      if (error instanceof ConnectionClosed || isRefused(error)) {
        throw error;
      }
      // The answer was lost, perhaps not the transaction: whether it arrived is seen by waiting.
      return isThereAlready(error);
    }
  }

  /**
   * Another transaction took the sequence, or waits with it. That may be the same one, because what
   * lies between here and the node can send it twice.
   */
  private async comeSecond(sent: Sent, mismatch: SequenceMismatch): Promise<void> {
    // The chain may have begun anew, as local ones do.
    this.next = 0;
    const fate = await fateOf(this.rpc, this.unsettled);
    if (fate.kind === "included" && fate.sent === sent) {
      return;
    }
    if (fate.kind !== "open") {
      this.forget(sent.sequence + 1);
    }
    throwIfDone(fate);
    throw mismatch;
  }

  private async included(sent: Sent, isAnswered: boolean): Promise<Included> {
    let isThere = isAnswered;
    const again = async () => {
      if (!isThere) {
        isThere = await this.sentAgain(sent);
      }
    };
    try {
      const included = await inclusionOf(this.rpc, sent, this.waitMs, again);
      this.forget(sent.sequence + 1);
      return included;
    } catch (error) {
      if (error instanceof Dropped) {
        this.unsettled = this.unsettled.filter((other) => other !== sent);
      }
      throw error;
    }
  }

  /** The same bytes: they count once, however often they are sent. */
  private async sentAgain(sent: Sent): Promise<boolean> {
    try {
      await this.client.broadcastTxSync(sent.bytes);
      return true;
    } catch (thrown) {
      const error = asError(thrown);
      // A refusal now says nothing of the first time.
      return isThereAlready(error) || error instanceof ChainRefused || isRefused(error);
    }
  }

  private async height(): Promise<number> {
    const status = await this.rpc.ask("status");
    return status.at("sync_info").at("latest_block_height").positive();
  }

  /** What comes next. A node that is behind does not know of everything that was sent here. */
  private async sequence(): Promise<{ accountNumber: number; sequence: number }> {
    const { accountNumber, sequence } = await this.client
      .getSequence(this.address)
      .catch((error) => {
        throw asError(error);
      });
    return { accountNumber, sequence: Math.max(sequence, this.next) };
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

/** Whether the node has these very bytes, in a block or waiting for one: it refuses them twice. */
function isThereAlready(error: Error): boolean {
  return error instanceof NodeRefused && /tx already exists in cache/.test(error.detail);
}

/** Whether the node said no: not if it only says that it cannot tell. */
function isRefused(error: Error): boolean {
  return (
    error instanceof NodeRefused &&
    !isThereAlready(error) &&
    !/broadcast confirmation not received|timed? ?out/i.test(error.detail)
  );
}

/** An earlier transaction did what it should. */
function throwIfDone(fate: Fate): void {
  if (fate.kind === "included" && fate.included.code === 0) {
    throw new EarlierIncluded(fate.sent.hash, fate.included.height);
  }
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
