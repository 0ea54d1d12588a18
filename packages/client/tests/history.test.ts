import { describe, expect, it } from "vitest";

import { connect } from "../src/connect.js";
import { EventError } from "../src/events.js";
import { HistoryUnavailable, MalformedAnswer, SearchTooLong } from "../src/failures.js";
import type { HistoryEntry } from "../src/history.js";
import { MessageError } from "../src/messages.js";
import {
  borrowEvent,
  depositEvent,
  emitted,
  FakeNode,
  hashAt,
  priceTransaction,
  timeOf,
  transaction,
  transferEvent,
} from "./fake-node.js";
import { ALICE, LIQUIDATOR, NETWORK, TOKEN } from "./fixtures.js";
import { Random } from "./random.js";

const [BOB, CAROL] = [TOKEN, LIQUIDATOR];

async function connected(node: FakeNode) {
  return connect(NETWORK, { fetch: node.fetch, openSocket: null });
}

function places(entries: readonly HistoryEntry[]): string[] {
  return entries.map(({ hash }) => hash);
}

describe("an owner's history", () => {
  it("is what concerns the owner's accounts, newest first, with hash, height and time", async () => {
    const node = new FakeNode();
    node.transactions = [
      transaction(2, 0, [depositEvent(ALICE, 0, 5n)]),
      transaction(3, 0, [depositEvent(BOB, 0, 6n)]),
      transaction(4, 1, [depositEvent(ALICE, 1, 7n), borrowEvent(ALICE, 1, 8n)]),
      transaction(5, 0, [transferEvent(BOB, ALICE, 2)]),
      priceTransaction(6, 0),
    ];
    const bulwark = await connected(node);
    const entries = await bulwark.history({ owner: ALICE });
    expect(places(entries)).toEqual([hashAt(5, 0), hashAt(4, 1), hashAt(2, 0)]);
    expect(entries[1]).toMatchObject({ height: 4, index: 1, time: timeOf(4), gasUsed: 200 });
    expect(entries[1]?.events.map(({ type }) => type)).toEqual(["deposit", "borrow"]);
    expect(entries[2]?.events[0]).toMatchObject({ type: "deposit", amount: 5n, id: 0 });
  });

  it("can be that of one account, or of some types of events", async () => {
    const node = new FakeNode();
    const operator = { owner: ALICE, operator: BOB, action: "granted", expires: "0" };
    node.transactions = [
      transaction(2, 0, [depositEvent(ALICE, 0, 5n), depositEvent(ALICE, 1, 6n)]),
      transaction(3, 0, [transferEvent(BOB, ALICE, 1)]),
      transaction(4, 0, [borrowEvent(ALICE, 0, 6n)]),
      transaction(5, 0, [emitted("operator", { ...operator, account: "all" })]),
      transaction(6, 0, [emitted("operator", { ...operator, account: "0" })]),
    ];
    const bulwark = await connected(node);
    const entries = await bulwark.history({ owner: ALICE, id: 1 });
    expect(places(entries)).toEqual([hashAt(5, 0), hashAt(3, 0), hashAt(2, 0)]);
    expect(entries[2]?.events).toHaveLength(1);
    const borrows = await bulwark.history({ owner: ALICE, types: ["borrow"] });
    expect(places(borrows)).toEqual([hashAt(4, 0)]);
  });

  it("comes page by page, each transaction once, also where a block holds many", async () => {
    const random = new Random(6);
    for (let round = 0; round < 20; round += 1) {
      const node = new FakeNode();
      node.height = 40;
      const expected: string[] = [];
      for (let height = 1; height <= 40; height += 1) {
        const size = random.below(8);
        for (let index = 0; index < size; index += 1) {
          const owner = [ALICE, BOB, CAROL][random.below(3)] ?? ALICE;
          const kinds = [
            depositEvent(owner, 0, 1n),
            borrowEvent(owner, 0, 1n),
            transferEvent(owner, [ALICE, BOB][random.below(2)] ?? ALICE, 0),
          ];
          const events = kinds.filter(() => random.below(2) === 0);
          node.transactions.push(transaction(height, index, events));
          const owners = events.flatMap(({ attributes }) =>
            attributes.filter(({ key }) => /^(to_)?owner$/.test(key)).map(({ value }) => value),
          );
          if (owners.includes(ALICE)) {
            expected.unshift(hashAt(height, index));
          }
        }
      }
      const bulwark = await connected(node);
      const limit = 1 + random.below(9);
      const found: HistoryEntry[] = [];
      for (;;) {
        const before = found.at(-1);
        const page = await bulwark.history({ owner: ALICE, limit, before });
        found.push(...page);
        if (page.length < limit) {
          break;
        }
        // What is new does not shift the pages.
        node.height += 1;
        node.transactions.push(transaction(node.height, 0, [depositEvent(ALICE, 0, 1n)]));
      }
      expect(places(found)).toEqual(expected);
    }
  });

  it("is not asked for with an owner that could change the question", async () => {
    const bulwark = await connected(new FakeNode());
    for (const owner of ["", "x' OR tx.height>0", ALICE.toUpperCase()]) {
      await expect(bulwark.history({ owner })).rejects.toThrow(MessageError);
    }
    await expect(bulwark.history({ id: 1 })).rejects.toThrow(MessageError);
    await expect(bulwark.history({ limit: 0 })).rejects.toThrow(MessageError);
    await expect(bulwark.history({ limit: 101 })).rejects.toThrow(MessageError);
  });
});

