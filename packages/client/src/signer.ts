// Signing: what a transaction will cost is known before anything is signed, and what became of it
// is told as types.

import { encodeSecp256k1Pubkey } from "@cosmjs/amino";
import {
  type MsgExecuteContractEncodeObject,
  SigningCosmWasmClient,
} from "@cosmjs/cosmwasm-stargate";
import { sha256 } from "@cosmjs/crypto";
import { fromBase64, fromUtf8, toBase64, toHex, toUtf8 } from "@cosmjs/encoding";
import {
  type AccountData,
  type EncodeObject,
  encodePubkey,
  makeAuthInfoBytes,
  type OfflineSigner,
} from "@cosmjs/proto-signing";
import type { StdFee } from "@cosmjs/stargate";
import type { Comet38Client } from "@cosmjs/tendermint-rpc";
import { TxRaw } from "cosmjs-types/cosmos/tx/v1beta1/tx";

import { divideCeil, ONE, parseDecimal } from "./amounts.js";
import { Answer } from "./answer.js";
import { asError, NodeUnreachable, SequenceMismatch, TimedOut } from "./errors.js";
import { type BulwarkEvent, parseEvents } from "./events.js";
import { ConnectionClosed, NodeRefused, UnknownSigner } from "./failures.js";
import { type Message, MessageError } from "./messages.js";
import type { Network } from "./network.js";
import type { Rpc } from "./rpc.js";
import { isWithoutIndex } from "./search.js";
import { type Included, readFound, readResult } from "./transaction.js";

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

/** Whether a transaction is in a block is asked this often. */
const INCLUSION_POLL_MS = 700;

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

/** A transaction that did what it should. */
export interface Receipt {
  /** Upper-case hex. */
  readonly hash: string;
  readonly height: number;
  readonly gasUsed: number;
  readonly gasWanted: number;
  /** What the contracts report. */
  readonly events: readonly BulwarkEvent[];
}

