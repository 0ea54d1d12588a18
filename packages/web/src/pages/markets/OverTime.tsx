import type { PriceResponse } from "@bulwark/client/types/BulwarkOracle.types";
import type { MarketResponse } from "@bulwark/client/types/BulwarkVault.types";
import { lazy, memo, Suspense, useMemo, useState } from "react";
import { useAssets } from "../../data/assets";
import { newestBlock } from "../../data/block";
import { type Moment, useCourse } from "../../data/course";
import { useEngine } from "../../data/engine";
import { useConfig, useHistory, useMarkets, usePrices } from "../../data/queries";
import { Card } from "../../parts/Card";
import { Choices } from "../../parts/Field";
import { Notice, Skeleton } from "../../parts/Notice";
import { haircutsAhead } from "./ahead";
import { haircutWords } from "./haircut";
import styles from "./markets.module.css";
import { pricesIn, pricesOf } from "./prices";

const PriceChart = lazy(async () => ({ default: memo((await import("./PriceChart")).PriceChart) }));
const HaircutChart = lazy(async () => ({
  default: memo((await import("./HaircutChart")).HaircutChart),
}));

type Span = "3600" | "86400" | "604800";

const spans: readonly { value: Span; label: string }[] = [
  { value: "3600", label: "An hour" },
  { value: "86400", label: "A day" },
  { value: "604800", label: "A week" },
];

/** A market's price and haircut through time, as the contracts themselves answered then. */
export function OverTime(props: { market: MarketResponse; price: PriceResponse | undefined }) {
  const { market, price } = props;
  const [span, setSpan] = useState<Span>("3600");
  const symbol = useAssets().symbol(market.asset);
  const course = useCourse(market.asset, Number(span));
  const ahead = useAhead(market);
  // Only what was asked anew is drawn anew, not every block.
  const moments = useMemo((): readonly Moment[] => {
    const now = newestBlock()?.time;
    const before = course.moments.filter(({ time }) => now === undefined || time < now);
    return now === undefined ? before : [...before, { time: now, market, price }];
  }, [course.moments, market, price]);
  // Where the node keeps no past of contracts, its index of events knows prices.
  const isForgotten = course.isCutOff && course.moments.length === 0;
  const told = useHistory({ types: ["price"], limit: 100 }, { enabled: isForgotten }).data;
  const points = useMemo(
    () => [...(isForgotten ? pricesIn(told ?? [], market.asset) : []), ...pricesOf(moments)],
    [isForgotten, told, moments, market.asset],
  );
  const isWaiting = course.isPending && course.moments.length === 0;
  return (
    <Card
      title="Over time"
      actions={<Choices label="How far back" value={span} options={spans} onChange={setSpan} />}
      note="What the contracts themselves said at blocks through this time, kept by the node."
    >
      {course.isCutOff && (
        <div className={styles.notice}>
          <Notice tone="neutral" title="Not all of this time can be shown">
            The market is younger, or this node no longer keeps what contracts said so long ago.
          </Notice>
        </div>
      )}
      <div className={styles.columns}>
        <div>
          <h3>Haircut over time</h3>
          <p className={styles.quiet}>{haircutWords(market, moments.at(-1)?.time)}</p>
          <Suspense fallback={<Skeleton height="20rem" />}>
            {isWaiting ? (
              <Skeleton height="20rem" />
            ) : (
              <HaircutChart moments={moments} ahead={ahead} symbol={symbol} />
            )}
          </Suspense>
        </div>
        <div>
          <h3>Price over time</h3>
          <p className={styles.quiet}>In force, with the band that counts for opening positions.</p>
          <Suspense fallback={<Skeleton height="20rem" />}>
            {isWaiting ? (
              <Skeleton height="20rem" />
            ) : (
              <PriceChart points={points} symbol={symbol} />
            )}
          </Suspense>
        </div>
      </div>
    </Card>
  );
}

function useAhead(market: MarketResponse) {
  const engine = useEngine().data;
  const config = useConfig().data;
  const markets = useMarkets().data;
  const prices = usePrices().data;
  return useMemo(() => {
    if (engine === undefined || config === undefined) return [];
    if (markets === undefined || prices === undefined) return [];
    const now = newestBlock()?.time;
    return now === undefined ? [] : haircutsAhead(engine, now, config, markets, market, prices);
  }, [engine, config, markets, prices, market]);
}
