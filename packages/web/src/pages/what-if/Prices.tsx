import type { Basket } from "@bulwark/client/margin";
import { useAssets } from "../../data/assets";
import { Asset } from "../../parts/Asset";
import { Card } from "../../parts/Card";
import { Slider } from "../../parts/Slider";
import { priceText } from "../../words/format";
import {
  changeAt,
  changeText,
  changeWords,
  type PriceChange,
  positionOfChange,
  priceEnds,
  readChange,
} from "./scale";
import { changed, commonChange, type Group, type Scenario, stable } from "./scenario";
import { TypedNumber } from "./TypedNumber";
import type { Zones } from "./use-zones";
import styles from "./WhatIf.module.css";
import { movedPrice, priceZonesText } from "./zone-words";
import type { Zone } from "./zones";

/** Sliders of prices: each group's assets together, and each asset alone. */
export function Prices(props: {
  basket: Basket;
  groups: readonly Group[];
  scenario: Scenario;
  zones: Zones;
  onScenario: (scenario: Scenario) => void;
}) {
  const { basket, groups, scenario, zones, onScenario } = props;
  const assets = useAssets();
  const mid = new Map(basket.prices.map(({ asset, record }) => [asset, record.mid]));
  return (
    <Card
      title="Prices"
      note="Hatched is where the account would be liquidatable, everything else standing where it is."
    >
      <div className={styles.groups}>
        {groups.map((group) => (
          <fieldset key={group.name} className={styles.group}>
            <legend>{groupName(group.name)}</legend>
            {group.assets.length > 1 && (
              <Move
                name={group.name === stable ? "All together" : "Whole market"}
                label={`Prices of ${togetherName(group.name)} together`}
                change={commonChange(scenario, group.assets)}
                zones={zones.groups[group.name] ?? []}
                onChange={(change) => onScenario(changed(scenario, group.assets, change))}
              />
            )}
            {group.assets.map((asset) => (
              <Move
                key={asset}
                name={
                  <Asset
                    asset={asset}
                    detail={
                      <PriceMove price={mid.get(asset)} change={scenario.changes[asset] ?? 0} />
                    }
                  />
                }
                label={`Price of ${assets.symbol(asset)}`}
                change={scenario.changes[asset] ?? 0}
                zones={zones.assets[asset] ?? []}
                price={mid.get(asset)}
                onChange={(change) => onScenario(changed(scenario, [asset], change))}
              />
            ))}
          </fieldset>
        ))}
      </div>
    </Card>
  );
}

function groupName(name: string): string {
  if (name === stable) return "Stable coins";
  return name === "crypto" ? "Crypto market" : name;
}

function togetherName(name: string): string {
  if (name === stable) return "all stable coins";
  return name === "crypto" ? "the whole crypto market" : `all ${name} assets`;
}

function PriceMove(props: { price: string | undefined; change: PriceChange }) {
  const { price, change } = props;
  if (price === undefined) return <>no price</>;
  if (change === 0) return <>{priceText(price)}</>;
  return (
    <>
      {priceText(price)} → {priceText(movedPrice(price, change))}
    </>
  );
}

function Move(props: {
  name: React.ReactNode;
  label: string;
  /** Absent where several assets changed differently. */
  change: PriceChange | undefined;
  zones: readonly Zone[];
  price?: string | undefined;
  onChange: (change: PriceChange) => void;
}) {
  const { change, zones, price } = props;
  return (
    <div className={styles.move}>
      <div className={styles.name}>{props.name}</div>
      <Slider
        label={props.label}
        min={priceEnds.least}
        max={priceEnds.most}
        origin={0}
        value={change === undefined ? 0 : positionOfChange(change)}
        words={change === undefined ? "moved differently" : changeWords(change)}
        danger={zones}
        onChange={(position) => props.onChange(changeAt(position))}
      />
      <TypedNumber
        label={`${props.label}, change in percent`}
        text={change === undefined ? "…" : changeText(change)}
        unit="%"
        read={readChange}
        onValue={props.onChange}
      />
      {zones.length > 0 && <p className={styles.where}>{priceZonesText(zones, price)}</p>}
    </div>
  );
}
