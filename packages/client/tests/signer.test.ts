import { fromBase64, fromHex, toBase64, toHex } from "@cosmjs/encoding";
import { BaseAccount } from "cosmjs-types/cosmos/auth/v1beta1/auth";
import { QueryAccountResponse } from "cosmjs-types/cosmos/auth/v1beta1/query";
import { AuthInfo, Tx, TxBody, TxRaw } from "cosmjs-types/cosmos/tx/v1beta1/tx";
import { beforeEach, describe, expect, it } from "vitest";

import { type Bulwark, type ConnectOptions, connect } from "../src/connect.js";
import {
  BulwarkError,
  InsufficientFees,
  NodeUnreachable,
  SequenceMismatch,
  TimedOut,
  WalletRejected,
} from "../src/errors.js";
import {
  Dropped,
  EarlierIncluded,
  EarlierUnknown,
  HistoryUnavailable,
  MalformedAnswer,
  NodeRefused,
  UnknownSigner,
  WrongChain,
} from "../src/failures.js";
import { localSigner } from "../src/keys.js";
import { deposit, MessageError } from "../src/messages.js";
import type { Memory, Pending } from "../src/pending.js";
import type { BulwarkSigner, SendState } from "../src/signer.js";
import { depositEvent, emitted, FakeNode, Refusal, transaction } from "./fake-node.js";
import { ALICE, NETWORK, TOKEN, VAULT } from "./fixtures.js";

const HELLO = deposit(NETWORK, { asset: "uatom", amount: 5n });
const TOLD = 'below_initial_margin: too much {"equity_open":"1","initial":"2"}';

const LOG = `failed to execute message; message index: 0: ${TOLD}: execute wasm contract failed`;

/** How the fake node treats transactions. */
interface Mood {
  /** What it knows of alice. */
  sequence: number;
  /** What it says to each broadcast, in their order; afterwards it takes everything. */
  broadcasts: ((bytes: string) => object | Promise<object>)[];
  /** Whether what it took comes into a block. */
  includes: boolean;
  code: number;
}

let node: FakeNode;
let mood: Mood;
let sequences: number[];
let fees: object[];
let broadcast: string[];
let bulwark: Bulwark;
let signer: BulwarkSigner;
let states: SendState[];

const taken = { code: 0, codespace: "", log: "", hash: "00", data: "" };

beforeEach(async () => {
  node = new FakeNode();
  mood = { sequence: 7, broadcasts: [], includes: true, code: 0 };
  sequences = [];
  fees = [];
  broadcast = [];
  states = [];
  node.answers.set("abci_query", ({ path, data }) => ({
    response: path === "/app/simulate" ? simulated(String(data)) : accountAnswer(),
  }));
  node.answers.set("broadcast_tx_sync", async ({ tx }) => {
    const bytes = String(tx);
    broadcast.push(bytes);
    sequences.push(sequenceOf(fromBase64(bytes)));
    fees.push(feeOf(fromBase64(bytes)));
    const answer = (await mood.broadcasts.shift()?.(bytes)) ?? taken;
    if (answer === taken && mood.includes) {
      await take(bytes);
    }
    return answer;
  });
  bulwark = await connect(NETWORK, { fetch: node.fetch, openSocket: null, waitMs: 1_000 });
  signer = await bulwark.signer(await localSigner(NETWORK, "alice"));
});

function accountAnswer() {
  const account = BaseAccount.fromPartial({
    address: ALICE,
    accountNumber: 3n,
    sequence: BigInt(mood.sequence),
  });
  const value = QueryAccountResponse.encode({
    account: {
      typeUrl: "/cosmos.auth.v1beta1.BaseAccount",
      value: BaseAccount.encode(account).finish(),
    },
  }).finish();
  return { code: 0, value: toBase64(value), height: node.height.toString() };
}

