import { type ReactNode, useId } from "react";
import styles from "./Field.module.css";

/** What a field hands to its control. */
export interface ControlProps {
  readonly id: string;
  readonly className: string | undefined;
  readonly "aria-describedby": string | undefined;
  readonly "aria-invalid": boolean;
}

/** A labelled control with a hint below it, or what is wrong with it in the hint's place. */
export function Field(props: {
  label: string;
  /** Beside the label, such as the balance. */
  aside?: ReactNode;
  hint?: ReactNode;
  problem?: string | undefined;
  children: (control: ControlProps) => ReactNode;
}) {
  const id = useId();
  const below = props.problem ?? props.hint;
  return (
    <div className={styles.field}>
      <div className={styles.line}>
        <label className={styles.label} htmlFor={id}>
          {props.label}
        </label>
        {props.aside !== undefined && <span className={styles.aside}>{props.aside}</span>}
      </div>
      {props.children({
        id,
        className: styles.control,
        "aria-describedby": below === undefined ? undefined : `${id}-below`,
        "aria-invalid": props.problem !== undefined,
      })}
      {below !== undefined && (
        <p
          id={`${id}-below`}
          className={props.problem === undefined ? styles.hint : styles.problem}
        >
          {below}
        </p>
      )}
    </div>
  );
}

/** A choice among few, all of them to be seen. */
export function Choices<Value extends string>(props: {
  label: string;
  value: Value;
  options: readonly { value: Value; label: string }[];
  onChange: (value: Value) => void;
}) {
  const name = useId();
  return (
    <fieldset className={styles.choices}>
      <legend className={styles.label}>{props.label}</legend>
      {props.options.map((option) => (
        <label key={option.value} className={styles.choice}>
          <input
            type="radio"
            name={name}
            value={option.value}
            checked={option.value === props.value}
            onChange={() => props.onChange(option.value)}
          />
          {option.label}
        </label>
      ))}
    </fieldset>
  );
}

/** A choice among many. */
export function Select(props: {
  label: string;
  value: string;
  options: readonly { value: string; label: string }[];
  onChange: (value: string) => void;
  hint?: ReactNode;
  problem?: string | undefined;
}) {
  return (
    <Field label={props.label} hint={props.hint} problem={props.problem}>
      {(control) => (
        <select
          {...control}
          value={props.value}
          onChange={(event) => props.onChange(event.target.value)}
        >
          {props.options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
