import type {
  ConfigResponse,
  FeedResponse,
  PriceResponse,
  SourceFailure,
} from "@bulwark/client/types/BulwarkOracle.types";
import { useAssets } from "../../data/assets";
import { useChainTime } from "../../data/block";
import { useFeeds, useOracleConfig } from "../../data/oracle";
import { usePrices } from "../../data/queries";
import { Age } from "../../parts/Age";
import { Asset } from "../../parts/Asset";
import { Badge } from "../../parts/Badge";
import { Card } from "../../parts/Card";
import { Fold } from "../../parts/Fold";
import { Skeleton, Trouble } from "../../parts/Notice";
import { Price } from "../../parts/Numbers";
import { PriceBadge } from "../../parts/StatusBadge";
import { type Column, Table } from "../../parts/Table";
import { sourceWords } from "../../words/changes";
import { countText, priceText, spanText, timeText } from "../../words/format";
import styles from "./status.module.css";

interface Row {
  readonly feed: FeedResponse;
  readonly price: PriceResponse | undefined;
  readonly config: ConfigResponse | undefined;
}

/** Where prices come from, and how fresh they are. */
export function Feeds() {
  const feeds = useFeeds();
  const prices = usePrices();
  const config = useOracleConfig().data;
  const assets = useAssets();
  const now = useChainTime();
  const rows = (feeds.data ?? []).map(
    (feed): Row => ({ feed, price: prices.data?.get(feed.asset), config }),
  );
  const inForce = rows.filter(
    ({ price }) => price?.record.status === "ok" && !isOutOfDate(price, now),
  ).length;
  return (
    <Card
      title="Price feeds"
      note={
        config === undefined
          ? undefined
          : `${config.quorum} of ${config.feeders.length} feeders must have posted lately; their median counts.`
      }
    >
      {feeds.isError && (
        <Trouble what="Feeds" error={feeds.error} onRetry={() => void feeds.refetch()} />
      )}
      {feeds.isPending && <Skeleton height="16rem" />}
      {feeds.data !== undefined && (
        <Fold
          summary={
            prices.data === undefined
              ? "Asking for prices…"
              : `${countText(inForce)} of ${countText(rows.length)} in force`
          }
          what="the feeds"
          urgent={prices.data !== undefined && inForce < rows.length}
        >
          <Table
            caption="Price feeds with their sources"
            columns={columns}
            rows={rows.toSorted((one, other) =>
              assets.symbol(one.feed.asset).localeCompare(assets.symbol(other.feed.asset)),
            )}
            rowKey={({ feed }) => feed.asset}
            empty="The oracle has no feed yet."
          />
        </Fold>
      )}
    </Card>
  );
}

const columns: readonly Column<Row>[] = [
  { header: "Asset", cell: ({ feed }) => <Asset asset={feed.asset} /> },
  {
    header: "Price",
    number: true,
    cell: ({ price }) => (price === undefined ? "none" : <Price price={price.record.mid} />),
  },
  { header: "Status", cell: (row) => <State {...row} /> },
  {
    header: "Age",
    detail: true,
    cell: ({ feed, price }) => (
      <span className={styles.stack}>
        {price === undefined ? "no price yet" : <Age since={price.record.published_at} />}
        <span className={styles.small}>good for {spanText(feed.feed.max_age)}</span>
      </span>
    ),
  },
  { header: "Sources", detail: true, cell: (row) => <Sources {...row} /> },
];

/** By the oracle's own word, or by the chain's time since it was asked. */
function isOutOfDate(price: PriceResponse, now: number | undefined): boolean {
  return price.stale || (now !== undefined && price.record.expires_at < now);
}

function State({ feed, price }: Row) {
  const now = useChainTime();
  if (price === undefined) return <Badge tone="neutral">No price</Badge>;
  const { status } = price.record;
  const { pending, halted_until: haltedUntil } = feed;
  return (
    <span className={styles.stack}>
      <PriceBadge status={status} stale={isOutOfDate(price, now)} />
      {haltedUntil !== null && haltedUntil !== undefined && (
        <span className={styles.small}>until {timeText(haltedUntil)}</span>
      )}
      {pending !== null && pending !== undefined && (
        <span className={styles.small}>
          {pending.upward ? "up" : "down"} to {priceText(pending.price)}, can be confirmed from{" "}
          {timeText(pending.confirmable_at)}
        </span>
      )}
    </span>
  );
}

const failures: Record<SourceFailure, string> = {
  unreachable: "did not answer",
  malformed: "answered what cannot be read",
  out_of_range: "answered a price beyond all bounds",
  future: "answered a price of a time to come",
  stale: "answered a price that is too old",
  older: "answered an older price than before",
};

/** Each source with whether it is fresh; of posted prices how many feeders have posted. */
function Sources({ feed, config }: Row) {
  const assets = useAssets();
  return (
    <ul className={styles.stack}>
      {feed.feed.sources.map((source, index) => {
        const report = feed.sources[index];
        const words = sourceWords(source, assets);
        const isPosted = "posted" in source;
        const fresh = feed.posts.filter((post) => post.fresh).length;
        const failure = report?.failure;
        return (
          <li key={words} className={styles.stack}>
            <span>
              {isPosted && config !== undefined
                ? `${fresh} of ${config.feeders.length} feeders fresh`
                : words}
              {!isPosted && `, ${report?.fresh === true ? "fresh" : "not fresh"}`}
              {isPosted && config !== undefined && fresh < config.quorum && (
                <>
                  {" "}
                  <Badge tone="caution">{`${config.quorum} needed`}</Badge>
                </>
              )}
            </span>
            {failure !== null && failure !== undefined && (
              <span className={styles.small}>
                <Age since={failure.at} /> it {failures[failure.reason]}
              </span>
            )}
          </li>
        );
      })}
    </ul>
  );
}
