import { useAssets } from "../../data/assets";
import { useBlock, useChainTime } from "../../data/block";
import { useWaitingChanges } from "../../data/changes";
import { useConnection } from "../../data/connection";
import { useFeeds } from "../../data/oracle";
import { useConfig, useMarkets, usePrices, useSolvency } from "../../data/queries";
import { Card } from "../../parts/Card";
import { Notice, Skeleton, Trouble } from "../../parts/Notice";
import { Page } from "../../parts/Page";
import { PendingChanges } from "../../parts/PendingChanges";
import { Chain } from "./Chain";
import { Contracts } from "./Contracts";
import { Feeds } from "./Feeds";
import { findings, verdict } from "./findings";
import { Pauses } from "./Pauses";
import { Roles } from "./Roles";
import { Solvent } from "./Solvent";
import styles from "./status.module.css";

/** The page “Status”: whether everything is all right, and what that is made of. */
export function Component() {
  return (
    <Page title="Status" lead="Read from the chain just now. You need not take our word for it.">
      <Verdict />
      <div className={styles.columns}>
        <Chain />
        <Pauses />
      </div>
      <Solvent />
      <Feeds />
      <Changes />
      <Contracts />
      <Roles />
    </Page>
  );
}

function Verdict() {
  const assets = useAssets();
  const { live } = useConnection();
  const block = useBlock();
  const now = useChainTime();
  const config = useConfig();
  const markets = useMarkets();
  const prices = usePrices();
  const feeds = useFeeds();
  const solvency = useSolvency();
  const waiting = useWaitingChanges();
  const asked = [config, markets, prices, feeds, solvency];
  // Of what could not be fetched nobody can say that it is all right.
  const failed =
    asked.find((answer) => answer.isError && answer.data === undefined)?.error ??
    (waiting.isKnown ? null : waiting.error);
  if (failed !== null) {
    const retry = () => {
      for (const answer of asked) if (answer.isError) void answer.refetch();
      if (waiting.error !== null) waiting.refetch();
    };
    return <Trouble what="A part of the status" error={failed} onRetry={retry} />;
  }
  if (!waiting.isKnown || asked.some((answer) => answer.data === undefined)) {
    return <Skeleton height="4.5rem" />;
  }
  const found = findings(
    {
      live,
      blockAge: block === undefined || now === undefined ? undefined : ageOf(block.time, now),
      // Without news from the chain nothing is known of later than its newest block.
      now: live === "offline" ? block?.time : now,
      locked: config.data?.locked,
      pauses: config.data?.pauses ?? [],
      markets: markets.data ?? [],
      feeds: feeds.data ?? [],
      prices: prices.data,
      solvency: solvency.data ?? [],
      changes: waiting.changes.length,
    },
    assets,
  );
  const { tone, title } = verdict(found);
  return (
    <Notice tone={tone} title={title} live>
      {found.length === 0 ? (
        "The vault holds everything that it owes, all prices are in force, nothing is paused."
      ) : (
        <ul className={styles.findings}>
          {found.map(({ text }) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      )}
    </Notice>
  );
}

/** By this device's clock where that differs by more than a clock that is set a little wrong. */
function ageOf(blockTime: number, now: number): number {
  const byDevice = Date.now() / 1000 - blockTime;
  return byDevice > 600 ? byDevice : now - blockTime;
}

function Changes() {
  const { changes, isPending, error, refetch } = useWaitingChanges();
  return (
    <Card
      title="Announced changes"
      note="Listings, feeds and whatever loosens a rule wait here first, and the guardian can cancel them. What tightens takes effect at once, in small steps."
    >
      {error !== null && <Trouble what="Announced changes" error={error} onRetry={refetch} />}
      {isPending && <Skeleton height="3rem" />}
      {!isPending && error === null && changes.length === 0 && (
        <p className={styles.quiet}>None: everything stays as it is.</p>
      )}
      {changes.length > 0 && <PendingChanges changes={changes} />}
    </Card>
  );
}
