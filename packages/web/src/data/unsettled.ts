import {
  type Bulwark,
  BulwarkError,
  ChainRefused,
  Dropped,
  EarlierIncluded,
  type Signed,
} from "@bulwark/client";
import { newestBlock } from "./block";

/** A transaction of which nobody knew what became of it when the page was last here. */
interface Unsettled {
  readonly hash: string;
  /** It can come into no block after this one; absent if there is no such bound. */
  readonly until?: number;
}

/** Those of this load of the page: the signer that sent them knows of them itself. */
const ownHashes = new Set<string>();

/**
 * Keeps what was signed before it is sent, beyond this load of the page: it may be closed before it
 * is known what became of it.
 */
export function keepUnsettled(bulwark: Bulwark, address: string, { hash, until }: Signed): void {
  ownHashes.add(hash);
  const kept: Unsettled = until === undefined ? { hash } : { hash, until };
  try {
    localStorage.setItem(placeOf(bulwark, address), JSON.stringify(kept));
  } catch {
    // Without storage it is known as long as the page is open.
  }
}

/** Forgets what is kept, once it is known what became of it: without an error, that it is done. */
export function forgetSettled(bulwark: Bulwark, address: string, error?: Error): void {
  const isKnown =
    error === undefined ||
    error instanceof BulwarkError ||
    error instanceof ChainRefused ||
    error instanceof Dropped ||
    error instanceof EarlierIncluded;
  const place = placeOf(bulwark, address);
  // What an earlier load of the page has left is settled otherwise.
  if (isKnown && ownHashes.has(read(place)?.hash ?? "")) forget(place);
}

/**
 * Before something new is signed: whether what an earlier load of the page sent has come into a
 * block after all. It may be the same wish.
 *
 * @throws {EarlierIncluded} If it has: once, then it is known.
 * @throws {ClientError} If the node does not answer.
 */
export async function settleEarlier(bulwark: Bulwark, address: string): Promise<void> {
  const place = placeOf(bulwark, address);
  const kept = read(place);
  if (kept === undefined || ownHashes.has(kept.hash)) return;
  try {
    const receipt = await bulwark.transaction(kept.hash);
    if (receipt !== undefined) {
      forget(place);
      throw new EarlierIncluded(receipt.hash, receipt.height);
    }
  } catch (error) {
    // It came into a block and did nothing.
    if (!(error instanceof BulwarkError) && !(error instanceof ChainRefused)) throw error;
    forget(place);
    return;
  }
  const height = newestBlock()?.height;
  if (kept.until !== undefined && height !== undefined && height > kept.until) forget(place);
}

function placeOf({ network }: Bulwark, address: string): string {
  return `bulwark-unsettled ${network.chainId} ${address}`;
}

function read(place: string): Unsettled | undefined {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(place) ?? "null");
    if (typeof kept !== "object" || kept === null || !("hash" in kept)) return undefined;
    const { hash } = kept;
    if (typeof hash !== "string" || !/^[0-9A-F]{64}$/.test(hash)) return undefined;
    const until = "until" in kept && typeof kept.until === "number" ? kept.until : undefined;
    return until === undefined ? { hash } : { hash, until };
  } catch {
    return undefined;
  }
}

function forget(place: string): void {
  try {
    localStorage.removeItem(place);
  } catch {
    // There is none to forget.
  }
}
