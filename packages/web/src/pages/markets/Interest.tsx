import type { MarketResponse } from "@bulwark/client/types/BulwarkVault.types";
import { lazy, memo, Suspense } from "react";
import { useAssets } from "../../data/assets";
import { Card } from "../../parts/Card";
import { Skeleton } from "../../parts/Notice";

const RateChart = lazy(async () => ({ default: memo((await import("./RateChart")).RateChart) }));

/** What borrowing costs and supplying earns, at any utilisation. */
export function Interest(props: { market: MarketResponse }) {
  const symbol = useAssets().symbol(props.market.asset);
  return (
    <Card
      title="Interest"
      note="The more of the pool is borrowed, the dearer: that brings repayments and deposits before it runs dry."
    >
      <Suspense fallback={<Skeleton height="20rem" />}>
        <RateChart market={props.market} symbol={symbol} />
      </Suspense>
    </Card>
  );
}
