import { formatDecimal } from "@bulwark/client";
import type { PriceResponse } from "@bulwark/client/types/BulwarkOracle.types";
import type { MarketResponse } from "@bulwark/client/types/BulwarkVault.types";
import { useState } from "react";
import { Link } from "react-router";
import { useAssets } from "../../data/assets";
import { useMarkets, usePrices } from "../../data/queries";
import { Asset } from "../../parts/Asset";
import { Badge } from "../../parts/Badge";
import { Card } from "../../parts/Card";
import { Field } from "../../parts/Field";
import { Figure, Figures } from "../../parts/Figure";
import { Bar } from "../../parts/Meter";
import { Skeleton, Trouble } from "../../parts/Notice";
import { Amount, Percent, Price, Usd } from "../../parts/Numbers";
import { Page } from "../../parts/Page";
import { PriceBadge } from "../../parts/StatusBadge";
import { type Column, Table } from "../../parts/Table";
import { countText, NOTHING } from "../../words/format";
import { marketPath, shareOf, worth, worthText } from "./figures";
import styles from "./markets.module.css";
import { restrictions } from "./restrictions";

/** With fewer markets there is nothing to search. */
const worthSearching = 7;

interface Row {
  readonly market: MarketResponse;
  readonly price: PriceResponse | undefined;
}

/** The page “Markets”: all of them beside each other. */
export function Component() {
  const markets = useMarkets();
  const prices = usePrices();
  const assets = useAssets();
  const [search, setSearch] = useState("");
  const rows: Row[] = (markets.data ?? []).map((market) => ({
    market,
    price: prices.data?.get(market.asset),
  }));
  const wanted = search.trim().toLowerCase();
  const found = rows.filter(({ market: { asset } }) => {
    const words = assets.find(asset);
    return [asset, words?.symbol, words?.name].some((text) => text?.toLowerCase().includes(wanted));
  });
  return (
    <Page
      title="Markets"
      lead="Each asset has a pool of its own. Suppliers lend to it and earn; borrowers pay for it."
    >
      {markets.isError && (
        <Trouble what="Markets" error={markets.error} onRetry={() => void markets.refetch()} />
      )}
      {prices.isError && (
        <Trouble what="Prices" error={prices.error} onRetry={() => void prices.refetch()} />
      )}
      {markets.isPending && <Skeleton height="24rem" />}
      {markets.data !== undefined && (
        <>
          <Totals rows={rows} />
          <Card title="All markets">
            {rows.length >= worthSearching && (
              <div className={styles.search}>
                <Field label="Search by symbol or denom">
                  {(control) => (
                    <input
                      {...control}
                      type="search"
                      value={search}
                      onChange={(event) => setSearch(event.target.value)}
                    />
                  )}
                </Field>
              </div>
            )}
            <p className="visually-hidden" role="status">
              {wanted === "" ? "" : `${countText(found.length)} markets found`}
            </p>
            <Table
              caption="Markets with what is supplied, borrowed and earned"
              columns={columns(assets.symbol.bind(assets))}
              rows={found}
              rowKey={({ market }) => market.asset}
              empty={
                wanted === "" ? "No market is listed yet." : `No market matches “${search.trim()}”.`
              }
            />
          </Card>
        </>
      )}
    </Page>
  );
}

/** What all markets come to. Markets without a price are not counted, which is said. */
function Totals(props: { rows: readonly Row[] }) {
  const sum = (amount: (market: MarketResponse) => string) =>
    formatDecimal(
      props.rows.reduce(
        (total, { market, price }) => total + (worth(market, amount(market), price) ?? 0n),
        0n,
      ),
    );
  const unpriced = props.rows.filter(({ price }) => price === undefined).length;
  const note = unpriced === 0 ? undefined : `${countText(unpriced)} without a price not counted`;
  return (
    <Card title="All together">
      <Figures>
        <Figure label="Supplied to pools" detail={note}>
          <Usd value={sum((market) => market.supplied)} compact />
        </Figure>
        <Figure label="Borrowed" detail={note}>
          <Usd value={sum((market) => market.borrowed)} compact />
        </Figure>
        <Figure label="Idle deposits" detail="never lent, can always leave">
          <Usd value={sum((market) => market.idle)} compact />
        </Figure>
        <Figure label="Reserves" detail="first to bear bad debt">
          <Usd value={sum((market) => market.reserve)} compact />
        </Figure>
        <Figure label="Markets">{countText(props.rows.length)}</Figure>
      </Figures>
    </Card>
  );
}

