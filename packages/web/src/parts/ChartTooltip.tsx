import styles from "./ChartTooltip.module.css";

/** What recharts tells of the place that is pointed at. */
interface Pointed {
  readonly active?: boolean;
  readonly label?: string | number | undefined;
  readonly payload?: readonly {
    readonly name?: unknown;
    readonly value?: unknown;
    readonly color?: string | undefined;
  }[];
}

/** The figures at the place that is pointed at, in the page's own look. */
export function ChartTooltip(
  props: Pointed & {
    title: (label: number) => string;
    format: (value: number) => string;
  },
) {
  const entries = props.payload ?? [];
  if (props.active !== true || entries.length === 0) return null;
  return (
    <div className={styles.tooltip}>
      <p className={styles.title}>{props.title(Number(props.label))}</p>
      <dl>
        {entries.map(({ name, value, color }) => (
          <div key={String(name)} className={styles.line}>
            <dt>
              <span className={styles.swatch} style={{ background: color }} />
              {String(name)}
            </dt>
            <dd>{shown(value, props.format)}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

/** A band has two ends. */
function shown(value: unknown, format: (value: number) => string): string {
  return Array.isArray(value)
    ? value.map((end) => format(Number(end))).join(" to ")
    : format(Number(value));
}
