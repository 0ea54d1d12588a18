// What became of a transaction that was signed: whether it is in a block, may still come into one, or
// no longer can.
//
// The chain takes each sequence of an account once. So of several transactions that were signed with
// the same sequence at most one ever counts, and as long as the chain still waits for that sequence,
// none of them has.

import { sha256 } from "@cosmjs/crypto";
import { fromBase64, fromHex, toBase64, toHex } from "@cosmjs/encoding";

import type { Answer } from "./answer.js";
import { HistoryUnavailable, MalformedAnswer, NodeRefused } from "./failures.js";
import type { Pending } from "./pending.js";
import type { Rpc } from "./rpc.js";
import { isWithoutIndex } from "./search.js";
import { type Included, readFound, readResult } from "./transaction.js";

/** For one transaction no more blocks are looked through. */
const MOST_BLOCKS = 1_000;

/** What the chain knows of an account at the end of a block. */
export interface Standing {
  readonly accountNumber: number;
  /** The one that it waits for; all before are taken. */
  readonly sequence: number;
  /** The block at whose end that holds. */
  readonly height: number;
}

/** What became of a transaction. */
export type Fate =
  | { readonly kind: "included"; readonly included: Included }
  /** It did nothing and can no longer come into a block. */
  | { readonly kind: "dead" }
  /** It may still come into a block, or this node cannot tell. */
  | { readonly kind: "open" };

/**
 * Looks what became of a transaction. That it is in a block may stand in the node's index; that it is
 * in none is concluded only where it cannot count any more, and for what the chain took with its
 * sequence, only from all the blocks that it could be in.
 *
 * @param standing Of the account that signed it.
 * @param deadline Afterwards no further block is looked into, in milliseconds since 1970.
 */
export async function fateOf(
  rpc: Rpc,
  { hash, sequence, from, until = Number.POSITIVE_INFINITY }: Pending,
  standing: Standing,
  deadline: number,
): Promise<Fate> {
  const indexed = await ifTold(() => inIndex(rpc, hash));
  if (indexed !== undefined) {
    return { kind: "included", included: indexed };
  }
  if (standing.sequence <= sequence) {
    return { kind: standing.height >= until ? "dead" : "open" };
  }
  const last = Math.min(until, standing.height);
  if (last - from >= MOST_BLOCKS) {
    return { kind: "open" };
  }
  let failed: Included | undefined;
  for (let height = from; height <= last; height += 1) {
    const found =
      Date.now() > deadline ? undefined : await ifTold(() => inBlock(rpc, height, hash));
    if (found === undefined) {
      return { kind: "open" };
    }
    const [included] = found;
    if (included?.code === 0) {
      return { kind: "included", included };
    }
    // One that could not even pay its fee may come into a later block once more.
    failed ??= included;
  }
  return failed === undefined ? { kind: "dead" } : { kind: "included", included: failed };
}

/**
 * The transaction in the node's index; nothing if it is not there.
 *
 * @param hash Upper-case hex.
 * @throws {HistoryUnavailable} If the node keeps no index.
 */
export async function inIndex(rpc: Rpc, hash: string): Promise<Included | undefined> {
  let answer: Answer;
  try {
    answer = await rpc.ask("tx", { hash: toBase64(fromHex(hash)) });
  } catch (error) {
    if (error instanceof NodeRefused && /tx \(\w+\) not found/.test(error.detail)) {
      return undefined;
    }
    throw isWithoutIndex(error) ? new HistoryUnavailable({ cause: error }) : error;
  }
  const found = readFound(answer);
  if (found.hash !== hash) {
    throw answer.at("hash").malformed();
  }
  return found;
}

/** The transaction in a block: none or one. */
async function inBlock(rpc: Rpc, height: number, hash: string): Promise<Included[]> {
  const at = { height: height.toString() };
  const block = (await rpc.ask("block", at)).at("block");
  const told = block.at("header").at("height");
  if (told.positive() !== height) {
    throw told.malformed();
  }
  const index = block.at("data").at("txs").list().map(hashOf).indexOf(hash);
  if (index < 0) {
    return [];
  }
  const results = (await rpc.ask("block_results", at)).at("txs_results");
  const result = results.list()[index];
  if (result === undefined) {
    throw results.malformed();
  }
  return [readResult(result, height, index)];
}

function hashOf(tx: Answer): string {
  const text = tx.text();
  try {
    return toHex(sha256(fromBase64(text))).toUpperCase();
  } catch {
    throw tx.malformed();
  }
}

/** Nothing where the node has no index, or not this block, or answers nonsense: it cannot tell. */
async function ifTold<T>(asked: () => Promise<T>): Promise<T | undefined> {
  try {
    return await asked();
  } catch (error) {
    const cannotTell =
      error instanceof NodeRefused ||
      error instanceof HistoryUnavailable ||
      error instanceof MalformedAnswer;
    if (cannotTell) {
      return undefined;
    }
    throw error;
  }
}
