import type { Exchange } from "@bulwark/client";
import type { AccountRef } from "@bulwark/client/types/BulwarkVault.types";
import { useCallback, useMemo, useState } from "react";
import { useAssets } from "../../data/assets";
import { useNetwork } from "../../data/connection";
import { useBasket, useEngine } from "../../data/engine";
import { useMargin, useMarkets } from "../../data/queries";
import { readTolerance } from "../../data/tolerance";
import { Button } from "../../parts/Button";
import { Card } from "../../parts/Card";
import { Notice, Skeleton, Trouble } from "../../parts/Notice";
import { draftsOf, type StepDraft, stepOf } from "./drafts";
import { PreviewCard } from "./PreviewCard";
import styles from "./Rebalance.module.css";
import type { TemplateKind } from "./reach";
import { StepEditor } from "./StepEditor";
import { StepList } from "./StepList";
import type { Step } from "./steps";
import { TemplateForm } from "./TemplateForm";
import { templateWords } from "./template-words";

/** Templates, the steps that they make or that are written by hand, and what would happen. */
export function Composer(props: { account: AccountRef; own: boolean }) {
  const { account, own } = props;
  const network = useNetwork();
  const assets = useAssets();
  const engine = useEngine();
  const basket = useBasket(account);
  const margin = useMargin(account);
  const markets = useMarkets();
  const exchange = useExchange(markets.data?.map(({ asset }) => asset));
  const [template, setTemplate] = useState<TemplateKind | "own">();
  const [made, setMade] = useState<readonly Step[]>([]);
  const [drafts, setDrafts] = useState<readonly StepDraft[]>([]);
  /** Counts what was sent: templates begin anew, so that nothing is sent twice by a second press. */
  const [turn, setTurn] = useState(0);
  const [accepted, setAccepted] = useState("0.5");
  const tolerated = readTolerance(accepted);
  const shown = template ?? (exchange === undefined ? "own" : "leverage");
  const written = useMemo(
    () => drafts.map((draft) => stepOf(draft, assets)).filter((step) => step !== undefined),
    [drafts, assets],
  );
  const isWhole = shown !== "own" || written.length === drafts.length;
  const none = useMemo<readonly Step[]>(() => [], []);
  const steps = shown === "own" ? (isWhole ? written : none) : made;
  const onSteps = useCallback((next: readonly Step[]) => setMade(next), []);

  const failed = margin.error ?? markets.error ?? engine.error;
  if (failed !== null && basket === undefined) {
    const retry = () => {
      for (const answer of [margin, markets, engine]) if (answer.isError) void answer.refetch();
    };
    return <Trouble what="The account" error={failed} onRetry={retry} />;
  }
  if (basket === undefined || engine.data === undefined || markets.data === undefined) {
    return <Skeleton height="24rem" />;
  }
  const edit = () => {
    setDrafts(draftsOf(made, assets));
    setTemplate("own");
  };
  return (
    <div className={styles.composer}>
      <div className={styles.left}>
        <Card title="What do you want to do?">
          <div className={styles.stack}>
            <fieldset className={styles.choices} aria-label="Templates">
              {templateKinds.map((kind) => (
                <button
                  key={kind}
                  type="button"
                  className={styles.template}
                  aria-pressed={shown === kind}
                  disabled={kind !== "own" && exchange === undefined}
                  onClick={() => setTemplate(kind)}
                >
                  <strong>{kind === "own" ? "My own steps" : templateWords[kind].name}</strong>
                  <span>
                    {kind === "own" ? "Put steps together by hand." : templateWords[kind].what}
                  </span>
                </button>
              ))}
            </fieldset>
            {exchange === undefined && (
              <Notice tone="neutral" title="There is no exchange on this network">
                Nothing can be swapped here, so the templates cannot be used. Everything else can be
                put together by hand.
              </Notice>
            )}
            {exchange !== undefined && shown !== "own" && (
              <TemplateForm
                key={`${shown} ${turn}`}
                kind={shown}
                exchange={exchange}
                engine={engine.data}
                basket={basket}
                tolerance={tolerated.kind === "tolerance" ? tolerated.fraction : 0n}
                onSteps={onSteps}
              />
            )}
          </div>
        </Card>
        <Card
          title="Steps"
          note="Carried out from top to bottom. What a step takes out of the account is in your hand for the steps below it; what a swap brings is deposited into the account; what is left in hand at the end comes back to your wallet."
          actions={
            shown !== "own" &&
            made.length > 0 && (
              <Button small onClick={edit}>
                Change by hand
              </Button>
            )
          }
        >
          {shown === "own" ? (
            <StepEditor
              drafts={drafts}
              onDrafts={setDrafts}
              account={account}
              exchange={exchange}
              markets={markets.data}
            />
          ) : (
            <StepList steps={made} />
          )}
        </Card>
      </div>
      <PreviewCard
        account={account}
        own={own}
        steps={steps}
        isWhole={isWhole}
        current={margin.data}
        exchange={exchange}
        accepted={accepted}
        onAccepted={setAccepted}
        onSent={() => {
          setDrafts([]);
          setMade([]);
          setTurn(turn + 1);
        }}
      />
      {network.exchanges.some(({ kind }) => kind === "bulwark-practice") && (
        <p className={styles.practice}>
          Swaps here go through a practice exchange that pays by the oracle's prices. A real one has
          prices of its own.
        </p>
      )}
    </div>
  );
}

const templateKinds = ["leverage", "deleverage", "swap-deposit", "swap-debt", "own"] as const;

/** The first exchange, with those of its assets that have a market. */
function useExchange(listed: readonly string[] | undefined): Exchange | undefined {
  const { exchanges } = useNetwork();
  const key = listed?.join();
  return useMemo(() => {
    const [first] = exchanges;
    if (first === undefined || key === undefined) return undefined;
    const markets = new Set(key.split(","));
    const assets = first.assets.filter((asset) => markets.has(asset));
    return assets.length < 2 ? undefined : { ...first, assets };
  }, [exchanges, key]);
}
