import type { AccountRef, MarginResponse } from "@bulwark/client/types/BulwarkVault.types";
import styles from "./Overview.module.css";
import { safetyText } from "./safety-text";
import { useHeadroom } from "./use-headroom";

/** What the margin ratio means, in a sentence. */
export function Safety(props: { account: AccountRef; margin: MarginResponse }) {
  const { margin } = props;
  const headroom = useHeadroom(props.account, margin);
  const { sentence, detail } = safetyText(margin, headroom);
  return (
    <p className={styles.safety}>
      {sentence}
      {detail !== undefined && <small>{detail}</small>}
    </p>
  );
}
