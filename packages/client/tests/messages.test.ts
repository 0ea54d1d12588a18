import { readFileSync } from "node:fs";

import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";

import * as actions from "../src/actions.js";
import { ONE } from "../src/amounts.js";
import { decodeJson, encodeJson } from "../src/json.js";
import * as messages from "../src/messages.js";
import { type Message, MessageError } from "../src/messages.js";
import { ALICE, NETWORK, ORACLE, TOKEN, VAULT } from "./fixtures.js";

const ajv = new Ajv({ strict: false, validateFormats: false });
const isVaultMessage = ajv.compile(schema("bulwark-vault").execute);
const isOracleMessage = ajv.compile(schema("bulwark-oracle").execute);

function schema(name: string): { execute: object } {
  return JSON.parse(readFileSync(new URL(`../../../schema/${name}.json`, import.meta.url), "utf8"));
}

/** The vault's message of a message that brings no CW20 tokens. */
function told(message: Message): unknown {
  expect(message.contract).toBe(VAULT);
  expect(isVaultMessage(message.msg), JSON.stringify(isVaultMessage.errors)).toBe(true);
  return message.msg;
}

/** What a CW20 token is told to send, and what the vault is told with it. */
function sent(message: Message): { amount: string; hook: unknown } {
  expect(message.contract).toBe(TOKEN);
  expect(message.funds).toEqual([]);
  if (!("send" in message.msg)) {
    throw new Error("the token is not told to send");
  }
  const { contract, amount, msg } = message.msg.send;
  expect(contract).toBe(VAULT);
  return { amount, hook: decodeJson(msg) };
}

const account = { owner: ALICE, id: 3 };
const other = { owner: ALICE, id: 0 };
const token = `cw20:${TOKEN}`;

describe("messages with coins", () => {
  it("fit the vault's schema, and say no more than what is given", () => {
    expect(told(messages.deposit(NETWORK, { asset: "uatom", amount: 5n }))).toEqual({
      deposit: {},
    });
    const deposit = messages.deposit(NETWORK, { asset: "uatom", amount: 5n, account, lend: true });
    expect(told(deposit)).toEqual({ deposit: { account, lend: true } });
    expect(deposit.funds).toEqual([{ denom: "uatom", amount: "5" }]);
    expect(told(messages.withdraw(NETWORK, { asset: "uatom" }))).toEqual({
      withdraw: { asset: "uatom" },
    });
    expect(
      told(messages.withdraw(NETWORK, { asset: "uatom", amount: 1n, account, to: ALICE })),
    ).toEqual({ withdraw: { asset: "uatom", amount: "1", account, to: ALICE } });
    expect(told(messages.lend(NETWORK, { asset: "uatom", amount: 2n }))).toEqual({
      lend: { asset: "uatom", amount: "2" },
    });
    expect(told(messages.recall(NETWORK, { asset: "uatom", account }))).toEqual({
      recall: { asset: "uatom", account },
    });
    expect(told(messages.borrow(NETWORK, { asset: "uusdc", amount: 7n, account }))).toEqual({
      borrow: { asset: "uusdc", amount: "7", account },
    });
    const repay = messages.repay(NETWORK, { asset: "uusdc", amount: 7n, account });
    expect(told(repay)).toEqual({ repay: { account } });
    expect(repay.funds).toEqual([{ denom: "uusdc", amount: "7" }]);
    expect(told(messages.transfer(NETWORK, { asset: "uatom", to: account }))).toEqual({
      transfer: { asset: "uatom", to: account },
    });
    expect(told(messages.writeOff(NETWORK, { account }))).toEqual({ write_off: { account } });
    expect(told(messages.accrue(NETWORK, { assets: ["uatom"] }))).toEqual({
      accrue: { assets: ["uatom"] },
    });
    expect(told(messages.setOperator(NETWORK, { operator: ALICE, id: 1, expires: 9 }))).toEqual({
      set_operator: { operator: ALICE, id: 1, expires: 9 },
    });
  });

  it("liquidate with the repayment as funds, or with a callback and without", () => {
    const debt = { asset: "uusdc", amount: 9n };
    const plain = messages.liquidate(NETWORK, {
      account,
      debt,
      seize: "uatom",
      minSeized: 3n,
      receive: "account",
      to: other,
    });
    expect(told(plain)).toEqual({
      liquidate: { account, seize: "uatom", min_seized: "3", receive: "account", to: other },
    });
    expect(plain.funds).toEqual([{ denom: "uusdc", amount: "9" }]);
    const callback = { contract: VAULT, data: { route: ["ü"] } };
    const called = messages.liquidate(NETWORK, { account, debt, seize: "uatom", callback });
    expect(told(called)).toEqual({
      liquidate: {
        account,
        seize: "uatom",
        debt: { asset: "uusdc", amount: "9" },
        callback: { contract: VAULT, data: encodeJson(callback.data) },
      },
    });
    expect(called.funds).toEqual([]);
  });

  it("liquidate many accounts with each coin once, in the chain's order", () => {
    const target = (asset: string, amount: bigint) => ({
      account,
      debt: { asset, amount },
      seize: "nsol",
    });
    const many = messages.liquidateMany(NETWORK, {
      targets: [target("uusdc", 2n), target("uatom", 3n), target("uusdc", 4n)],
    });
    told(many);
    expect(many.funds).toEqual([
      { denom: "uatom", amount: "3" },
      { denom: "uusdc", amount: "6" },
    ]);
  });

  it("tell the oracle prices with all their digits", () => {
    const posted = messages.postPrices(NETWORK, {
      prices: [
        { asset: "uatom", price: (ONE * 21n) / 2n, publishedAt: 1_700_000_000 },
        { asset: "uusdc", price: 1n, conf: ONE, publishedAt: 1_700_000_000 },
      ],
    });
    expect(posted.contract).toBe(ORACLE);
    expect(isOracleMessage(posted.msg), JSON.stringify(isOracleMessage.errors)).toBe(true);
    expect(posted.msg).toEqual({
      post_prices: {
        prices: [
          { asset: "uatom", price: "10.5", published_at: 1_700_000_000 },
          {
            asset: "uusdc",
            price: "0.000000000000000001",
            conf: "1",
            published_at: 1_700_000_000,
          },
        ],
      },
    });
  });
});

