import type { Exchange, Quantity } from "@bulwark/client";
import type { AccountRef, MarginResponse } from "@bulwark/client/types/BulwarkVault.types";
import { type ReactNode, useEffect } from "react";
import { useAssets } from "../../data/assets";
import { useSend } from "../../data/send";
import { readTolerance } from "../../data/tolerance";
import { useWallet } from "../../data/wallet";
import { Button } from "../../parts/Button";
import { Card } from "../../parts/Card";
import { cx } from "../../parts/cx";
import { MarginChange } from "../../parts/MarginChange";
import { NetworkFee } from "../../parts/NetworkFee";
import { Notice } from "../../parts/Notice";
import { Amount } from "../../parts/Numbers";
import { Refusal } from "../../parts/Refusal";
import { Sending } from "../../parts/Sending";
import { ToleranceInput } from "../../parts/ToleranceInput";
import styles from "./Rebalance.module.css";
import { SwapWarning } from "./SwapWarning";
import type { Step } from "./steps";
import { usePreview } from "./use-preview";

/** What the steps would do, and the button that sends them. */
export function PreviewCard(props: {
  account: AccountRef;
  own: boolean;
  steps: readonly Step[];
  /** Whether every step is whole. */
  isWhole: boolean;
  /** The margin as it is, while there is nothing to preview. */
  current: MarginResponse | undefined;
  exchange: Exchange | undefined;
  accepted: string;
  onAccepted: (text: string) => void;
  onSent: () => void;
}) {
  const { account, own, steps, isWhole, current, exchange, accepted } = props;
  const assets = useAssets();
  const { address } = useWallet();
  const { sending, send, reset } = useSend();
  const tolerated = readTolerance(accepted);
  const preview = usePreview({
    account,
    own,
    steps,
    exchange,
    tolerance: tolerated.kind === "tolerance" ? tolerated.fraction : undefined,
  });
  const { plan, batch, estimate } = preview;
  const isEmpty = steps.length === 0;
  const isBusy = !["idle", "failed", "done"].includes(sending.step);
  const hasSwap = steps.some(({ kind }) => kind === "swap");
  // What was done is said until something else is begun.
  useEffect(() => {
    if (!isEmpty && sending.step === "done") reset();
  }, [isEmpty, sending.step, reset]);
  const submit = async () => {
    if (batch === undefined || estimate.data === undefined || isBusy) return;
    const receipt = await send(batch, { estimate: estimate.data, done: "Rebalanced" });
    if (receipt !== undefined) props.onSent();
  };
  return (
    <Card title="What would happen" className={styles.preview ?? ""}>
      <div className={cx(styles.stack, preview.isStale && !isEmpty && styles.stale)}>
        <MarginChange
          before={preview.before ?? current}
          after={isEmpty ? undefined : preview.after}
        />
        {!isEmpty && plan !== undefined && (
          <dl className={styles.flows} aria-live="polite">
            {plan.swaps.map((swap, index) => (
              <Line
                // biome-ignore lint/suspicious/noArrayIndexKey: a swap is its place.
                key={index}
                name={`Swap ${assets.amount(swap.asset, swap.amount, { round: "up" })} for about`}
                detail={
                  <>
                    into this account, repaying what it owes of it first; at least{" "}
                    <Amount asset={swap.get} amount={swap.least} />, or nothing happens
                  </>
                }
              >
                <Amount asset={swap.get} amount={swap.expected} />
              </Line>
            ))}
            <Line name="You send">
              <Amounts of={plan.funds} round="up" />
            </Line>
            <Line name="Comes back to your wallet">
              <Amounts of={preview.returned ?? []} />
            </Line>
            <Line name="Network fee">
              <NetworkFee estimate={estimate.data} waiting={estimate.isFetching} />
            </Line>
          </dl>
        )}
        {plan?.swaps.map((swap, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a swap is its place.
          <SwapWarning key={index} swap={swap} />
        ))}
        {hasSwap && (
          <ToleranceInput
            text={accepted}
            onChange={props.onAccepted}
            hint="If a swap would bring less than that, the whole transaction fails and only its fee is paid."
          />
        )}
        {!isWhole && (
          <p className={styles.quiet} role="status">
            Fill every step in to see what would happen.
          </p>
        )}
        {/* Of what is on its way the chain may say already that it cannot be done again. */}
        {preview.missing.length > 0 && !isBusy && (
          <Notice tone="caution" title="Your wallet has too little" live>
            The steps need <Amounts of={preview.missing} round="up" /> from it.
          </Notice>
        )}
        {!isEmpty && preview.refusal !== undefined && !isBusy && (
          <Refusal of={preview.refusal} onRetry={preview.retry} />
        )}
      </div>
      <div className={styles.end}>
        <Sending sending={sending} />
        {!own && (
          <p className={styles.quiet}>
            {address === undefined
              ? "Connect the wallet that owns this account to send it."
              : "Only the account's owner can send this."}
          </p>
        )}
        <Button
          kind="primary"
          disabled={
            batch === undefined ||
            estimate.data === undefined ||
            preview.refusal !== undefined ||
            isEmpty ||
            isBusy
          }
          onClick={() => void submit()}
        >
          Send as one transaction
        </Button>
      </div>
    </Card>
  );
}

function Line(props: { name: string; detail?: ReactNode; children: ReactNode }) {
  return (
    <div>
      <dt>{props.name}</dt>
      <dd>
        {props.children}
        {props.detail !== undefined && <span className={styles.quiet}>{props.detail}</span>}
      </dd>
    </div>
  );
}

function Amounts(props: { of: readonly Quantity[]; round?: "up" | "down" }) {
  if (props.of.length === 0) return <>nothing</>;
  return (
    <span className={styles.amounts}>
      {props.of.map(({ asset, amount }) => (
        <Amount key={asset} asset={asset} amount={amount} round={props.round ?? "down"} />
      ))}
    </span>
  );
}
