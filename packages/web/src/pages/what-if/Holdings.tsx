import type { Basket, BasketHolding } from "@bulwark/client/margin";
import type { Side } from "@bulwark/client/types/BulwarkVault.types";
import { useState } from "react";
import { useAssets } from "../../data/assets";
import { AmountInput, readAmount } from "../../parts/AmountInput";
import { Button } from "../../parts/Button";
import { Card } from "../../parts/Card";
import { Choices, Select } from "../../parts/Field";
import { exampleOf } from "./example";
import type { Scenario } from "./scenario";
import styles from "./WhatIf.module.css";

/** Amounts: deposit more, repay, or add something that the account does not have. */
export function Holdings(props: {
  basket: Basket;
  holdings: readonly BasketHolding[];
  scenario: Scenario;
  isAccount: boolean;
  onScenario: (scenario: Scenario) => void;
}) {
  const { basket, holdings, scenario, onScenario } = props;
  const set = (holding: BasketHolding) =>
    onScenario({ ...scenario, holdings: { ...scenario.holdings, [holding.asset]: holding } });
  const forget = (asset: string) => {
    const { [asset]: _, ...rest } = scenario.holdings;
    onScenario({ ...scenario, holdings: rest });
  };
  const example = exampleOf(basket);
  const free = basket.markets
    .map(({ asset }) => asset)
    .filter((asset) => !holdings.some((holding) => holding.asset === asset));
  return (
    <Card
      title="Amounts"
      note={
        props.isAccount
          ? "As if you had deposited, withdrawn, borrowed or repaid. Nothing is sent."
          : "What the made-up account holds and owes."
      }
    >
      <div className={styles.stack}>
        {holdings.length === 0 && (
          <div className={styles.empty}>
            <p>
              There is nothing in this account yet. Add something below, or begin with an example.
            </p>
            {example !== undefined && (
              <Button
                onClick={() =>
                  onScenario({
                    ...scenario,
                    holdings: Object.fromEntries(example.map((one) => [one.asset, one])),
                  })
                }
              >
                Fill in an example
              </Button>
            )}
          </div>
        )}
        {holdings.length > 0 && (
          <div className={styles.amounts}>
            {holdings.map((holding) => (
              <AmountRow
                key={`${holding.asset} ${holding.side}`}
                holding={holding}
                base={basket.holdings.find(({ asset }) => asset === holding.asset)}
                isChanged={scenario.holdings[holding.asset] !== undefined}
                isAccount={props.isAccount}
                onAmount={(amount) => set({ ...holding, amount: amount.toString() })}
                onForget={() => forget(holding.asset)}
              />
            ))}
          </div>
        )}
        {free.length > 0 && <Add key={free.join()} assets={free} onAdd={set} />}
      </div>
    </Card>
  );
}

function AmountRow(props: {
  holding: BasketHolding;
  /** What the account really has. */
  base: BasketHolding | undefined;
  isChanged: boolean;
  isAccount: boolean;
  onAmount: (amount: bigint) => void;
  onForget: () => void;
}) {
  const { holding, base, isChanged } = props;
  const assets = useAssets();
  const counting = assets.counting(holding.asset);
  const [draft, setDraft] = useState<string>();
  const typed = draft === undefined ? undefined : readAmount(draft, counting);
  const owed = holding.side === "debt";
  return (
    <div className={styles.amount}>
      <AmountInput
        label={`${assets.symbol(holding.asset)} ${owed ? "owed" : "deposited"}`}
        asset={holding.asset}
        text={draft ?? assets.typed(holding.asset, holding.amount)}
        onChange={(text) => {
          setDraft(text);
          const read = readAmount(text, counting);
          if (read.kind !== "wrong") props.onAmount(read.kind === "amount" ? read.amount : 0n);
        }}
        problem={typed?.kind === "wrong" ? typed.problem : undefined}
        hint={
          isChanged && props.isAccount
            ? differenceText(holding, base, (units) => assets.amount(holding.asset, units))
            : undefined
        }
      />
      {isChanged && (
        <Button
          small
          kind="quiet"
          aria-label={`${base === undefined ? "Remove" : "Undo the change of"} ${assets.symbol(holding.asset)}`}
          onClick={() => {
            setDraft(undefined);
            props.onForget();
          }}
        >
          {base === undefined ? "Remove" : "Undo"}
        </Button>
      )}
    </div>
  );
}

/** What one would have done. */
export function differenceText(
  holding: BasketHolding,
  base: BasketHolding | undefined,
  amountText: (units: bigint) => string,
): string {
  const difference = BigInt(holding.amount) - BigInt(base?.amount ?? "0");
  const size = amountText(difference < 0n ? -difference : difference);
  if (difference === 0n) return "As it is.";
  if (holding.side === "debt") return difference > 0n ? `Borrow ${size}.` : `Repay ${size}.`;
  return difference > 0n ? `Deposit ${size}.` : `Withdraw ${size}.`;
}

function Add(props: { assets: readonly string[]; onAdd: (holding: BasketHolding) => void }) {
  const words = useAssets();
  const [asset, setAsset] = useState(props.assets[0] ?? "");
  const [side, setSide] = useState<Side>("deposit");
  const [text, setText] = useState("");
  const typed = readAmount(text, words.counting(asset));
  return (
    <form
      className={styles.add}
      onSubmit={(event) => {
        event.preventDefault();
        if (typed.kind !== "amount" || typed.amount === 0n) return;
        props.onAdd({ asset, side, amount: typed.amount.toString() });
      }}
    >
      <h3>Add an asset</h3>
      <Choices
        label="Side"
        value={side}
        options={[
          { value: "deposit", label: "Deposit" },
          { value: "debt", label: "Debt" },
        ]}
        onChange={setSide}
      />
      <Select
        label="Asset"
        value={asset}
        options={props.assets.map((one) => ({ value: one, label: words.symbol(one) }))}
        onChange={setAsset}
      />
      <AmountInput
        label="Amount"
        asset={asset}
        text={text}
        onChange={setText}
        problem={typed.kind === "wrong" ? typed.problem : undefined}
      />
      <Button type="submit" disabled={typed.kind !== "amount" || typed.amount === 0n}>
        Add
      </Button>
    </form>
  );
}
