import type { ReactNode } from "react";
import { useAssets } from "../data/assets";
import styles from "./Asset.module.css";

/** An asset by its symbol, with a mark of its first letters; `detail` stands below it. */
export function Asset(props: { asset: string; detail?: ReactNode }) {
  const symbol = useAssets().symbol(props.asset);
  return (
    <span className={styles.asset} title={props.asset}>
      <span className={styles.mark} aria-hidden="true">
        {symbol.slice(0, 3).toUpperCase()}
      </span>
      <span>
        <span className={styles.symbol}>{symbol}</span>
        {props.detail !== undefined && <span className={styles.name}>{props.detail}</span>}
      </span>
    </span>
  );
}
