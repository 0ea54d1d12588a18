// What happened, out of the node's index of transactions.

import { type BulwarkEvent, parseEvents } from "./events.js";
import type { BlockTimes } from "./headers.js";
import { MessageError } from "./messages.js";
import { isAddress, type Network } from "./network.js";
import type { Rpc } from "./rpc.js";
import { isBefore, LARGEST_PAGE, Matches, newestOf, type Place } from "./search.js";

/** Types of events, without the prefix `bulwark-` that they carry on the chain. */
export type EventType = BulwarkEvent["type"];

/** Which part of the history. */
export interface HistoryQuery {
  /** Only what concerns accounts of this owner. */
  readonly owner?: string | undefined;
  /** Only the owner's account with this number. */
  readonly id?: number | undefined;
  /**
   * Only events of these types. By default all that concern an account, or without an owner
   * all of the vault.
   */
  readonly types?: readonly EventType[] | undefined;
  /** Only what came before this: the last entry of the page before. */
  readonly before?: Place | undefined;
  /** Entries at most: 20 by default, at most 100. */
  readonly limit?: number | undefined;
}

/** A transaction that did something with the contracts. */
export interface HistoryEntry extends Place {
  /** Upper-case hex. */
  readonly hash: string;
  /** Block time, seconds since 1970; nothing if the node no longer has the block. */
  readonly time: number | undefined;
  /** Gas that it used. */
  readonly gasUsed: number;
  /** Those of its events that were asked for, in their order. */
  readonly events: readonly BulwarkEvent[];
}

const DEFAULT_LIMIT = 20;

/** Events about an account name its owner. */
const OF_ACCOUNTS: readonly EventType[] = [
  "deposit",
  "withdraw",
  "lend",
  "recall",
  "borrow",
  "repay",
  "transfer",
  "liquidation",
  "bad_debt",
  "dust",
  "call",
  "operator",
];

/** Newest first, each transaction once. */
export async function readHistory(
  rpc: Rpc,
  times: BlockTimes,
  network: Network,
  query: HistoryQuery,
): Promise<HistoryEntry[]> {
  const limit = query.limit ?? DEFAULT_LIMIT;
  if (!Number.isInteger(limit) || limit < 1 || limit > LARGEST_PAGE) {
    throw new MessageError("limit", limit, `a whole number from 1 to ${LARGEST_PAGE}`);
  }
  const { before } = query;
  const filters = conditions(network, query);
  const searches = filters.map((filter) => new Matches(rpc, bounded(filter, before), limit));
  const entries: Omit<HistoryEntry, "time">[] = [];
  for await (const found of newestOf(searches)) {
    const isWanted = before === undefined || isBefore(found, before);
    const events = isWanted ? parseEvents(found.events, network).filter(concerns(query)) : [];
    if (events.length > 0) {
      const { hash, height, index, gasUsed } = found;
      entries.push({ hash, height, index, gasUsed, events });
    }
    if (entries.length === limit) {
      break;
    }
  }
  return Promise.all(
    entries.map(async (entry) => ({ ...entry, time: await times.of(entry.height) })),
  );
}

/** The node knows no "or": what fits any of these. */
function conditions(network: Network, { owner, id, types }: HistoryQuery): string[] {
  if (owner === undefined) {
    if (id !== undefined) {
      throw new MessageError("id", id, "together with an owner");
    }
    return types === undefined
      ? [`execute._contract_address='${network.vault}'`]
      : types.map((type) => `${eventOf(type)}._contract_address='${contractOf(network, type)}'`);
  }
  // It becomes part of a query.
  if (!isAddress(owner, network.prefix)) {
    throw new MessageError("owner", owner, `an address of the chain, ${network.prefix}1…`);
  }
  return (types ?? OF_ACCOUNTS).flatMap((type) => {
    const conditions = [`${eventOf(type)}.owner='${owner}'`];
    if (type === "transfer") {
      conditions.push(`${eventOf(type)}.to_owner='${owner}'`);
    }
    return conditions;
  });
}

function eventOf(type: EventType): string {
  return `wasm-bulwark-${type}`;
}

function contractOf(network: Network, type: EventType): string {
  return OF_ORACLE.includes(type) ? network.oracle : network.vault;
}

const OF_ORACLE: readonly EventType[] = ["price", "halt", "source"];

function bounded(filter: string, before: Place | undefined): string {
  return before === undefined ? filter : `${filter} AND tx.height<=${before.height}`;
}

/** Whether an event is one that was asked for. */
function concerns({ owner, id, types }: HistoryQuery): (event: BulwarkEvent) => boolean {
  const isOf = (name: unknown, number: unknown) =>
    name === owner && (id === undefined || number === id);
  return (event) => {
    if (types !== undefined && !types.includes(event.type)) {
      return false;
    }
    if (owner === undefined) {
      return true;
    }
    if (event.type === "transfer" && isOf(event.toOwner, event.toId)) {
      return true;
    }
    if (event.type === "operator") {
      const numbers = event.account === "all" ? id : Number(event.account);
      return isOf(event.owner, numbers);
    }
    return "owner" in event && "id" in event && isOf(event.owner, event.id);
  };
}
