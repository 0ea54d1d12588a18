import { Slider as Primitive } from "radix-ui";
import { cx } from "./cx";
import styles from "./Slider.module.css";

/** A stretch of a slider that leads to something bad, in its own positions. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** A slider: arrows move it a step, Page keys ten, Home and End to its ends. */
export function Slider(props: {
  /** What it sets; its name for screen readers. */
  label: string;
  min: number;
  max: number;
  step?: number;
  value: number;
  /** The position in words, such as "down 12 percent". */
  words: string;
  onChange: (value: number) => void;
  /** Positions where nothing is changed, or that mean something else. */
  origin?: number;
  /** Where the account would be liquidatable; said in words elsewhere. */
  danger?: readonly Stretch[];
  disabled?: boolean;
}) {
  const { min, max, origin } = props;
  const share = (value: number) => (100 * (bounded(value, min, max) - min)) / (max - min);
  const [low, high] = [Math.min(origin ?? min, props.value), Math.max(origin ?? min, props.value)];
  return (
    <Primitive.Root
      className={styles.slider}
      min={min}
      max={max}
      step={props.step ?? 1}
      value={[bounded(props.value, min, max)]}
      disabled={props.disabled === true}
      onValueChange={([value]) => {
        if (value !== undefined) props.onChange(value);
      }}
    >
      <Primitive.Track className={styles.track}>
        {(props.danger ?? []).map(({ from, to }) => (
          <span
            key={from}
            className={cx(styles.stretch, styles.danger)}
            style={{
              insetInlineStart: `${share(from)}%`,
              inlineSize: `${share(to) - share(from)}%`,
            }}
          />
        ))}
        <span
          className={cx(styles.stretch, styles.moved)}
          style={{ insetInlineStart: `${share(low)}%`, inlineSize: `${share(high) - share(low)}%` }}
        />
        {origin !== undefined && (
          <span className={styles.origin} style={{ insetInlineStart: `${share(origin)}%` }} />
        )}
      </Primitive.Track>
      <Primitive.Thumb
        className={styles.thumb}
        aria-label={props.label}
        aria-valuetext={props.words}
      />
    </Primitive.Root>
  );
}

function bounded(value: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, value));
}
