import { amountFor, approximately, type Exchange, ONE, parseDecimal } from "@bulwark/client";
import type { Basket, BasketHolding, MarginEngine, MarginFigures } from "@bulwark/client/margin";
import type { AccountRef } from "@bulwark/client/types/BulwarkVault.types";
import { useEffect, useMemo, useState } from "react";
import { useAssets } from "../../data/assets";
import { useBalances } from "../../data/queries";
import { useWallet } from "../../data/wallet";
import { AmountInput, readAmount } from "../../parts/AmountInput";
import { Select } from "../../parts/Field";
import { Notice } from "../../parts/Notice";
import { Refusal } from "../../parts/Refusal";
import { Slider } from "../../parts/Slider";
import { StatusBadge } from "../../parts/StatusBadge";
import { ratioText } from "../../words/format";
import styles from "./Rebalance.module.css";
import { holdingsAfter, type KnownStep, type Step } from "./steps";
import {
  borrowRoom,
  broughtBy,
  deleverage,
  givenForAll,
  largest,
  leverage,
  type Rate,
  shareOf,
  swapDebt,
  swapDeposit,
} from "./templates";
import { useRate } from "./use-quotes";

/** Batches that most people want. */
export type TemplateKind = "leverage" | "deleverage" | "swap-deposit" | "swap-debt";

interface Words {
  readonly name: string;
  readonly what: string;
  readonly first: string;
  readonly second: string;
  readonly slider: string;
}

/** What templates and their fields are called. */
export const templateWords: Record<TemplateKind, Words> = {
  leverage: {
    name: "Leverage up",
    what: "Borrow, buy more with it, and deposit that.",
    first: "Buy",
    second: "Borrow",
    slider: "How much leverage",
  },
  deleverage: {
    name: "Deleverage",
    what: "Sell a deposit and repay a debt with it.",
    first: "Sell",
    second: "Repay",
    slider: "How much to repay",
  },
  "swap-deposit": {
    name: "Swap a deposit",
    what: "Turn one deposit into another.",
    first: "From",
    second: "Into",
    slider: "How much of it",
  },
  "swap-debt": {
    name: "Swap a debt",
    what: "Borrow one asset to repay another.",
    first: "Debt to repay",
    second: "Borrow instead",
    slider: "How much of it",
  },
};

/** USD, 18 decimals: what an exchange's rate is asked for. */
const usual = 100n * ONE;

