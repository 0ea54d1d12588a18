import { formatDecimal, ONE, parseDecimal } from "@bulwark/client";
import type { AssetLiquidationPrice } from "@bulwark/client/margin";
import type { Status } from "@bulwark/client/types/BulwarkVault.types";
import { Price } from "../../parts/Numbers";
import { NOTHING, percentText } from "../../words/format";
import styles from "./Holdings.module.css";

/**
 * At which prices of one asset, the others standing still, an account becomes liquidatable; of one
 * that is so at today's prices, that it is.
 */
export function LiquidationPrices(props: {
  prices: AssetLiquidationPrice | undefined;
  /** The asset's price in force. */
  now: string;
  status: Status;
}) {
  const { prices, now, status } = props;
  if (status === "liquidatable" || status === "insolvent") return <span>already</span>;
  if (prices === undefined) return <span>{NOTHING}</span>;
  const below = prices.below ?? undefined;
  const above = prices.above ?? undefined;
  if (below === undefined && above === undefined) return <span>none</span>;
  return (
    <span className={styles.stack}>
      {below !== undefined && <Bound word="below" price={below} now={now} />}
      {above !== undefined && <Bound word="above" price={above} now={now} />}
    </span>
  );
}

function Bound(props: { word: string; price: string; now: string }) {
  const now = parseDecimal(props.now);
  const change = now === 0n ? 0n : ((parseDecimal(props.price) - now) * ONE) / now;
  return (
    <>
      <span>
        {props.word} <Price price={props.price} />
      </span>
      <small>
        {change > 0n ? "+" : ""}
        {percentText(formatDecimal(change))}
      </small>
    </>
  );
}