/** Gas by what arrives, so that a test sees what was simulated. */
function simulated(data: string) {
  const tx = Tx.decode(fromHex(data));
  const [message] = tx.body?.messages ?? [];
  const known = message?.typeUrl === "/cosmwasm.wasm.v1.MsgExecuteContract";
  const gas = known && tx.signatures[0]?.length === 64 ? "100001" : "1";
  const json = JSON.stringify({ gas_info: { gas_wanted: "0", gas_used: gas } });
  return { code: 0, value: btoa(json), height: "10" };
}

function sequenceOf(bytes: Uint8Array): number {
  const { authInfoBytes } = TxRaw.decode(bytes);
  return Number(AuthInfo.decode(authInfoBytes).signerInfos[0]?.sequence);
}

function feeOf(bytes: Uint8Array): object {
  const { fee } = AuthInfo.decode(TxRaw.decode(bytes).authInfoBytes);
  return { gasLimit: fee?.gasLimit, amount: fee?.amount };
}

/** Takes a transaction into the next block. */
async function take(bytes: string, events = [depositEvent(ALICE, 0, 5n)]): Promise<void> {
  const hash = await sha256(bytes);
  const { code } = mood;
  mood.sequence = sequenceOf(fromBase64(bytes)) + 1;
  const included = transaction(node.height + 1, 0, code === 0 ? events : []);
  node.transactions.push({ ...included, hash, bytes, code, log: code === 0 ? "" : LOG });
  node.height += 1;
}

async function sha256(bytes: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new Uint8Array(fromBase64(bytes)));
  return toHex(new Uint8Array(digest)).toUpperCase();
}

function refused(code: number, log: string): () => object {
  return () => ({ ...taken, code, codespace: "sdk", log });
}

async function signerWith(options: ConnectOptions): Promise<BulwarkSigner> {
  const own = { fetch: node.fetch, openSocket: null, waitMs: 1_000, ...options };
  return (await connect(NETWORK, own)).signer(await localSigner(NETWORK, "alice"));
}

/** Something happens while alice's account is asked for the next time. */
function beforeNextAccount(happens: () => Promise<void>): void {
  const usual = node.answers.get("abci_query");
  node.answers.set("abci_query", async (params) => {
    if (usual !== undefined) {
      node.answers.set("abci_query", usual);
    }
    await happens();
    return usual?.(params);
  });
}

const send = () => signer.send([HELLO], { onState: (state) => states.push(state) });

describe("an estimate", () => {
  it("simulates the real messages, adds a margin and rounds the fee up", async () => {
    const estimate = await signer.estimate([HELLO]);
    // 100,001 × 1.3 = 130,001.3 gas, at 0.025 each 3,250.05.
    expect(estimate.gas).toBe(130_002);
    expect(estimate.feeAmount).toBe(3_251n);
    expect(estimate.fee).toEqual({
      amount: [{ denom: "ustake", amount: "3251" }],
      gas: "130002",
    });
  });

  it("is a refusal by name where a contract would refuse", async () => {
    node.answers.set("abci_query", ({ path }) => ({
      response:
        path === "/app/simulate" ? { code: 5, codespace: "wasm", log: LOG } : accountAnswer(),
    }));
    const estimating = signer.estimate([HELLO]);
    await expect(estimating).rejects.toThrow(BulwarkError);
    await expect(estimating).rejects.toMatchObject({ name: "below_initial_margin" });
  });

  it("takes no token's word for the vault's", async () => {
    node.answers.set("abci_query", ({ path }) => ({
      response:
        path === "/app/simulate" ? { code: 5, codespace: "wasm", log: LOG } : accountAnswer(),
    }));
    const token = deposit(NETWORK, { asset: `cw20:${TOKEN}`, amount: 5n });
    await expect(signer.estimate([token])).rejects.toMatchObject({ kind: "chain_refused" });
    await expect(signer.estimate([HELLO])).rejects.toThrow(BulwarkError);
  });

  it("waits for no transaction that is on its way", async () => {
    let tries = 0;
    node.answers.set("abci_query", ({ path, data }) => {
      if (path !== "/app/simulate") {
        return { response: accountAnswer() };
      }
      tries += 1;
      const mismatch = "account sequence mismatch, expected 9, got 7: incorrect account sequence";
      const { authInfo } = Tx.decode(fromHex(String(data)));
      expect(authInfo?.signerInfos[0]?.sequence).toBe(tries === 1 ? 7n : 9n);
      const response =
        tries === 1 ? { code: 32, codespace: "sdk", log: mismatch } : simulated(String(data));
      return { response };
    });
    expect((await signer.estimate([HELLO])).gas).toBe(130_002);
    expect(tries).toBe(2);
  });

  it("is told by type where the node answers nonsense", async () => {
    const used = (gas: string) => btoa(JSON.stringify({ gas_info: { gas_used: gas } }));
    // The last would have the sender pay for gas that no chain gives.
    for (const value of ["", "?", btoa("{}"), used("-1"), used("1000000001")]) {
      node.answers.set("abci_query", ({ path }) => ({
        response: path === "/app/simulate" ? { code: 0, value } : accountAnswer(),
      }));
      await expect(signer.estimate([HELLO])).rejects.toThrow(MalformedAnswer);
    }
    await expect(signer.estimate([])).rejects.toThrow(MessageError);
  });
});

