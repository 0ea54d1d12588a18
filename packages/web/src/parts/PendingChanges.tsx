import { useChainTime } from "../data/block";
import type { ChangeWords } from "../words/changes";
import { spanText, timeText } from "../words/format";
import { Badge } from "./Badge";
import styles from "./PendingChanges.module.css";

/** A change that the owner announced. */
export interface Waiting {
  /** `vault` or `oracle`, and its number there. */
  readonly key: string;
  readonly words: ChangeWords;
  /** From then on anybody may apply it, in seconds. */
  readonly readyAt: number;
  /** From then on nobody can any more, in seconds. */
  readonly expiresAt: number;
}

/** Changes that wait for their time; the guardian can still cancel them. */
export function PendingChanges(props: { changes: readonly Waiting[] }) {
  const now = useChainTime();
  return (
    <ul className={styles.list}>
      {props.changes.map(({ key, words, readyAt, expiresAt }) => (
        <li key={key} className={styles.change}>
          <div className={styles.head}>
            <h3>{words.title}</h3>
            {now !== undefined && now >= readyAt ? (
              <Badge tone="caution">Can be applied by anybody</Badge>
            ) : (
              <Badge tone="neutral">
                {now === undefined ? "Waiting" : `In ${spanText(readyAt - now)}`}
              </Badge>
            )}
          </div>
          <ul>
            {words.items.map((item) => (
              <li key={item}>{item}</li>
            ))}
          </ul>
          <p className={styles.times}>
            Applicable from {timeText(readyAt)} to {timeText(expiresAt)}, unless the guardian
            cancels it.
          </p>
        </li>
      ))}
    </ul>
  );
}
