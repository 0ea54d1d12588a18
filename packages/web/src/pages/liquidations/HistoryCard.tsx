import { formatDecimal } from "@bulwark/client";
import { Age } from "../../parts/Age";
import { Button } from "../../parts/Button";
import { Card } from "../../parts/Card";
import { Figure, Figures } from "../../parts/Figure";
import { Notice, Skeleton, Trouble } from "../../parts/Notice";
import { Address, Amount, Ratio, Usd } from "../../parts/Numbers";
import { type Column, Table } from "../../parts/Table";
import { countText, isDecimal, percentText } from "../../words/format";
import { AccountLink } from "./AccountLink";
import { type HistoryRow, rowsOf, type Totals, totalsOf, useLiquidations } from "./history";
import styles from "./Liquidations.module.css";

/** Liquidations so far: who was liquidated, what it cost them, and who bore what was left. */
export function HistoryCard() {
  const history = useLiquidations();
  const entries = history.data?.pages.flat() ?? [];
  const rows = rowsOf(entries);
  const unreadable = entries.filter((entry) => entry.unreadable !== undefined).length;
  return (
    <Card
      title="Liquidations so far"
      note="From the node's index of transactions, newest first. The bonus includes the reserve's part."
    >
      <div className={styles.stack}>
        {history.isError && (
          <Trouble
            what="The history"
            error={history.error}
            onRetry={() => void history.refetch()}
          />
        )}
        {history.isPending && <Skeleton height="9rem" />}
        {history.data !== undefined && (
          <>
            {rows.length > 0 && <Sums totals={totalsOf(rows)} isAll={!history.hasNextPage} />}
            <Table
              caption="Liquidations so far"
              columns={columns}
              rows={rows}
              rowKey={({ key }) => key}
              empty="No account has been liquidated yet."
            />
            {unreadable > 0 && (
              <Notice
                tone="caution"
                title={`${countText(unreadable)} ${unreadable === 1 ? "transaction" : "transactions"} could not be read whole`}
              >
                They say something that this page cannot read: the sums above may lack it.
              </Notice>
            )}
            {history.hasNextPage && (
              <Button
                disabled={history.isFetchingNextPage}
                onClick={() => void history.fetchNextPage()}
              >
                Show older ones
              </Button>
            )}
          </>
        )}
      </div>
    </Card>
  );
}

function Sums({ totals, isAll }: { totals: Totals; isAll: boolean }) {
  return (
    <Figures>
      <Figure label="Liquidations" detail={isAll ? "in all" : "of those shown"}>
        {countText(totals.liquidations)}
      </Figure>
      <Figure label="Repaid">
        <Usd value={formatDecimal(totals.repaidValue)} compact />
      </Figure>
      <Figure label="Bonus paid" detail={`${percentText(formatDecimal(totals.bonus), 2)} of it`}>
        <Usd value={formatDecimal(totals.bonusValue)} compact />
      </Figure>
      <Figure label="Bad debt">
        {totals.badDebt.length === 0 ? "none" : <Amounts of={totals.badDebt} />}
      </Figure>
    </Figures>
  );
}

function Amounts(props: { of: readonly { asset: string; amount: bigint }[] }) {
  return (
    <span className={styles.lines}>
      {props.of.map(({ asset, amount }) => (
        <Amount key={asset} asset={asset} amount={amount} />
      ))}
    </span>
  );
}

const columns: readonly Column<HistoryRow>[] = [
  {
    header: "Account",
    cell: ({ owner, id }) => <AccountLink account={{ owner, id }} />,
  },
  {
    header: "When",
    cell: ({ time, height, hash }) => (
      <span className={styles.lines} title={hash}>
        {time === undefined ? null : <Age since={time} />}
        <span className={styles.quiet}>block {countText(height)}</span>
      </span>
    ),
  },
  {
    header: "Repaid",
    number: true,
    cell: ({ liquidation }) =>
      liquidation === undefined ? (
        <span className={styles.quiet}>written off</span>
      ) : (
        <span className={styles.lines}>
          <Amount asset={liquidation.debtAsset} amount={liquidation.repaid} />
          <span className={styles.quiet}>
            <Usd value={formatDecimal(liquidation.repaidValue)} />
          </span>
        </span>
      ),
  },
  {
    header: "Seized",
    number: true,
    cell: ({ liquidation }) =>
      liquidation === undefined ? (
        "–"
      ) : (
        <Amount asset={liquidation.depositAsset} amount={liquidation.seized} />
      ),
  },
  {
    header: "Bonus",
    number: true,
    cell: ({ liquidation }) =>
      liquidation === undefined ? (
        "–"
      ) : (
        <span className={styles.lines}>
          <Usd value={formatDecimal(liquidation.bonusValue)} />
          <span className={styles.quiet}>
            {percentText(formatDecimal(liquidation.bonus), 2)}
            {liquidation.distressed ? ", in distress" : ""}
          </span>
        </span>
      ),
  },
  {
    header: "Ratio after",
    number: true,
    cell: ({ liquidation }) =>
      liquidation === undefined || !isDecimal(liquidation.ratioAfter) ? (
        "–"
      ) : (
        <Ratio ratio={liquidation.ratioAfter} />
      ),
  },
  {
    header: "Bad debt",
    number: true,
    cell: ({ badDebt }) =>
      badDebt.length === 0 ? (
        "none"
      ) : (
        <Amounts of={badDebt.map(({ asset, writtenOff }) => ({ asset, amount: writtenOff }))} />
      ),
  },
  {
    header: "Keeper",
    number: true,
    cell: ({ liquidation }) =>
      liquidation === undefined ? "–" : <Address address={liquidation.keeper} />,
  },
];
