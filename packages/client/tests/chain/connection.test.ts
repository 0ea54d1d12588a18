import { DirectSecp256k1HdWallet } from "@cosmjs/proto-signing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import * as actions from "../../src/actions.js";
import { parseAmount } from "../../src/amounts.js";
import { type Bulwark, connect } from "../../src/connect.js";
import {
  NodeUnreachable,
  OutOfGas,
  SequenceMismatch,
  TimedOut,
  UnknownAccount,
} from "../../src/errors.js";
import { NoTestKey, UnknownSigner, WrongChain } from "../../src/failures.js";
import { localSigner } from "../../src/keys.js";
import type { LiveState, Update } from "../../src/live.js";
import * as messages from "../../src/messages.js";
import type { Network } from "../../src/network.js";
import { Rpc } from "../../src/rpc.js";
import { search } from "../../src/search.js";
import { Gate } from "./gate.js";
import { assetOf, connected, eventually, isThere, network, newAccount, signerOf } from "./local.js";

describe.skipIf(!isThere)("a connection to a real chain", () => {
  let bulwark: Bulwark;
  let usdc: string;

  beforeAll(async () => {
    bulwark = await connected();
    usdc = assetOf(bulwark, "USDC");
  });

  afterAll(() => bulwark.close());

  function deposit(asset = usdc) {
    return messages.deposit(bulwark.network, { asset, amount: parseAmount("1", 6) });
  }

  it("is refused where the node has another chain", async () => {
    const other: Network = { ...bulwark.network, chainId: "cosmoshub-4" };
    const connecting = connect(other);
    await expect(connecting).rejects.toThrow(WrongChain);
    await expect(connecting).rejects.toMatchObject({ found: bulwark.network.chainId });
  });

  it("reads all markets, with a price for each, and the books balance", async () => {
    const markets = await bulwark.markets();
    const assets = markets.map(({ asset }) => asset);
    expect(assets.sort()).toEqual(bulwark.network.assets.map(({ asset }) => asset).sort());
    const prices = await bulwark.prices([...assets, "uunheardof"]);
    expect([...prices.keys()].sort()).toEqual(assets);
    for (const solvency of await bulwark.solvency()) {
      expect(solvency.missing).toBe("0");
    }
  });

  it("says what runs at an address", async () => {
    const { vault, oracle } = bulwark.network;
    for (const [address, name] of [
      [vault, "bulwark-vault"],
      [oracle, "bulwark-oracle"],
    ] as const) {
      const info = await bulwark.contractInfo(address);
      expect(info).toMatchObject({ address, name, label: name });
      expect(info.checksum).toMatch(/^[0-9a-f]{64}$/);
      expect(info.version).toMatch(/^\d+\.\d+\.\d+/);
    }
    const [user] = await (await localSigner(bulwark.network, "alice")).getAccounts();
    await expect(bulwark.contractInfo(user?.address ?? "")).rejects.toMatchObject({
      kind: "chain_refused",
    });
  });

  it("names an asset without a market, in a query as in a message", async () => {
    await expect(bulwark.vault.market({ asset: "uunheardof" })).rejects.toMatchObject({
      name: "unknown_market",
      fields: { asset: "uunheardof" },
    });
    const signer = await signerOf(bulwark, "alice");
    await expect(
      signer.estimate([messages.borrow(bulwark.network, { asset: "uunheardof", amount: 1n })]),
    ).rejects.toMatchObject({ name: "unknown_market", passedOn: false });
  });

  it("signs with keys that there are, and none else", async () => {
    await expect(localSigner(bulwark.network, "mallory")).rejects.toThrow(NoTestKey);
    const keys = await localSigner(bulwark.network, "alice");
    await expect(bulwark.signer(keys, bulwark.network.vault)).rejects.toThrow(UnknownSigner);
    const stranger = await DirectSecp256k1HdWallet.generate(12, {
      prefix: bulwark.network.prefix,
    });
    const signer = await bulwark.signer(stranger);
    await expect(signer.estimate([deposit()])).rejects.toThrow(UnknownAccount);
  });

  it("says of a transaction that it ran out of gas", async () => {
    const signer = await signerOf(bulwark, "carol");
    const estimate = await signer.estimate([deposit()]);
    const short = { ...estimate, fee: { ...estimate.fee, gas: "80000" } };
    await expect(signer.send([deposit()], { estimate: short })).rejects.toThrow(OutOfGas);
  });

  it("signs nothing anew where two programs send with one key at once", async () => {
    const signers = await Promise.all(["carol", "carol"].map((user) => signerOf(bulwark, user)));
    const signed: string[] = [];
    const sent = await Promise.allSettled(
      signers.map((signer, index) =>
        signer.send([deposit()], {
          // Not the same to the letter.
          memo: `program ${index}`,
          onState: (state) => state === "signing" && signed.push(signer.address),
        }),
      ),
    );
    const receipts = sent.flatMap((one) => (one.status === "fulfilled" ? [one.value.hash] : []));
    const refused = sent.flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
    expect(signed).toHaveLength(2);
    expect(new Set(receipts).size).toBe(receipts.length);
    expect(receipts.length).toBeGreaterThanOrEqual(1);
    for (const error of refused) {
      expect(error).toBeInstanceOf(SequenceMismatch);
    }
    // Who was refused can send once the other one is in a block.
    for (const signer of signers) {
      await signer.send([deposit()]);
    }
  });

  it("finds a transaction by its hash", async () => {
    const { hash, height } = await (await signerOf(bulwark, "carol")).send([deposit()]);
    const found = await eventually("the index", () => bulwark.transaction(hash));
    expect(found).toMatchObject({ hash, height });
    expect(await bulwark.transaction("00".repeat(32))).toBeUndefined();
  });

  it("tells of what came into a block after all before it signs the same wish again", async () => {
    const impatient = await connected({ waitMs: 0, timeoutBlocks: 50 });
    try {
      const signer = await signerOf(impatient, "carol");
      const late: unknown = await signer.send([deposit()]).catch((error: unknown) => error);
      if (!(late instanceof TimedOut)) {
        // The block was faster than the first question.
        return;
      }
      expect(late.until).toBeGreaterThan(50);
      await eventually("its block", () => bulwark.transaction(late.hash));
      await expect(signer.send([deposit()])).rejects.toMatchObject({
        kind: "earlier_included",
        hash: late.hash,
      });
    } finally {
      impatient.close();
    }
  });

  it("refuses what was signed for blocks that have passed", async () => {
    const late = await connected({ timeoutBlocks: 1 });
    try {
      const keys = await localSigner(late.network, "carol");
      const signer = await late.signer({
        getAccounts: () => keys.getAccounts(),
        signDirect: async (address, doc) => {
          const { height } = await bulwark.block();
          await eventually("two blocks", async () =>
            (await bulwark.block()).height > height + 2 ? true : undefined,
          );
          if (!("signDirect" in keys)) {
            throw new Error("this is another kind of key");
          }
          return keys.signDirect(address, doc);
        },
      });
      await expect(signer.send([deposit()])).rejects.toMatchObject({ kind: "dropped" });
    } finally {
      late.close();
    }
  });

  it("sends one signer's transactions in their order", async () => {
    const signer = await signerOf(bulwark, "carol");
    const account = await newAccount(bulwark, signer.address);
    const part = { asset: usdc, amount: parseAmount("2", 6), account };
    const [first, second] = await Promise.all([
      signer.send([messages.deposit(bulwark.network, part)]),
      // Whoever estimates it before the first one is in a block is told that there is nothing.
      signer.send([messages.withdraw(bulwark.network, part)]),
    ]);
    expect(first.height).toBeLessThanOrEqual(second.height);
    expect(second.events).toContainEqual(expect.objectContaining({ type: "withdraw" }));
  });

  it("is asked for events whose attributes all fit, and for none of other contracts", async () => {
    const signer = await signerOf(bulwark, "carol");
    const atom = assetOf(bulwark, "ATOM");
    const one = await newAccount(bulwark, signer.address);
    const other = { owner: one.owner, id: one.id + 500 };
    const { hash, height } = await signer.send([
      messages.deposit(bulwark.network, { account: one, asset: usdc, amount: 1_000_000n }),
      messages.deposit(bulwark.network, { account: other, asset: atom, amount: 1_000_000n }),
    ]);
    await eventually("the index", () => bulwark.transaction(hash));
    const matches = async (conditions: Record<string, string | number>) => {
      const named = Object.entries(conditions).map(
        ([key, value]) => `wasm-bulwark-deposit.${key}='${value}'`,
      );
      const query = [...named, `tx.height<=${height}`, `tx.height>=${height}`].join(" AND ");
      const rpc = new Rpc(bulwark.network.rpc, 60_000);
      return (await search(rpc, query, 1, 20, "desc")).found.map((found) => found.hash);
    };
    const { vault, oracle } = bulwark.network;
    const owner = signer.address;
    expect(await matches({ owner, id: one.id, _contract_address: vault })).toEqual([hash]);
    expect(await matches({ owner, id: one.id, asset: usdc })).toEqual([hash]);
    // Each holds for an event of the transaction, but not all for one.
    expect(await matches({ owner, id: one.id, asset: atom })).toEqual([]);
    expect(await matches({ owner, id: one.id, _contract_address: oracle })).toEqual([]);
    for (const account of [one, other]) {
      const [entry] = await bulwark.history(account);
      expect(entry?.hash).toBe(hash);
      expect(entry?.events).toMatchObject([{ type: "deposit", id: account.id }]);
    }
  });

  it("runs a batch with one check at the end", async () => {
    const signer = await signerOf(bulwark, "carol");
    const account = await newAccount(bulwark, signer.address);
    const amount = parseAmount("3", 6);
    const batch = messages.batch(bulwark.network, {
      account,
      funds: [{ asset: usdc, amount }],
      actions: [
        { deposit: { asset: usdc, lend: true } },
        { recall: { asset: usdc } },
        { withdraw: { asset: usdc } },
      ],
    });
    const { events } = await signer.send([batch]);
    const types = events.map(({ type }) => type).filter((type) => type !== "accrual");
    expect(types).toEqual(["deposit", "recall", "withdraw"]);
  });

  it("swaps borrowed coins within a batch, where the network has an exchange", async ({ skip }) => {
    const [exchange] = bulwark.network.exchanges;
    if (exchange === undefined) {
      return skip("this network has none");
    }
    const osmo = assetOf(bulwark, "OSMO");
    const signer = await signerOf(bulwark, "carol");
    const account = await newAccount(bulwark, signer.address);
    const own = { asset: usdc, amount: parseAmount("100", 6) };
    const quote = await bulwark.swapQuote(exchange, own, osmo);
    expect(quote).toBeGreaterThan(0n);
    // A short: what is borrowed is sold for the coin that secures it.
    const give = { asset: osmo, amount: quote };
    const minReturn = (own.amount * 95n) / 100n;
    const batch = messages.batch(bulwark.network, {
      account,
      funds: [own],
      actions: [
        actions.deposit({ asset: usdc }),
        actions.borrow(give),
        actions.swap(exchange, give, usdc, minReturn),
      ],
    });
    const { events } = await signer.send([batch]);
    const types = events.map(({ type }) => type).filter((type) => type !== "accrual");
    expect(types).toEqual(["deposit", "borrow", "call", "deposit"]);
    const { holdings } = await bulwark.vault.account({ account });
    const [secured] = holdings.filter(({ asset }) => asset === usdc);
    expect(BigInt(secured?.idle ?? "0")).toBeGreaterThanOrEqual(own.amount + minReturn);
    const greedy = messages.batch(bulwark.network, {
      account,
      actions: [actions.borrow(give), actions.swap(exchange, give, usdc, own.amount * 2n)],
    });
    await expect(signer.estimate([greedy])).rejects.toMatchObject({ kind: "chain_refused" });
    const unlisted = { ...exchange, assets: [osmo, usdc, "uunheardof"] };
    await expect(bulwark.swapQuote(unlisted, give, "uunheardof")).rejects.toMatchObject({
      kind: "chain_refused",
    });
  });

  it("notices that the node is gone, and that it is back", async () => {
    const gate = new Gate(new URL(bulwark.network.rpc));
    await gate.start();
    const through = await connect(
      { ...(await network()), rpc: gate.url },
      { pollMs: 300, timeoutMs: 5_000 },
    );
    try {
      const updates: Update[] = [];
      through.subscribe((update) => updates.push(update));
      const state = (): LiveState | undefined =>
        updates.flatMap((update) => (update.kind === "state" ? [update.state] : [])).at(-1);
      const turns = (wanted: LiveState) =>
        eventually(wanted, async () => (state() === wanted ? true : undefined));
      await turns("live");
      await gate.stop();
      await turns("offline");
      await expect(through.block()).rejects.toThrow(NodeUnreachable);
      await expect(through.vault.config()).rejects.toThrow(NodeUnreachable);
      const during = await (await signerOf(bulwark, "carol")).send([deposit()]);
      await gate.start();
      await turns("live");
      // What happened meanwhile is told as well.
      await eventually("the deposit", async () =>
        updates.some((update) => update.kind === "events" && update.hash === during.hash)
          ? true
          : undefined,
      );
      expect((await through.block()).height).toBeGreaterThan(0);
    } finally {
      through.close();
      await gate.stop();
    }
  });

  it("asks where there are no sockets, and tells the same", async () => {
    const polling = await connected({ openSocket: null, pollMs: 300 });
    try {
      const updates: Update[] = [];
      polling.subscribe((update) => updates.push(update));
      await eventually("a block", async () =>
        updates.some(({ kind }) => kind === "block") ? true : undefined,
      );
      const { hash } = await (await signerOf(bulwark, "carol")).send([deposit()]);
      await eventually("the deposit", async () =>
        updates.some((update) => update.kind === "events" && update.hash === hash)
          ? true
          : undefined,
      );
      expect(updates).toContainEqual({ kind: "state", state: "polling" });
    } finally {
      polling.close();
    }
  });
});
