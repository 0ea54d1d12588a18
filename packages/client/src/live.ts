// Following the chain: the node tells over a WebSocket of new blocks and of what transactions did
// with the contracts. Where there is no socket, or it is silent, the node is asked instead.

import { Answer } from "./answer.js";
import { type BulwarkEvent, type ChainEvent, parseEvents } from "./events.js";
import { SearchTooLong } from "./failures.js";
import type { Network } from "./network.js";
import { type Rpc, websocketUrl } from "./rpc.js";
import { isBefore, LARGEST_PAGE, type Place, search } from "./search.js";
import { type Found, readResult } from "./transaction.js";

/**
 * How the chain is followed: told by the node (`live`), by asking it once in a while (`polling`),
 * or not at all, because it does not answer (`offline`).
 */
export type LiveState = "live" | "polling" | "offline";

/** What a follower of the chain is told. */
export type Update =
  | { readonly kind: "state"; readonly state: LiveState }
  | {
      /** There is a new block. */
      readonly kind: "block";
      readonly height: number;
      /** Block time, seconds since 1970. */
      readonly time: number;
    }
  | {
      /** A transaction did something with the contracts. While polling, about a block late. */
      readonly kind: "events";
      readonly height: number;
      /** Hash of the transaction, upper-case hex. */
      readonly hash: string;
      readonly events: readonly BulwarkEvent[];
    }
  | {
      /** What happened in these blocks is not known: whatever was read before may be outdated. */
      readonly kind: "gap";
      readonly from: number;
      readonly to: number;
    };

/** What is called with each update, in their order. */
export type Listener = (update: Update) => void;

/** A WebSocket. */
export interface Socket {
  send(text: string): void;
  close(): void;
}

/** What becomes of a socket. */
export interface SocketEvents {
  /** It is connected. */
  opened(): void;
  /** The node sent something. */
  heard(data: unknown): void;
  /** It is closed, or failed. */
  ended(): void;
}

/** Opens a WebSocket, and tells later what becomes of it. */
export type OpenSocket = (url: string, events: SocketEvents) => Socket;

/** The platform's own WebSockets, if it has them. */
export function platformSocket(): OpenSocket | undefined {
  if (typeof WebSocket === "undefined") {
    return undefined;
  }
  return (url, events) => {
    const socket = new WebSocket(url);
    socket.onopen = () => events.opened();
    socket.onmessage = ({ data }) => events.heard(data);
    socket.onclose = () => events.ended();
    socket.onerror = () => events.ended();
    return socket;
  };
}

/** How a follower behaves. */
export interface LiveOptions {
  /** Opens a socket; none at all if there is none to be had. */
  readonly openSocket: OpenSocket | undefined;
  /** While the node does not tell of blocks by itself, it is asked every so many milliseconds. */
  readonly pollMs: number;
  /** A socket without a new block for so many milliseconds counts as dead. */
  readonly quietMs: number;
}

/** More missed blocks than this are not looked through. */
const MOST_MISSED = 500;

/** Nor more pages of transactions than this in them. */
const MOST_PAGES_MISSED = 20;

/** A node that is further behind than so many blocks has another chain. */
const FARTHEST_BEHIND = 100;

/** The first wait before another socket is tried; it doubles up to the last. */
const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 30_000;

/** Transactions that were told of lately, so that none is told twice. */
const REMEMBERED = 1_000;

/** Follows the chain for as long as somebody listens. */
export class Follower {
  private readonly listeners = new Set<Listener>();
  private run: Run | undefined;

  constructor(
    private readonly rpc: Rpc,
    private readonly network: Network,
    private readonly options: LiveOptions,
  ) {}

  /** Begins to tell a listener; what is returned ends it. */
  subscribe(listener: Listener): () => void {
    // The same function may listen twice.
    const own: Listener = (update) => listener(update);
    this.listeners.add(own);
    if (this.run === undefined) {
      this.run = new Run(this.rpc, this.network, this.options, (update) => this.tell(update));
      this.run.start();
    } else {
      this.run.greet(own);
    }
    return () => {
      this.listeners.delete(own);
      if (this.listeners.size === 0) {
        this.run?.stop();
        this.run = undefined;
      }
    };
  }

  /** Ends it for everybody. */
  close(): void {
    this.listeners.clear();
    this.run?.stop();
    this.run = undefined;
  }

