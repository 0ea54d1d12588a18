import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { type Bulwark, connect } from "../src/connect.js";
import type { Update } from "../src/live.js";
import {
  called,
  depositEvent,
  emitted,
  FakeNode,
  hashAt,
  priceTransaction,
  timeOf,
  transaction,
} from "./fake-node.js";
import { ALICE, NETWORK, TOKEN } from "./fixtures.js";

const POLL = 3_000;
const QUIET = 20_000;

/** Long enough for any retry. */
const LONG = 60_000;

let node: FakeNode;
let bulwark: Bulwark;
let updates: Update[];

beforeEach(async () => {
  vi.useFakeTimers();
  node = new FakeNode();
  bulwark = await connect(NETWORK, {
    fetch: node.fetch,
    openSocket: node.openSocket,
    pollMs: POLL,
    quietMs: QUIET,
  });
  updates = [];
});

afterEach(() => {
  bulwark.close();
  vi.useRealTimers();
});

function listen(): () => void {
  return bulwark.subscribe((update) => updates.push(update));
}

async function pass(milliseconds: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(milliseconds);
}

/** Blocks come as they do on a chain. */
async function blocks(count: number): Promise<void> {
  for (; count > 0; count -= 1) {
    node.block();
    await pass(1_000);
  }
}

function states(): string[] {
  return updates.flatMap((update) => (update.kind === "state" ? [update.state] : []));
}

function heights(): number[] {
  return updates.flatMap((update) => (update.kind === "block" ? [update.height] : []));
}

/** Which transactions were told of. */
function hashes(): string[] {
  return updates.flatMap((update) => (update.kind === "events" ? [update.hash] : []));
}

function gaps(): [number, number][] {
  return updates.flatMap((update): [number, number][] =>
    update.kind === "gap" ? [[update.from, update.to]] : [],
  );
}

function deposited(height: number, index = 0) {
  return transaction(height, index, [depositEvent(ALICE, 0, 5n)]);
}

describe("while the node tells of blocks", () => {
  it("each block is told, and then what happened in it, once", async () => {
    listen();
    await pass(10);
    node.block();
    const both = deposited(12, 1);
    both.events.push(...priceTransaction(12, 1).events);
    node.block([deposited(12), both]);
    await pass(10);
    expect(states()).toEqual(["live"]);
    expect(heights()).toEqual([10, 11, 12]);
    expect(hashes()).toEqual([hashAt(12, 0), hashAt(12, 1)]);
    expect(updates).toContainEqual({ kind: "block", height: 12, time: timeOf(12) });
    const [first] = updates.filter(({ kind }) => kind === "events");
    expect(first).toMatchObject({ height: 12, events: [{ type: "deposit", amount: 5n }] });
  });

  it("the node is not asked besides", async () => {
    listen();
    await blocks(30);
    const asked = node.count("status");
    await blocks(30);
    expect(node.count("status")).toBe(asked);
    expect(node.count("tx_search")).toBe(0);
  });

  it("what a failed transaction reports is not told", async () => {
    listen();
    await pass(10);
    node.block();
    node.block([{ ...deposited(12), code: 5 }]);
    await pass(10);
    expect(hashes()).toEqual([]);
  });

  it("what others emit under our names in the same transaction is not told", async () => {
    listen();
    await pass(10);
    const foreign = emitted("deposit", { owner: ALICE }, TOKEN);
    const mixed = transaction(11, 0, [foreign, depositEvent(ALICE, 0, 5n)]);
    node.block([mixed, { ...transaction(11, 1, []), events: [called(TOKEN), foreign] }]);
    await pass(10);
    expect(hashes()).toEqual([mixed.hash]);
    const told = updates.flatMap((update) => (update.kind === "events" ? update.events : []));
    expect(told).toHaveLength(1);
    expect(gaps()).toEqual([]);
  });

  it("an event that cannot be understood is told as a gap", async () => {
    listen();
    await pass(10);
    node.block();
    node.block([transaction(12, 0, [emitted("deposit", { owner: ALICE })])]);
    await pass(10);
    expect(gaps()).toEqual([[12, 12]]);
    expect(states()).toEqual(["live"]);
  });
});

