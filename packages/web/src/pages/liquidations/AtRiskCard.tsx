import { formatDecimal, parseDecimal } from "@bulwark/client";
import type { AccountRef, AtRisk } from "@bulwark/client/types/BulwarkVault.types";
import { useState } from "react";
import { useSearchParams } from "react-router";
import { useAtRisk } from "../../data/queries";
import { Button } from "../../parts/Button";
import { Card } from "../../parts/Card";
import { Choices } from "../../parts/Field";
import { Figure, Figures } from "../../parts/Figure";
import { Skeleton, Trouble } from "../../parts/Notice";
import { Amount, Ratio, Usd } from "../../parts/Numbers";
import { StatusBadge } from "../../parts/StatusBadge";
import { type Column, Table } from "../../parts/Table";
import { countText, percentText } from "../../words/format";
import { AccountLink } from "./AccountLink";
import { bounds, byRatio, isBound, isLiquidatable, keyOf, type RiskRow, useRows } from "./atRisk";
import { LiquidateDialog } from "./LiquidateDialog";
import styles from "./Liquidations.module.css";

const pageSize = 25;

/** Accounts at risk, worst first, with the best liquidation of each. */
export function AtRiskCard() {
  const [params, setParams] = useSearchParams();
  const [size, setSize] = useState(pageSize);
  const [chosen, setChosen] = useState<AccountRef>();
  const named = params.get("below");
  const bound = isBound(named) ? named : "1.25";
  const listed = useAtRisk(bounds[bound]);
  const risks = (listed.data ?? []).toSorted((a, b) => (byRatio(a) < byRatio(b) ? -1 : 1));
  const { rows, workOut } = useRows(risks.slice(0, size));
  const columns = columnsWith(setChosen, workOut);
  return (
    <Card
      title="Accounts at risk"
      note="Equity over maintenance margin is the margin ratio. Below 1.00 an account is liquidatable. The list follows prices by itself."
    >
      <div className={styles.stack}>
        <Choices
          label="Margin ratio"
          value={bound}
          options={[
            { value: "liquidatable", label: "Liquidatable" },
            { value: "1.1", label: "Below 1.10" },
            { value: "1.25", label: "Below 1.25" },
            { value: "2", label: "Below 2.00" },
          ]}
          onChange={(value) => setParams({ below: value }, { replace: true })}
        />
        {listed.isError && (
          <Trouble
            what="Accounts at risk"
            error={listed.error}
            onRetry={() => void listed.refetch()}
          />
        )}
        {listed.isPending && <Skeleton height="9rem" />}
        {listed.data !== undefined && (
          <>
            <Summary rows={rows} risks={risks} />
            <Table
              caption="Accounts at risk"
              columns={columns}
              rows={rows}
              rowKey={({ risk }) => keyOf(risk.account)}
              empty={
                bound === "liquidatable"
                  ? "No account is liquidatable now: each covers its maintenance margin."
                  : "No account in debt is this close to liquidation."
              }
              order={{ column: 1, descending: false }}
            />
            {risks.length > size && (
              <Button onClick={() => setSize(size + pageSize)}>
                Show more ({countText(risks.length - size)} left)
              </Button>
            )}
          </>
        )}
      </div>
      <LiquidateDialog account={chosen} onClose={() => setChosen(undefined)} />
    </Card>
  );
}

/** What there is to do, at a glance. */
function Summary(props: { rows: readonly RiskRow[]; risks: readonly AtRisk[] }) {
  const liquidatable = props.risks.filter(isLiquidatable).length;
  const onOffer = props.rows.reduce((sum, { bonus }) => sum + (bonus?.value ?? 0n), 0n);
  const unknown = liquidatable - props.rows.filter(({ offer }) => offer === "known").length;
  return (
    <Figures>
      <Figure label="Listed">{countText(props.risks.length)}</Figure>
      <Figure label="Liquidatable now">{countText(liquidatable)}</Figure>
      <Figure
        label="Keepers' bonus on offer"
        detail={unknown > 0 ? `${countText(unknown)} more not worked out` : undefined}
      >
        <Usd value={formatDecimal(onOffer)} />
      </Figure>
    </Figures>
  );
}

function columnsWith(
  liquidate: (account: AccountRef) => void,
  workOut: (account: AccountRef) => void,
): Column<RiskRow>[] {
  return [
    { header: "Account", cell: ({ risk }) => <AccountLink account={risk.account} /> },
    {
      header: "Margin ratio",
      number: true,
      sort: ({ risk }) => byRatio(risk),
      cell: ({ risk }) => (
        <span className={styles.pair}>
          {risk.margin_ratio !== null && risk.margin_ratio !== undefined && (
            <Ratio ratio={risk.margin_ratio} />
          )}
          <StatusBadge status={risk.status} />
        </span>
      ),
    },
    {
      header: "Debts",
      number: true,
      sort: ({ risk }) => parseDecimal(risk.debts),
      cell: ({ risk }) => (
        <span className={styles.lines}>
          <Usd value={risk.debts} />
          <span className={styles.quiet}>
            equity <Usd value={risk.equity} />
          </span>
        </span>
      ),
    },
    {
      header: "Best liquidation",
      number: true,
      cell: (row) => <BestPlan row={row} workOut={workOut} />,
    },
    {
      header: "Keeper's bonus",
      number: true,
      sort: ({ bonus }) => bonus?.value ?? -1n,
      cell: ({ plan, bonus }) =>
        plan !== undefined && plan !== null && bonus !== undefined ? (
          <span className={styles.lines}>
            <span>
              <Usd value={formatDecimal(bonus.value)} /> (
              {percentText(formatDecimal(bonus.fraction), 2)})
            </span>
            <span className={styles.quiet}>
              <Amount asset={plan.seize.asset} amount={bonus.amount} />
            </span>
          </span>
        ) : (
          "–"
        ),
    },
    {
      header: "Liquidate",
      bare: true,
      cell: ({ risk }) =>
        isLiquidatable(risk) && (
          <Button
            small
            aria-label={`Liquidate account ${risk.account.id} of ${risk.account.owner}`}
            onClick={() => liquidate(risk.account)}
          >
            Liquidate
          </Button>
        ),
    },
  ];
}

function BestPlan(props: { row: RiskRow; workOut: (account: AccountRef) => void }) {
  const { risk, plan, offer } = props.row;
  if (!isLiquidatable(risk)) return <>–</>;
  if (offer === "open") {
    const { account } = risk;
    return (
      <Button
        small
        kind="quiet"
        aria-label={`Work out the best liquidation of account ${account.id} of ${account.owner}`}
        onClick={() => props.workOut(account)}
      >
        Work it out
      </Button>
    );
  }
  if (plan === undefined) return <Skeleton width="8rem" />;
  if (plan === null) return <span className={styles.quiet}>nothing can change hands</span>;
  return (
    <span className={styles.lines}>
      <span>
        <span className={styles.quiet}>repay </span>
        <Amount asset={plan.debt.asset} amount={plan.debt.amount} />
      </span>
      <span>
        <span className={styles.quiet}>receive </span>
        <Amount asset={plan.seize.asset} amount={plan.seize.amount} />
      </span>
      <span className={styles.quiet}>
        margin ratio then <Ratio ratio={plan.ratio_after} />
      </span>
    </span>
  );
}