  private tell(update: Update): void {
    for (const listener of this.listeners) {
      try {
        listener(update);
      } catch (error) {
        // A listener's fault is its own: the others are told, and it is reported as uncaught.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}

/** One stretch of following, from the first listener to the last. */
class Run {
  private socket: Socket | undefined;
  private state: LiveState | undefined;
  private newest: { height: number; time: number } | undefined;
  /** What happened up to this block was told, or reported as a gap. */
  private told = 0;
  private heardAt = 0;
  private retryMs = FIRST_RETRY_MS;
  private retryAt = 0;
  private isAsking = false;
  private isStopped = false;
  private timer: ReturnType<typeof setInterval> | undefined;
  private readonly seen = new Set<string>();
  /** What was missed is looked up one stretch after the other. */
  private lookups: Promise<void> = Promise.resolve();

  constructor(
    private readonly rpc: Rpc,
    private readonly network: Network,
    private readonly options: LiveOptions,
    private readonly listener: Listener,
  ) {}

  start(): void {
    this.connect();
    this.timer = setInterval(() => this.look(), this.options.pollMs);
    this.look();
  }

  stop(): void {
    this.isStopped = true;
    clearInterval(this.timer);
    this.hangUp();
  }

  /** Tells a listener that comes later how things stand. */
  greet(listener: Listener): void {
    if (this.state !== undefined) {
      listener({ kind: "state", state: this.state });
    }
    if (this.newest !== undefined) {
      listener({ kind: "block", ...this.newest });
    }
  }

  private tell(update: Update): void {
    if (!this.isStopped) {
      this.listener(update);
    }
  }

  private turn(state: LiveState): void {
    if (this.state !== state) {
      this.state = state;
      this.tell({ kind: "state", state });
    }
  }

  /** Comes by every few seconds: while the socket tells of blocks there is nothing to do. */
  private look(): void {
    const isQuiet = Date.now() - this.heardAt > this.options.quietMs;
    if (this.state === "live" && !isQuiet) {
      return;
    }
    if (this.socket !== undefined && isQuiet) {
      this.lose();
    }
    if (this.socket === undefined && Date.now() >= this.retryAt) {
      this.connect();
    }
    if (!this.isAsking) {
      this.isAsking = true;
      void this.poll().finally(() => {
        this.isAsking = false;
      });
    }
  }

  private async poll(): Promise<void> {
    try {
      const sync = (await this.rpc.ask("status")).at("sync_info");
      const height = sync.at("latest_block_height").positive();
      const time = sync.at("latest_block_time").seconds();
      if (this.isStopped || (this.state === "live" && this.socket !== undefined)) {
        return;
      }
      if (!this.isConnecting()) {
        this.turn("polling");
      }
      // The index of transactions may be a block behind.
      this.block(height, time, height - 1);
    } catch {
      // Whatever went wrong, the node does not tell what there is to know.
      if (this.state !== "live") {
        this.turn("offline");
      }
    }
  }

  /** Whether a socket was opened a moment ago: it may soon be live. */
  private isConnecting(): boolean {
    return this.socket !== undefined && Date.now() - this.heardAt < this.options.pollMs;
  }

  /**
   * There is a block.
   *
   * @param settled What happened up to there can be looked up.
   */
  private block(height: number, time: number, settled: number): void {
    const known = this.newest?.height ?? 0;
    if (known > height + FARTHEST_BEHIND) {
      // Not another node that is a little behind: the chain began anew, as local ones do.
      this.newest = undefined;
      this.seen.clear();
      this.tell({ kind: "gap", from: 1, to: height });
    }
    if (this.newest === undefined) {
      // What came before is for the listener to read.
      this.told = height;
    }
    if (height > (this.newest?.height ?? 0)) {
      this.newest = { height, time };
      this.tell({ kind: "block", height, time });
    }
    const from = this.told + 1;
    if (settled >= from) {
      this.told = settled;
      this.lookups = this.lookups.then(() => this.lookUp(from, settled));
    }
  }

  private connect(): void {
    const { openSocket } = this.options;
    if (openSocket === undefined) {
      this.retryAt = Number.POSITIVE_INFINITY;
      return;
    }
    // Of a socket that was given up nothing is heard any more.
    const isCurrent = () => this.socket === socket;
    let socket: Socket | undefined;
    try {
      socket = openSocket(websocketUrl(this.rpc.url), {
        opened: () => isCurrent() && this.ask(),
        heard: (data) => isCurrent() && this.hear(data),
        ended: () => isCurrent() && this.lose(),
      });
    } catch {
      this.backOff();
      return;
    }
    this.socket = socket;
    this.heardAt = Date.now();
  }

  /** Blocks last: once the node tells of a block, it also tells of its transactions. */
  private ask(): void {
    this.filters().forEach((query, id) => {
      const request = { jsonrpc: "2.0", id, method: "subscribe", params: { query } };
      this.socket?.send(JSON.stringify(request));
    });
  }

  private filters(): string[] {
    const { vault, oracle } = this.network;
    return [
      ...[vault, oracle].map((contract) => `tm.event='Tx' AND ${calls(contract)}`),
      "tm.event='NewBlockHeader'",
    ];
  }

  private hear(data: unknown): void {
    try {
      const message = new Answer("subscribe", JSON.parse(String(data)));
      if (message.at("error").isGiven()) {
        this.lose();
        return;
      }
      const event = message.at("result");
      // The first answer to a subscription only says that it is one.
      if (!event.at("data").isGiven()) {
        return;
      }
      const value = event.at("data").at("value");
      if (value.at("header").isGiven()) {
        this.hearBlock(value.at("header"));
      } else if (value.at("TxResult").isGiven()) {
        this.hearTransaction(value.at("TxResult"), event.at("events").at("tx.hash").list());
      }
    } catch {
      // What cannot be understood may have been anything: go on with a new socket, which looks up
      // what is missing.
      this.lose();
    }
  }

  private hearBlock(header: Answer): void {
    const height = header.at("height").positive();
    const time = header.at("time").seconds();
    this.heardAt = Date.now();
    this.retryMs = FIRST_RETRY_MS;
    this.turn("live");
    // Transactions of this block follow by themselves; those of missed ones do not.
    this.block(height, time, height - 1);
    this.told = Math.max(this.told, height);
  }

  private hearTransaction(result: Answer, hashes: readonly Answer[]): void {
    const height = result.at("height").positive();
    const index = result.at("index").count();
    const { code, events } = readResult(result.at("result"), height, index);
    const hash = hashes[0]?.text().toUpperCase() ?? "";
    if (code === 0) {
      this.transaction({ height, index }, hash, events);
    }
  }

  private transaction(place: Place, hash: string, events: readonly ChainEvent[]): void {
    const key = `${place.height}/${place.index}`;
    if (this.seen.has(key)) {
      return;
    }
    this.seen.add(key);
    const [oldest] = this.seen;
    if (this.seen.size > REMEMBERED && oldest !== undefined) {
      this.seen.delete(oldest);
    }
    const { height } = place;
    let parsed: BulwarkEvent[];
    try {
      parsed = parseEvents(events, this.network);
    } catch {
      this.tell({ kind: "gap", from: height, to: height });
      return;
    }
    if (parsed.length > 0) {
      this.tell({ kind: "events", height, hash, events: parsed });
    }
  }

  /** What happened in blocks that nobody told of. */
  private async lookUp(from: number, to: number): Promise<void> {
    if (this.isStopped) {
      return;
    }
    if (to - from >= MOST_MISSED) {
      this.tell({ kind: "gap", from, to });
      return;
    }
    try {
      const { vault, oracle } = this.network;
      const found = await Promise.all([vault, oracle].map((one) => this.calls(one, from, to)));
      const inOrder = found.flat().sort((one, other) => (isBefore(one, other) ? -1 : 1));
      for (const { height, index, hash, code, events } of inOrder) {
        if (code === 0) {
          this.transaction({ height, index }, hash, events);
        }
      }
    } catch {
      this.tell({ kind: "gap", from, to });
    }
  }

  private async calls(contract: string, from: number, to: number): Promise<Found[]> {
    const query = `${calls(contract)} AND tx.height>=${from} AND tx.height<=${to}`;
    const found: Found[] = [];
    for (let page = 1; page <= MOST_PAGES_MISSED; page += 1) {
      const { found: some, total } = await search(this.rpc, query, page, LARGEST_PAGE, "asc");
      found.push(...some);
      if (page * LARGEST_PAGE >= total) {
        return found;
      }
    }
    throw new SearchTooLong(query, MOST_PAGES_MISSED);
  }

  /** The socket is no use any more. */
  private lose(): void {
    this.hangUp();
    this.backOff();
    if (this.state === "live") {
      this.state = undefined;
      this.look();
    }
  }

  private backOff(): void {
    // Not all at once after a node comes back.
    this.retryAt = Date.now() + this.retryMs * (0.5 + Math.random());
    this.retryMs = Math.min(this.retryMs * 2, LAST_RETRY_MS);
  }

  private hangUp(): void {
    const { socket } = this;
    this.socket = undefined;
    try {
      socket?.close();
    } catch {
      // It was closed already.
    }
  }
}

/**
 * Transactions that call a contract, also from within other contracts. Only the chain emits this event,
 * so nobody can imitate it; what others emit in the same transaction is passed over afterwards.
 */
function calls(contract: string): string {
  return `execute._contract_address='${contract}'`;
}
