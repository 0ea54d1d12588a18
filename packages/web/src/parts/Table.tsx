import { type ReactNode, useId, useState } from "react";
import { cx } from "./cx";
import styles from "./Table.module.css";

/** A column of a table. */
export interface Column<Row> {
  /** Its name, which also stands before each value where rows are cards. */
  readonly header: string;
  readonly cell: (row: Row) => ReactNode;
  /** Figures stand right. */
  readonly number?: boolean;
  /** By what rows are sorted where its header is pressed. */
  readonly sort?: (row: Row) => bigint | number | string;
  /** Buttons and bars: without the name before them where rows are cards. */
  readonly bare?: boolean;
  /** Where rows are cards it is hidden until the row's “More” is pressed. */
  readonly detail?: boolean;
}

interface Order {
  readonly column: number;
  readonly descending: boolean;
}

/**
 * A table that becomes a list of cards on a phone. The first column heads each row. Roles are
 * spelled out because browsers forget what a table is when its rows are laid out as cards.
 */
export function Table<Row>(props: {
  /** What it lists, for those who do not see the title above it. */
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  /** Stands in the place of rows when there are none. */
  empty?: ReactNode;
  /** The order at first; the rows' own if absent. */
  order?: Order;
}) {
  const [order, setOrder] = useState(props.order);
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const last = props.columns.length - 1;
  const hasDetails = props.columns.some((column) => column.detail === true);
  if (props.rows.length === 0) {
    return <p className={styles.empty}>{props.empty ?? "Nothing here yet."}</p>;
  }
  const rows = sorted(props.rows, props.columns, order);
  return (
    // biome-ignore-start lint/a11y/noRedundantRoles: laid out as cards, a table loses its own.
    <div className={styles.frame}>
      <table className={styles.table} role="table">
        <caption className={cx(styles.caption, "visually-hidden")}>{props.caption}</caption>
        <thead role="rowgroup">
          <tr role="row">
            {props.columns.map((column, index) => (
              <th
                key={column.header}
                role="columnheader"
                scope="col"
                className={cx(
                  column.number === true && styles.number,
                  column.bare === true && index === last && styles.pinned,
                )}
                aria-sort={ariaSort(column, order, index)}
              >
                {column.sort === undefined ? (
                  <span className={column.bare === true ? "visually-hidden" : styles.name}>
                    {column.header}
                  </span>
                ) : (
                  <button
                    type="button"
                    className={styles.sort}
                    onClick={() => setOrder(pressed(order, index))}
                  >
                    {column.header}
                    <span className={styles.direction} aria-hidden="true">
                      {order?.column !== index ? "" : order.descending ? "▾" : "▴"}
                    </span>
                  </button>
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup">
          {rows.map((row) => (
            <tr
              key={props.rowKey(row)}
              role="row"
              className={cx(hasDetails && !opened.has(props.rowKey(row)) && styles.closed)}
            >
              {props.columns.map((column, index) =>
                index === 0 ? (
                  <RowHeader
                    key={column.header}
                    open={hasDetails ? opened.has(props.rowKey(row)) : undefined}
                    onPress={() => setOpened(toggled(opened, props.rowKey(row)))}
                  >
                    {column.cell(row)}
                  </RowHeader>
                ) : (
                  <td
                    key={column.header}
                    role="cell"
                    className={cx(
                      column.number === true && styles.number,
                      column.bare === true && styles.wide,
                      column.bare === true && index === last && styles.pinned,
                      column.detail === true && styles.detail,
                    )}
                    data-label={column.bare === true ? undefined : column.header}
                  >
                    {column.cell(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
    // biome-ignore-end lint/a11y/noRedundantRoles: laid out as cards, a table loses its own.
  );
}

/**
 * What heads a row, with a button that shows or hides what a card leaves out at first; the button is
 * not there where rows are rows. It is named after its row, and the row is not named after it.
 */
function RowHeader(props: {
  children: ReactNode;
  /** Absent where there is nothing more to show. */
  open: boolean | undefined;
  onPress: () => void;
}) {
  const id = useId();
  const { open } = props;
  if (open === undefined) {
    return (
      // biome-ignore lint/a11y/noRedundantRoles: laid out as cards, a table loses its own.
      <th role="rowheader" scope="row">
        {props.children}
      </th>
    );
  }
  return (
    // biome-ignore lint/a11y/noRedundantRoles: laid out as cards, a table loses its own.
    <th role="rowheader" scope="row" aria-labelledby={`${id}row`}>
      <span id={`${id}row`}>{props.children}</span>
      <button
        type="button"
        className={styles.more}
        aria-expanded={open}
        aria-labelledby={`${id}more ${id}row`}
        onClick={props.onPress}
      >
        <span id={`${id}more`}>{open ? "Less" : "More"}</span>
        <span aria-hidden="true">{open ? "▴" : "▾"}</span>
      </button>
    </th>
  );
}

function toggled(opened: ReadonlySet<string>, key: string): ReadonlySet<string> {
  const next = new Set(opened);
  if (!next.delete(key)) next.add(key);
  return next;
}

function ariaSort<Row>(column: Column<Row>, order: Order | undefined, index: number) {
  if (column.sort === undefined) return undefined;
  if (order?.column !== index) return "none";
  return order.descending ? "descending" : "ascending";
}

/** First the largest, then the smallest, then as they came. */
function pressed(order: Order | undefined, column: number): Order | undefined {
  if (order?.column !== column) return { column, descending: true };
  return order.descending ? { column, descending: false } : undefined;
}

function sorted<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  order: Order | undefined,
): readonly Row[] {
  const by = order === undefined ? undefined : columns[order.column]?.sort;
  if (order === undefined || by === undefined) return rows;
  const sign = order.descending ? -1 : 1;
  return rows.toSorted((a, b) => {
    const [left, right] = [by(a), by(b)];
    return left < right ? -sign : left > right ? sign : 0;
  });
}