describe("when the socket is no use", () => {
  it("the node is asked until there is another one, and what was missed is told", async () => {
    listen();
    await pass(10);
    node.block();
    node.hasSockets = false;
    node.sockets[0]?.break();
    node.block([deposited(12)]);
    node.block();
    await pass(2 * POLL);
    expect(states()).toEqual(["live", "polling"]);
    expect(heights().at(-1)).toBe(13);
    expect(hashes()).toEqual([hashAt(12, 0)]);
    node.hasSockets = true;
    await blocks(40);
    expect(states()).toEqual(["live", "polling", "live"]);
    expect(hashes()).toEqual([hashAt(12, 0)]);
    expect(heights()).toEqual([...new Set(heights())].sort((one, other) => one - other));
  });

  it("a silent one is given up", async () => {
    listen();
    await pass(10);
    node.block();
    const [silent] = node.sockets;
    if (silent !== undefined) {
      silent.isOpen = false;
    }
    node.height += 1;
    node.transactions.push(deposited(12));
    node.height += 1;
    await pass(QUIET + 2 * POLL);
    expect(states()).toEqual(["live", "polling"]);
    expect(hashes()).toEqual([hashAt(12, 0)]);
    expect(node.sockets.length).toBeGreaterThan(1);
  });

  it("one that talks nonsense is replaced", async () => {
    for (const nonsense of ["<html>", "{}", '{"result":{"data":{"value":{"header":{}}}}}', ""]) {
      updates = [];
      const stop = listen();
      await pass(10);
      node.block();
      node.sockets.at(-1)?.babble(nonsense);
      await pass(10);
      expect(states().at(-1)).toBe("polling");
      await blocks(40);
      expect(states().at(-1)).toBe("live");
      stop();
    }
  });

  it("sockets are tried again at growing distances", async () => {
    node.hasSockets = false;
    let tries = 0;
    bulwark.close();
    bulwark = await connect(NETWORK, {
      fetch: node.fetch,
      openSocket: (url, events) => {
        tries += 1;
        expect(url).toBe("ws://localhost:1/websocket");
        return node.openSocket(url, events);
      },
    });
    listen();
    await pass(LONG);
    const first = tries;
    await pass(10 * LONG);
    expect(first).toBeGreaterThan(3);
    expect(first).toBeLessThan(12);
    expect(tries - first).toBeGreaterThan(10);
    expect(tries - first).toBeLessThan(45);
  });
});

describe("when the node is gone", () => {
  it("that is told, and how things went on once it is back", async () => {
    listen();
    await pass(10);
    node.block();
    node.isDown = true;
    node.sockets[0]?.break();
    await pass(POLL);
    expect(states()).toEqual(["live", "offline"]);
    node.height += 3;
    node.transactions.push(deposited(13));
    node.isDown = false;
    await blocks(60);
    expect(states().at(-1)).toBe("live");
    expect(hashes()).toEqual([hashAt(13, 0)]);
    expect(gaps()).toEqual([]);
  });

  it("for very long, or has no index, what was missed is told as a gap", async () => {
    listen();
    await pass(10);
    node.block();
    node.isDown = true;
    node.sockets[0]?.break();
    await pass(POLL);
    node.height += 5_000;
    node.isDown = false;
    await blocks(60);
    expect(gaps()[0]?.[0]).toBe(12);
    node.isIndexed = false;
    node.sockets.at(-1)?.break();
    node.height += 5;
    updates = [];
    await blocks(60);
    expect(gaps().length).toBeGreaterThan(0);
  });

  it("and counts without end once it is back, that is told as a gap, after a few pages", async () => {
    listen();
    await pass(10);
    node.block();
    node.isDown = true;
    node.sockets[0]?.break();
    await pass(POLL);
    node.hasSockets = false;
    node.height += 5;
    node.isDown = false;
    let asked = 0;
    node.answers.set("tx_search", () => {
      asked += 1;
      return { txs: [], total_count: "9007199254740991" };
    });
    // One look at it, for the vault and the oracle.
    await pass(POLL);
    expect(asked).toBe(40);
    expect(gaps()).toEqual([[12, 15]]);
  });

  it("and comes back with a new chain, everything begins anew", async () => {
    node.height = 5_000;
    listen();
    await pass(10);
    node.block();
    node.sockets[0]?.break();
    node.height = 7;
    await blocks(60);
    expect(gaps()[0]?.[0]).toBe(1);
    expect(heights().at(-1)).toBe(node.height);
  });
});

describe("without any sockets", () => {
  it("the node is asked, and what happened is told a block later", async () => {
    bulwark.close();
    bulwark = await connect(NETWORK, { fetch: node.fetch, openSocket: null, pollMs: POLL });
    listen();
    await pass(10);
    node.height = 12;
    node.transactions.push(deposited(11), deposited(12));
    await pass(POLL);
    expect(states()).toEqual(["polling"]);
    expect(hashes()).toEqual([hashAt(11, 0)]);
    node.height = 13;
    await pass(POLL);
    expect(hashes()).toEqual([hashAt(11, 0), hashAt(12, 0)]);
    expect(heights()).toEqual([10, 12, 13]);
  });
});

describe("listeners", () => {
  it("share one socket; one that comes later is told how things stand", async () => {
    const stop = listen();
    await pass(10);
    node.block();
    const late: Update[] = [];
    const stopLate = bulwark.subscribe((update) => late.push(update));
    expect(late).toEqual([
      { kind: "state", state: "live" },
      { kind: "block", height: 11, time: timeOf(11) },
    ]);
    expect(node.sockets).toHaveLength(1);
    stop();
    node.block();
    expect(heights().at(-1)).toBe(11);
    expect(late.at(-1)).toMatchObject({ kind: "block", height: 12 });
    stopLate();
    expect(node.sockets[0]?.isOpen).toBe(false);
    const asked = node.asked.length;
    await pass(LONG);
    expect(node.asked.length).toBe(asked);
  });

  it("hear nothing after the connection is closed", async () => {
    listen();
    await pass(10);
    node.block();
    const told = updates.length;
    bulwark.close();
    node.sockets[0]?.tell({ data: { value: { header: {} } } });
    await pass(LONG);
    expect(updates.length).toBe(told);
  });
});
