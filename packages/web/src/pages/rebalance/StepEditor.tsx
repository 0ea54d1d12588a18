import type { Exchange } from "@bulwark/client";
import type { AccountRef, MarketResponse } from "@bulwark/client/types/BulwarkVault.types";
import { useEffect, useRef, useState } from "react";
import { useAssets } from "../../data/assets";
import { useAccount } from "../../data/queries";
import { AmountInput, readAmount } from "../../parts/AmountInput";
import { Button } from "../../parts/Button";
import { Select } from "../../parts/Field";
import { moved, type StepDraft, stepWords } from "./drafts";
import styles from "./Rebalance.module.css";
import type { StepKind } from "./steps";

/** The vault takes no more at once. */
const mostSteps = 32;

/** Steps to be written: added, changed, moved and removed, by keyboard as well. */
export function StepEditor(props: {
  drafts: readonly StepDraft[];
  onDrafts: (drafts: readonly StepDraft[]) => void;
  account: AccountRef;
  exchange: Exchange | undefined;
  markets: readonly MarketResponse[];
}) {
  const { drafts, onDrafts, exchange, markets } = props;
  const [said, setSaid] = useState("");
  const list = useRef<HTMLOListElement>(null);
  /** What has the focus after the list has changed. */
  const [focus, setFocus] = useState<string>();
  useEffect(() => {
    if (focus === undefined) return;
    list.current?.querySelector<HTMLElement>(`[data-focus="${focus}"]`)?.focus();
    setFocus(undefined);
  }, [focus]);
  const kinds = kindsFor(exchange);
  const add = (kind: StepKind) => {
    const key = Math.max(0, ...drafts.map((draft) => draft.key)) + 1;
    const [first, second] = assetsFor(kind, exchange, markets);
    onDrafts([...drafts, { key, kind, asset: first ?? "", get: second ?? "", text: "" }]);
    setSaid(`Step ${drafts.length + 1} added.`);
    setFocus(`kind-${key}`);
  };
  return (
    <div className={styles.stack}>
      <p className="visually-hidden" role="status">
        {said}
      </p>
      {drafts.length === 0 && <p className={styles.quiet}>No steps yet. Add the first one.</p>}
      {drafts.length > 0 && (
        <ol className={styles.editor} ref={list}>
          {drafts.map((draft, index) => (
            <li key={draft.key} aria-label={`Step ${index + 1}`}>
              <Row
                draft={draft}
                place={index + 1}
                account={props.account}
                exchange={exchange}
                markets={markets}
                onChange={(next) => onDrafts(drafts.with(index, next))}
              />
              <div className={styles.moves}>
                <Button
                  small
                  data-focus={`up-${draft.key}`}
                  aria-label={`Move step ${index + 1} up`}
                  disabled={index === 0}
                  onClick={() => {
                    onDrafts(moved(drafts, index, index - 1));
                    setSaid(`Now step ${index}.`);
                    setFocus(`${index === 1 ? "down" : "up"}-${draft.key}`);
                  }}
                >
                  ↑
                </Button>
                <Button
                  small
                  data-focus={`down-${draft.key}`}
                  aria-label={`Move step ${index + 1} down`}
                  disabled={index === drafts.length - 1}
                  onClick={() => {
                    onDrafts(moved(drafts, index, index + 1));
                    setSaid(`Now step ${index + 2}.`);
                    setFocus(`${index === drafts.length - 2 ? "up" : "down"}-${draft.key}`);
                  }}
                >
                  ↓
                </Button>
                <Button
                  small
                  kind="quiet"
                  aria-label={`Remove step ${index + 1}`}
                  onClick={() => {
                    onDrafts(drafts.toSpliced(index, 1));
                    setSaid(`Step ${index + 1} removed.`);
                    const next = drafts[index + 1] ?? drafts[index - 1];
                    if (next !== undefined) setFocus(`kind-${next.key}`);
                  }}
                >
                  Remove
                </Button>
              </div>
            </li>
          ))}
        </ol>
      )}
      <fieldset className={styles.add} aria-label="Add a step">
        {kinds.map((kind) => (
          <Button
            key={kind}
            small
            disabled={drafts.length >= mostSteps}
            title={stepWords[kind].what}
            onClick={() => add(kind)}
          >
            + {stepWords[kind].verb}
          </Button>
        ))}
      </fieldset>
    </div>
  );
}

function kindsFor(exchange: Exchange | undefined): StepKind[] {
  const kinds: StepKind[] = ["deposit", "withdraw", "lend", "recall", "borrow", "repay"];
  return exchange === undefined ? kinds : [...kinds, "swap"];
}

function assetsFor(
  kind: StepKind,
  exchange: Exchange | undefined,
  markets: readonly MarketResponse[],
): readonly string[] {
  return kind === "swap" ? (exchange?.assets ?? []) : markets.map(({ asset }) => asset);
}

function Row(props: {
  draft: StepDraft;
  place: number;
  account: AccountRef;
  exchange: Exchange | undefined;
  markets: readonly MarketResponse[];
  onChange: (draft: StepDraft) => void;
}) {
  const { draft, place, exchange, markets, onChange } = props;
  const assets = useAssets();
  const holding = useAccount(props.account).data?.holdings.find(
    ({ asset }) => asset === draft.asset,
  );
  const read = readAmount(draft.text, assets.counting(draft.asset));
  const options = (list: readonly string[]) =>
    list.map((asset) => ({ value: asset, label: assets.symbol(asset) }));
  const choices = assetsFor(draft.kind, exchange, markets);
  const maximum = maximumOf(draft.kind, holding);
  return (
    <div className={styles.row}>
      <label className={styles.kind}>
        <span>Step {place}</span>
        <select
          data-focus={`kind-${draft.key}`}
          value={draft.kind}
          onChange={(event) => {
            const kind = kindsFor(exchange).find((one) => one === event.target.value);
            if (kind !== undefined) onChange({ ...draft, kind });
          }}
        >
          {kindsFor(exchange).map((kind) => (
            <option key={kind} value={kind}>
              {stepWords[kind].verb}
            </option>
          ))}
        </select>
      </label>
      <Select
        label={draft.kind === "swap" ? "Give" : "Asset"}
        value={draft.asset}
        options={options(choices)}
        onChange={(asset) => onChange({ ...draft, asset })}
      />
      {draft.kind === "swap" && (
        <Select
          label="For"
          value={draft.get}
          options={options(choices.filter((asset) => asset !== draft.asset))}
          onChange={(get) => onChange({ ...draft, get })}
        />
      )}
      <AmountInput
        label="Amount"
        asset={draft.asset}
        text={draft.text}
        onChange={(text) => onChange({ ...draft, text })}
        maximum={maximum?.amount}
        maximumWords={maximum?.words ?? ""}
        problem={read.kind === "wrong" ? read.problem : undefined}
      />
    </div>
  );
}

/** What the account has for a step, as it is now; steps above may change it. */
function maximumOf(
  kind: StepKind,
  holding: { idle: string; lent: string; debt: string } | undefined,
): { amount: bigint; words: string } | undefined {
  if (holding === undefined) return undefined;
  const [idle, lent, debt] = [BigInt(holding.idle), BigInt(holding.lent), BigInt(holding.debt)];
  switch (kind) {
    case "withdraw":
      return { amount: idle + lent, words: "deposited" };
    case "lend":
      return { amount: idle, words: "idle" };
    case "recall":
      return { amount: lent, words: "lent" };
    case "repay":
      return { amount: debt, words: "owed" };
    default:
      return undefined;
  }
}
