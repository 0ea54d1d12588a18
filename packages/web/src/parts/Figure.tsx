import type { ReactNode } from "react";
import styles from "./Figure.module.css";

/** A list of figures with what they are called. */
export function Figures(props: { children: ReactNode }) {
  return <dl className={styles.figures}>{props.children}</dl>;
}

/** One of them; `explain` is an `Explain` beside the name. */
export function Figure(props: {
  label: string;
  explain?: ReactNode;
  detail?: ReactNode;
  children: ReactNode;
}) {
  return (
    <div>
      <dt className={styles.label}>
        {props.label}
        {props.explain}
      </dt>
      <dd className={styles.value}>{props.children}</dd>
      {props.detail !== undefined && <dd className={styles.detail}>{props.detail}</dd>}
    </div>
  );
}
