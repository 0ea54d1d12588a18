import { parseAmount } from "@bulwark/client";
import type { ReactNode } from "react";
import { useAssets } from "../data/assets";
import type { Counting } from "../words/assets";
import { Button } from "./Button";
import { Field } from "./Field";
import styles from "./Field.module.css";

/** What was typed: an amount in smallest units, nothing yet, or something that is none. */
export type Typed =
  | { readonly kind: "empty" }
  | { readonly kind: "amount"; readonly amount: bigint }
  | { readonly kind: "wrong"; readonly problem: string };

/** Reads what was typed as an amount of an asset. */
export function readAmount(text: string, counting: Counting): Typed {
  if (counting.kind === "uncounted") return { kind: "wrong", problem: counting.problem };
  const { decimals } = counting;
  const trimmed = text.trim();
  if (trimmed === "") return { kind: "empty" };
  // Half of the world separates decimals with a comma, the other half thousands: neither is guessed.
  if (trimmed.includes(",")) {
    return { kind: "wrong", problem: "Use a point for decimals and no separators, as in 1234.5." };
  }
  if (!/^(\d+\.?\d*|\.\d+)$/.test(trimmed)) {
    return { kind: "wrong", problem: "Enter a number such as 12.5." };
  }
  const fraction = trimmed.split(".")[1] ?? "";
  if (fraction.length > decimals) {
    const most = decimals === 0 ? "whole numbers only" : `at most ${decimals} decimals`;
    return { kind: "wrong", problem: `This asset has ${most}.` };
  }
  try {
    return { kind: "amount", amount: parseAmount(trimmed.replace(/^\./, "0."), decimals) };
  } catch (error) {
    return { kind: "wrong", problem: error instanceof Error ? error.message : String(error) };
  }
}

/** An amount of an asset, with a button for the most there is. */
export function AmountInput(props: {
  label: string;
  asset: string;
  text: string;
  onChange: (text: string) => void;
  /** The most that can be entered, in smallest units; without it there is no button. */
  maximum?: bigint | undefined;
  /** What the maximum is, such as "in your wallet". */
  maximumWords?: string;
  hint?: ReactNode;
  problem?: string | undefined;
}) {
  const assets = useAssets();
  const isCounted = assets.counting(props.asset).kind === "counted";
  const { maximum } = props;
  const aside =
    maximum === undefined
      ? undefined
      : `${assets.amount(props.asset, maximum)} ${props.maximumWords ?? "at most"}`;
  return (
    <Field label={props.label} aside={aside} hint={props.hint} problem={props.problem}>
      {(control) => (
        <div className={styles.amount}>
          <input
            {...control}
            inputMode="decimal"
            autoComplete="off"
            spellCheck={false}
            placeholder="0"
            value={props.text}
            onChange={(event) => props.onChange(event.target.value)}
          />
          <div className={styles.unit}>
            <span>{props.asset === "" ? "" : assets.symbol(props.asset)}</span>
            {maximum !== undefined && isCounted && (
              <Button
                kind="quiet"
                small
                aria-label={`Max, ${assets.amount(props.asset, maximum)}`}
                onClick={() => props.onChange(assets.typed(props.asset, maximum))}
              >
                Max
              </Button>
            )}
          </div>
        </div>
      )}
    </Field>
  );
}
