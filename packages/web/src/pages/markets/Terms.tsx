import type { ConfigResponse, MarketResponse } from "@bulwark/client/types/BulwarkVault.types";
import type { ReactNode } from "react";
import { useAssets } from "../../data/assets";
import { Card } from "../../parts/Card";
import { Amount } from "../../parts/Numbers";
import { percentText, timeText } from "../../words/format";
import styles from "./markets.module.css";

/** A market's parameters and what they mean, in plain words. */
export function Terms(props: {
  market: MarketResponse;
  config: ConfigResponse | undefined;
  now: number | undefined;
}) {
  const { market, config, now } = props;
  const { family, risk, risk_target: goal, limits } = market;
  const assets = useAssets();
  const rule = family.haircut_rule;
  const target = family.haircut_rule_target;
  const isMoving = now !== undefined && market.ramp_end > now;
  const name = assets.symbol(market.asset);
  const base = assets.symbol(family.base);
  const moves = (from: string, to: string, text: (value: string) => string) =>
    isMoving && from !== to ? `${text(from)} (moving to ${text(to)})` : text(from);
  const percent = (fraction: string) => percentText(fraction);
  const times = (factor: string) => `${Number(factor).toFixed(2)} ×`;
  return (
    <Card
      title="Parameters"
      note={
        isMoving
          ? `Risk parameters are moving in small steps until ${timeText(market.ramp_end)}.`
          : "Risk parameters never jump: whenever the owner changes one, it moves over time."
      }
    >
      <dl className={styles.terms}>
        <Term name="Haircut follows volatility">
          {times(rule.volatility_multiple)} the daily volatility of {base}
          {target.volatility_multiple !== rule.volatility_multiple &&
            ` (moving to ${times(target.volatility_multiple)})`}
          , but at least {moves(rule.floor, target.floor, percent)} and at most{" "}
          {moves(rule.cap, target.cap, percent)}.
        </Term>
        <Term name="Extra haircut of its own">
          {Number(risk.extra_haircut) === 0 && Number(goal.extra_haircut) === 0
            ? "None."
            : `${moves(risk.extra_haircut, goal.extra_haircut, percent)} on top of the family's.`}
        </Term>
        <Term name="Family and group">
          {family.base === market.asset
            ? `${name} is the base of its family, in the group “${family.group}”.`
            : `${name} belongs to the family of ${base}, in the group “${family.group}”: held against each other, most of the risk cancels.`}{" "}
          Its correlation with the group counts as {percent(family.group_correlation)}, with the
          family as {percent(family.family_correlation)}.
        </Term>
        <Term name="Large positions cost more">
          Against <Amount asset={market.asset} amount={risk.liquidity} /> that the market can take
          in a day, up to another {moves(risk.size_cap, goal.size_cap, percent)} of margin.
        </Term>
        <Term name="Share of one account">
          One account may owe at most {percent(limits.counterparty_share)} of the pool.
        </Term>
        <Term name="Interest for the reserve">
          {percent(market.reserve_factor)} of what borrowers pay goes to the market's reserve, the
          first to bear bad debt.
        </Term>
        {config !== undefined && (
          <Term name="Opening needs more than keeping">
            {times(config.parameters.margin.initial_factor)} the margin at which an account is
            liquidated.
          </Term>
        )}
      </dl>
    </Card>
  );
}

function Term(props: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{props.name}</dt>
      <dd>{props.children}</dd>
    </div>
  );
}