/** Assets and a slider; it makes steps of them. */
export function TemplateForm(props: {
  kind: TemplateKind;
  account: AccountRef;
  exchange: Exchange;
  engine: MarginEngine;
  basket: Basket;
  tolerance: bigint;
  onSteps: (steps: readonly Step[]) => void;
}) {
  const { kind, exchange, engine, basket, tolerance, onSteps } = props;
  const assets = useAssets();
  const { address } = useWallet();
  const words = templateWords[kind];
  const options = optionsFor(kind, basket, exchange);
  const [chosen, setChosen] = useState<{ first?: string; second?: string }>({});
  const [share, setShare] = useState(0);
  const [ownText, setOwnText] = useState("");
  const first = within(chosen.first, options.first) ?? options.first[0];
  const seconds = options.second.filter((asset) => asset !== first);
  const second = within(chosen.second, seconds) ?? seconds[0];

  // What is given to the exchange: the borrowed asset, or what is sold.
  const [give, get] =
    kind === "leverage" || kind === "swap-debt" ? [second, first] : [first, second];
  const market = (asset: string | undefined) => basket.markets.find((one) => one.asset === asset);
  const decimals = market(give)?.decimals ?? 0;
  const mid = basket.prices.find(({ asset }) => asset === give)?.record.mid;
  const offered = mid === undefined ? 0n : amountFor(usual, decimals, parseDecimal(mid));
  const { rate, error } = useRate(exchange, give, get, offered);
  const wallet = useBalances(address, kind === "leverage" && first !== undefined ? [first] : []);
  const typed = readAmount(ownText, assets.find(first ?? "")?.decimals ?? 0);
  const own = kind === "leverage" && typed.kind === "amount" ? typed.amount : 0n;

  const most = useMemo(() => {
    if (rate === undefined || give === undefined || get === undefined) return 0n;
    return mostFor({ kind, engine, basket, give, get, own, rate, tolerance });
  }, [kind, engine, basket, give, get, own, rate, tolerance]);
  const amount = shareOf(most, share);
  const steps = useMemo(
    () => (give === undefined || get === undefined ? [] : stepsFor(kind, give, get, own, amount)),
    [kind, give, get, own, amount],
  );
  useEffect(() => onSteps(steps), [steps, onSteps]);
  const figures = useMemo(() => {
    if (rate === undefined) return undefined;
    return figuresAfter(engine, basket, known(steps, rate));
  }, [engine, basket, steps, rate]);

  if (first === undefined || second === undefined) {
    return <Notice tone="neutral" title={nothingWords[kind]} />;
  }
  const reading = figures === undefined ? undefined : figuresText(figures);
  return (
    <div className={styles.stack}>
      <div className={styles.two}>
        <Select
          label={words.first}
          value={first}
          options={options.first.map((asset) => ({ value: asset, label: assets.symbol(asset) }))}
          onChange={(asset) => setChosen({ ...chosen, first: asset })}
        />
        <Select
          label={words.second}
          value={second}
          options={seconds.map((asset) => ({ value: asset, label: assets.symbol(asset) }))}
          onChange={(asset) => setChosen({ ...chosen, second: asset })}
        />
      </div>
      {kind === "leverage" && (
        <AmountInput
          label={`Deposit ${assets.symbol(first)} from your wallet first (optional)`}
          asset={first}
          text={ownText}
          onChange={setOwnText}
          maximum={wallet.data?.get(first)}
          maximumWords="in your wallet"
          problem={typed.kind === "wrong" ? typed.problem : undefined}
        />
      )}
      <div className={styles.slide}>
        <div className={styles.line}>
          <span className={styles.label}>{words.slider}</span>
          <span className={styles.quiet}>
            {give !== undefined &&
              `${assets.amount(give, amount)} of at most ${assets.amount(give, most)}`}
          </span>
        </div>
        <Slider
          label={words.slider}
          min={0}
          max={100}
          value={share}
          words={`${share} percent${reading === undefined ? "" : `, ${reading}`}`}
          disabled={most === 0n}
          onChange={setShare}
        />
        {figures !== undefined && (
          <p className={styles.line}>
            <span>{reading}</span>
            <StatusBadge status={figures.status} />
          </p>
        )}
        {rate !== undefined && most === 0n && <p className={styles.quiet}>{noRoomWords[kind]}</p>}
      </div>
      {error !== null && <Refusal of={error} />}
    </div>
  );
}

const nothingWords: Record<TemplateKind, string> = {
  leverage: "Nothing can be borrowed here: every asset of the exchange is deposited.",
  deleverage: "This needs a deposit to sell and a debt to repay.",
  "swap-deposit": "This needs a deposit that the exchange has.",
  "swap-debt": "This needs a debt that the exchange has.",
};

const noRoomWords: Record<TemplateKind, string> = {
  leverage: "There is no room: the account needs more equity, or the pool has nothing left.",
  deleverage: "There is nothing to sell.",
  "swap-deposit": "There is nothing to swap.",
  "swap-debt": "There is no room: the pool has nothing left.",
};

