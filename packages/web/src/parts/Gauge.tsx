import type { Status } from "@bulwark/client/types/BulwarkVault.types";
import { ratioText } from "../words/format";
import { cx } from "./cx";
import styles from "./Gauge.module.css";
import { statusText } from "./StatusBadge";

const centre = { x: 120, y: 120 };
const radius = 92;

/** Where a ratio lies between the gauge's ends, 0 to 1: 1 at two fifths, ever slower above it. */
export function gaugePosition(ratio: number): number {
  const bounded = Math.max(0, ratio);
  return bounded <= 1 ? 0.4 * bounded : 0.4 + 0.6 * (1 - 1 / bounded ** 0.9);
}

/**
 * A margin ratio between its three zones: liquidatable below 1, margin call up to where opening
 * positions begins to be allowed, healthy above. What it shows is also said in words.
 */
export function Gauge(props: {
  /** A decimal string; absent where nothing is owed. */
  ratio: string | null | undefined;
  status: Status;
  /** The ratio at which the account meets its initial margin, a decimal string. */
  opening: string;
}) {
  const at =
    props.ratio === null || props.ratio === undefined ? 1 : gaugePosition(Number(props.ratio));
  const opening = Math.max(gaugePosition(Number(props.opening)), 0.42);
  const zones = [
    { name: "danger", from: 0, to: 0.4, active: at < 0.4 },
    { name: "caution", from: 0.4, to: opening, active: props.status === "margin_call" },
    { name: "healthy", from: opening, to: 1, active: props.status === "healthy" },
  ] as const;
  const words = ratioText(props.ratio);
  return (
    <div className={styles.gauge}>
      <svg
        className={styles.drawing}
        viewBox="0 0 240 150"
        role="img"
        aria-label={`Margin ratio ${words}, ${statusText(props.status)}. Liquidatable below 1.00, margin call below ${ratioText(props.opening)}.`}
      >
        {zones.map((zone) => (
          <path
            key={zone.name}
            d={arc(zone.from, zone.to)}
            className={cx(styles.arc, styles[zone.name], !zone.active && styles.rest)}
          />
        ))}
        {[0.4, opening].map((position) => {
          const [inner, outer] = [point(position, radius - 9), point(position, radius + 9)];
          return (
            <line
              key={position}
              className={styles.tick}
              x1={inner.x}
              y1={inner.y}
              x2={outer.x}
              y2={outer.y}
            />
          );
        })}
        <polygon className={styles.hand} points={hand(at)} />
        <text className={styles.zone} {...beside(0.4, "end")}>
          1.00
        </text>
        {opening > 0.43 && (
          <text className={styles.zone} {...beside((0.4 + opening) / 2, "start")}>
            margin call
          </text>
        )}
        <text className={styles.figure} x={centre.x} y={centre.y - 14} textAnchor="middle">
          {words}
        </text>
        <text className={styles.word} x={centre.x} y={centre.y + 6} textAnchor="middle">
          margin ratio
        </text>
        <text className={styles.zone} x={centre.x - radius} y={centre.y + 24} textAnchor="middle">
          liquidatable
        </text>
        <text className={styles.zone} x={centre.x + radius} y={centre.y + 24} textAnchor="middle">
          healthy
        </text>
      </svg>
    </div>
  );
}

function point(position: number, distance: number) {
  const angle = Math.PI * (1 - position);
  return {
    x: centre.x + distance * Math.cos(angle),
    y: centre.y - distance * Math.sin(angle),
  };
}

function arc(from: number, to: number): string {
  const [start, end] = [point(from, radius), point(to, radius)];
  return `M${start.x} ${start.y}A${radius} ${radius} 0 0 1 ${end.x} ${end.y}`;
}

/** A triangle inside of the arc that points at a position. */
function hand(position: number): string {
  const step = 0.024;
  const tip = point(position, radius - 12);
  const [left, right] = [point(position - step, radius - 26), point(position + step, radius - 26)];
  return [tip, left, right].map(({ x, y }) => `${x},${y}`).join(" ");
}

function beside(position: number, textAnchor: "start" | "end") {
  return { ...point(position, radius + 14), textAnchor };
}
