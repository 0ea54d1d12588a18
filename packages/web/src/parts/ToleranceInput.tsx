import type { ReactNode } from "react";
import { readTolerance } from "../data/tolerance";
import { Button } from "./Button";
import { Field } from "./Field";
import styles from "./ToleranceInput.module.css";

/** Percentages at hand. */
const usual = ["0.1", "0.5", "1", "3"] as const;

/** How much less than what is shown is accepted, in percent. */
export function ToleranceInput(props: {
  text: string;
  onChange: (text: string) => void;
  hint?: ReactNode;
}) {
  const typed = readTolerance(props.text);
  return (
    <Field
      label="Accept up to this much less, in %"
      hint={props.hint}
      problem={typed.kind === "wrong" ? typed.problem : undefined}
    >
      {(control) => (
        <div className={styles.row}>
          <input
            {...control}
            inputMode="decimal"
            autoComplete="off"
            value={props.text}
            onChange={(event) => props.onChange(event.target.value)}
          />
          {usual.map((percent) => (
            <Button
              key={percent}
              small
              aria-label={`Accept up to ${percent} % less`}
              aria-pressed={props.text === percent}
              onClick={() => props.onChange(percent)}
            >
              {percent} %
            </Button>
          ))}
        </div>
      )}
    </Field>
  );
}
