// What can go wrong between this client and a node, beside what a chain says.

import { ClientError } from "./errors.js";

/** The node belongs to another chain than the network file says. */
export class WrongChain extends ClientError {
  readonly kind = "wrong_chain";

  constructor(
    /** The chain id of the network file. */
    readonly expected: string,
    /** The one that the node told. */
    readonly found: string,
  ) {
    super(`the node belongs to the chain ${found}, not to ${expected}`);
  }
}

/** The node refused a request, in its own words. */
export class NodeRefused extends ClientError {
  readonly kind = "node_refused";

  constructor(
    /** What was asked, such as `tx_search`. */
    readonly method: string,
    /** In the node's words. */
    readonly detail: string,
  ) {
    super(`the node refused ${method}: ${detail}`);
  }
}

/** The node's answer lacks something or is not of the form that it has to have. */
export class MalformedAnswer extends ClientError {
  readonly kind = "malformed_answer";

  constructor(
    /** What was asked, such as `tx_search`. */
    readonly method: string,
    /** Where in the answer, such as `txs[0].height`. */
    readonly field: string,
    /** What stands there. */
    readonly value: unknown,
    options?: ErrorOptions,
  ) {
    super(`the node's answer to ${method} has ${field} = ${shown(value)}`, options);
  }
}

/** The node keeps no index of transactions: there is no history to be had from it. */
export class HistoryUnavailable extends ClientError {
  readonly kind = "history_unavailable";

  constructor(options?: ErrorOptions) {
    super("this node keeps no index of transactions, so it cannot tell the history", options);
  }
}

/** The node names ever more transactions that were not asked for, so that there is no end to reading them. */
export class SearchTooLong extends ClientError {
  readonly kind = "search_too_long";

  constructor(
    /** What was searched for. */
    readonly query: string,
    /** So many pages were read. */
    readonly pages: number,
  ) {
    super(`the node's answers to the search ${query} do not end: ${pages} pages were read`);
  }
}

/** The connection was closed by its owner while something was under way. */
export class ConnectionClosed extends ClientError {
  readonly kind = "connection_closed";

  constructor() {
    super("the connection was closed");
  }
}

/** A transaction was signed and perhaps sent, but can no longer come into a block: it did nothing. */
export class Dropped extends ClientError {
  readonly kind = "dropped";

  constructor(
    /** Hash of the transaction. */
    readonly hash: string,
    options?: ErrorOptions,
  ) {
    super(`the transaction ${hash} did nothing, and can no longer come into a block`, options);
  }
}

/**
 * A transaction of which nobody knew what became of it ({@link TimedOut}) came into a block after all.
 * The one that was to be sent now did nothing: it may be the same wish a second time.
 */
export class EarlierIncluded extends ClientError {
  readonly kind = "earlier_included";

  constructor(
    /** Hash of the earlier transaction. */
    readonly hash: string,
    /** The block that it is in. */
    readonly height: number,
  ) {
    super(
      `nothing was done: the earlier transaction ${hash} came into block ${height} after all, ` +
        "look at what it did first",
    );
  }
}

/**
 * What became of an earlier transaction nobody can tell any more: its place is taken, and the node no
 * longer has the blocks that it may be in. The one that was to be sent now did nothing. It is said
 * once: who sends again then does it a second time if the earlier one counted.
 */
export class EarlierUnknown extends ClientError {
  readonly kind = "earlier_unknown";

  constructor(
    /** Hash of the earlier transaction. */
    readonly hash: string,
  ) {
    super(
      `nothing was done: nobody can tell what became of the earlier transaction ${hash}, ` +
        "look at what there is first",
    );
  }
}

/** A signer does not have the key of the address that is to sign. */
export class UnknownSigner extends ClientError {
  readonly kind = "unknown_signer";

  constructor(
    /** The address asked for; nothing if the signer has no keys at all. */
    readonly address: string | undefined,
  ) {
    super(
      address === undefined
        ? "the wallet has no account"
        : `the wallet does not have the key of ${address}`,
    );
  }
}

/** A key that everybody knows was asked for where there is none. */
export class NoTestKey extends ClientError {
  readonly kind = "no_test_key";

  constructor(
    /** Whose key. */
    readonly user: string,
  ) {
    super(`${user} has no test key here: only local networks have any`);
  }
}

function shown(value: unknown): string {
  const json = JSON.stringify(value) ?? "nothing";
  return json.length > 120 ? `${json.slice(0, 120)}…` : json;
}
