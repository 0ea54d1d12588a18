import type { Basket, MarginEngine } from "@bulwark/client/margin";
import { useEffect, useState } from "react";
import { isSafe } from "./evaluate";
import { changeAt, multipleAt, priceEnds, volatilityEnds } from "./scale";
import { changed, type Group, type Scenario } from "./scenario";
import { type Zone, zonesOf } from "./zones";

/** Where sliders lead to liquidation, everything else standing where it is. */
export interface Zones {
  /** By asset. */
  readonly assets: Readonly<Record<string, readonly Zone[]>>;
  /** By name of the group. */
  readonly groups: Readonly<Record<string, readonly Zone[]>>;
  readonly volatility: readonly Zone[];
}

const none: Zones = { assets: {}, groups: {}, volatility: [] };

/** How long nothing has to move before zones are worked out anew, in milliseconds. */
const rest = 120;

/** Works zones out slider by slider once nothing moves, so that what moves is never held up. */
export function useZones(
  engine: MarginEngine,
  basket: Basket,
  scenario: Scenario,
  groups: readonly Group[],
): Zones {
  const [zones, setZones] = useState(none);
  useEffect(() => {
    const safeAt = (assets: readonly string[]) => (position: number) =>
      isSafe(engine, basket, changed(scenario, assets, changeAt(position)));

    const tasks = [
      ...groups.flatMap(({ name, assets }) => [
        () => ({ groups: { [name]: zonesOf(safeAt(assets), priceEnds) } }),
        ...assets.map((asset) => () => ({
          assets: { [asset]: zonesOf(safeAt([asset]), priceEnds) },
        })),
      ]),
      () => ({
        volatility: zonesOf(
          (position) => isSafe(engine, basket, { ...scenario, volatility: multipleAt(position) }),
          volatilityEnds,
        ),
      }),
    ];
    let sofar = none;
    let timer: ReturnType<typeof setTimeout>;
    const work = (index: number) => {
      const task = tasks[index];
      if (task === undefined) return setZones(sofar);
      const part: Partial<Zones> = task();
      sofar = {
        assets: { ...sofar.assets, ...part.assets },
        groups: { ...sofar.groups, ...part.groups },
        volatility: part.volatility ?? sofar.volatility,
      };
      timer = setTimeout(() => work(index + 1), 0);
    };
    timer = setTimeout(() => work(0), rest);
    return () => clearTimeout(timer);
  }, [engine, basket, scenario, groups]);
  return zones;
}
