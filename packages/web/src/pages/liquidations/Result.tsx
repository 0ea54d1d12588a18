import { formatDecimal, type Receipt } from "@bulwark/client";
import { useEffect, useRef } from "react";
import { useAssets } from "../../data/assets";
import { Button } from "../../parts/Button";
import { Notice } from "../../parts/Notice";
import { percentText, usdText } from "../../words/format";
import { keepersBonus } from "./bonus";
import styles from "./Liquidations.module.css";

/** What a liquidation did, as the vault reported it. */
export function Result(props: { receipt: Receipt; onClose: () => void }) {
  const assets = useAssets();
  const { receipt, onClose } = props;
  const end = useRef<HTMLDivElement>(null);
  // The button that was pressed is gone: go on from the one that is there.
  useEffect(() => end.current?.querySelector("button")?.focus(), []);
  const event = receipt.events.find(({ type }) => type === "liquidation");
  return (
    <div className={styles.form}>
      <Notice tone="healthy" title="Liquidated" live>
        {event?.type === "liquidation" && (
          <p>
            You repaid {assets.amount(event.debtAsset, event.repaid)} and received{" "}
            {assets.amount(event.depositAsset, event.seized - event.protocolFee)}. Your bonus is{" "}
            {usdText(formatDecimal(keepersBonus(event).value))} (
            {percentText(formatDecimal(keepersBonus(event).fraction), 2)}).
          </p>
        )}
        <p>
          Block {receipt.height}, transaction <span className="mono">{receipt.hash}</span>
        </p>
      </Notice>
      <div ref={end} className={styles.end}>
        <Button kind="primary" onClick={onClose}>
          Close
        </Button>
      </div>
    </div>
  );
}
