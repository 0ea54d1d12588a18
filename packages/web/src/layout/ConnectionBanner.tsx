import { useBlock } from "../data/block";
import { useConnection } from "../data/connection";
import { Notice } from "../parts/Notice";
import { clockText, countText } from "../words/format";
import styles from "./ConnectionBanner.module.css";

/** Errors begin without a capital and end without a point. */
function sentence(message: string): string {
  return `${message.charAt(0).toUpperCase()}${message.slice(1).replace(/\.$/, "")}.`;
}

/** Says when figures are not kept up to date, and how old they are. */
export function ConnectionBanner() {
  const { live, error, network } = useConnection();
  const block = useBlock();
  return (
    <div className={styles.banner} aria-live="polite">
      {live === "offline" && (
        <Notice
          tone="caution"
          title={
            block === undefined
              ? "Not connected yet"
              : `Not connected, showing figures as of block ${countText(block.height)}, ${clockText(block.time)}`
          }
        >
          {error === undefined
            ? `The page goes on trying to reach ${network.rpc}, and catches up by itself.`
            : `${sentence(error.message)} The page goes on trying to reach ${network.rpc}.`}
        </Notice>
      )}
    </div>
  );
}
