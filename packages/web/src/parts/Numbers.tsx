import { useAssets } from "../data/assets";
import {
  amountText,
  percentText,
  priceText,
  ratioText,
  shortAddress,
  usdText,
} from "../words/format";

/**
 * An amount in smallest units, as tokens with the asset's symbol; all digits on hover. What is paid
 * is rounded up, everything else down.
 */
export function Amount(props: {
  asset: string;
  amount: bigint | string;
  symbol?: boolean;
  round?: "up" | "down";
}) {
  const assets = useAssets();
  const counting = assets.counting(props.asset);
  if (counting.kind === "uncounted") return <span>{assets.amount(props.asset, props.amount)}</span>;
  const { round = "down" } = props;
  return (
    <span title={assets.amount(props.asset, props.amount, { exact: true })}>
      {amountText(props.amount, counting.decimals, { round })}
      {props.symbol === false ? "" : `\u00a0${assets.symbol(props.asset)}`}
    </span>
  );
}

/** A value in USD, a decimal string of the contracts. */
export function Usd(props: { value: string; compact?: boolean }) {
  return (
    <span title={`${props.value} USD`}>
      {usdText(props.value, { compact: props.compact ?? false })}
    </span>
  );
}

/** A price in USD per whole token. */
export function Price(props: { price: string }) {
  return <span title={`${props.price} USD`}>{priceText(props.price)}</span>;
}

/** A fraction as a percentage. */
export function Percent(props: { fraction: string; digits?: number }) {
  return <span title={props.fraction}>{percentText(props.fraction, props.digits ?? 1)}</span>;
}

/** A margin or collateral ratio; absent where nothing is owed. */
export function Ratio(props: { ratio: string | null | undefined }) {
  return <span title={props.ratio ?? undefined}>{ratioText(props.ratio)}</span>;
}

/** An address by its ends; whole on hover and for screen readers. */
export function Address(props: { address: string }) {
  return (
    <span className="mono" title={props.address}>
      <span aria-hidden="true">{shortAddress(props.address)}</span>
      <span className="visually-hidden">{props.address}</span>
    </span>
  );
}
