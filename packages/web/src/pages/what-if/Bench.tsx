import type { Basket, MarginEngine } from "@bulwark/client/margin";
import { type ReactNode, useMemo } from "react";
import { useAssets } from "../../data/assets";
import { Button } from "../../parts/Button";
import { Card } from "../../parts/Card";
import { countText } from "../../words/format";
import { evaluate } from "./evaluate";
import { Holdings } from "./Holdings";
import { Prices } from "./Prices";
import { Results } from "./Results";
import { Strip } from "./Strip";
import { asItIs, groupsOf, holdingsOf, isAsItIs, presetsOf, type Scenario } from "./scenario";
import { useZones } from "./use-zones";
import { Volatility } from "./Volatility";
import styles from "./WhatIf.module.css";

/** What can be moved, and beside it what becomes of the account. */
export function Bench(props: {
  engine: MarginEngine;
  basket: Basket;
  height: number | undefined;
  isFollowing: boolean;
  onFollow: () => void;
  /** Whether it begins with an account, and not with nothing. */
  isAccount: boolean;
  scenario: Scenario;
  onScenario: (scenario: Scenario) => void;
  swap: ReactNode;
}) {
  const { engine, basket, scenario, onScenario, isFollowing } = props;
  const assets = useAssets();
  const holdings = useMemo(
    () => holdingsOf(basket.holdings, scenario),
    [basket.holdings, scenario],
  );
  const groups = useMemo(() => groupsOf(basket.markets, holdings), [basket.markets, holdings]);
  // What is made up is compared with itself at today's prices, an account with what it really has.
  const supposedHoldings = props.isAccount ? asItIs.holdings : scenario.holdings;
  const beginning = useMemo<Scenario>(
    () => ({ ...asItIs, holdings: supposedHoldings }),
    [supposedHoldings],
  );
  const before = useMemo(() => evaluate(engine, basket, beginning), [engine, basket, beginning]);
  const after = useMemo(() => evaluate(engine, basket, scenario), [engine, basket, scenario]);
  const zones = useZones(engine, basket, scenario, groups);
  const isEmpty = holdings.length === 0;
  return (
    <div className={styles.bench}>
      <Strip before={before} after={after} />
      <div className={styles.results}>
        <Results
          engine={engine}
          basket={basket}
          scenario={scenario}
          before={before}
          after={after}
          isMoved={!isAsItIs({ ...scenario, holdings: props.isAccount ? scenario.holdings : {} })}
          isAccount={props.isAccount}
        />
      </div>
      <div className={styles.controls}>
        <div className={styles.bar}>
          <p className={styles.quiet} role="status">
            {isFollowing ? "Follows the chain" : "Stands still while you try"}
            {props.height === undefined ? "." : `: figures of block ${countText(props.height)}.`}
          </p>
          <div className={styles.buttons}>
            {!isFollowing && (
              <Button small onClick={props.onFollow}>
                Take present figures
              </Button>
            )}
            <Button small disabled={isAsItIs(scenario)} onClick={() => onScenario(asItIs)}>
              Reset
            </Button>
            {props.swap}
          </div>
        </div>
        {!isEmpty && (
          <Card title="Scenarios">
            <div className={styles.buttons}>
              {presetsOf(groups, (asset) => assets.symbol(asset)).map((preset) => (
                <Button key={preset.label} onClick={() => onScenario(preset.apply(scenario))}>
                  {preset.label}
                </Button>
              ))}
            </div>
          </Card>
        )}
        {!isEmpty && (
          <Prices
            basket={basket}
            groups={groups}
            scenario={scenario}
            zones={zones}
            onScenario={onScenario}
          />
        )}
        {!isEmpty && (
          <Volatility
            basket={basket}
            groups={groups}
            before={before}
            after={after}
            scenario={scenario}
            zones={zones.volatility}
            onScenario={onScenario}
          />
        )}
        <Holdings
          basket={basket}
          holdings={holdings}
          scenario={scenario}
          isAccount={props.isAccount}
          onScenario={onScenario}
        />
      </div>
    </div>
  );
}
