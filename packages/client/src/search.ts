// The node's search for transactions, newest first.

import { HistoryUnavailable, NodeRefused, SearchTooLong } from "./failures.js";
import type { Rpc } from "./rpc.js";
import { type Found, readFound } from "./transaction.js";

/** A node gives no more on a page. */
export const LARGEST_PAGE = 100;

/** A search that takes more pages is given up: whoever counts the matches may be wrong or lie. */
export const MOST_PAGES = 100;

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
  private last: Place | undefined;

  constructor(
    private readonly rpc: Rpc,
    private readonly query: string,
    private readonly pageSize: number,
  ) {}

  /**
   * The newest that was not taken yet.
   *
   * @throws {HistoryUnavailable} If the node keeps no index.
   * @throws {SearchTooLong} If there is no end to the pages.
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
    if (this.asked === MOST_PAGES) {
      throw new SearchTooLong(this.query, this.asked);
    }
    this.asked += 1;
    const { found, total } = await search(this.rpc, this.query, this.asked, this.pageSize, "desc");
    for (const one of found) {
      // What came since the page before pushed the last of that one onto this one.
      if (this.last === undefined || isBefore(one, this.last)) {
        this.ready.push(one);
        this.last = one;
      }
    }
    this.isAll = this.asked * this.pageSize >= total || found.length === 0;
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

/** One page of a search, and how many match in all, as the node counts them. */
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
    const txs = answer.at("txs");
    if (txs.list().length > pageSize) {
      throw txs.malformed();
    }
    return { found: txs.list().map(readFound), total: answer.at("total_count").count() };
  } catch (error) {
    throw isWithoutIndex(error) ? new HistoryUnavailable({ cause: error }) : error;
  }
}

/** Whether a node says that it keeps no index of transactions. */
export function isWithoutIndex(error: unknown): boolean {
  return error instanceof NodeRefused && /indexing is disabled/.test(error.detail);
}
