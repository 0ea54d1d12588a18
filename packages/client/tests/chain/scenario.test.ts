import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { formatDecimal, ONE, parseAmount, parseDecimal, parseUnitsOf } from "../../src/amounts.js";
import type { Bulwark } from "../../src/connect.js";
import { BulwarkError } from "../../src/errors.js";
import type { AccountRef } from "../../src/generated/BulwarkVault.types.js";
import type { Update } from "../../src/live.js";
import * as messages from "../../src/messages.js";
import type { BulwarkSigner } from "../../src/signer.js";
import {
  assetOf,
  connected,
  eventually,
  holdPrice,
  isThere,
  newAccount,
  priceOf,
  ratioOf,
  signerOf,
} from "./local.js";

describe.skipIf(!isThere)("alice borrows, the price falls, the keeper liquidates", () => {
  let bulwark: Bulwark;
  let [bob, alice, keeper]: BulwarkSigner[] = [];
  let [atom, usdc] = ["", ""];
  let account: AccountRef;
  const updates: Update[] = [];

  beforeAll(async () => {
    bulwark = await connected();
    bulwark.subscribe((update) => updates.push(update));
    [atom, usdc] = [assetOf(bulwark, "ATOM"), assetOf(bulwark, "USDC")];
    [bob, alice, keeper] = await Promise.all(
      ["bob", "alice", "keeper"].map((user) => signerOf(bulwark, user)),
    );
    account = await newAccount(bulwark, signer(alice).address);
    // What moves besides would be no part of the story.
    const price = await priceOf(bulwark, atom);
    await holdPrice("ATOM", formatDecimal(price));
    await holdPrice("USDC", "1");
  });

  afterAll(async () => {
    await holdPrice("ATOM", undefined);
    await holdPrice("USDC", undefined);
    bulwark.close();
  });

  it("bob lends", async () => {
    const amount = parseAmount("100000", 6);
    const message = messages.deposit(bulwark.network, {
      asset: usdc,
      amount,
      lend: true,
      account: await newAccount(bulwark, signer(bob).address),
    });
    const estimate = await signer(bob).estimate([message]);
    const states: string[] = [];
    const receipt = await signer(bob).send([message], {
      estimate,
      onState: (state) => states.push(state),
    });
    expect(states).toEqual(["signing", "broadcasting", "waiting", "done"]);
    expect(receipt.gasWanted).toBe(estimate.gas);
    expect(receipt.gasUsed).toBeLessThanOrEqual(estimate.gas);
    expect(receipt.events).toContainEqual(
      expect.objectContaining({ type: "deposit", sender: signer(bob).address, amount, idle: 0n }),
    );
  });

  it("alice deposits, and her wallet has so much less", async () => {
    const amount = parseAmount("2000", 6);
    const { address } = signer(alice);
    const before = (await bulwark.balances(address, [atom])).get(atom);
    await signer(alice).send([messages.deposit(bulwark.network, { asset: atom, amount, account })]);
    const after = (await bulwark.balances(address, [atom])).get(atom);
    expect(after).toBe((before ?? 0n) - amount);
    const { holdings } = await bulwark.vault.account({ account });
    expect(holdings).toMatchObject([{ asset: atom, side: "deposit", idle: amount.toString() }]);
  });

  it("more than her margin allows is refused by name, before she signs", async () => {
    const most = parseUnitsOf((await bulwark.vault.maxBorrow({ account, asset: usdc })).amount);
    expect(most).toBeGreaterThan(0n);
    const amount = (most * 11n) / 10n;
    const message = messages.borrow(bulwark.network, { asset: usdc, amount, account });
    const error = await signer(alice)
      .estimate([message])
      .catch((refusal: unknown) => refusal);
    expect(error).toBeInstanceOf(BulwarkError);
    if (!(error instanceof BulwarkError && error.is("below_initial_margin"))) {
      throw error;
    }
    expect(error.contract).toBe("vault");
    expect(parseDecimal(error.fields.initial)).toBeGreaterThan(
      parseDecimal(error.fields.equity_open),
    );
  });

  it("and by the same name where it was signed all the same", async () => {
    const message = messages.borrow(bulwark.network, {
      asset: usdc,
      amount: parseAmount("50000", 6),
      account,
    });
    const estimate = await signer(alice).estimate([
      messages.borrow(bulwark.network, { asset: usdc, amount: 1_000_000n, account }),
    ]);
    const sending = signer(alice).send([message], { estimate });
    await expect(sending).rejects.toThrow(BulwarkError);
    await expect(sending).rejects.toMatchObject({ name: "below_initial_margin" });
  });

  it("she borrows most of what she can", async () => {
    const most = parseUnitsOf((await bulwark.vault.maxBorrow({ account, asset: usdc })).amount);
    const amount = (most * 9n) / 10n;
    const message = messages.borrow(bulwark.network, { asset: usdc, amount, account });
    const receipt = await signer(alice).send([message]);
    expect(receipt.events).toContainEqual(
      expect.objectContaining({ type: "borrow", owner: account.owner, id: account.id, amount }),
    );
    const margin = await bulwark.vault.margin({ account });
    expect(margin.status).toBe("healthy");
    expect(margin.holdings).toHaveLength(2);
  });

  it("the price falls, and her account is among those at risk", async () => {
    let price = await priceOf(bulwark, atom);
    let status = "healthy";
    // By steps that the oracle takes at once.
    while (status !== "liquidatable") {
      price = (price * 92n) / 100n;
      await holdPrice("ATOM", formatDecimal(price));
      await eventually("the price", async () =>
        (await priceOf(bulwark, atom)) === price ? true : undefined,
      );
      ({ status } = await bulwark.vault.margin({ account }));
      expect(["healthy", "margin_call", "liquidatable"]).toContain(status);
    }
    const atRisk = await bulwark.accountsAtRisk(ONE);
    expect(atRisk.map((one) => one.account)).toContainEqual(account);
  });

  it("the keeper repays and seizes what the plan says, and the ratio rises", async () => {
    const before = ratioOf(await bulwark.vault.margin({ account }));
    const { plan } = await bulwark.vault.liquidationPlan({ account });
    if (plan === null || plan === undefined) {
      throw new Error("there is no plan for a liquidatable account");
    }
    expect([plan.debt.asset, plan.seize.asset]).toEqual([usdc, atom]);
    const message = messages.liquidate(bulwark.network, {
      account,
      debt: { asset: plan.debt.asset, amount: parseUnitsOf(plan.debt.amount) },
      seize: plan.seize.asset,
      minSeized: 1n,
    });
    const receipt = await signer(keeper).send([message]);
    const [event] = receipt.events.filter(({ type }) => type === "liquidation");
    if (event?.type !== "liquidation") {
      throw new Error("no liquidation is reported");
    }
    expect(event).toMatchObject({ owner: account.owner, id: account.id, distressed: false });
    expect(event.repaid).toBeGreaterThan(0n);
    expect(event.seized).toBe(event.tokens + event.protocolFee);
    const after = ratioOf(await bulwark.vault.margin({ account }));
    expect(after ?? ONE).toBeGreaterThan(before ?? ONE);
  });

  it("a second liquidation is refused: the account is healthy", async () => {
    const message = messages.liquidate(bulwark.network, {
      account,
      debt: { asset: usdc, amount: 1_000_000n },
      seize: atom,
    });
    await expect(signer(keeper).estimate([message])).rejects.toMatchObject({
      name: "not_liquidatable",
    });
  });

  it("the history tells it all, newest first and page by page", async () => {
    const { owner, id } = account;
    const all = await eventually("the index", async () => {
      const found = await bulwark.history({ owner, id });
      return found[0]?.events.some(({ type }) => type === "liquidation") ? found : undefined;
    });
    const types = all.map(({ events }) => events.map(({ type }) => type));
    expect(types).toEqual([["liquidation"], ["borrow"], ["deposit"]]);
    const { time } = await bulwark.block();
    for (const entry of all) {
      expect(entry.time).toBeGreaterThan(time - 3_600);
      expect(entry.time).toBeLessThanOrEqual(time);
    }
    const [first] = await bulwark.history({ owner, id, limit: 1 });
    const rest = await bulwark.history({ owner, id, before: first });
    expect([first, ...rest]).toEqual(all);
    const liquidations = await bulwark.history({ types: ["liquidation"], limit: 5 });
    expect(liquidations.map(({ hash }) => hash)).toContain(all[0]?.hash);
  });

  it("and whoever listened was told of it while it happened", async () => {
    const told = updates.flatMap((update) => (update.kind === "events" ? update.events : []));
    const own = told.filter(
      (event) => "owner" in event && "id" in event && event.owner === account.owner,
    );
    const types = own.filter((event) => "id" in event && event.id === account.id);
    expect(types.map(({ type }) => type)).toEqual(["deposit", "borrow", "liquidation"]);
    expect(told.map(({ type }) => type)).toContain("price");
    const heights = updates.flatMap((update) => (update.kind === "block" ? [update.height] : []));
    expect(heights).toEqual([...new Set(heights)].sort((one, other) => one - other));
    expect(updates.filter(({ kind }) => kind === "gap")).toEqual([]);
    expect(updates).toContainEqual({ kind: "state", state: "live" });
  });

  /** Signers exist from the first test on. */
  function signer(one: BulwarkSigner | undefined): BulwarkSigner {
    if (one === undefined) {
      throw new Error("not connected");
    }
    return one;
  }
});