describe("the history of all", () => {
  it("is the vault's, or that of some types of events of whichever contract", async () => {
    const node = new FakeNode();
    node.transactions = [
      transaction(2, 0, [depositEvent(ALICE, 0, 5n)]),
      priceTransaction(3, 0),
      transaction(4, 0, [borrowEvent(BOB, 0, 5n)]),
    ];
    const bulwark = await connected(node);
    expect(places(await bulwark.history())).toEqual([hashAt(4, 0), hashAt(2, 0)]);
    expect(places(await bulwark.history({ types: ["price", "deposit"] }))).toEqual([
      hashAt(3, 0),
      hashAt(2, 0),
    ]);
  });

  it("is given without times where the node dropped the blocks, and asks for each block once", async () => {
    const node = new FakeNode();
    node.oldest = 4;
    node.transactions = [2, 4, 5].flatMap((height) => [
      transaction(height, 0, [depositEvent(ALICE, 0, 5n)]),
      transaction(height, 1, [depositEvent(ALICE, 0, 5n)]),
    ]);
    const bulwark = await connected(node);
    const entries = await bulwark.history();
    expect(entries.map(({ time }) => time)).toEqual([
      timeOf(5),
      timeOf(5),
      timeOf(4),
      timeOf(4),
      undefined,
      undefined,
    ]);
    await bulwark.history();
    expect(node.count("header")).toBe(3);
  });

  it("passes over what others emit under the same names", async () => {
    const node = new FakeNode();
    const foreign = emitted("deposit", { owner: ALICE }, TOKEN);
    node.transactions = [transaction(2, 0, [foreign]), transaction(3, 0, [])];
    const bulwark = await connected(node);
    expect(await bulwark.history({ owner: ALICE })).toEqual([]);
    expect(await bulwark.history()).toEqual([]);
  });

  it("does not even find them, however many there are, and counts none beside our own", async () => {
    const node = new FakeNode();
    const foreign = emitted("deposit", { owner: ALICE, id: "0" }, TOKEN);
    const [flood, own, mixed] = [
      range(3, 9).map((height) => transaction(height, 0, [foreign])),
      transaction(2, 0, [depositEvent(ALICE, 0, 5n)]),
      // Somebody else's deposit with us, beside an imitation that names alice.
      transaction(9, 0, [depositEvent(BOB, 0, 6n), foreign]),
    ];
    node.transactions = [own, ...flood, mixed];
    let found = 0;
    const counting: typeof fetch = async (input, init) => {
      const response = await node.fetch(input, init);
      const { result } = await response.clone().json();
      found += result?.txs?.length ?? 0;
      return response;
    };
    const bulwark = await connect(NETWORK, { fetch: counting, openSocket: null });
    for (const query of [{ owner: ALICE }, { owner: ALICE, id: 0 }]) {
      found = 0;
      const entries = await bulwark.history(query);
      expect(places(entries)).toEqual([own.hash]);
      expect(entries[0]?.events).toHaveLength(1);
      expect(found).toBe(1);
    }
  });
});

