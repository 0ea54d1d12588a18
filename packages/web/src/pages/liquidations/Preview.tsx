import { formatDecimal } from "@bulwark/client";
import type { LiquidationResponse, MarginResponse } from "@bulwark/client/types/BulwarkVault.types";
import type { ReactNode } from "react";
import { cx } from "../../parts/cx";
import { Notice, Skeleton } from "../../parts/Notice";
import { Amount, Ratio, Usd } from "../../parts/Numbers";
import { percentText } from "../../words/format";
import { keepersBonusOf } from "./bonus";
import styles from "./Liquidations.module.css";

/** What the chain says that the liquidation would do now. */
export function Preview(props: {
  outcome: LiquidationResponse | undefined;
  debt: string;
  seize: string;
  before: MarginResponse;
  /** What is received at least, smallest units of the deposit. */
  least: bigint | undefined;
  fee: ReactNode;
  /** The figures are of what was asked before. */
  isStale: boolean;
}) {
  const { outcome, debt, seize, before, least } = props;
  if (outcome === undefined) return <Skeleton height="12rem" />;
  const bonus = keepersBonusOf({ ...outcome, seized: BigInt(outcome.seized) });
  return (
    <section
      className={styles.outcome}
      aria-label="What would happen now"
      aria-live="polite"
      aria-busy={props.isStale}
    >
      <dl className={cx(styles.preview, props.isStale && styles.stale)}>
        <Line name="You repay" main>
          <Amount asset={debt} amount={outcome.repaid} round="up" />
        </Line>
        {BigInt(outcome.refunded) > 0n && (
          <Line name="Sent back">
            <Amount asset={debt} amount={outcome.refunded} />
          </Line>
        )}
        <Received name="You receive" asset={seize} amount={outcome.tokens} words="as tokens" />
        <Received name="You receive" asset={seize} amount={outcome.idle} words="as idle deposit" />
        <Received name="You receive" asset={seize} amount={outcome.lent} words="as lent deposit" />
        <Line name="Your bonus">
          <Usd value={formatDecimal(bonus.value)} /> (
          {percentText(formatDecimal(bonus.fraction), 2)})
        </Line>
        <Line name="Reserve's part of the bonus">
          <Amount asset={seize} amount={outcome.protocol_fee} />
        </Line>
        {least !== undefined && (
          <Line name="Fails if you would receive less than">
            <Amount asset={seize} amount={least} />
          </Line>
        )}
        <Line name="The account's margin ratio">
          <Ratio ratio={before.margin_ratio} /> → <Ratio ratio={outcome.ratio_after} />
        </Line>
        <Line name="Network fee">{props.fee}</Line>
      </dl>
      {outcome.distressed && (
        <Notice tone="caution" title="This account is in distress">
          Its equity no longer pays for a whole bonus, so it may be closed at once.
        </Notice>
      )}
      {outcome.bad_debt.length > 0 && (
        <Notice tone="danger" title="Bad debt would be left">
          {outcome.bad_debt.map(({ asset, amount }) => (
            <Amount key={asset} asset={asset} amount={amount} />
          ))}{" "}
          would be written off: the market's reserve bears it first, then its suppliers.
        </Notice>
      )}
    </section>
  );
}

function Received(props: { name: string; asset: string; amount: string; words: string }) {
  if (BigInt(props.amount) === 0n) return null;
  return (
    <Line name={props.name} main>
      <Amount asset={props.asset} amount={props.amount} />{" "}
      <span className={styles.quiet}>{props.words}</span>
    </Line>
  );
}

function Line(props: { name: string; main?: boolean; children: ReactNode }) {
  return (
    <div>
      <dt>{props.name}</dt>
      <dd className={props.main === true ? styles.main : undefined}>{props.children}</dd>
    </div>
  );
}