describe("sending", () => {
  it("signs once, and tells each state, what it cost and what happened", async () => {
    const receipt = await send();
    expect(states).toEqual(["signing", "broadcasting", "waiting", "done"]);
    expect(sequences).toEqual([7]);
    expect(receipt).toMatchObject({ height: 11, gasUsed: 200, gasWanted: 300 });
    expect(receipt.events).toMatchObject([{ type: "deposit", amount: 5n }]);
  });

  it("with an estimate simulates nothing again", async () => {
    const estimate = await signer.estimate([HELLO]);
    const before = node.asked.filter(({ params }) => params.path === "/app/simulate").length;
    await signer.send([HELLO], { estimate });
    const after = node.asked.filter(({ params }) => params.path === "/app/simulate").length;
    expect([before, after]).toEqual([1, 1]);
  });

  it("signs the fee of the estimate to the unit, whatever gas costs by then", async () => {
    const shown = {
      gas: 77_777,
      feeAmount: 4_321n,
      fee: { amount: [{ denom: "ustake", amount: "4321" }], gas: "77777" },
    };
    await signer.send([HELLO], { estimate: shown });
    expect(fees).toEqual([{ gasLimit: 77_777n, amount: shown.fee.amount }]);
  });

  it("is refused by type where the node does not take it", async () => {
    mood.broadcasts = [refused(13, "insufficient fees; got: 1ustake required: 5ustake")];
    await expect(send()).rejects.toThrow(InsufficientFees);
    expect(states).toEqual(["signing", "broadcasting"]);
  });

  it("is refused by the contract's name where it failed in a block", async () => {
    mood.code = 5;
    const sending = send();
    await expect(sending).rejects.toThrow(BulwarkError);
    await expect(sending).rejects.toMatchObject({ name: "below_initial_margin" });
    expect(states).not.toContain("done");
  });

  it("is refused by the chain where a token failed in a block that imitates the vault", async () => {
    mood.code = 5;
    const token = deposit(NETWORK, { asset: `cw20:${TOKEN}`, amount: 5n });
    await expect(signer.send([token])).rejects.toMatchObject({ kind: "chain_refused" });
  });

  it("finds the transaction in the blocks where the node keeps no index", async () => {
    node.isIndexed = false;
    expect((await send()).height).toBe(11);
    mood.code = 5;
    await expect(send()).rejects.toThrow(BulwarkError);
  });

  it("goes on after a failure with the next transaction", async () => {
    mood.broadcasts = [refused(13, "insufficient fees; got: 1ustake required: 5ustake")];
    const [first, second] = [send(), send()];
    await expect(first).rejects.toThrow(InsufficientFees);
    expect((await second).height).toBe(11);
  });
});