describe("messages with CW20 tokens", () => {
  it("go by way of the token, with the same words for the vault", () => {
    const deposit = messages.deposit(NETWORK, { asset: token, amount: 5n, account, lend: true });
    expect(sent(deposit)).toEqual({
      amount: "5",
      hook: { deposit: { account, lend: true } },
    });
    expect(sent(messages.repay(NETWORK, { asset: token, amount: 6n }))).toEqual({
      amount: "6",
      hook: { repay: {} },
    });
    const debt = { asset: token, amount: 7n };
    const one = messages.liquidate(NETWORK, { account, debt, seize: "uatom" });
    expect(sent(one)).toEqual({
      amount: "7",
      hook: { liquidate: { account, seize: "uatom" } },
    });
    const targets = [
      { account, debt, seize: "uatom" },
      { account: other, debt, seize: "uatom" },
    ];
    const many = sent(messages.liquidateMany(NETWORK, { targets }));
    expect(many.amount).toBe("14");
    expect(isVaultMessage(many.hook)).toBe(true);
  });

  it("cannot be mixed with others, nor go with a batch", () => {
    const debts = [
      { asset: token, amount: 1n },
      { asset: "uusdc", amount: 1n },
    ];
    const targets = debts.map((debt) => ({ account, debt, seize: "uatom" }));
    expect(() => messages.liquidateMany(NETWORK, { targets })).toThrow(MessageError);
    const steps = [actions.lend({ asset: token })];
    expect(() =>
      messages.batch(NETWORK, { actions: steps, funds: [{ asset: token, amount: 1n }] }),
    ).toThrow(MessageError);
  });
});

describe("batches", () => {
  it("fit the vault's schema, with every kind of action", () => {
    const [exchange] = NETWORK.exchanges;
    if (exchange === undefined) {
      throw new Error("the network has no exchange");
    }
    const batch = messages.batch(NETWORK, {
      account,
      funds: [
        { asset: "uusdc", amount: 1n },
        { asset: "uatom", amount: 2n },
        { asset: "uusdc", amount: 3n },
      ],
      actions: [
        actions.deposit({ asset: "uatom" }),
        actions.deposit({ asset: "uatom", amount: 1n, lend: false }),
        actions.withdraw({ asset: "uatom", amount: 1n, to: ALICE }),
        actions.lend({ asset: "uatom" }),
        actions.recall({ asset: "uatom", amount: 4n }),
        actions.borrow({ asset: "uusdc", amount: 5n }),
        actions.swap(exchange, { asset: "uusdc", amount: 5n }, "uatom", 2n),
        actions.repay({ asset: "uusdc" }),
      ],
    });
    told(batch);
    expect(batch.funds).toEqual([
      { denom: "uatom", amount: "2" },
      { denom: "uusdc", amount: "4" },
    ]);
  });

  it("swap by a call that says what comes back at least", () => {
    const exchange = { contract: TOKEN, kind: "bulwark-practice", assets: ["a", "b"] } as const;
    const swap = actions.swap(
      { ...exchange, assets: [...exchange.assets] },
      { asset: "a", amount: 5n },
      "b",
      2n,
    );
    if (!("call" in swap)) {
      throw new Error("a swap is a call");
    }
    const { msg, ...rest } = swap.call;
    expect(rest).toEqual({
      contract: TOKEN,
      funds: [{ asset: "a", amount: "5" }],
      returns: ["b"],
    });
    expect(decodeJson(msg)).toEqual({ swap: { ask: "b", min_return: "2" } });
    const known = { ...exchange, assets: ["a", "b"] };
    expect(() => actions.swap(known, { asset: "a", amount: 5n }, "c", 2n)).toThrow(MessageError);
    expect(() => actions.swap(known, { asset: "a", amount: 5n }, "a", 2n)).toThrow(MessageError);
  });

  it("have 1 to 32 actions", () => {
    const one = actions.lend({ asset: "uatom" });
    expect(() => messages.batch(NETWORK, { actions: [] })).toThrow(MessageError);
    expect(() => messages.batch(NETWORK, { actions: Array(33).fill(one) })).toThrow(MessageError);
    told(messages.batch(NETWORK, { actions: Array(32).fill(one) }));
  });
});

describe("bad arguments", () => {
  it("are refused by name before anything is sent", () => {
    for (const amount of [0n, -1n, 2n ** 128n]) {
      const attempt = () => messages.borrow(NETWORK, { asset: "uatom", amount });
      expect(attempt).toThrow(MessageError);
      expect(attempt).toThrow(`amount = ${amount}`);
    }
    for (const id of [-1, 1.5, 65_536, Number.NaN]) {
      const attempt = () => messages.writeOff(NETWORK, { account: { owner: ALICE, id } });
      expect(attempt).toThrow(`account.id = ${id}`);
    }
    const to = { owner: ALICE, id: 70_000 };
    expect(() => messages.transfer(NETWORK, { asset: "uatom", to })).toThrow("to.id");
  });
});

it("JSON inside of messages survives, whatever its letters", () => {
  const value = { text: "Zürich 🏦 \u0000", list: [1, null] };
  expect(decodeJson(encodeJson(value))).toEqual(value);
});
