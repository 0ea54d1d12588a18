import { Icon } from "../../parts/Icon";
import { Ratio } from "../../parts/Numbers";
import { StatusBadge } from "../../parts/StatusBadge";
import { shownRatio } from "../../words/ratio";
import type { Evaluated } from "./evaluate";
import styles from "./WhatIf.module.css";

/** The least of the results, for where there is little room. */
export function Strip({ before, after }: { before: Evaluated; after: Evaluated }) {
  if (after.kind === "refused") return null;
  const now = before.kind === "figures" ? shownRatio(before.figures) : undefined;
  const then = shownRatio(after.figures);
  return (
    <div className={styles.strip}>
      <span className={styles.quiet}>Margin ratio</span>
      <span className={styles.change}>
        {now !== then && (
          <>
            <span className={styles.now}>
              <Ratio ratio={now} />
            </span>
            <Icon name="arrow" size={14} />
            <span className="visually-hidden">becomes</span>
          </>
        )}
        <span className={styles.then}>
          <Ratio ratio={then} />
        </span>
        <StatusBadge status={after.figures.status} />
      </span>
    </div>
  );
}