describe("a transaction on a bad connection", () => {
  const mismatch = "account sequence mismatch, expected 8, got 7: incorrect account sequence";
  const again = deposit(NETWORK, { asset: "uatom", amount: 5n });

  it("whose broadcast got no answer is waited for: it may have arrived", async () => {
    mood.broadcasts = [
      async (bytes) => {
        await take(bytes);
        throw new TypeError("fetch failed");
      },
    ];
    expect((await send()).height).toBe(11);
    expect(broadcast).toHaveLength(1);
  });

  it("that did not arrive is sent again as it is, and not signed again", async () => {
    mood.broadcasts = [
      () => {
        throw new TypeError("fetch failed");
      },
    ];
    expect((await send()).height).toBe(11);
    expect(broadcast).toHaveLength(2);
    expect(broadcast[0]).toBe(broadcast[1]);
    expect(states.filter((state) => state === "signing")).toHaveLength(1);
  });

  it("that the node has already is waited for, and not signed again", async () => {
    mood.broadcasts = [
      async (bytes) => {
        await take(bytes);
        throw new Refusal("tx already exists in cache");
      },
    ];
    expect((await send()).height).toBe(11);
    expect(sequences).toEqual([7]);
  });

  it("that was sent twice on the way, and came first itself, is told as done", async () => {
    for (const isIndexed of [true, false]) {
      node.isIndexed = isIndexed;
      const before = sequences.length;
      mood.broadcasts = [
        async (bytes) => {
          await take(bytes);
          return refused(32, mismatch)();
        },
      ];
      expect((await send()).height).toBe(node.height);
      expect(sequences).toHaveLength(before + 1);
    }
  });

  it("is not signed anew where another one came first: that may be the same wish", async () => {
    mood.broadcasts = [
      (bytes) => {
        node.height += 1;
        mood.sequence = sequenceOf(fromBase64(bytes)) + 1;
        return refused(32, mismatch)();
      },
    ];
    await expect(send()).rejects.toThrow(SequenceMismatch);
    expect(sequences).toEqual([7]);
  });

  it("says up to which block it may still come where it is in none in time", async () => {
    mood.includes = false;
    const sending = send();
    await expect(sending).rejects.toThrow(TimedOut);
    await expect(sending).rejects.toMatchObject({
      hash: await sha256(broadcast[0] ?? ""),
      until: 210,
      message: expect.stringContaining("block 210"),
    });
    expect(timeoutOf(broadcast[0] ?? "")).toBe(210n);
  });

  it("is told of before anything is signed, once, where it came into a block after all", async () => {
    mood.includes = false;
    await expect(send()).rejects.toThrow(TimedOut);
    mood.includes = true;
    await take(broadcast[0] ?? "");
    const sending = signer.send([again]);
    await expect(sending).rejects.toThrow(EarlierIncluded);
    await expect(sending).rejects.toMatchObject({
      hash: await sha256(broadcast[0] ?? ""),
      height: 11,
    });
    expect(sequences).toEqual([7]);
    await signer.send([again]);
    expect(sequences).toEqual([7, 8]);
  });

  it("and what is signed while nobody knows cannot both count", async () => {
    mood.includes = false;
    await expect(send()).rejects.toThrow(TimedOut);
    mood.includes = true;
    await signer.send([again], { memo: "again" });
    expect(sequences).toEqual([7, 7]);
    expect(broadcast[0]).not.toBe(broadcast[1]);
    await signer.send([again]);
    expect(sequences).toEqual([7, 7, 8]);
  });

  it("not even if it comes into a block while its owner signs the next", async () => {
    mood.includes = false;
    await expect(send()).rejects.toThrow(TimedOut);
    mood.includes = true;
    mood.broadcasts = [refused(32, mismatch)];
    const estimate = await signer.estimate([again]);
    const onState = (state: SendState) => {
      if (state === "signing") {
        beforeNextAccount(() => take(broadcast[0] ?? ""));
      }
    };
    await expect(signer.send([again], { estimate, memo: "again", onState })).rejects.toThrow(
      EarlierIncluded,
    );
    expect(sequences).toEqual([7, 7]);
  });

  it("stands in nobody's way where another one of the same key took its place", async () => {
    for (const isIndexed of [true, false]) {
      node.isIndexed = isIndexed;
      const first = mood.sequence;
      mood.includes = false;
      await expect(send()).rejects.toThrow(TimedOut);
      mood.includes = true;
      const elsewhere = await bulwark.signer(await localSigner(NETWORK, "alice"));
      await elsewhere.send([again], { memo: "elsewhere" });
      await signer.send([again]);
      expect(sequences.slice(-3)).toEqual([first, first, first + 1]);
    }
  });

  it("is dead for certain once its blocks have passed without it", async () => {
    mood.includes = false;
    const hasty = await signerWith({ timeoutBlocks: 3 });
    const pass = (state: SendState) => {
      node.height += state === "waiting" ? 3 : 0;
    };
    await expect(hasty.send([HELLO], { onState: pass })).rejects.toThrow(Dropped);
    // Also where the node refuses it, because somebody took long to sign.
    mood.broadcasts = [refused(30, "block height: 14, timeout height: 13: tx timeout height")];
    await expect(hasty.send([HELLO])).rejects.toThrow(Dropped);
  });

  it("is no failure for events that cannot be read: it happened", async () => {
    const strange = emitted("deposit", { owner: ALICE, id: "x" });
    mood.broadcasts = [
      async (bytes) => {
        await take(bytes, [strange, depositEvent(ALICE, 0, 5n)]);
        return { ...taken };
      },
    ];
    const receipt = await send();
    expect(receipt.events).toMatchObject([{ type: "deposit", amount: 5n }]);
    expect(receipt.unreadable).toMatchObject([{ attribute: "id", value: "x" }]);
  });

  it("is found by its hash", async () => {
    const { hash } = await send();
    expect(await bulwark.transaction(hash.toLowerCase())).toMatchObject({ hash, height: 11 });
    expect(await bulwark.transaction("00".repeat(32))).toBeUndefined();
    await expect(bulwark.transaction("00")).rejects.toThrow(MessageError);
    mood.code = 5;
    await expect(send()).rejects.toThrow(BulwarkError);
    await expect(bulwark.transaction(await sha256(broadcast[1] ?? ""))).rejects.toMatchObject({
      name: "below_initial_margin",
    });
  });

  function timeoutOf(bytes: string): bigint {
    return TxBody.decode(TxRaw.decode(fromBase64(bytes)).bodyBytes).timeoutHeight;
  }
});

