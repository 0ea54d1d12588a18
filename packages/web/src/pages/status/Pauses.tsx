import type { PausableAction } from "@bulwark/client/types/BulwarkVault.types";
import { useAssets } from "../../data/assets";
import { useChainTime } from "../../data/block";
import { useConfig, useMarkets } from "../../data/queries";
import { Badge } from "../../parts/Badge";
import { Card } from "../../parts/Card";
import { Skeleton, Trouble } from "../../parts/Notice";
import { spanText, timeText } from "../../words/format";
import styles from "./status.module.css";

const actions: Record<PausableAction, string> = {
  deposit: "Deposits",
  borrow: "Borrowing",
  withdraw: "Withdrawals",
};

/** What the guardian paused, and when that ends. */
export function Pauses() {
  const config = useConfig();
  const markets = useMarkets();
  const assets = useAssets();
  const now = useChainTime();
  const error = config.error ?? markets.error;
  const general = config.data?.pauses ?? [];
  const pauses = [
    ...general.map((pause) => ({ ...pause, of: "all assets" })),
    ...(markets.data ?? []).flatMap((market) =>
      market.pauses
        .filter(({ action }) => !general.some((one) => one.action === action))
        .map((pause) => ({ ...pause, of: assets.symbol(market.asset) })),
    ),
  ];
  const isKnown = config.data !== undefined && markets.data !== undefined;
  return (
    <Card
      title="Pauses"
      note="The guardian can pause deposits, borrowing and withdrawals for at most 72 hours; repayments and liquidations never."
    >
      {error !== null && !isKnown && <Trouble what="Pauses" error={error} />}
      {error === null && !isKnown && <Skeleton height="3rem" />}
      {isKnown && pauses.length === 0 && <p className={styles.quiet}>Nothing is paused.</p>}
      {pauses.length > 0 && (
        <ul className={styles.list}>
          {pauses.map(({ action, until, of }) => (
            <li key={`${action} ${of}`} className={styles.line}>
              <span>
                {actions[action]} of {of}
              </span>
              <Badge tone="caution">
                {now === undefined
                  ? `Until ${timeText(until)}`
                  : `Ends in ${spanText(until - now)}, ${timeText(until)}`}
              </Badge>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
