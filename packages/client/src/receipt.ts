// What a transaction did, as it is told to whoever sent it.

import { refusedBy } from "./errors.js";
import { type BulwarkEvent, type EventError, readEvents } from "./events.js";
import { contractsOf, type Network } from "./network.js";
import type { Included } from "./transaction.js";

/** A transaction that did what it should. */
export interface Receipt {
  /** Upper-case hex. */
  readonly hash: string;
  readonly height: number;
  readonly gasUsed: number;
  readonly gasWanted: number;
  /** What the contracts report. */
  readonly events: readonly BulwarkEvent[];
  /** What they report besides, in a form that is not understood; left out if there is none. */
  readonly unreadable?: readonly EventError[];
}

/**
 * What a transaction in a block did.
 *
 * @param called The contracts that its messages went to, in their order, if that is known.
 * @throws {BulwarkError} If a contract refused.
 * @throws {ChainRefused} If the chain did, or another contract.
 */
export function receiptOf(
  hash: string,
  included: Included,
  network: Network,
  called: readonly string[] = [],
): Receipt {
  const { code, log, height, gasUsed, gasWanted } = included;
  if (code !== 0) {
    throw refusedBy({ hash, code, log }, called, contractsOf(network));
  }
  // It happened: that something cannot be read must not look like a failure that calls for a retry.
  return { hash, height, gasUsed, gasWanted, ...readEvents(included.events, network) };
}