describe("a wallet", () => {
  it("that says no is told by type, and nothing was sent", async () => {
    const bulwark = await connect(NETWORK, { fetch: node.fetch, openSocket: null });
    const keys = await localSigner(NETWORK, "alice");
    const reluctant = await bulwark.signer({
      getAccounts: () => keys.getAccounts(),
      signDirect: async () => {
        throw new Error("Request rejected");
      },
    });
    await expect(reluctant.send([HELLO])).rejects.toThrow(WalletRejected);
    expect(node.count("broadcast_tx_sync")).toBe(0);
  });

  it("without the account asked for is told by type", async () => {
    const bulwark = await connect(NETWORK, { fetch: node.fetch, openSocket: null });
    const keys = await localSigner(NETWORK, "alice");
    await expect(bulwark.signer(keys, VAULT)).rejects.toThrow(UnknownSigner);
    const empty = { getAccounts: async () => [], signDirect: () => Promise.reject(new Error()) };
    await expect(bulwark.signer(empty)).rejects.toThrow(UnknownSigner);
  });

  it("is not asked where the node has become another chain's, or is gone", async () => {
    const bulwark = await connect(NETWORK, { fetch: node.fetch, openSocket: null });
    const keys = await localSigner(NETWORK, "alice");
    node.chainId = "test-local-2";
    await expect(bulwark.signer(keys)).rejects.toThrow(WrongChain);
    node.isDown = true;
    await expect(send()).rejects.toThrow(NodeUnreachable);
    expect(states).toEqual([]);
  });
});