/** Signs and sends, one transaction after the other. */
export class BulwarkSigner {
  /** Who signs. */
  readonly address: string;
  private readonly client: SigningCosmWasmClient;
  private last: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly account: AccountData,
    private readonly rpc: Rpc,
    private readonly network: Network,
    private readonly waitMs: number,
    comet: Comet38Client,
    signer: OfflineSigner,
  ) {
    this.address = account.address;
    this.client = SigningCosmWasmClient.createWithSigner(comet, signer);
  }

  /** @internal Use `Bulwark.signer`. */
  static async of(
    connection: { rpc: Rpc; comet: Comet38Client; network: Network; waitMs: number },
    signer: OfflineSigner,
    address: string | undefined,
  ): Promise<BulwarkSigner> {
    const { rpc, comet, network, waitMs } = connection;
    const accounts = await signer.getAccounts().catch((error) => {
      throw asError(error);
    });
    const own = accounts.find((account) => address === undefined || account.address === address);
    if (own === undefined) {
      throw new UnknownSigner(address);
    }
    return new BulwarkSigner(own, rpc, network, waitMs, comet, signer);
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
    messages: readonly EncodeObject[],
    memo: string,
    sequence: number,
  ): Promise<number> {
    const { denom, amount } = this.network.gasPrice;
    // Without a fee it would be left out what taking a fee costs.
    const fee = parseDecimal(amount) === 0n ? [] : [{ denom, amount: "1" }];
    const pubkey = encodePubkey(encodeSecp256k1Pubkey(this.account.pubkey));
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
      throw asError({
        code,
        log: response.at("log").text(),
        codespace: codespace.isGiven() ? codespace.text() : undefined,
      });
    }
    const used = readJson(SIMULATE, response.at("value")).at("gas_info").at("gas_used");
    if (used.positive() > MOST_GAS) {
      throw used.malformed();
    }
    return used.positive();
  }

  /**
   * Signs and sends a transaction, and waits until it is in a block. With an estimate it is not
   * simulated again. If another transaction of the same sender came first, it is signed anew, once.
   * Calls of one signer wait for each other.
   *
   * @throws {BulwarkError} If a contract refused. Nothing happened then, but the fee is paid if
   * the transaction is in a block.
   * @throws {TimedOut} If it is in no block yet: it may still come into one.
   * @throws {ClientError} If the wallet, the chain or the node did not play along.
   */
  send(messages: readonly Message[], options: SendOptions = {}): Promise<Receipt> {
    const sent = this.last.then(() => this.sendNow(messages, options));
    this.last = sent.catch(() => undefined);
    return sent;
  }

  private async sendNow(messages: readonly Message[], options: SendOptions): Promise<Receipt> {
    const { memo = "", onState = () => undefined } = options;
    const { fee } = options.estimate ?? (await this.estimate(messages, { memo }));
    const encoded = this.encoded(messages);
    const from = await this.height();
    let { accountNumber, sequence } = await this.sequence();
    for (let isRetry = false; ; isRetry = true) {
      onState("signing");
      const signed = await this.client
        .sign(this.address, encoded, fee, memo, {
          accountNumber,
          sequence,
          chainId: this.network.chainId,
        })
        .catch((error) => {
          throw asError(error);
        });
      const bytes = TxRaw.encode(signed).finish();
      onState("broadcasting");
      try {
        await this.broadcast(bytes);
      } catch (error) {
        if (isRetry || !isTaken(error)) {
          throw asError(error);
        }
        // The chain may wait for what is not in a block yet.
        const expected = error instanceof SequenceMismatch ? error.expected : sequence + 1;
        const current = await this.sequence();
        accountNumber = current.accountNumber;
        sequence = Math.max(current.sequence, expected ?? 0);
        continue;
      }
      onState("waiting");
      const receipt = this.receipt(hashOf(bytes), await this.included(bytes, from));
      onState("done");
      return receipt;
    }
  }

  private async broadcast(bytes: Uint8Array): Promise<void> {
    try {
      await this.client.broadcastTxSync(bytes);
    } catch (thrown) {
      const error = asError(thrown);
      // The answer was lost, perhaps not the transaction: whether it arrived is seen by waiting.
      if (!(error instanceof NodeUnreachable)) {
        throw error;
      }
    }
  }

  private async height(): Promise<number> {
    const status = await this.rpc.ask("status");
    return status.at("sync_info").at("latest_block_height").positive();
  }

  private async sequence(): Promise<{ accountNumber: number; sequence: number }> {
    return this.client.getSequence(this.address).catch((error) => {
      throw asError(error);
    });
  }

  /** Waits until a transaction is in a block. */
  private async included(bytes: Uint8Array, from: number): Promise<Included> {
    const deadline = Date.now() + this.waitMs;
    let next = from;
    let isIndexed = true;
    for (;;) {
      try {
        if (isIndexed) {
          return readFound(await this.rpc.ask("tx", { hash: toBase64(sha256(bytes)) }));
        }
        const block = await this.inBlock(next, bytes);
        if (block !== undefined) {
          return block;
        }
        next += 1;
        continue;
      } catch (error) {
        if (error instanceof ConnectionClosed) {
          throw error;
        }
        if (isWithoutIndex(error)) {
          isIndexed = false;
          continue;
        }
        // Not in a block yet, or not there yet, or the node is away for a moment.
        if (!(error instanceof NodeRefused) && !(error instanceof NodeUnreachable)) {
          throw error;
        }
        if (Date.now() > deadline) {
          throw new TimedOut(hashOf(bytes), { cause: error });
        }
      }
      await new Promise((resolve) => setTimeout(resolve, INCLUSION_POLL_MS));
    }
  }

  /** What a transaction did in a block, if it is in that one: for nodes without an index. */
  private async inBlock(height: number, bytes: Uint8Array): Promise<Included | undefined> {
    const at = { height: height.toString() };
    const block = await this.rpc.ask("block", at);
    const own = toBase64(bytes);
    const index = block
      .at("block")
      .at("data")
      .at("txs")
      .list()
      .findIndex((tx) => tx.text() === own);
    if (index < 0) {
      return undefined;
    }
    const results = (await this.rpc.ask("block_results", at)).at("txs_results");
    const result = results.list()[index];
    if (result === undefined) {
      throw results.malformed();
    }
    return readResult(result, height, index);
  }

  private receipt(hash: string, included: Included): Receipt {
    const { code, log, height, gasUsed, gasWanted, events } = included;
    if (code !== 0) {
      throw asError(
        new Error(
          `Error when broadcasting tx ${hash} at height ${height}. Code: ${code}; Raw log: ${log}`,
        ),
      );
    }
    return { hash, height, gasUsed, gasWanted, events: parseEvents(events, this.network) };
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

/**
 * Whether another transaction of the same sender came first. If it is the same to the letter, the
 * node says that it has it already: that one is not this one, but another wish for the same.
 */
function isTaken(error: unknown): boolean {
  return (
    error instanceof SequenceMismatch ||
    (error instanceof NodeRefused && /tx already exists in cache/.test(error.detail))
  );
}

/** JSON that a node hands on as base64. */
function readJson(method: string, answer: Answer): Answer {
  try {
    return new Answer(method, JSON.parse(fromUtf8(fromBase64(answer.text()))));
  } catch {
    throw answer.malformed();
  }
}

function hashOf(bytes: Uint8Array): string {
  return toHex(sha256(bytes)).toUpperCase();
}
