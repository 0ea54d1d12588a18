import { amountFor, approximately, type Exchange, ONE, parseDecimal } from "@bulwark/client";
import type { Basket, MarginEngine, MarginFigures } from "@bulwark/client/margin";
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
import { shownRatio } from "../../words/ratio";
import styles from "./Rebalance.module.css";
import {
  figuresAfter,
  known,
  mostFor,
  optionsFor,
  stepsFor,
  type TemplateKind,
  within,
} from "./reach";
import type { Step } from "./steps";
import { noRoomWords, nothingWords, templateWords } from "./template-words";
import { shareOf } from "./templates";
import { useRate } from "./use-quotes";

/** USD, 18 decimals: what an exchange's rate is asked for. */
const usual = 100n * ONE;

/** Assets and a slider; it makes steps of them. */
export function TemplateForm(props: {
  kind: TemplateKind;
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
  const typed = readAmount(ownText, assets.counting(first ?? ""));
  const uncounted = [give, get]
    .filter((asset) => asset !== undefined)
    .map((asset) => assets.counting(asset))
    .find((counting) => counting.kind === "uncounted");
  const own = kind === "leverage" && typed.kind === "amount" ? typed.amount : 0n;

  const most = useMemo(() => {
    if (rate === undefined || give === undefined || get === undefined) return 0n;
    return mostFor({ kind, engine, basket, give, get, own, rate, tolerance });
  }, [kind, engine, basket, give, get, own, rate, tolerance]);
  const amount = shareOf(most, share);
  const isRefused = uncounted !== undefined;
  const steps = useMemo(
    () =>
      give === undefined || get === undefined || isRefused
        ? []
        : stepsFor(kind, give, get, own, amount),
    [kind, give, get, own, amount, isRefused],
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
          problem={typed.kind === "wrong" && !isRefused ? typed.problem : undefined}
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
          disabled={most === 0n || isRefused}
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
      {uncounted !== undefined && (
        <Notice tone="caution" title="Amounts of these assets cannot be relied on here" live>
          {uncounted.problem}
        </Notice>
      )}
      {error !== null && <Refusal of={error} />}
    </div>
  );
}

/** Leverage and margin ratio, in words. */
function figuresText(figures: MarginFigures): string {
  const equity = approximately(parseDecimal(figures.equity));
  const deposits = approximately(parseDecimal(figures.deposits));
  const times = equity > 0 ? `Leverage ${(deposits / equity).toFixed(2)}×` : "No equity";
  return `${times}, margin ratio ${ratioText(shownRatio(figures))}`;
}
