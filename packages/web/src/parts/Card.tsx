import { type ReactNode, useId } from "react";
import styles from "./Card.module.css";
import { cx } from "./cx";

/** A titled section of a page. `actions` stand beside the title, `note` explains below it. */
export function Card(props: {
  title: string;
  actions?: ReactNode;
  note?: ReactNode;
  className?: string;
  children: ReactNode;
}) {
  const heading = useId();
  return (
    <section className={cx(styles.card, props.className)} aria-labelledby={heading}>
      <div className={styles.head}>
        <h2 id={heading}>{props.title}</h2>
        {props.actions}
      </div>
      {props.note !== undefined && <p className={styles.note}>{props.note}</p>}
      {props.children}
    </section>
  );
}
