import { useId, useState } from "react";
import type { Read } from "./scale";
import styles from "./WhatIf.module.css";

/** A number beside its slider. What is typed counts at once; what cannot be read is said below. */
export function TypedNumber(props: {
  label: string;
  /** How the number in force is written. */
  text: string;
  unit: string;
  read: (text: string) => Read;
  onValue: (value: number) => void;
}) {
  const id = useId();
  const [draft, setDraft] = useState<string>();
  const read = draft === undefined ? undefined : props.read(draft);
  const problem = read?.kind === "wrong" && draft?.trim() !== "" ? read.problem : undefined;
  return (
    <span className={styles.typed}>
      <span className={styles.number}>
        <input
          aria-label={props.label}
          aria-invalid={problem !== undefined}
          aria-describedby={problem === undefined ? undefined : id}
          inputMode="text"
          autoComplete="off"
          spellCheck={false}
          value={draft ?? props.text}
          onChange={(event) => {
            setDraft(event.target.value);
            const typed = props.read(event.target.value);
            if (typed.kind === "value") props.onValue(typed.value);
          }}
          onBlur={() => setDraft(undefined)}
        />
        <span aria-hidden="true">{props.unit}</span>
      </span>
      {problem !== undefined && (
        <span id={id} className={styles.problem}>
          {problem}
        </span>
      )}
    </span>
  );
}
