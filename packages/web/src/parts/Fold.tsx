import { type ReactNode, useId, useState } from "react";
import { Button } from "./Button";
import { cx } from "./cx";
import styles from "./Fold.module.css";

/**
 * On a phone a line in the place of something long, which can be unfolded; elsewhere the long thing
 * alone.
 */
export function Fold(props: {
  /** What it comes to, in a line. */
  summary: ReactNode;
  /** What is folded, as in “Show the contracts”. */
  what: string;
  /** Something in it needs attention: unfolded until somebody folds it. */
  urgent?: boolean;
  children: ReactNode;
}) {
  const [chosen, setChosen] = useState<boolean>();
  const id = useId();
  const open = chosen ?? props.urgent === true;
  return (
    <>
      <div className={styles.head}>
        <span>{props.summary}</span>
        <Button small aria-expanded={open} aria-controls={id} onClick={() => setChosen(!open)}>
          {open ? "Hide" : "Show"} {props.what}
        </Button>
      </div>
      <div id={id} className={cx(!open && styles.folded)}>
        {props.children}
      </div>
    </>
  );
}
