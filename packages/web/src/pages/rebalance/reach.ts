import { type Exchange, parseDecimal } from "@bulwark/client";
import type { Basket, BasketHolding, MarginEngine, MarginFigures } from "@bulwark/client/margin";
import { holdingsAfter, type KnownStep, type Step } from "./steps";
import {
  borrowRoom,
  broughtBy,
  deleverage,
  givenForAll,
  largest,
  leverage,
  type Rate,
  swapDebt,
  swapDeposit,
} from "./templates";

/** Batches that most people want. */
export type TemplateKind = "leverage" | "deleverage" | "swap-deposit" | "swap-debt";

/** Which assets a template can be about. */
export function optionsFor(kind: TemplateKind, basket: Basket, exchange: Exchange) {
  const side = new Map(basket.holdings.map((holding) => [holding.asset, holding.side]));
  const held = exchange.assets.filter((asset) => side.get(asset) === "deposit");
  const owed = exchange.assets.filter((asset) => side.get(asset) === "debt");
  // What is deposited cannot be borrowed as well.
  const borrowable = exchange.assets.filter((asset) => side.get(asset) !== "deposit");
  const stable = (asset: string) =>
    basket.markets.find((market) => market.asset === asset)?.family.group === "usd" ? 0 : 1;
  const stableFirst = borrowable.toSorted((one, other) => stable(one) - stable(other));
  const heldFirst = [...held, ...exchange.assets.filter((asset) => !held.includes(asset))];
  switch (kind) {
    case "leverage":
      return { first: heldFirst, second: stableFirst };
    case "deleverage":
      return { first: held, second: owed };
    case "swap-deposit":
      return { first: held, second: exchange.assets };
    case "swap-debt":
      return { first: owed, second: stableFirst };
  }
}

/** An asset if it is in the list. */
export function within(asset: string | undefined, list: readonly string[]): string | undefined {
  return asset !== undefined && list.includes(asset) ? asset : undefined;
}

/** The steps of a template that gives so much of one asset for another. */
export function stepsFor(
  kind: TemplateKind,
  give: string,
  get: string,
  own: bigint,
  amount: bigint,
): Step[] {
  switch (kind) {
    case "leverage":
      return leverage({ borrow: give, buy: get, own, amount });
    case "deleverage":
      return deleverage({ sell: give, repay: get, amount });
    case "swap-deposit":
      return swapDeposit({ from: give, into: get, amount });
    case "swap-debt":
      return swapDebt({ from: get, into: give, amount });
  }
}

/** Steps with what an exchange would give at a rate. */
export function known(steps: readonly Step[], rate: Rate): KnownStep[] {
  return steps.map((step) =>
    step.kind === "swap" ? { ...step, expected: broughtBy(step.amount, rate) } : step,
  );
}

/** The most that a template can give to the exchange. */
export function mostFor(input: {
  kind: TemplateKind;
  engine: MarginEngine;
  basket: Basket;
  give: string;
  get: string;
  own: bigint;
  rate: Rate;
  tolerance: bigint;
}): bigint {
  const { kind, engine, basket, give, get, own, rate, tolerance } = input;
  const holding = (asset: string): BasketHolding | undefined =>
    basket.holdings.find((one) => one.asset === asset);
  const market = basket.markets.find((one) => one.asset === give);
  if (market === undefined) return 0n;
  const present = BigInt(holding(give)?.amount ?? "0");
  const room = borrowRoom(market, holding(give)?.side === "debt" ? present : 0n);
  switch (kind) {
    case "leverage":
      return largest(room, (amount) => {
        const steps = known(leverage({ borrow: give, buy: get, own, amount }), rate);
        const figures = figuresAfter(engine, basket, steps);
        return (
          figures !== undefined &&
          parseDecimal(figures.equity_open) >= parseDecimal(figures.initial)
        );
      });
    case "deleverage":
      return least(present, givenForAll(BigInt(holding(get)?.amount ?? "0"), rate, tolerance));
    case "swap-deposit":
      return present;
    case "swap-debt":
      return least(room, givenForAll(BigInt(holding(get)?.amount ?? "0"), rate, tolerance));
  }
}

function least(one: bigint, other: bigint): bigint {
  return one < other ? one : other;
}

/** The margin after steps, by the engine; nothing where it has no answer. */
export function figuresAfter(
  engine: MarginEngine,
  basket: Basket,
  steps: readonly KnownStep[],
): MarginFigures | undefined {
  try {
    return engine.margin({ ...basket, holdings: holdingsAfter(basket.holdings, steps) });
  } catch {
    // What cannot be reckoned here the chain's own simulation explains.
    return undefined;
  }
}
