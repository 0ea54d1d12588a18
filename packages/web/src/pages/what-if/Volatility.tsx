import type { Basket } from "@bulwark/client/margin";
import { useAssets } from "../../data/assets";
import { Card } from "../../parts/Card";
import { Slider } from "../../parts/Slider";
import { percentText } from "../../words/format";
import type { Evaluated } from "./evaluate";
import {
  multipleAt,
  multipleText,
  positionOfMultiple,
  readMultiple,
  volatilityEnds,
} from "./scale";
import type { Group, Scenario } from "./scenario";
import { TypedNumber } from "./TypedNumber";
import styles from "./WhatIf.module.css";
import { volatilityZonesText } from "./zone-words";
import type { Zone } from "./zones";

/** A slider for the volatility of all assets, and what it does to their haircuts. */
export function Volatility(props: {
  basket: Basket;
  groups: readonly Group[];
  before: Evaluated;
  after: Evaluated;
  scenario: Scenario;
  zones: readonly Zone[];
  onScenario: (scenario: Scenario) => void;
}) {
  const { scenario, zones, onScenario } = props;
  const set = (volatility: number) => onScenario({ ...scenario, volatility });
  return (
    <Card
      title="Volatility"
      note="Haircuts follow volatility within a floor and a cap. On the chain they get there bit by bit, over hours; here at once."
    >
      <div className={styles.move}>
        <div className={styles.name}>All assets</div>
        <Slider
          label="Volatility of all assets"
          min={volatilityEnds.least}
          max={volatilityEnds.most}
          origin={0}
          value={positionOfMultiple(scenario.volatility)}
          words={`${multipleText(scenario.volatility)} times`}
          danger={zones}
          onChange={(position) => set(multipleAt(position))}
        />
        <TypedNumber
          label="Volatility, as a multiple"
          text={multipleText(scenario.volatility)}
          unit="×"
          read={readMultiple}
          onValue={set}
        />
        {zones.length > 0 && <p className={styles.where}>{volatilityZonesText(zones)}</p>}
      </div>
      <Haircuts {...props} />
    </Card>
  );
}

function Haircuts(props: {
  basket: Basket;
  groups: readonly Group[];
  before: Evaluated;
  after: Evaluated;
  scenario: Scenario;
}) {
  const { basket, after, scenario } = props;
  const assets = useAssets();
  if (after.kind === "refused") return null;
  const markets = new Map(basket.markets.map((market) => [market.asset, market]));
  const prices = new Map(basket.prices.map((price) => [price.asset, price]));
  return (
    <ul className={styles.haircuts}>
      {after.figures.holdings.map(({ asset, haircut }) => {
        const base = prices.get(markets.get(asset)?.family.base ?? asset);
        const daily = Number(base?.volatility_in_force ?? 0) * (scenario.volatility / 1000);
        return (
          <li key={asset}>
            <strong>{assets.symbol(asset)}</strong> {percentText(String(daily.toFixed(6)))} per
            √day, haircut {percentText(haircut)}
          </li>
        );
      })}
    </ul>
  );
}
