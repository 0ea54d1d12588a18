// Transactions as a node tells of them, in the answers to `tx` and `tx_search` and over the socket.

import type { Answer } from "./answer.js";
import type { ChainEvent } from "./events.js";

/** A transaction in a block. */
export interface Included {
  readonly height: number;
  /** Its place in the block. */
  readonly index: number;
  /** 0 if it did what it should. */
  readonly code: number;
  /** What the chain says if it did not. */
  readonly log: string;
  readonly gasWanted: number;
  readonly gasUsed: number;
  readonly events: readonly ChainEvent[];
}

/** A transaction with its hash, upper-case hex. */
export interface Found extends Included {
  readonly hash: string;
}

/** One of `tx` or `tx_search`. */
export function readFound(answer: Answer): Found {
  const hash = answer.at("hash");
  if (!/^[0-9A-F]{64}$/i.test(hash.text())) {
    throw hash.malformed();
  }
  const height = answer.at("height").positive();
  const index = answer.at("index").count();
  return {
    hash: hash.text().toUpperCase(),
    ...readResult(answer.at("tx_result"), height, index),
  };
}

/** What a transaction did. */
export function readResult(result: Answer, height: number, index: number): Included {
  const log = result.at("log");
  return {
    height,
    index,
    code: result.at("code").count(),
    log: log.isGiven() ? log.text() : "",
    gasWanted: result.at("gas_wanted").count(),
    gasUsed: result.at("gas_used").count(),
    events: result.at("events").list().map(readEvent),
  };
}

function readEvent(event: Answer): ChainEvent {
  return {
    type: event.at("type").text(),
    attributes: event
      .at("attributes")
      .list()
      .map((attribute) => {
        const value = attribute.at("value");
        return {
          key: attribute.at("key").text(),
          value: value.isGiven() ? value.text() : "",
        };
      }),
  };
}
