import { describe, expect, it } from "vitest";

import { ONE } from "../../src/amounts.js";
import { type Basket, MarginEngine, MarginError, movePrices } from "../../src/margin/index.js";
import { type Case, readCases, riskWasm } from "./cases.js";

const engine = await MarginEngine.load(riskWasm());
const cases = readCases();

/** The first account that is like this. */
function accountThat(isLike: (seen: Case) => boolean): Case {
  const found = cases.find(isLike);
  if (found === undefined) {
    throw new Error("no account is like this");
  }
  return found;
}

const healthy = accountThat(
  ({ margin }) =>
    margin.status === "healthy" &&
    margin.collateral_ratio !== null &&
    margin.holdings.every(({ stale, price_status }) => !stale && price_status === "ok"),
);

function refusal(evaluate: () => unknown): MarginError {
  try {
    evaluate();
  } catch (error) {
    if (error instanceof MarginError) {
      return error;
    }
    throw error;
  }
  throw new Error("it was not refused");
}

function evaluated(basket: Basket) {
  return () => engine.margin(basket);
}

describe("a basket that cannot be evaluated", () => {
  const { basket } = healthy;
  const [first] = basket.holdings;
  const asset = first?.asset ?? "";

  it("names the asset without a market", () => {
    const error = refusal(evaluated({ ...basket, markets: [] }));
    expect(error.is("unknown_market") && error.fields.asset).toBe(asset);
    expect(error.message).toBe(
      `unknown_market: no market is listed for this asset {"asset":"${asset}"}`,
    );
  });

  it("names the asset without a price, or with one of zero", () => {
    const error = refusal(evaluated({ ...basket, prices: [] }));
    expect(error.is("no_price") && error.fields.asset).toBe(asset);
    const worthless = basket.prices.map((price) =>
      price.asset === asset ? { ...price, record: { ...price.record, mid: "0" } } : price,
    );
    expect(refusal(evaluated({ ...basket, prices: worthless })).name).toBe("no_price");
  });

  it("names an asset that stands there twice", () => {
    const error = refusal(
      evaluated({ ...basket, holdings: [...basket.holdings, ...basket.holdings] }),
    );
    expect(error.is("duplicate_holding") && error.fields.asset).toBe(asset);
  });

  it("names the group that the configuration does not have", () => {
    const config = { ...basket.config, groups: [] };
    expect(refusal(evaluated({ ...basket, config })).name).toBe("unknown_group");
  });

  it("names what cannot be read, whatever it is", () => {
    const holding = { asset, side: "deposit", amount: "-1" } as const;
    const error = refusal(evaluated({ ...basket, holdings: [holding] }));
    expect(error.is("bad_request") && error.fields.detail).toContain("-1");
    for (const now of [-1, 0.5, Number.NaN, 2 ** 70]) {
      expect(refusal(evaluated({ ...basket, now })).name).toBe("bad_request");
    }
  });

  it("names amounts and values beyond what the vault bears", () => {
    const of = (amount: string) => ({
      ...basket,
      holdings: [{ asset, side: "deposit", amount } as const],
    });
    const error = refusal(evaluated(of((2n ** 104n).toString())));
    expect(error.is("amount_too_large") && error.fields.amount).toBe((2n ** 104n).toString());
    expect(refusal(evaluated(of((2n ** 128n).toString()))).name).toBe("bad_request");
    const rich = movePrices(of((2n ** 103n).toString()), { [asset]: 10n ** 30n });
    expect(refusal(evaluated(rich)).name).toBe("value_too_large");
  });

  it("leaves the engine as it was", () => {
    const before = engine.margin(basket);
    for (let round = 0; round < 2_000; round += 1) {
      refusal(evaluated({ ...basket, markets: [] }));
    }
    expect(engine.margin(basket)).toStrictEqual(before);
  });
});

describe("what if", () => {
  const { basket, margin, world } = healthy;

  it("is the margin as it is while nothing moves", () => {
    const same = movePrices(basket, Object.fromEntries(world.prices.map((p) => [p.asset, ONE])));
    expect(same).toStrictEqual(basket);
    expect(engine.margin(same).equity).toBe(margin.equity);
  });

  it("a price reaches its liquidation price: liquidatable there, and not one step before", () => {
    const seen = accountThat(
      ({ margin: of, liquidation_prices }) =>
        of.status === "healthy" && liquidation_prices.some(({ price }) => price.below != null),
    );
    const limit = seen.liquidation_prices.find(({ price }) => price.below != null);
    const [asset, below] = [limit?.asset ?? "", limit?.price.below ?? "0"];
    const at = (mid: string): Basket => ({
      ...seen.basket,
      prices: seen.basket.prices.map((price) =>
        price.asset === asset ? { ...price, record: { ...price.record, mid } } : price,
      ),
    });
    const stale = seen.margin.holdings.some((holding) => holding.stale);
    expect(stale, "a price that decays would be no limit").toBe(false);
    expect(engine.margin(at(below)).status).toBe("liquidatable");
    const status = engine.margin(at(next(below))).status;
    expect(["healthy", "margin_call"]).toContain(status);
  });

  it("volatility rises: no haircut falls, and some rise", () => {
    const wild = engine.margin(movePrices(basket, {}, 10n * ONE));
    const rises = wild.holdings.map((holding, at) => {
      const before = margin.holdings[at];
      return Number(holding.haircut) - Number(before?.haircut);
    });
    expect(Math.min(...rises)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...rises)).toBeGreaterThan(0);
  });
});

/** A decimal, one last digit higher. */
function next(decimal: string): string {
  const [whole = "0", fraction = ""] = decimal.split(".");
  const atomics = BigInt(whole + fraction.padEnd(18, "0")) + 1n;
  const digits = atomics.toString().padStart(19, "0");
  return `${digits.slice(0, -18)}.${digits.slice(-18)}`;
}

describe("the engine's code", () => {
  it("comes as bytes, as a response, or compiled", async () => {
    const bytes = riskWasm();
    const copy = new Uint8Array(bytes);
    const module = await WebAssembly.compile(copy);
    for (const source of [bytes, copy.buffer, new Response(copy), module]) {
      const loaded = await MarginEngine.load(source);
      expect(loaded.margin(healthy.basket).equity).toBe(healthy.margin.equity);
    }
  });

  it("is refused when it is something else, or not there", async () => {
    const empty = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
    const sources = [
      new Uint8Array([1, 2, 3]),
      empty,
      new Response("not found", { status: 404, statusText: "Not Found" }),
      new URL("file:///nowhere/risk.wasm"),
    ];
    for (const source of sources) {
      await expect(MarginEngine.load(source)).rejects.toMatchObject({
        name: "engine_unavailable",
      });
    }
  });
});
