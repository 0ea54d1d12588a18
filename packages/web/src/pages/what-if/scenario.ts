import type { Basket, BasketHolding } from "@bulwark/client/margin";
import type { MarketResponse } from "@bulwark/client/types/BulwarkVault.types";
import { factorOf, type Multiple, type PriceChange } from "./scale";

/** What is supposed to have changed. */
export interface Scenario {
  /** Changes of prices by asset; what is not named stays. */
  readonly changes: Readonly<Record<string, PriceChange>>;
  readonly volatility: Multiple;
  /** Holdings that differ from the account's, by asset; an amount of nothing takes one away. */
  readonly holdings: Readonly<Record<string, BasketHolding>>;
}

/** Nothing has changed. */
export const asItIs: Scenario = { changes: {}, volatility: 1000, holdings: {} };

/** Whether nothing has changed. */
export function isAsItIs({ changes, volatility, holdings }: Scenario): boolean {
  return (
    volatility === 1000 &&
    Object.keys(holdings).length === 0 &&
    Object.values(changes).every((change) => change === 0)
  );
}

/** Holdings as they are supposed to be: the account's in their order, then new ones. */
export function holdingsOf(base: readonly BasketHolding[], scenario: Scenario): BasketHolding[] {
  const kept = base.map((holding) => scenario.holdings[holding.asset] ?? holding);
  const known = new Set(base.map(({ asset }) => asset));
  const added = Object.values(scenario.holdings).filter(({ asset }) => !known.has(asset));
  return [...kept, ...added];
}

/**
 * The basket with these holdings, and without what has nothing to do with them. The engine takes no
 * holding that is empty.
 */
export function withHoldings(basket: Basket, scenario: Scenario): Basket {
  const all = holdingsOf(basket.holdings, scenario);
  const holdings = all.filter(({ amount }) => BigInt(amount) > 0n);
  const held = new Set(holdings.map(({ asset }) => asset));
  const markets = basket.markets.filter(({ asset }) => held.has(asset));
  for (const { family } of markets) held.add(family.base);
  return {
    ...basket,
    holdings,
    markets: basket.markets.filter(({ asset }) => held.has(asset)),
    prices: basket.prices.filter(({ asset }) => held.has(asset)),
  };
}

/** Factors of prices, 18 decimals. */
export function factorsOf({ changes }: Scenario): Record<string, bigint> {
  return Object.fromEntries(
    Object.entries(changes).map(([asset, change]) => [asset, factorOf(change)]),
  );
}

/** Some assets' prices changed alike. */
export function changed(
  scenario: Scenario,
  assets: readonly string[],
  change: PriceChange,
): Scenario {
  const moved = Object.fromEntries(assets.map((asset) => [asset, change]));
  return { ...scenario, changes: { ...scenario.changes, ...moved } };
}

/** A group of assets that move together in a crash. */
export interface Group {
  readonly name: string;
  /** Those that the account holds or owes. */
  readonly assets: readonly string[];
}

/** Groups of what is held, in the order of the markets. */
export function groupsOf(
  markets: readonly MarketResponse[],
  held: readonly BasketHolding[],
): Group[] {
  const groups = new Map<string, string[]>();
  for (const { asset, family } of markets) {
    if (!held.some((holding) => holding.asset === asset)) continue;
    groups.set(family.group, [...(groups.get(family.group) ?? []), asset]);
  }
  return Array.from(groups, ([name, assets]) => ({ name, assets }));
}

/** How assets changed if all of them changed alike. */
export function commonChange(
  scenario: Scenario,
  assets: readonly string[],
): PriceChange | undefined {
  const changes = new Set(assets.map((asset) => scenario.changes[asset] ?? 0));
  const [only] = changes;
  return changes.size === 1 ? only : undefined;
}

/** Coins that are meant to stand still. */
export const stable = "usd";

/** A scenario that one would look at. */
export interface Preset {
  readonly label: string;
  readonly apply: (scenario: Scenario) => Scenario;
}

/** Presets for what is held; amounts stay as they were changed. */
export function presetsOf(groups: readonly Group[], symbol: (asset: string) => string): Preset[] {
  const market = groups.filter(({ name }) => name !== stable).flatMap(({ assets }) => assets);
  const coins = groups.filter(({ name }) => name === stable).flatMap(({ assets }) => assets);
  const from = (scenario: Scenario): Scenario => ({ ...asItIs, holdings: scenario.holdings });
  const presets: Preset[] = [];
  if (market.length > 0) {
    presets.push(
      { label: "Market −30 %", apply: (now) => changed(from(now), market, -3_000) },
      { label: "Market −50 %", apply: (now) => changed(from(now), market, -5_000) },
      { label: "Market +50 %", apply: (now) => changed(from(now), market, 5_000) },
    );
  }
  for (const coin of coins.slice(0, 2)) {
    presets.push({
      label: `${symbol(coin)} −10 %`,
      apply: (now) => changed(from(now), [coin], -1_000),
    });
  }
  presets.push({
    label: "Volatility doubles",
    apply: (now) => ({ ...from(now), volatility: 2_000 }),
  });
  if (market.length > 0) {
    presets.push({
      label: "Crash (−30 %, twice the volatility)",
      apply: (now) => ({ ...changed(from(now), market, -3_000), volatility: 2_000 }),
    });
  }
  return presets;
}