describe("what is remembered", () => {
  const again = deposit(NETWORK, { asset: "uatom", amount: 6n });
  let kept: unknown;
  let memory: () => Memory;
  let memos: number;

  beforeEach(() => {
    kept = undefined;
    memos = 0;
    // As in a file: nothing but JSON lasts.
    memory = () => ({
      read: () => (typeof kept === "string" ? JSON.parse(kept) : kept),
      write: (pending) => {
        kept = JSON.stringify(pending);
      },
    });
  });

  /** As after a reload, or of another tab. */
  const anew = () => signerWith({ memory });
  const sendWith = (one: BulwarkSigner) => {
    memos += 1;
    return one.send([again], { memo: `${memos}` });
  };
  const pending = (): Pending[] => JSON.parse(String(kept));

  async function timesOut(one: BulwarkSigner): Promise<void> {
    mood.includes = false;
    await expect(sendWith(one)).rejects.toThrow(TimedOut);
    mood.includes = true;
  }

  it("is there from before it is sent until it is known what became of it", async () => {
    mood.broadcasts = [
      async (bytes) => {
        const hash = await sha256(bytes);
        expect(pending()).toEqual([{ hash, sequence: 7, from: 10, until: 210 }]);
        return taken;
      },
    ];
    await timesOut(await anew());
    expect(pending()).toHaveLength(1);
    await sendWith(await anew());
    expect(pending()).toEqual([]);
  });

  it("keeps a new signer from doing it twice", async () => {
    await timesOut(await anew());
    await take(broadcast[0] ?? "");
    await expect(sendWith(await anew())).rejects.toMatchObject({
      kind: "earlier_included",
      height: 11,
    });
    // It is said once, whoever asks.
    expect((await sendWith(await anew())).height).toBe(12);
    expect(sequences).toEqual([7, 8]);
  });

  it("has a new signer take the same place, also if the first arrives at the last moment", async () => {
    await timesOut(await anew());
    const late = await anew();
    const estimate = await late.estimate([again]);
    mood.broadcasts = [refused(32, "account sequence mismatch, expected 8, got 7")];
    const onState = (state: SendState) => {
      if (state === "signing") {
        beforeNextAccount(() => take(broadcast[0] ?? ""));
      }
    };
    await expect(late.send([again], { estimate, onState })).rejects.toThrow(EarlierIncluded);
    expect(sequences).toEqual([7, 7]);
  });

  it("holds several, and tells of each", async () => {
    await timesOut(await anew());
    mood.sequence = 8;
    const other = await signerWith({});
    await timesOut(other);
    await take(broadcast[0] ?? "");
    await take(broadcast[1] ?? "");
    const first = pending();
    const second = { ...first[0], hash: await sha256(broadcast[1] ?? ""), sequence: 8 };
    kept = JSON.stringify([...first, second]);
    await expect(sendWith(await anew())).rejects.toMatchObject({ height: 11 });
    await expect(sendWith(await anew())).rejects.toMatchObject({ height: 12 });
    expect((await sendWith(await anew())).height).toBe(13);
  });

  it("is nothing where what was kept is nonsense", async () => {
    const hash = "AB".repeat(32);
    const nonsense: unknown[] = [
      7,
      "{",
      null,
      {},
      [null, 1, {}, { hash }, { hash, sequence: -1, from: 1 }, { hash, sequence: 1, from: 0.5 }],
      [
        { hash, sequence: "1", from: 1 },
        { hash: "x", sequence: 1, from: 1 },
      ],
      [{ hash, sequence: 1, from: 1, until: "soon" }],
    ];
    for (const value of nonsense) {
      kept = value;
      await sendWith(await anew());
    }
    expect(sequences).toEqual([7, 8, 9, 10, 11, 12, 13]);
  });

  it("is bounded", async () => {
    const entry = (index: number) => ({
      hash: index.toString(16).toUpperCase().padStart(64, "0"),
      sequence: 7,
      from: 10,
      until: 500,
    });
    kept = Array.from({ length: 50 }, (_, index) => entry(index));
    await timesOut(await anew());
    expect(pending()).toHaveLength(10);
  });

  it("that cannot be written down is not sent", async () => {
    const full = await signerWith({
      memory: () => ({
        read: () => [],
        write: () => {
          throw new Error("the disk is full");
        },
      }),
    });
    await expect(sendWith(full)).rejects.toThrow("the disk is full");
    expect(broadcast).toEqual([]);
  });

  it("locks nobody out of a chain that began anew", async () => {
    mood.sequence = 50;
    node.height = 1_000;
    const one = await anew();
    await sendWith(one);
    await timesOut(one);
    [node.height, node.transactions, mood.sequence] = [5, [], 3];
    mood.broadcasts = [refused(32, "account sequence mismatch, expected 3, got 51")];
    // The signer has seen 50 taken: it learns that this no longer holds, and signs nothing anew.
    await expect(sendWith(one)).rejects.toThrow(SequenceMismatch);
    await sendWith(one);
    await sendWith(one);
    await sendWith(await anew());
    expect(sequences.slice(-3)).toEqual([3, 4, 5]);
  });

  it("locks nobody out after a transaction in a block that took no sequence", async () => {
    const one = await anew();
    mood.code = 5;
    mood.broadcasts = [
      async (bytes) => {
        await take(bytes);
        mood.sequence = 7;
        return { ...taken };
      },
    ];
    await expect(sendWith(one)).rejects.toThrow(BulwarkError);
    // It may come into another block: what is signed next cannot count as well.
    expect(pending()).toHaveLength(1);
    mood.code = 0;
    await sendWith(one);
    expect(sequences).toEqual([7, 7]);
    expect(pending()).toEqual([]);
  });

  it("is forgotten where its blocks have passed and its place is free", async () => {
    const one = await anew();
    await timesOut(one);
    node.height = 210;
    node.oldest = 200;
    node.isIndexed = false;
    node.answers.set("tx", () => {
      throw new Refusal("transaction indexing is disabled");
    });
    await sendWith(one);
    expect(pending()).toEqual([]);
  });

  it("of which the node can no longer tell is said once, and then nobody is kept from sending", async () => {
    await timesOut(await anew());
    await take(broadcast[0] ?? "");
    node.isIndexed = false;
    [node.height, node.oldest] = [500, 400];
    const sending = sendWith(await anew());
    await expect(sending).rejects.toThrow(EarlierUnknown);
    await expect(sending).rejects.toMatchObject({ hash: await sha256(broadcast[0] ?? "") });
    expect((await sendWith(await anew())).height).toBe(501);
    expect(sequences).toEqual([7, 8]);
  });

  it("is not given up for a node that is behind the one that was asked first", async () => {
    await timesOut(await anew());
    await take(broadcast[0] ?? "");
    node.isIndexed = false;
    let isBehind = true;
    node.answers.set("block", ({ height }) => {
      const txs = node.transactions.filter((one) => one.height === Number(height));
      if (isBehind && Number(height) > 10) {
        isBehind = false;
        throw new Refusal("height 11 must be less than or equal to the current height 10");
      }
      return { block: { header: { height }, data: { txs: txs.map(({ bytes }) => bytes) } } };
    });
    await expect(sendWith(await anew())).rejects.toThrow(EarlierIncluded);
  });
});

