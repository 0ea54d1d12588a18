import { type Estimate, formatAmount } from "@bulwark/client";
import { useNetwork } from "../data/connection";

/** What the chain charges for a transaction, the fee that will be signed. */
export function NetworkFee(props: { estimate: Estimate | undefined; waiting?: boolean }) {
  const { gasPrice } = useNetwork();
  if (props.estimate === undefined) return <span>{props.waiting === true ? "…" : "–"}</span>;
  const fee = formatAmount(props.estimate.feeAmount, gasPrice.decimals, { group: true });
  return (
    <span>
      {fee}
      {"\u00a0"}
      {gasPrice.symbol}
    </span>
  );
}
