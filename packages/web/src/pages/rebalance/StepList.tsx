import { useAssets } from "../../data/assets";
import { stepWords } from "./drafts";
import styles from "./Rebalance.module.css";
import type { Step } from "./steps";

/** Steps to be read. */
export function StepList({ steps }: { steps: readonly Step[] }) {
  const assets = useAssets();
  if (steps.length === 0) {
    return <p className={styles.quiet}>Nothing to do yet.</p>;
  }
  return (
    <ol className={styles.list}>
      {steps.map((step, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a step is its place.
        <li key={index}>
          <span className={styles.place} aria-hidden="true">
            {index + 1}
          </span>
          <span>
            <strong>{stepWords[step.kind].verb}</strong>{" "}
            {assets.amount(step.asset, step.amount, { exact: true })}
            {step.kind === "swap" && ` for ${assets.symbol(step.get)}`}
          </span>
        </li>
      ))}
    </ol>
  );
}
