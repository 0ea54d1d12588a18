import type { MarginResponse } from "@bulwark/client/types/BulwarkVault.types";
import type { ReactNode } from "react";
import { shownRatio } from "../words/ratio";
import { Icon } from "./Icon";
import styles from "./MarginChange.module.css";
import { Ratio, Usd } from "./Numbers";
import { StatusBadge } from "./StatusBadge";

/** Figures of a margin, of the chain or of the engine. */
export type MarginLike = Pick<
  MarginResponse,
  | "margin_ratio"
  | "equity"
  | "initial"
  | "maintenance"
  | "status"
  | "collateral_ratio"
  | "deposits"
  | "debts"
>;

/** What an account's margin is, and what it would be; said again when it changes. */
export function MarginChange(props: {
  before: MarginLike | undefined;
  after: MarginLike | undefined;
  children?: ReactNode;
}) {
  const { before, after } = props;
  if (before === undefined) return null;
  const then = after ?? before;
  return (
    <section className={styles.change} aria-label="Margin before and after" aria-live="polite">
      <Row name="Margin ratio" before={<Ratio ratio={shownRatio(before)} />}>
        {after === undefined ? undefined : <Ratio ratio={shownRatio(then)} />}
      </Row>
      <Row name="Status" before={<StatusBadge status={before.status} />}>
        {after === undefined || then.status === before.status ? undefined : (
          <StatusBadge status={then.status} />
        )}
      </Row>
      <Row name="Equity" before={<Usd value={before.equity} />}>
        {after === undefined ? undefined : <Usd value={then.equity} />}
      </Row>
      <Row name="Initial margin" before={<Usd value={before.initial} />}>
        {after === undefined ? undefined : <Usd value={then.initial} />}
      </Row>
      {props.children}
    </section>
  );
}

function Row(props: { name: string; before: ReactNode; children: ReactNode }) {
  return (
    <div className={styles.row}>
      <span className={styles.name}>{props.name}</span>
      <span className={styles.values}>
        {props.children === undefined ? (
          <span className={styles.after}>{props.before}</span>
        ) : (
          <>
            <span className={styles.before}>{props.before}</span>
            <span className={styles.arrow}>
              <Icon name="arrow" size={16} />
              <span className="visually-hidden">becomes</span>
            </span>
            <span className={styles.after}>{props.children}</span>
          </>
        )}
      </span>
    </div>
  );
}
