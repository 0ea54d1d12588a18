// The node's search for transactions, newest first.

import { HistoryUnavailable, NodeRefused } from "./failures.js";
import type { Rpc } from "./rpc.js";
import { type Found, readFound } from "./transaction.js";

/** A node gives no more on a page. */
export const LARGEST_PAGE = 100;

/** A place in the chain's order of transactions. */
export interface Place {
  readonly height: number;
  /** Place of the transaction in its block. */
  readonly index: number;
}

/** Whether one transaction came before another. */
export function isBefore(one: Place, other: Place): boolean {
  return one.height < other.height || (one.height === other.height && one.index < other.index);
}

/** Transactions that match one query, newest first, asked for as far as they are wanted. */
export class Matches {
  private readonly ready: Found[] = [];
  private asked = 0;
  private isAll = false;

  constructor(
    private readonly rpc: Rpc,
    private readonly query: string,
    private readonly pageSize: number,
  ) {}

  /**
   * The newest that was not taken yet.
   *
   * @throws {HistoryUnavailable} If the node keeps no index.
   */
  async newest(): Promise<Found | undefined> {
    while (this.ready.length === 0 && !this.isAll) {
      await this.more();
    }
    return this.ready[0];
  }

  /** Takes the newest. */
  take(): void {
    this.ready.shift();
  }

  private async more(): Promise<void> {
    this.asked += 1;
    const answer = await search(this.rpc, this.query, this.asked, this.pageSize, "desc");
    this.ready.push(...answer.found);
    this.isAll = this.asked * this.pageSize >= answer.total || answer.found.length === 0;
  }
}

/** Where the newest of several searches is taken from; a transaction that several found, once. */
export async function* newestOf(searches: readonly Matches[]): AsyncGenerator<Found, void> {
  for (;;) {
    const heads = await Promise.all(searches.map((search) => search.newest()));
    let newest: Found | undefined;
    for (const head of heads) {
      if (head !== undefined && (newest === undefined || isBefore(newest, head))) {
        newest = head;
      }
    }
    if (newest === undefined) {
      return;
    }
    heads.forEach((head, which) => {
      if (head?.hash === newest?.hash) {
        searches[which]?.take();
      }
    });
    yield newest;
  }
}

/** One page of a search, and how many match in all. */
export async function search(
  rpc: Rpc,
  query: string,
  page: number,
  pageSize: number,
  order: "asc" | "desc",
): Promise<{ found: Found[]; total: number }> {
  try {
    const answer = await rpc.ask("tx_search", {
      query,
      prove: false,
      page: page.toString(),
      per_page: pageSize.toString(),
      order_by: order,
    });
    return {
      found: answer.at("txs").list().map(readFound),
      total: answer.at("total_count").count(),
    };
  } catch (error) {
    throw isWithoutIndex(error) ? new HistoryUnavailable({ cause: error }) : error;
  }
}

/** Whether a node says that it keeps no index of transactions. */
export function isWithoutIndex(error: unknown): boolean {
  return error instanceof NodeRefused && /indexing is disabled/.test(error.detail);
}
