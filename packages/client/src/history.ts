// What happened, out of the node's index of transactions.

import { type BulwarkEvent, type EventError, type ReadEvents, readEvents } from "./events.js";
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
  /**
   * What is wrong with those of its events that have not the form of their type, of the types that
   * were asked for; left out if nothing is. Whom they concern is then not known for certain.
   */
  readonly unreadable?: readonly EventError[];
}

const DEFAULT_LIMIT = 20;

/** Few matches are passed over: those of the block that the page before ended in. */
const SMALLEST_PAGE = 20;

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
  const pageSize = Math.max(limit, SMALLEST_PAGE);
  const searches = filters.map((filter) => new Matches(rpc, bounded(filter, before), pageSize));
  const entries: Omit<HistoryEntry, "time">[] = [];
  for await (const found of newestOf(searches)) {
    const isWanted = before === undefined || isBefore(found, before);
    const told = isWanted ? wanted(readEvents(found.events, network), query) : undefined;
    if (told !== undefined) {
      const { hash, height, index, gasUsed } = found;
      entries.push({ hash, height, index, gasUsed, ...told });
    }
    if (entries.length === limit) {
      break;
    }
  }
  return Promise.all(
    entries.map(async (entry) => ({ ...entry, time: await times.of(entry.height) })),
  );
}

/**
 * What fits any of these: the node knows no "or". All conditions of a search hold for one and the same
 * event: that is how the index of CometBFT 0.38 matches. Each names the contract, an attribute
 * that only the chain can set, so that events by which others imitate ours are not even found.
 */
function conditions(network: Network, { owner, id, types }: HistoryQuery): string[] {
  if (owner === undefined) {
    if (id !== undefined) {
      throw new MessageError("id", id, "together with an owner");
    }
    return types === undefined
      ? [`execute._contract_address='${network.vault}'`]
      : types.map((type) => search(network, type, {}));
  }
  // It becomes part of a query.
  if (!isAddress(owner, network.prefix)) {
    throw new MessageError("owner", owner, `an address of the chain, ${network.prefix}1…`);
  }
  if (id !== undefined && !Number.isSafeInteger(id)) {
    throw new MessageError("id", id, "a whole number");
  }
  const own = id === undefined ? { owner } : { owner, id };
  return (types ?? OF_ACCOUNTS).flatMap((type) => {
    if (type === "transfer") {
      const received = id === undefined ? { to_owner: owner } : { to_owner: owner, to_id: id };
      return [search(network, type, own), search(network, type, received)];
    }
    if (type === "operator" && id !== undefined) {
      return [id, "all"].map((account) => search(network, type, { owner, account }));
    }
    return [search(network, type, own)];
  });
}

/** Events of a type with these attributes. */
function search(
  network: Network,
  type: EventType,
  attributes: Readonly<Record<string, string | number>>,
): string {
  const named = { ...attributes, _contract_address: contractOf(network, type) };
  return Object.entries(named)
    .map(([key, value]) => `${eventOf(type)}.${key}='${value}'`)
    .join(" AND ");
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

/** What was asked for of a transaction; nothing if there is nothing. */
function wanted(
  { events, unreadable }: ReadEvents,
  query: HistoryQuery,
): Pick<HistoryEntry, "events" | "unreadable"> | undefined {
  const known: readonly string[] | undefined =
    query.types ?? (query.owner === undefined ? undefined : OF_ACCOUNTS);
  const own = events.filter(concerns(query));
  const strange = unreadable?.filter(
    ({ event }) => known === undefined || known.some((type) => event === `bulwark-${type}`),
  );
  if (strange !== undefined && strange.length > 0) {
    return { events: own, unreadable: strange };
  }
  return own.length === 0 ? undefined : { events: own };
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
