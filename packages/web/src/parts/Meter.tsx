import type { ReactNode } from "react";
import { percentText } from "../words/format";
import type { Tone } from "./Badge";
import { cx } from "./cx";
import styles from "./Meter.module.css";

/** How full something is: a bar with its words above it. `mark` is a limit on the way. */
export function Meter(props: {
  label: string;
  /** How full, 0 to 1; more is drawn as full. */
  value: number;
  /** Beside the label; the percentage by default. */
  words?: ReactNode;
  /** Where the limit is, 0 to 1, and what it is called. */
  mark?: { at: number; label: string };
  tone?: Tone;
  detail?: ReactNode;
}) {
  const share = bounded(props.value);
  return (
    <div className={styles.meter}>
      <div className={styles.line}>
        <span className={styles.label}>{props.label}</span>
        <span className={styles.words}>{props.words ?? percentText(share.toFixed(6))}</span>
      </div>
      <Bar label={props.label} value={share} mark={props.mark} tone={props.tone} />
      {props.detail !== undefined && <p className={styles.detail}>{props.detail}</p>}
    </div>
  );
}

/** The bar alone, where its words stand beside it. */
export function Bar(props: {
  label: string;
  value: number;
  mark?: { at: number; label: string } | undefined;
  tone?: Tone | undefined;
}) {
  const share = bounded(props.value);
  const said = percentText(share.toFixed(6));
  return (
    // biome-ignore lint/a11y/useSemanticElements: the element takes no mark, and browsers draw it each their own way.
    <div
      className={styles.bar}
      role="meter"
      aria-label={props.label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(share * 1000) / 10}
      aria-valuetext={props.mark === undefined ? said : `${said}, ${props.mark.label}`}
    >
      <div
        className={cx(styles.fill, props.tone !== undefined && styles[props.tone])}
        style={{ inlineSize: `${share * 100}%` }}
      />
      {props.mark !== undefined && (
        <div
          className={styles.mark}
          style={{ insetInlineStart: `${bounded(props.mark.at) * 100}%` }}
        />
      )}
    </div>
  );
}

function bounded(value: number): number {
  return Number.isFinite(value) ? Math.min(1, Math.max(0, value)) : 0;
}