describe("a node that does not play along", () => {
  const mismatch = "account sequence mismatch, expected 8, got 7: incorrect account sequence";

  it("and says that something went wrong inside of it may have taken the transaction", async () => {
    for (const words of ["EOF", "context deadline exceeded", "timed out waiting", "too many"]) {
      mood.broadcasts = [
        async (bytes) => {
          await take(bytes);
          throw new Refusal(words);
        },
      ];
      expect((await send()).height).toBe(node.height);
    }
    expect(sequences).toEqual([7, 8, 9, 10]);
  });

  it("and has no room refuses by type", async () => {
    mood.broadcasts = [
      () => {
        throw new Refusal("mempool is full: number of txs 5000 (max: 5000)");
      },
    ];
    await expect(send()).rejects.toThrow(NodeRefused);
  });

  it("and goes away after it said that another one came first leaves it open", async () => {
    mood.broadcasts = [
      () => {
        setTimeout(() => {
          node.isDown = true;
        });
        return refused(32, mismatch)();
      },
    ];
    mood.includes = false;
    const sending = send();
    await expect(sending).rejects.toThrow(TimedOut);
    await expect(sending).rejects.toMatchObject({ until: 210 });
  });

  it("and is closed meanwhile leaves it open", async () => {
    mood.includes = false;
    const sending = signer.send([HELLO], {
      onState: (state) => state === "waiting" && bulwark.close(),
    });
    await expect(sending).rejects.toThrow(TimedOut);
  });

  it("and gives one block for every other holds nobody up", async () => {
    node.isIndexed = false;
    mood.includes = false;
    const endless = await signerWith({ timeoutBlocks: 1_000_000 });
    node.answers.set("block", () => ({ block: { header: { height: "11" }, data: { txs: [] } } }));
    const jump = (state: SendState) => {
      if (state === "waiting") {
        [node.height, mood.sequence] = [900_000, 8];
      }
    };
    await expect(endless.send([HELLO], { onState: jump })).rejects.toThrow(TimedOut);
    expect(node.count("block")).toBeLessThan(10);
  });

  it("and says that the fee is too low, but keeps the transaction, makes nothing happen twice", async () => {
    mood.broadcasts = [
      refused(13, "insufficient fees; got: 1ustake required: 5ustake"),
      async () => {
        await take(broadcast[0] ?? "");
        return refused(32, mismatch)();
      },
    ];
    await expect(send()).rejects.toThrow(InsufficientFees);
    await expect(signer.send([HELLO], { memo: "more" })).rejects.toThrow(EarlierIncluded);
    expect(sequences).toEqual([7, 7]);
  });

  it("and has junk of the same key and place in a block kills nothing", async () => {
    node.isIndexed = false;
    mood.broadcasts = [
      async (bytes) => {
        const { bodyBytes, authInfoBytes } = TxRaw.decode(fromBase64(bytes));
        const junk = TxRaw.encode({ bodyBytes, authInfoBytes, signatures: [] }).finish();
        const failed = { ...transaction(node.height + 1, 0, []), code: 4, bytes: toBase64(junk) };
        node.transactions.push(failed);
        node.height += 1;
        setTimeout(() => void take(bytes), 300);
        return { ...taken };
      },
    ];
    expect((await send()).height).toBe(12);
  });

  it("and tells of another transaction than was asked for is not believed", async () => {
    const { hash } = await send();
    const [other] = node.transactions;
    node.answers.set("tx", () => ({ ...other, hash: "AB".repeat(32), tx_result: {} }));
    await expect(bulwark.transaction(hash)).rejects.toThrow(MalformedAnswer);
  });

  it("and cannot tell is not taken for one that says no", async () => {
    node.isIndexed = false;
    await expect(bulwark.transaction("00".repeat(32))).rejects.toThrow(HistoryUnavailable);
    node.answers.set("tx", () => {
      throw new Refusal("rate limit exceeded");
    });
    await expect(bulwark.transaction("00".repeat(32))).rejects.toThrow(NodeRefused);
  });
});
