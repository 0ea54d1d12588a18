import { formatAmount } from "@bulwark/client";
import { useNetwork } from "../../../data/connection";
import { MarginChange } from "../../../parts/MarginChange";
import { Refusal } from "../../../parts/Refusal";
import styles from "./ActionForm.module.css";
import type { DraftForm } from "./use-draft";

/**
 * What a draft would do to the margin, what it costs, and why it is refused if it is. While it is
 * being sent nothing is refused: of what has just been done the chain may say that it cannot be done
 * again.
 */
export function Preview(props: { form: DraftForm; busy: boolean }) {
  const { form, busy } = props;
  const { gasPrice } = useNetwork();
  return (
    <>
      <MarginChange before={form.before} after={form.after} />
      {form.refusal !== undefined && !busy && <Refusal of={form.refusal} onRetry={form.retry} />}
      <p className={styles.fee} aria-live="polite">
        <span>Network fee</span>
        <span>
          {form.estimate !== undefined
            ? `${formatAmount(form.estimate.feeAmount, gasPrice.decimals, { round: "up", maxFraction: 6 })} ${gasPrice.symbol}`
            : form.pending || busy
              ? "asking the chain…"
              : form.refusal !== undefined
                ? "none: nothing would be sent"
                : "known once an amount is entered"}
        </span>
      </p>
    </>
  );
}
