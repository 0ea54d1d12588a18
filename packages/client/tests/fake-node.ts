// Stands in for a node where a test needs one that misbehaves, or blocks made to order. It knows
// what the client asks, and nothing else. What a real node does is tested in tests/chain.

import type { ChainEvent } from "../src/events.js";
import type { SocketEvents } from "../src/live.js";
import { ORACLE, VAULT } from "./fixtures.js";

/** A transaction of the fake chain. */
export interface FakeTransaction {
  height: number;
  index: number;
  /** Upper-case hex. */
  hash: string;
  events: ChainEvent[];
  code?: number;
  log?: string;
  /** Base64. */
  bytes?: string;
}

/** What is thrown in a handler of {@link FakeNode.answers} to refuse like a node. */
export class Refusal extends Error {}

type Parameters = Record<string, unknown>;

/** A node without a chain. */
export class FakeNode {
  chainId = "test-local-1";
  height = 10;
  transactions: FakeTransaction[] = [];
  isIndexed = true;
  /** Whether nothing listens at its address. */
  isDown = false;
  /** Blocks below are gone. */
  oldest = 1;
  /** What was asked, in its order. */
  readonly asked: { method: string; params: Parameters }[] = [];
  /** Answers of a test's own, by method. */
  readonly answers = new Map<string, (params: Parameters) => unknown>();
  /** Sockets that are open. */
  readonly sockets: FakeSocket[] = [];
  /** Whether sockets can be opened. */
  hasSockets = true;

  readonly fetch: typeof fetch = async (_input, init) => {
    if (this.isDown) {
      throw new TypeError("fetch failed");
    }
    const { id, method, params } = JSON.parse(String(init?.body));
    this.asked.push({ method, params });
    try {
      const result = this.answer(method, params);
      return Response.json({ jsonrpc: "2.0", id, result: await result });
    } catch (error) {
      if (error instanceof Refusal) {
        const refusal = { code: -32_603, message: "Internal error", data: error.message };
        return Response.json({ jsonrpc: "2.0", id, error: refusal });
      }
      throw error;
    }
  };

  readonly openSocket = (url: string, events: SocketEvents): FakeSocket => {
    if (this.isDown || !this.hasSockets) {
      const socket = new FakeSocket(url, events);
      queueMicrotask(() => events.ended());
      return socket;
    }
    const socket = new FakeSocket(url, events);
    this.sockets.push(socket);
    queueMicrotask(() => events.opened());
    return socket;
  };

  /** How often something was asked. */
  count(method: string): number {
    return this.asked.filter((one) => one.method === method).length;
  }

  /** A new block, of which every socket that is open is told, and then of its transactions. */
  block(transactions: FakeTransaction[] = []): void {
    this.height += 1;
    this.transactions.push(...transactions);
    for (const socket of this.sockets.filter(({ isOpen }) => isOpen)) {
      const header = { height: this.height.toString(), time: isoTime(this.height) };
      socket.tell({ data: { type: "tendermint/event/NewBlockHeader", value: { header } } });
      for (const transaction of transactions) {
        socket.tellTransaction(transaction);
      }
    }
  }

  private answer(method: string, params: Parameters): unknown {
    const own = this.answers.get(method);
    if (own !== undefined) {
      return own(params);
    }
    switch (method) {
      case "status":
        return {
          node_info: { network: this.chainId },
          sync_info: {
            latest_block_height: this.height.toString(),
            latest_block_time: isoTime(this.height),
          },
        };
      case "header":
        return this.header(Number(params.height));
      case "tx_search":
        return this.search(params);
      case "tx":
        return this.one(String(params.hash));
      case "block":
        return {
          block: {
            header: { height: params.height },
            data: { txs: this.inBlock(params).map(({ bytes }) => bytes) },
          },
        };
      case "block_results":
        return { txs_results: this.inBlock(params).map(result) };
      default:
        throw new Refusal(`the fake node does not know ${method}`);
    }
  }

  private header(height: number): unknown {
    if (height < this.oldest || height > this.height) {
      throw new Refusal(`height ${height} is not available, lowest height is ${this.oldest}`);
    }
    return { header: { height: height.toString(), time: isoTime(height) } };
  }

  private one(hash: string): unknown {
    this.demandIndex();
    const hex = Buffer.from(hash, "base64").toString("hex").toUpperCase();
    const found = this.transactions.find((one) => one.hash === hex);
    if (found === undefined) {
      throw new Refusal(`tx (${hex}) not found`);
    }
    return told(found);
  }

  private inBlock({ height }: Parameters): FakeTransaction[] {
    if (Number(height) > this.height) {
      throw new Refusal(`height ${height} must be less than or equal to ${this.height}`);
    }
    if (Number(height) < this.oldest) {
      throw new Refusal(`height ${height} is not available, lowest height is ${this.oldest}`);
    }
    return this.transactions.filter((one) => one.height === Number(height));
  }

  private search({ query, page, per_page, order_by }: Parameters): unknown {
    this.demandIndex();
    const fits = condition(String(query));
    const found = this.transactions
      .filter(fits)
      .sort((one, other) => one.height - other.height || one.index - other.index);
    if (order_by === "desc") {
      found.reverse();
    }
    const [size, number] = [Number(per_page), Number(page)];
    const pages = Math.max(Math.ceil(found.length / size), 1);
    if (number < 1 || number > pages) {
      throw new Refusal(`page should be within [1, ${pages}] range, given ${number}`);
    }
    const txs = found.slice((number - 1) * size, number * size).map(told);
    return { txs, total_count: found.length.toString() };
  }

  private demandIndex(): void {
    if (!this.isIndexed) {
      throw new Refusal("transaction indexing is disabled");
    }
  }
}