describe("a node that does not play along", () => {
  it("without an index is told by type", async () => {
    const node = new FakeNode();
    node.isIndexed = false;
    const bulwark = await connected(node);
    await expect(bulwark.history()).rejects.toThrow(HistoryUnavailable);
  });

  it("with malformed answers is told by the field that is wrong", async () => {
    const node = new FakeNode();
    const bulwark = await connected(node);
    const answers: [unknown, string][] = [
      [{ txs: [{ height: "3", index: 0 }], total_count: "1" }, "txs[0].hash"],
      [{ txs: [{ hash: hashAt(1, 1), height: "-3" }], total_count: "1" }, "txs[0].height"],
      [{ txs: "none", total_count: "1" }, "txs"],
      [{ txs: [], total_count: "many" }, "total_count"],
      ["nothing", "result"],
    ];
    for (const [answer, field] of answers) {
      node.answers.set("tx_search", () => answer);
      const asked = bulwark.history();
      await expect(asked).rejects.toThrow(MalformedAnswer);
      await expect(asked).rejects.toMatchObject({ method: "tx_search", field });
    }
  });

  it("with a malformed event of ours shows the others, and says what is wrong with that one", async () => {
    const node = new FakeNode();
    const strange = emitted("deposit", { owner: ALICE, id: "x" });
    node.transactions = [
      transaction(2, 0, [depositEvent(ALICE, 0, 5n)]),
      transaction(3, 0, [strange]),
      transaction(4, 0, [strange, borrowEvent(ALICE, 0, 6n)]),
    ];
    const bulwark = await connected(node);
    for (const entries of [await bulwark.history({ owner: ALICE }), await bulwark.history()]) {
      expect(places(entries)).toEqual([hashAt(4, 0), hashAt(3, 0), hashAt(2, 0)]);
      expect(entries.map(({ events }) => events.length)).toEqual([1, 0, 1]);
      const wrong = { event: "bulwark-deposit", attribute: "id", value: "x" };
      expect(entries[0]?.unreadable).toMatchObject([wrong]);
      expect(entries[1]?.unreadable).toMatchObject([wrong]);
      expect(entries[1]?.unreadable?.[0]).toBeInstanceOf(EventError);
      expect(entries[2]).not.toHaveProperty("unreadable");
    }
    // Nobody asked for those.
    const borrows = await bulwark.history({ owner: ALICE, types: ["borrow"] });
    expect(places(borrows)).toEqual([hashAt(4, 0)]);
    expect(borrows[0]).not.toHaveProperty("unreadable");
  });

  it("that counts without end, or repeats itself, is not asked for ever", async () => {
    const own = transaction(9, 0, [depositEvent(ALICE, 0, 5n)]);
    const result = { code: 0, gas_used: "1", gas_wanted: "1", events: own.events };
    const page = (pages: number) => ({
      total_count: "9007199254740991",
      txs: [{ hash: hashAt(9, pages), height: "9", index: 0, tx_result: result }],
    });
    const node = new FakeNode();
    // The same again and again; and another one each time that nobody asked for.
    let asked = 0;
    for (const answer of [() => page(0), () => ({ ...page(asked), txs: foreign(asked) })]) {
      asked = 0;
      node.answers.set("tx_search", () => {
        asked += 1;
        return answer();
      });
      const bulwark = await connected(node);
      const reading = bulwark.history({ limit: 3 });
      await expect(reading).rejects.toThrow(SearchTooLong);
      await expect(reading).rejects.toMatchObject({ kind: "search_too_long", pages: 100 });
      expect(asked).toBe(100);
    }
    node.answers.set("tx_search", () => ({
      total_count: "1",
      txs: Array.from({ length: 101 }, () => page(0).txs[0]),
    }));
    await expect((await connected(node)).history()).rejects.toMatchObject({ field: "txs" });

    function foreign(index: number) {
      const events = [emitted("deposit", { owner: ALICE }, TOKEN)];
      const height = (1_000 - index).toString();
      return [{ hash: hashAt(8, index), height, index: 0, tx_result: { ...result, events } }];
    }
  });

  it("shows nothing twice that moved to the next page meanwhile", async () => {
    const node = new FakeNode();
    node.height = 100;
    const at = (height: number) => transaction(height, 0, [depositEvent(ALICE, 0, 1n)]);
    // One that is not shown keeps the page from being full.
    node.transactions = [transaction(60, 0, []), ...range(10, 60).map(at)];
    const bulwark = await connected(node);
    node.answers.set("tx_search", (params) => {
      node.answers.delete("tx_search");
      const first = node.fetch("", {
        body: JSON.stringify({ id: 1, method: "tx_search", params }),
      });
      return first.then(async (response) => {
        const { result } = await response.json();
        node.transactions.push(at(100));
        return result;
      });
    });
    const entries = await bulwark.history({ limit: 30 });
    expect(entries.map(({ height }) => height)).toEqual(range(30, 60).reverse());
  });
});

/** Whole numbers from one to before the other. */
function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}
