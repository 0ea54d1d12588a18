import { approximately, parseDecimal } from "@bulwark/client";
import type { HoldingMargin } from "@bulwark/client/types/BulwarkVault.types";
import { cx } from "../../parts/cx";
import { Usd } from "../../parts/Numbers";
import styles from "./Holdings.module.css";

/** The ends of the bars' common scale, in USD, for drawing. */
export interface Scale {
  readonly least: number;
  readonly most: number;
}

/** A scale on which all contributions fit, zero included. */
export function widest(holdings: readonly HoldingMargin[]): Scale {
  const values = holdings.map((holding) => approximately(parseDecimal(holding.contribution)));
  return { least: Math.min(0, ...values), most: Math.max(0, ...values) };
}

/** What a holding contributes to the maintenance margin; a hedge's bar goes left. */
export function Contribution(props: { value: string; widest: Scale }) {
  const { least, most } = props.widest;
  const value = approximately(parseDecimal(props.value));
  const span = most - least || 1;
  const zero = (-least / span) * 100;
  const length = (Math.abs(value) / span) * 100;
  const hedges = value < 0;
  return (
    <span className={styles.contribution}>
      <span>
        <Usd value={props.value} />
        {hedges && <span className="visually-hidden">, a hedge</span>}
      </span>
      <span className={styles.bar} aria-hidden="true">
        <span
          className={cx(styles.fill, hedges ? styles.hedges : styles.costs)}
          style={{ insetInlineStart: `${hedges ? zero - length : zero}%`, width: `${length}%` }}
        />
        {least < 0 && <span className={styles.zero} style={{ insetInlineStart: `${zero}%` }} />}
      </span>
    </span>
  );
}