/** A socket of the fake node. */
export class FakeSocket {
  isOpen = true;
  /** Queries that were subscribed to. */
  readonly queries: string[] = [];

  constructor(
    readonly url: string,
    private readonly events: SocketEvents,
  ) {}

  send(text: string): void {
    const { id, params } = JSON.parse(text);
    this.queries.push(params.query);
    this.events.heard(JSON.stringify({ jsonrpc: "2.0", id, result: {} }));
  }

  close(): void {
    this.isOpen = false;
  }

  /** Breaks. */
  break(): void {
    this.isOpen = false;
    this.events.ended();
  }

  /** Sends something of which nobody knows what it is. */
  babble(text: string): void {
    this.events.heard(text);
  }

  tell(result: unknown): void {
    this.events.heard(JSON.stringify({ jsonrpc: "2.0", id: 0, result }));
  }

  /** As a node does: for each subscription that it fits. */
  tellTransaction(transaction: FakeTransaction): void {
    const contracts = transaction.events
      .filter(({ type }) => type === "execute")
      .map(({ attributes }) => attributes[0]?.value);
    for (const query of this.queries.filter((one) => one.startsWith("tm.event='Tx'"))) {
      if (contracts.some((contract) => query.includes(`'${contract}'`))) {
        const { height, index, hash } = transaction;
        // Go leaves zeros out.
        const place = index === 0 ? {} : { index };
        const TxResult = { height: height.toString(), ...place, result: result(transaction) };
        this.tell({ data: { value: { TxResult } }, events: { "tx.hash": [hash] } });
      }
    }
  }
}

/** Block time of the fake chain: seconds since 1970. */
export function timeOf(height: number): number {
  return 1_700_000_000 + height * 6;
}

/** A hash that is the same for the same place. */
export function hashAt(height: number, index: number): string {
  return (height * 1_000 + index).toString(16).toUpperCase().padStart(64, "0");
}

/** A transaction with events of the vault. */
export function transaction(height: number, index: number, events: ChainEvent[]): FakeTransaction {
  return { height, index, hash: hashAt(height, index), events: [called(VAULT), ...events] };
}

/** The chain's own event for a contract that was called. */
export function called(contract: string): ChainEvent {
  return { type: "execute", attributes: [{ key: "_contract_address", value: contract }] };
}

/** An event of one of our contracts. */
export function emitted(
  type: string,
  fields: Record<string, string>,
  contract: string = VAULT,
): ChainEvent {
  const attributes = Object.entries({ _contract_address: contract, ...fields });
  return {
    type: `wasm-bulwark-${type}`,
    attributes: attributes.map(([key, value]) => ({ key, value })),
  };
}

/** A deposit into an account. */
export function depositEvent(owner: string, id: number, amount: bigint): ChainEvent {
  return emitted("deposit", {
    owner,
    id: id.toString(),
    sender: owner,
    asset: "uatom",
    amount: amount.toString(),
    repaid: "0",
    idle: amount.toString(),
    shares: "0",
  });
}

/** A borrow of an account. */
export function borrowEvent(owner: string, id: number, amount: bigint): ChainEvent {
  return emitted("borrow", {
    owner,
    id: id.toString(),
    recipient: owner,
    asset: "uusdc",
    amount: amount.toString(),
    shares: "1",
  });
}

/** A transfer from one owner to another. */
export function transferEvent(owner: string, toOwner: string, toId: number): ChainEvent {
  return emitted("transfer", {
    owner,
    id: "0",
    to_owner: toOwner,
    to_id: toId.toString(),
    asset: "uatom",
    amount: "1",
    idle: "1",
    shares: "0",
    repaid: "0",
  });
}

/** A price of the oracle. */
export function priceTransaction(height: number, index: number): FakeTransaction {
  const fields = {
    asset: "uatom",
    mid: "10",
    low: "9.5",
    high: "10.5",
    observed: "10",
    status: "ok",
    published_at: timeOf(height).toString(),
  };
  const events = [called(ORACLE), emitted("price", fields, ORACLE)];
  return { height, index, hash: hashAt(height, index), events };
}

function told(transaction: FakeTransaction): unknown {
  const { hash, height, index } = transaction;
  return { hash, height: height.toString(), index, tx_result: result(transaction) };
}

function result({ code = 0, log = "", events }: FakeTransaction): unknown {
  return { code, log, gas_wanted: "300", gas_used: "200", events };
}

function isoTime(height: number): string {
  return new Date(timeOf(height) * 1000).toISOString().replace(".000Z", ".123456789Z");
}

/** As CometBFT matches: what is asked of events has to hold for one of them. */
function condition(query: string): (transaction: FakeTransaction) => boolean {
  const bounds: ((height: number) => boolean)[] = [];
  const equal: { composite: string; value: string }[] = [];
  for (const text of query.split(" AND ")) {
    const [, comparison, bound] = /^tx\.height([<>]=)(\d+)$/.exec(text) ?? [];
    const [, composite, value] = /^([\w.-]+)='([^']*)'$/.exec(text) ?? [];
    if (comparison !== undefined) {
      const than = Number(bound);
      bounds.push((height) => (comparison === "<=" ? height <= than : height >= than));
    } else if (composite !== undefined && value !== undefined) {
      equal.push({ composite, value });
    } else {
      throw new Refusal(`failed to parse query: ${text}`);
    }
  }
  return ({ height, events }) =>
    bounds.every((fits) => fits(height)) &&
    events.some(({ type, attributes }) =>
      equal.every(({ composite, value }) =>
        attributes.some((one) => `${type}.${one.key}` === composite && one.value === value),
      ),
    );
}
