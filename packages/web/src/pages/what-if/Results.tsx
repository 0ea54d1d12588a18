import type { Basket, MarginEngine, MarginFigures } from "@bulwark/client/margin";
import type { HoldingMargin } from "@bulwark/client/types/BulwarkVault.types";
import { type ReactNode, useMemo } from "react";
import { useAssets } from "../../data/assets";
import { useDebounced } from "../../data/debounced";
import { Asset } from "../../parts/Asset";
import { Card } from "../../parts/Card";
import { Gauge } from "../../parts/Gauge";
import { Icon } from "../../parts/Icon";
import { Notice } from "../../parts/Notice";
import { Price, Ratio, Usd } from "../../parts/Numbers";
import { StatusBadge, statusText } from "../../parts/StatusBadge";
import { type Column, Table } from "../../parts/Table";
import { percentText, ratioText, usdText } from "../../words/format";
import { shownRatio } from "../../words/ratio";
import { Contribution, type Scale, widest } from "../account/Contribution";
import { openingRatio } from "../account/margin";
import { type Evaluated, supposed } from "./evaluate";
import type { Scenario } from "./scenario";
import styles from "./WhatIf.module.css";

/** What would become of the account. */
export function Results(props: {
  engine: MarginEngine;
  basket: Basket;
  scenario: Scenario;
  before: Evaluated;
  after: Evaluated;
  isMoved: boolean;
  /** Whether it begins with an account, and not with nothing. */
  isAccount: boolean;
}) {
  const { before, after, isMoved } = props;
  const then = after.kind === "figures" ? after.figures : undefined;
  const now = before.kind === "figures" ? before.figures : undefined;
  const said = useDebounced(then === undefined ? "" : sentence(then), 600);
  return (
    <Card title={isMoved ? "What would be" : props.isAccount ? "As it is" : "At today’s prices"}>
      <p className="visually-hidden" role="status">
        {said}
      </p>
      {after.kind === "refused" && (
        <Notice tone="caution" title="This cannot be worked out">
          {after.error.message}
        </Notice>
      )}
      {then !== undefined && (
        <div className={styles.outcome}>
          <div className={styles.glance}>
            <Gauge ratio={shownRatio(then)} status={then.status} opening={openingRatio(then)} />
          </div>
          <dl className={styles.comparison}>
            <Line
              name="Status"
              now={
                isMoved && now?.status !== then.status && now && <StatusBadge status={now.status} />
              }
            >
              <StatusBadge status={then.status} />
            </Line>
            <Line name="Margin ratio" now={isMoved && now && <Ratio ratio={shownRatio(now)} />}>
              <Ratio ratio={shownRatio(then)} />
            </Line>
            <Line name="Equity" now={isMoved && now && <Usd value={now.equity} />}>
              <Usd value={then.equity} />
            </Line>
            <Line name="Maintenance margin" now={isMoved && now && <Usd value={now.maintenance} />}>
              <Usd value={then.maintenance} />
            </Line>
            <Line name="Initial margin" now={isMoved && now && <Usd value={now.initial} />}>
              <Usd value={then.initial} />
            </Line>
            <Line name="Deposits" now={isMoved && now && <Usd value={now.deposits} />}>
              <Usd value={then.deposits} />
            </Line>
            <Line name="Debts" now={isMoved && now && <Usd value={now.debts} />}>
              <Usd value={then.debts} />
            </Line>
            <Line
              name="Collateral ratio"
              now={isMoved && now && <Ratio ratio={now.collateral_ratio} />}
            >
              <Ratio ratio={then.collateral_ratio} />
            </Line>
          </dl>
          <Liquidation {...props} figures={then} />
          <Contributions figures={then} />
        </div>
      )}
    </Card>
  );
}

function sentence(figures: MarginFigures): string {
  return `Margin ratio ${ratioText(shownRatio(figures))}, ${statusText(figures.status)}, equity ${usdText(figures.equity)}.`;
}

function Line(props: { name: string; now: ReactNode; children: ReactNode }) {
  const hasNow = props.now !== undefined && props.now !== false;
  return (
    <div>
      <dt>{props.name}</dt>
      <dd>
        {hasNow && (
          <>
            <span className={styles.now}>{props.now}</span>
            <Icon name="arrow" size={14} />
            <span className="visually-hidden">becomes</span>
          </>
        )}
        <span className={styles.then}>{props.children}</span>
      </dd>
    </div>
  );
}

/** What a keeper would do first. */
function Liquidation(props: {
  engine: MarginEngine;
  basket: Basket;
  scenario: Scenario;
  figures: MarginFigures;
}) {
  const { engine, basket, scenario, figures } = props;
  const assets = useAssets();
  const isExposed = figures.status === "liquidatable" || figures.status === "insolvent";
  const plan = useMemo(() => {
    if (!isExposed) return undefined;
    try {
      return engine.liquidationPlan(supposed(basket, scenario)).plan ?? undefined;
    } catch {
      // Where nothing can be planned, the status says what there is to say.
      return undefined;
    }
  }, [isExposed, engine, basket, scenario]);
  if (plan === undefined) return null;
  return (
    <Notice tone="danger" title="A keeper could then liquidate">
      It would repay {assets.amount(plan.debt.asset, plan.debt.amount)} and take{" "}
      {assets.amount(plan.seize.asset, plan.seize.amount)}. The bonus of {usdText(plan.bonus_value)}{" "}
      ({percentText(plan.bonus, 2)}) is what it costs the account, and its margin ratio would be{" "}
      {ratioText(plan.ratio_after)}.
    </Notice>
  );
}

function Contributions({ figures }: { figures: MarginFigures }) {
  if (figures.holdings.length === 0) return null;
  return (
    <Table
      caption="What each holding contributes to the maintenance margin"
      columns={columnsOf(widest(figures.holdings))}
      rows={figures.holdings}
      rowKey={({ asset }) => asset}
    />
  );
}

function columnsOf(scale: Scale): Column<HoldingMargin>[] {
  return [
    {
      header: "Holding",
      cell: ({ asset, side }) => (
        <Asset asset={asset} detail={side === "debt" ? "owed" : "deposited"} />
      ),
    },
    {
      header: "Value",
      number: true,
      cell: ({ value, price }) => (
        <span className={styles.lines}>
          <Usd value={value} />
          <span className={styles.quiet}>
            at <Price price={price} />
          </span>
        </span>
      ),
    },
    {
      header: "Margin it costs",
      number: true,
      cell: ({ contribution }) => <Contribution value={contribution} widest={scale} />,
    },
  ];
}
