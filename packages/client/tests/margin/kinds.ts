// Which kinds of accounts a run has seen: numbers that agree prove little where one kind is missing.

import type { PriceRecord } from "../../src/generated/BulwarkOracle.types.js";
import type {
  HoldingMargin,
  MarketResponse,
  PriceStatus,
  Status,
} from "../../src/generated/BulwarkVault.types.js";
import type { Case } from "./cases.js";

function withStatus(status: Status): (seen: Case) => boolean {
  return ({ margin }) => margin.status === status;
}

/** Whether a holding is like this, given its market, price record and the record of its base asset. */
type Like = (
  holding: HoldingMargin,
  market: MarketResponse,
  record: PriceRecord,
  now: number,
) => boolean;

function withHolding(like: Like): (seen: Case) => boolean {
  return ({ margin, world }) =>
    margin.holdings.some((holding) => {
      const market = world.markets.find(({ asset }) => asset === holding.asset);
      const price = world.prices.find(({ asset }) => asset === holding.asset);
      return (
        market !== undefined &&
        price !== undefined &&
        like(holding, market, price.record, world.now)
      );
    });
}

function withPrice(status: PriceStatus): (seen: Case) => boolean {
  return withHolding((holding) => holding.price_status === status);
}

const isUnderWater = ({ margin }: Case) =>
  margin.status === "liquidatable" || margin.status === "insolvent";

/** Every kind, with whether an account is one. */
export const KINDS: Readonly<Record<string, (seen: Case) => boolean>> = {
  healthy: withStatus("healthy"),
  "margin call": withStatus("margin_call"),
  liquidatable: withStatus("liquidatable"),
  insolvent: withStatus("insolvent"),
  "without debts": ({ margin }) => margin.collateral_ratio === null && margin.deposits !== "0",
  "with seven holdings or more": ({ margin }) => margin.holdings.length >= 7,
  "idle and lent at once": ({ account }) =>
    account.holdings.some(({ idle, lent }) => idle !== "0" && lent !== "0"),
  hedged: withHolding((holding) => holding.contribution.startsWith("-")),
  "with a staked token against its base": ({ margin, world }) => {
    const families = margin.holdings.map(
      ({ asset }) => world.markets.find((market) => market.asset === asset)?.family.base,
    );
    return new Set(families).size < families.length;
  },
  "with a pending price": withPrice("pending"),
  "with a wide price": withPrice("wide"),
  "with a halted price": withPrice("halted"),
  "with a stale price": withHolding((holding) => holding.stale),
  "with a decayed price": withHolding(
    (holding, _market, record) => holding.price !== record.mid && holding.price !== "0",
  ),
  "with a price decayed to nothing": withHolding((holding) => holding.price === "0"),
  "while volatility moves": withHolding(
    (_holding, _market, { volatility }, now) =>
      volatility.from !== volatility.target && now < volatility.end_time,
  ),
  "while haircuts ramp": withHolding(
    (_holding, { family, ramp_end }, _record, now) =>
      ramp_end > now &&
      JSON.stringify(family.haircut_rule) !== JSON.stringify(family.haircut_rule_target),
  ),
  "while an asset's own parameters ramp": withHolding(
    (_holding, { risk, risk_target, ramp_end }, _record, now) =>
      ramp_end > now && JSON.stringify(risk) !== JSON.stringify(risk_target),
  ),
  "with a token without decimals": withHolding((_holding, { decimals }) => decimals === 0),
  "with a token of 18 decimals": withHolding((_holding, { decimals }) => decimals === 18),
  "with a plan": ({ liquidation_plan }) => liquidation_plan.plan != null,
  "with a plan in distress": ({ liquidation_plan }) => liquidation_plan.plan?.distressed === true,
  "under water without a plan": (seen) => isUnderWater(seen) && seen.liquidation_plan.plan == null,
  "liquidatable by a fall": ({ liquidation_prices }) =>
    liquidation_prices.some(({ price }) => price.below != null),
  "liquidatable by a rise": ({ liquidation_prices }) =>
    liquidation_prices.some(({ price }) => price.above != null),
  "with a borrow that the margin limits": (seen) => isLimited(seen, "debt"),
  "with a withdrawal that the margin limits": (seen) => isLimited(seen, "deposit"),
};

function isLimited({ changes }: Case, side: "deposit" | "debt"): boolean {
  return changes.some(
    (change) =>
      change.side === side &&
      change.most !== "0" &&
      change.refused_beyond === "below_initial_margin",
  );
}
