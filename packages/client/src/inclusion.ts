// What became of a transaction that was signed: whether it is in a block, may still come into one, or
// no longer can.
//
// The chain takes each sequence of an account once. So of several transactions that were signed with
// the same sequence at most one ever counts, and once another one has taken it, the rest is dead.

import { fromBase64, fromHex, toBase64, toHex } from "@cosmjs/encoding";
import { AuthInfo, TxRaw } from "cosmjs-types/cosmos/tx/v1beta1/tx";

import { TimedOut } from "./errors.js";
import { ConnectionClosed, Dropped, NodeRefused } from "./failures.js";
import type { Rpc } from "./rpc.js";
import { isWithoutIndex } from "./search.js";
import { type Included, readFound, readResult } from "./transaction.js";

/** Whether a transaction is in a block is asked this often. */
const POLL_MS = 700;

/** A transaction that was signed: any node may have it. */
export interface Sent {
  /** Upper-case hex. */
  readonly hash: string;
  readonly bytes: Uint8Array;
  /** The sender's public key as it stands in transactions. */
  readonly pubkey: Uint8Array;
  readonly sequence: number;
  /** It is in no block before this one. */
  readonly from: number;
  /** It is in no block after this one; nothing if there is no such bound. */
  readonly until: number | undefined;
}

/** What became of transactions of one sequence. */
export type Fate =
  | { readonly kind: "included"; readonly sent: Sent; readonly included: Included }
  /** None of them can come into a block any more. */
  | { readonly kind: "dead" }
  /** Nobody knows yet. */
  | { readonly kind: "open" };

/**
 * Looks what became of transactions that were signed with the same sequence. That one is in a block
 * may stand in the node's index; that none is, only the blocks themselves tell for certain.
 */
export async function fateOf(rpc: Rpc, all: readonly Sent[]): Promise<Fate> {
  for (const sent of all) {
    const included = await inIndex(rpc, sent);
    if (included !== undefined) {
      return { kind: "included", sent, included };
    }
  }
  const last = Math.max(...all.map(({ until }) => until ?? Number.POSITIVE_INFINITY));
  let height = Math.min(...all.map(({ from }) => from));
  for (; height <= last; height += 1) {
    const fate = await fateIn(rpc, height, all);
    if (fate.kind !== "open") {
      return fate;
    }
    if (fate.isLast) {
      return { kind: "open" };
    }
  }
  return { kind: "dead" };
}

/** The transaction in the node's index; nothing if it is not there, or there is none. */
export async function inIndex(rpc: Rpc, sent: Pick<Sent, "hash">): Promise<Included | undefined> {
  try {
    return await indexed(rpc, sent);
  } catch (error) {
    if (error instanceof NodeRefused) {
      return undefined;
    }
    throw error;
  }
}

async function indexed(rpc: Rpc, { hash }: Pick<Sent, "hash">): Promise<Included> {
  return readFound(await rpc.ask("tx", { hash: toBase64(fromHex(hash)) }));
}

/** Looks into one block; the last one is before the first that the node does not have. */
async function fateIn(
  rpc: Rpc,
  height: number,
  all: readonly Sent[],
): Promise<Exclude<Fate, { kind: "open" }> | { kind: "open"; isLast: boolean }> {
  const at = { height: height.toString() };
  let txs: string[];
  try {
    const block = await rpc.ask("block", at);
    const list = block.at("block").at("data").at("txs").list();
    txs = list.map((tx) => tx.text());
  } catch (error) {
    if (error instanceof NodeRefused) {
      return { kind: "open", isLast: true };
    }
    throw error;
  }
  for (const sent of all) {
    const index = txs.indexOf(toBase64(sent.bytes));
    if (index >= 0) {
      const results = (await rpc.ask("block_results", at)).at("txs_results");
      const result = results.list()[index];
      if (result === undefined) {
        throw results.malformed();
      }
      return { kind: "included", sent, included: readResult(result, height, index) };
    }
  }
  const isTaken = txs.some((tx) => all.some((sent) => isOfSameSequence(tx, sent)));
  return isTaken ? { kind: "dead" } : { kind: "open", isLast: false };
}

/** Whether a transaction was signed with the same key and sequence. */
function isOfSameSequence(tx: string, { pubkey, sequence }: Sent): boolean {
  try {
    const { signerInfos } = AuthInfo.decode(TxRaw.decode(fromBase64(tx)).authInfoBytes);
    return signerInfos.some(
      (signer) =>
        signer.sequence === BigInt(sequence) &&
        signer.publicKey !== undefined &&
        toHex(signer.publicKey.value) === toHex(pubkey),
    );
  } catch {
    // Blocks may hold what is no transaction of this kind.
    return false;
  }
}

/**
 * Waits until a transaction is in a block.
 *
 * @param again Called now and then meanwhile.
 * @throws {Dropped} If it can no longer come into one.
 * @throws {TimedOut} If it is in none in time.
 */
export async function inclusionOf(
  rpc: Rpc,
  sent: Sent,
  waitMs: number,
  again: () => Promise<void>,
): Promise<Included> {
  const deadline = Date.now() + waitMs;
  let height = sent.from;
  let isIndexed = true;
  for (;;) {
    let cause: unknown;
    try {
      if (isIndexed) {
        return await indexed(rpc, sent);
      }
      const fate = await fateIn(rpc, height, [sent]);
      if (fate.kind === "included") {
        return fate.included;
      }
      if (fate.kind === "dead") {
        throw new Dropped(sent.hash);
      }
      if (!fate.isLast) {
        height += 1;
        continue;
      }
    } catch (error) {
      if (error instanceof ConnectionClosed || error instanceof Dropped) {
        throw error;
      }
      if (isWithoutIndex(error)) {
        isIndexed = false;
        continue;
      }
      // It is sent: whatever else the node says, only blocks tell what becomes of it.
      cause = error;
    }
    if (Date.now() > deadline) {
      return settledAtLast(rpc, sent, cause);
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    await again();
  }
}

async function settledAtLast(rpc: Rpc, sent: Sent, cause: unknown): Promise<Included> {
  const late = new TimedOut(sent.hash, { cause, until: sent.until });
  let fate: Fate;
  try {
    fate = await fateOf(rpc, [sent]);
  } catch (error) {
    throw error instanceof ConnectionClosed ? error : late;
  }
  if (fate.kind === "included") {
    return fate.included;
  }
  throw fate.kind === "dead" ? new Dropped(sent.hash) : late;
}
