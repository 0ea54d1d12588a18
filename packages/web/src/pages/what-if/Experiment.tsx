import type { AccountRef } from "@bulwark/client/types/BulwarkVault.types";
import { type ReactNode, useCallback, useState } from "react";
import { useEngine } from "../../data/engine";
import { Skeleton, Trouble } from "../../parts/Notice";
import { Bench } from "./Bench";
import { type Figures, Follow } from "./Follow";
import { asItIs, isAsItIs, type Scenario } from "./scenario";

/**
 * Holds what is supposed. Until something is moved the figures follow the chain; from then on they
 * stand still, and the chain is asked nothing, until its present ones are asked for.
 */
export function Experiment(props: { account: AccountRef | undefined; swap: ReactNode }) {
  const engine = useEngine();
  const [figures, setFigures] = useState<Figures>();
  const [scenario, setScenario] = useState<Scenario>(asItIs);
  const [isFollowing, setFollowing] = useState(true);
  const change = useCallback((next: Scenario) => {
    setScenario(next);
    setFollowing(isAsItIs(next));
  }, []);
  return (
    <>
      {isFollowing && <Follow account={props.account} onFigures={setFigures} />}
      {engine.error !== null && (
        <Trouble
          what="The margin engine"
          error={engine.error}
          onRetry={() => void engine.refetch()}
        />
      )}
      {engine.data !== undefined && figures !== undefined ? (
        <Bench
          engine={engine.data}
          basket={figures.basket}
          height={figures.height}
          isFollowing={isFollowing}
          onFollow={() => setFollowing(true)}
          isAccount={props.account !== undefined}
          scenario={scenario}
          onScenario={change}
          swap={props.swap}
        />
      ) : (
        engine.error === null && <Skeleton height="24rem" />
      )}
    </>
  );
}