/** Which assets a template can be about. */
function optionsFor(kind: TemplateKind, basket: Basket, exchange: Exchange) {
  const side = new Map(basket.holdings.map((holding) => [holding.asset, holding.side]));
  const held = exchange.assets.filter((asset) => side.get(asset) === "deposit");
  const owed = exchange.assets.filter((asset) => side.get(asset) === "debt");
  // What is deposited cannot be borrowed as well.
  const borrowable = exchange.assets.filter((asset) => side.get(asset) !== "deposit");
  const stable = (asset: string) =>
    basket.markets.find((market) => market.asset === asset)?.family.group === "usd" ? 0 : 1;
  const stableFirst = borrowable.toSorted((one, other) => stable(one) - stable(other));
  const heldFirst = [...held, ...exchange.assets.filter((asset) => !held.includes(asset))];
  switch (kind) {
    case "leverage":
      return { first: heldFirst, second: stableFirst };
    case "deleverage":
      return { first: held, second: owed };
    case "swap-deposit":
      return { first: held, second: exchange.assets };
    case "swap-debt":
      return { first: owed, second: stableFirst };
  }
}

function within(asset: string | undefined, list: readonly string[]): string | undefined {
  return asset !== undefined && list.includes(asset) ? asset : undefined;
}

function stepsFor(
  kind: TemplateKind,
  give: string,
  get: string,
  own: bigint,
  amount: bigint,
): Step[] {
  switch (kind) {
    case "leverage":
      return leverage({ borrow: give, buy: get, own, amount });
    case "deleverage":
      return deleverage({ sell: give, repay: get, amount });
    case "swap-deposit":
      return swapDeposit({ from: give, into: get, amount });
    case "swap-debt":
      return swapDebt({ from: get, into: give, amount });
  }
}

function known(steps: readonly Step[], rate: Rate): KnownStep[] {
  return steps.map((step) =>
    step.kind === "swap" ? { ...step, expected: broughtBy(step.amount, rate) } : step,
  );
}

/** The most that a template can give to the exchange. */
function mostFor(input: {
  kind: TemplateKind;
  engine: MarginEngine;
  basket: Basket;
  give: string;
  get: string;
  own: bigint;
  rate: Rate;
  tolerance: bigint;
}): bigint {
  const { kind, engine, basket, give, get, own, rate, tolerance } = input;
  const holding = (asset: string): BasketHolding | undefined =>
    basket.holdings.find((one) => one.asset === asset);
  const market = basket.markets.find((one) => one.asset === give);
  if (market === undefined) return 0n;
  const present = BigInt(holding(give)?.amount ?? "0");
  const room = borrowRoom(market, holding(give)?.side === "debt" ? present : 0n);
  switch (kind) {
    case "leverage":
      return largest(room, (amount) => {
        const steps = known(leverage({ borrow: give, buy: get, own, amount }), rate);
        const figures = figuresAfter(engine, basket, steps);
        return (
          figures !== undefined &&
          parseDecimal(figures.equity_open) >= parseDecimal(figures.initial)
        );
      });
    case "deleverage":
      return least(present, givenForAll(BigInt(holding(get)?.amount ?? "0"), rate, tolerance));
    case "swap-deposit":
      return present;
    case "swap-debt":
      return least(room, givenForAll(BigInt(holding(get)?.amount ?? "0"), rate, tolerance));
  }
}

function least(one: bigint, other: bigint): bigint {
  return one < other ? one : other;
}

function figuresAfter(
  engine: MarginEngine,
  basket: Basket,
  steps: readonly KnownStep[],
): MarginFigures | undefined {
  try {
    return engine.margin({ ...basket, holdings: holdingsAfter(basket.holdings, steps) });
  } catch {
    // What cannot be reckoned here the chain's own simulation explains.
    return undefined;
  }
}

/** Leverage and margin ratio, in words. */
function figuresText(figures: MarginFigures): string {
  const equity = approximately(parseDecimal(figures.equity));
  const deposits = approximately(parseDecimal(figures.deposits));
  const times = equity > 0 ? `Leverage ${(deposits / equity).toFixed(2)}×` : "No equity";
  return `${times}, margin ratio ${ratioText(figures.margin_ratio)}`;
}
