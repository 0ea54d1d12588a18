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
  MalformedAnswer,
  UnknownSigner,
  WrongChain,
} from "../src/failures.js";
import { localSigner } from "../src/keys.js";
import { deposit, MessageError } from "../src/messages.js";
import type { BulwarkSigner, SendState, Signed } from "../src/signer.js";
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
  return { code: 0, value: toBase64(value), height: "10" };
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

  it("tells what was signed before it is sent, so that it can be kept", async () => {
    const signed: Signed[] = [];
    const { hash } = await signer.send([HELLO], {
      onSigned: (one) => {
        expect(broadcast).toEqual([]);
        signed.push(one);
      },
    });
    expect(signed).toEqual([{ hash, until: 210 }]);
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
    mood.broadcasts = [refused(32, mismatch)];
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
    // Once the height is read, nothing but the signature is missing.
    node.answers.set("status", async () => {
      node.answers.delete("status");
      await take(broadcast[0] ?? "");
      return { sync_info: { latest_block_height: "10" } };
    });
    await expect(signer.send([again], { estimate, memo: "again" })).rejects.toThrow(
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
    const hasty = await bulwarkWith({ timeoutBlocks: 3 });
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

  async function bulwarkWith(options: ConnectOptions): Promise<BulwarkSigner> {
    const own = { fetch: node.fetch, openSocket: null, waitMs: 1_000, ...options };
    return (await connect(NETWORK, own)).signer(await localSigner(NETWORK, "alice"));
  }

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