function columns(symbol: (asset: string) => string): readonly Column<Row>[] {
  const value = (amount: (market: MarketResponse) => string) => (row: Row) =>
    worth(row.market, amount(row.market), row.price) ?? -1n;
  return [
    {
      header: "Asset",
      cell: ({ market }) => (
        <Link className={styles.link ?? ""} to={marketPath(market.asset)}>
          <Asset asset={market.asset} detail={familyWords(market, symbol)} />
        </Link>
      ),
      sort: ({ market }) => symbol(market.asset),
    },
    {
      header: "Price",
      number: true,
      cell: ({ price }) => <PriceCell price={price} />,
      sort: ({ price }) => Number(price?.record.mid ?? -1),
    },
    {
      header: "Supplied",
      number: true,
      detail: true,
      cell: ({ market, price }) => <Sum market={market} amount={market.supplied} price={price} />,
      sort: value((market) => market.supplied),
    },
    {
      header: "Borrowed",
      number: true,
      detail: true,
      cell: ({ market, price }) => <Sum market={market} amount={market.borrowed} price={price} />,
      sort: value((market) => market.borrowed),
    },
    {
      header: "Cash",
      number: true,
      detail: true,
      cell: ({ market, price }) => <Sum market={market} amount={market.cash} price={price} />,
      sort: value((market) => market.cash),
    },
    {
      header: "Utilisation",
      number: true,
      detail: true,
      cell: ({ market }) => <Use market={market} name={symbol(market.asset)} />,
      sort: ({ market }) => Number(market.utilisation),
    },
    {
      header: "Supply rate",
      number: true,
      cell: ({ market }) => <Percent fraction={market.supply_rate} digits={2} />,
      sort: ({ market }) => Number(market.supply_rate),
    },
    {
      header: "Borrow rate",
      number: true,
      cell: ({ market }) => <Percent fraction={market.borrow_rate} digits={2} />,
      sort: ({ market }) => Number(market.borrow_rate),
    },
  ];
}

/** What belongs together, and what is not possible now. */
function familyWords(market: MarketResponse, symbol: (asset: string) => string) {
  const closed = restrictions(market).map(({ short }) => short);
  if (closed.length > 0) return closed.join(", ");
  const { base, group } = market.family;
  return base === market.asset ? group : `${group}, follows ${symbol(base)}`;
}

function PriceCell(props: { price: PriceResponse | undefined }) {
  const { price } = props;
  if (price === undefined) return <Badge tone="caution">No price</Badge>;
  const usual = price.record.status === "ok" && !price.stale;
  return (
    <span className={styles.stack}>
      <Price price={price.record.mid} />
      {!usual && <PriceBadge status={price.record.status} stale={price.stale} short />}
    </span>
  );
}

function Sum(props: Row & { amount: string }) {
  const value = worthText(props.market, props.amount, props.price);
  return (
    <span className={styles.stack}>
      <Amount asset={props.market.asset} amount={props.amount} symbol={false} />
      <span className={styles.quiet}>
        {value === undefined ? NOTHING : <Usd value={value} compact />}
      </span>
    </span>
  );
}

function Use(props: { market: MarketResponse; name: string }) {
  const { market } = props;
  return (
    <span className={styles.use}>
      <Percent fraction={market.utilisation} />
      <Bar
        label={`Utilisation of ${props.name}`}
        value={shareOf(market.borrowed, market.supplied)}
        mark={{
          at: Number(market.limits.max_utilisation),
          label: "no new borrows beyond the mark",
        }}
        tone={isFull(market) ? "caution" : undefined}
      />
    </span>
  );
}

function isFull({ utilisation, limits }: MarketResponse): boolean {
  return Number(utilisation) >= Number(limits.max_utilisation);
}
