import { describe, expect, it } from "vitest";
import schema from "../../../schema/bulwark-events.json" with { type: "json" };
import { type ChainEvent, EventError, parseEvents } from "../src/events.js";

const contracts = { vault: "wasm1vault", oracle: "wasm1oracle" };

function event(type: string, contract: string, values: Record<string, string>): ChainEvent {
  const attributes = Object.entries({ _contract_address: contract, ...values });
  return { type, attributes: attributes.map(([key, value]) => ({ key, value })) };
}

const lent = {
  owner: "wasm1alice",
  id: "3",
  asset: "ibc/AB",
  amount: "1267650600228229401496703205376",
  shares: "5000000",
};

describe("events", () => {
  it("are read with their types, in their order", () => {
    const accrual = {
      asset: "uusdt",
      interest: "0",
      reserve_shares: "7",
      borrowed: "10",
      supplied: "20",
    };
    const events = [
      event("tx", "", { fee: "1ustake" }),
      event("wasm-bulwark-accrual", contracts.vault, accrual),
      event("wasm-bulwark-lend", contracts.vault, { ...lent, msg_index: "0" }),
    ];
    expect(parseEvents(events, contracts)).toEqual([
      {
        type: "accrual",
        emitter: "vault",
        asset: "uusdt",
        interest: 0n,
        reserveShares: 7n,
        borrowed: 10n,
        supplied: 20n,
      },
      {
        type: "lend",
        emitter: "vault",
        owner: "wasm1alice",
        id: 3,
        asset: "ibc/AB",
        amount: 1267650600228229401496703205376n,
        shares: 5000000n,
      },
    ]);
  });

  it("have decimals as atomics, and seconds as numbers", () => {
    const price = event("wasm-bulwark-price", contracts.oracle, {
      asset: "uatom",
      mid: "4.5",
      low: "4.499999999999999999",
      high: "5",
      observed: "0.000001",
      status: "ok",
      published_at: "1700000000",
    });
    expect(parseEvents([price], contracts)).toEqual([
      {
        type: "price",
        emitter: "oracle",
        asset: "uatom",
        mid: 4_500_000_000_000_000_000n,
        low: 4_499_999_999_999_999_999n,
        high: 5_000_000_000_000_000_000n,
        observed: 1_000_000_000_000n,
        status: "ok",
        publishedAt: 1_700_000_000,
      },
    ]);
  });

  it("of other contracts, of other types and of other versions are passed over", () => {
    const events = [
      event("wasm-bulwark-lend", "wasm1other", { ...lent, amount: "x" }),
      event("bulwark-lend", contracts.vault, lent),
      event("wasm", contracts.vault, {}),
      event("wasm-bulwark-tomorrow", contracts.vault, {}),
      event("wasm-toString", contracts.vault, {}),
      { type: "wasm-bulwark-lend", attributes: [] },
    ];
    expect(parseEvents(events, contracts)).toEqual([]);
  });

  it("of the liquidator are read where it is known", () => {
    const payout = event("wasm-bulwark-payout", "wasm1liquidator", {
      keeper: "wasm1keeper",
      asset: "uusdt",
      amount: "12",
    });
    expect(parseEvents([payout], contracts)).toEqual([]);
    expect(parseEvents([payout], { ...contracts, liquidator: "wasm1liquidator" })).toMatchObject([
      { type: "payout", emitter: "liquidator", amount: 12n },
    ]);
  });

  it("narrow by their type", () => {
    const [found] = parseEvents([event("wasm-bulwark-lend", contracts.vault, lent)], contracts);
    if (found?.type !== "lend") throw new Error("no such event");
    const shares: bigint = found.shares;
    expect(shares).toBe(5_000_000n);
  });
});

/** The text of the attribute at some place of an event, and what it has to become. */
function sample(value: string, place: number): [string, unknown] {
  switch (value) {
    case "String":
      return [`text ${place}`, `text ${place}`];
    case "bool":
      return ["true", true];
    case "u8":
    case "u16":
    case "u64":
      return [String(place), place];
    case "Amount":
    case "SupplyShares":
    case "DebtShares":
      return [String(place), BigInt(place)];
    default:
      return [`0.5${place}`, BigInt(`5${place}`.padEnd(18, "0"))];
  }
}

describe("every event", () => {
  it.each(schema.events)(
    "$type has each of its attributes in its place",
    ({ type, attributes }) => {
      const samples = attributes.map(({ value }, index) => sample(value, index + 1));
      const values = attributes.map(({ name }, index) => [name, samples[index]?.[0]]);
      const found = parseEvents(
        [event(`wasm-${type}`, contracts.vault, Object.fromEntries(values))],
        contracts,
      );
      const expected = attributes.map(({ name }, index) => [
        name.replaceAll(/_./g, (letter) => letter.slice(1).toUpperCase()),
        samples[index]?.[1],
      ]);
      expect(found).toEqual([
        {
          type: type.replace("bulwark-", ""),
          emitter: "vault",
          ...Object.fromEntries(expected),
        },
      ]);
    },
  );
});

describe("a malformed event", () => {
  const parse = (type: string, values: Record<string, string>) => () =>
    parseEvents([event(type, contracts.vault, values)], contracts);

  function refused(run: () => unknown): EventError {
    try {
      run();
    } catch (error) {
      if (error instanceof EventError) return error;
      throw error;
    }
    throw new Error("nothing was thrown");
  }

  it.each([
    ["amount", "-1"],
    ["amount", "1.5"],
    ["amount", ""],
    ["amount", "0x10"],
    ["id", "3a"],
    ["id", "9007199254740993"],
  ])("with %s = %s names event, attribute and value", (attribute, value) => {
    const error = refused(parse("wasm-bulwark-lend", { ...lent, [attribute]: value }));
    expect(error).toMatchObject({ event: "bulwark-lend", attribute, value });
    expect(error.message).toBe(
      `the event bulwark-lend has ${attribute} = ${value}, which is not understood`,
    );
  });

  it("names what is missing", () => {
    const { shares: _, ...rest } = lent;
    const error = refused(parse("wasm-bulwark-lend", rest));
    expect(error).toMatchObject({ attribute: "shares", value: undefined });
    expect(error.message).toBe("the event bulwark-lend has no attribute shares");
  });

  it("says which number is none", () => {
    const values = {
      owner: "a",
      id: "0",
      keeper: "k",
      debt_asset: "x",
      repaid: "1",
      debt_shares: "1",
      deposit_asset: "y",
      seized: "1",
      tokens: "1",
      shares: "0",
      protocol_fee: "0",
      bonus: "0.05",
      repaid_value: "1",
      bonus_value: "-0.5",
      distressed: "true",
      ratio_after: "unbounded",
    };
    expect(parse("wasm-bulwark-liquidation", values)()).toMatchObject([
      { bonus: 50_000_000_000_000_000n, bonusValue: -500_000_000_000_000_000n, distressed: true },
    ]);
    const half = refused(parse("wasm-bulwark-liquidation", { ...values, bonus: "half" }));
    expect(half).toMatchObject({ attribute: "bonus", value: "half" });
    const flag = refused(parse("wasm-bulwark-liquidation", { ...values, distressed: "1" }));
    expect(flag).toMatchObject({ attribute: "distressed", value: "1" });
  });
});
