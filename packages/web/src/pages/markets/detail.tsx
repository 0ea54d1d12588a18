import type { PriceResponse } from "@bulwark/client/types/BulwarkOracle.types";
import type { MarketResponse } from "@bulwark/client/types/BulwarkVault.types";
import { Link, useParams } from "react-router";
import { useAssets } from "../../data/assets";
import { useChainTime } from "../../data/block";
import { useWaitingChanges } from "../../data/changes";
import { useConfig, useMarkets, usePrices } from "../../data/queries";
import { Age } from "../../parts/Age";
import { Card } from "../../parts/Card";
import { Figure, Figures } from "../../parts/Figure";
import { Notice, Skeleton, Trouble } from "../../parts/Notice";
import { Amount, Percent, Price, Usd } from "../../parts/Numbers";
import { Page } from "../../parts/Page";
import { PendingChanges } from "../../parts/PendingChanges";
import { PriceBadge } from "../../parts/StatusBadge";
import { NOTHING } from "../../words/format";
import { worthText } from "./figures";
import { Interest } from "./Interest";
import styles from "./markets.module.css";
import { OverTime } from "./OverTime";
import { Pool } from "./Pool";
import { restrictions } from "./restrictions";
import { Terms } from "./Terms";

/** One market. */
export function Component() {
  const asset = useParams().asset ?? "";
  const assets = useAssets();
  const markets = useMarkets();
  const prices = usePrices();
  const words = assets.find(asset);
  const market = markets.data?.find((one) => one.asset === asset);
  return (
    <Page
      title={`${assets.symbol(asset)} market`}
      lead={words === undefined || words.name === words.symbol ? undefined : words.name}
      actions={
        <Link className={styles.back ?? ""} to="/markets">
          All markets
        </Link>
      }
    >
      {markets.isError && (
        <Trouble what="This market" error={markets.error} onRetry={() => void markets.refetch()} />
      )}
      {prices.isError && (
        <Trouble what="Prices" error={prices.error} onRetry={() => void prices.refetch()} />
      )}
      {markets.isPending && <Skeleton height="30rem" />}
      {markets.data !== undefined && market === undefined && (
        <Notice tone="neutral" title="This vault has no such market">
          <span className="mono">{asset}</span>
        </Notice>
      )}
      {market !== undefined && <Market market={market} price={prices.data?.get(asset)} />}
    </Page>
  );
}

function Market(props: { market: MarketResponse; price: PriceResponse | undefined }) {
  const { market, price } = props;
  const now = useChainTime();
  const config = useConfig().data;
  return (
    <>
      {restrictions(market).map(({ tone, title, detail }) => (
        <Notice key={title} tone={tone} title={title}>
          {detail}
        </Notice>
      ))}
      <Changes asset={market.asset} base={market.family.base} />
      <AtAGlance market={market} price={price} />
      <div className={styles.columns}>
        <Pool market={market} price={price} config={config} />
        <Interest market={market} />
      </div>
      <OverTime market={market} price={price} />
      <div className={styles.columns}>
        <Terms market={market} config={config} now={now} />
        <PriceCard market={market} price={price} />
      </div>
    </>
  );
}

function AtAGlance(props: { market: MarketResponse; price: PriceResponse | undefined }) {
  const { market, price } = props;
  const usd = (amount: string) => {
    const value = worthText(market, amount, price);
    return value === undefined ? NOTHING : <Usd value={value} compact />;
  };
  return (
    <Card title="At a glance">
      <Figures>
        <Figure
          label="Price"
          detail={price === undefined ? undefined : <Age since={price.record.published_at} />}
        >
          {price === undefined ? "none yet" : <Price price={price.record.mid} />}
        </Figure>
        <Figure label="Supplied" detail={<Amount asset={market.asset} amount={market.supplied} />}>
          {usd(market.supplied)}
        </Figure>
        <Figure label="Borrowed" detail={<Amount asset={market.asset} amount={market.borrowed} />}>
          {usd(market.borrowed)}
        </Figure>
        <Figure label="Supply rate" detail="a year">
          <Percent fraction={market.supply_rate} digits={2} />
        </Figure>
        <Figure label="Borrow rate" detail="a year">
          <Percent fraction={market.borrow_rate} digits={2} />
        </Figure>
        <Figure
          label="Haircut in force"
          detail={
            Number(market.risk.extra_haircut) === 0
              ? undefined
              : `and ${Number(market.risk.extra_haircut) * 100} % of its own`
          }
        >
          {market.haircut === null || market.haircut === undefined ? (
            NOTHING
          ) : (
            <Percent fraction={market.haircut} />
          )}
        </Figure>
      </Figures>
    </Card>
  );
}

/** Changes that would touch this market. */
function Changes(props: { asset: string; base: string }) {
  const { changes } = useWaitingChanges();
  const concerning = changes.filter(
    ({ words }) =>
      words.asset === undefined || words.asset === props.asset || words.asset === props.base,
  );
  if (concerning.length === 0) return null;
  return (
    <Card
      title="Announced changes"
      note="Whoever disagrees has time to leave before they take effect."
    >
      <PendingChanges changes={concerning} />
    </Card>
  );
}

function PriceCard(props: { market: MarketResponse; price: PriceResponse | undefined }) {
  const { price } = props;
  const now = useChainTime();
  if (price === undefined) {
    return (
      <Card title="Price">
        <Notice tone="caution" title="The oracle has no price of this asset yet">
          Until it has one nothing can be borrowed with it.
        </Notice>
      </Card>
    );
  }
  const { mid, low, high, ema, published_at, expires_at, status } = price.record;
  const isStale = price.stale || (now !== undefined && expires_at < now);
  return (
    <Card
      title="Price"
      actions={<PriceBadge status={status} stale={isStale} />}
      note="USD per whole token. Opening a position counts deposits at the low end and debts at the high end; liquidation counts the price in force."
    >
      <Figures>
        <Figure label="In force" detail={<Age since={published_at} />}>
          <Price price={mid} />
        </Figure>
        <Figure label="Low, for deposits">
          <Price price={low} />
        </Figure>
        <Figure label="High, for debts">
          <Price price={high} />
        </Figure>
        <Figure label="Slow average">
          <Price price={ema} />
        </Figure>
        <Figure label="Volatility" detail="per √day, in force">
          <Percent fraction={price.volatility_in_force} />
        </Figure>
      </Figures>
    </Card>
  );
}
