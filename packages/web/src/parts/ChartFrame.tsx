import type { ReactNode } from "react";
import styles from "./ChartFrame.module.css";
import { type Column, Table } from "./Table";

/** A chart with what it shows in a sentence, and the same figures as a table. */
export function ChartFrame<Row>(props: {
  /** What it shows. */
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  height?: number;
  children: ReactNode;
}) {
  return (
    <figure className={styles.figure}>
      <div
        className={styles.drawing}
        style={{ height: `${props.height ?? 240}px` }}
        aria-hidden="true"
      >
        {props.children}
      </div>
      <figcaption className={styles.caption}>{props.caption}</figcaption>
      <details className={styles.table}>
        <summary>Show the figures as a table</summary>
        <Table
          caption={props.caption}
          columns={props.columns}
          rows={props.rows}
          rowKey={props.rowKey}
        />
      </details>
    </figure>
  );
}
