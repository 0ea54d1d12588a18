import type {
  AccountRef,
  LiquidationResponse,
  MarginResponse,
  Plan,
  Receive,
} from "@bulwark/client/types/BulwarkVault.types";
import { useMemo, useState } from "react";
import { useAssets } from "../../data/assets";
import { useNetwork } from "../../data/connection";
import { useDebounced } from "../../data/debounced";
import { useAccountsOf, useBalances, useMargin, usePlan } from "../../data/queries";
import { sendingWords, useEstimate, useSend } from "../../data/send";
import { leastAccepted, readTolerance } from "../../data/tolerance";
import { useWallet } from "../../data/wallet";
import { AmountInput, readAmount } from "../../parts/AmountInput";
import { Button } from "../../parts/Button";
import { Choices, Select } from "../../parts/Field";
import { NetworkFee } from "../../parts/NetworkFee";
import { Notice, Skeleton, Trouble } from "../../parts/Notice";
import { Refusal } from "../../parts/Refusal";
import { ToleranceInput } from "../../parts/ToleranceInput";
import { shortAddress } from "../../words/format";
import styles from "./Liquidations.module.css";
import { liquidation, type Offer, presetOf, received } from "./offer";
import { useOutcome } from "./outcome";
import { Preview } from "./Preview";
import { Result } from "./Result";

/**
 * Waits for what the form is about. Once there, the form stays: figures that could not be asked for
 * anew must not take away what was typed, or what is being sent.
 */
export function LiquidateForm(props: { account: AccountRef; onClose: () => void }) {
  const { account, onClose } = props;
  const { address } = useWallet();
  const plan = usePlan(account);
  const margin = useMargin(account);
  if (plan.data === undefined || margin.data === undefined) {
    const failed = margin.error ?? plan.error;
    if (failed === null) return <Skeleton height="20rem" />;
    const retry = () => {
      void margin.refetch();
      void plan.refetch();
    };
    return <Trouble what="The account" error={failed} onRetry={retry} />;
  }
  return (
    <Form
      // What one wallet has chosen, such as which of its accounts, is not another's choice.
      key={address ?? ""}
      account={account}
      margin={margin.data}
      plan={plan.data.plan ?? undefined}
      onClose={onClose}
    />
  );
}

function Form(props: {
  account: AccountRef;
  margin: MarginResponse;
  plan: Plan | undefined;
  onClose: () => void;
}) {
  const { account, margin, plan, onClose } = props;
  const network = useNetwork();
  const assets = useAssets();
  const { address } = useWallet();
  const { sending, send } = useSend();
  const [pair, setPair] = useState<{ debt?: string; seize?: string }>({});
  const [text, setText] = useState<string>();
  const [accepted, setAccepted] = useState("1");
  const [receive, setReceive] = useState<Receive>("tokens");
  const [ownId, setOwnId] = useState("0");

  const debts = margin.holdings.filter(({ side }) => side === "debt");
  const deposits = margin.holdings.filter(({ side }) => side === "deposit");
  const debt = pair.debt ?? plan?.debt.asset ?? debts[0]?.asset ?? "";
  const seize = pair.seize ?? plan?.seize.asset ?? deposits[0]?.asset ?? "";
  const balance = useBalances(address, debt === "" ? [] : [debt]).data?.get(debt);
  const isPlanned = plan !== undefined && plan.debt.asset === debt && plan.seize.asset === seize;
  const owed = BigInt(debts.find(({ asset }) => asset === debt)?.amount ?? "0");
  const preset = presetOf(isPlanned ? BigInt(plan.debt.amount) : owed, balance);
  const shown = text ?? assets.typed(debt, preset);
  const typed = readAmount(shown, assets.counting(debt));
  const tolerated = readTolerance(accepted);

  const amount = typed.kind === "amount" ? typed.amount : 0n;
  const isTooMuch = balance !== undefined && amount > balance;
  const offer = useMemo<Offer | undefined>(() => {
    if (amount === 0n || debt === "" || seize === "") return undefined;
    const to =
      address === undefined || ownId === "0" ? undefined : { owner: address, id: Number(ownId) };
    return { account, debt, amount, seize, receive, to };
  }, [account, debt, amount, seize, receive, address, ownId]);
  const settled = useDebounced(offer);
  const outcome = useOutcome(settled);
  const isCurrent = settled === offer && outcome.isSuccess && !outcome.isPlaceholderData;
  const tolerance = tolerated.kind === "tolerance" ? tolerated.fraction : undefined;
  const expected = outcome.data === undefined ? undefined : received(outcome.data);
  const batch = useMemo(() => {
    if (!isCurrent || isTooMuch || address === undefined) return undefined;
    if (settled === undefined || expected === undefined || tolerance === undefined)
      return undefined;
    return [liquidation(network, settled, expected, tolerance)];
  }, [network, settled, expected, tolerance, isCurrent, isTooMuch, address]);
  const estimate = useEstimate(batch);

  if (sending.step === "done") return <Result receipt={sending.receipt} onClose={onClose} />;
  const isBusy = sending.step !== "idle" && sending.step !== "failed";
  const refusal = outcome.error ?? estimate.error;
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (batch === undefined || estimate.data === undefined || refusal !== null || isBusy)
          return;
        const done = `Liquidated account ${account.id} of ${shortAddress(account.owner)}`;
        void send(batch, { estimate: estimate.data, done });
      }}
    >
      {plan === undefined && !isBusy && (
        <Notice tone="neutral" title="There is nothing to liquidate here now" live>
          The account covers its maintenance margin, or nothing in it can change hands.
        </Notice>
      )}
      <div className={styles.two}>
        <Select
          label="Repay"
          value={debt}
          options={debts.map(({ asset }) => ({ value: asset, label: assets.symbol(asset) }))}
          onChange={(asset) => {
            setPair({ ...pair, debt: asset });
            setText(undefined);
          }}
        />
        <Select
          label="Receive"
          value={seize}
          options={deposits.map(({ asset }) => ({ value: asset, label: assets.symbol(asset) }))}
          onChange={(asset) => {
            setPair({ ...pair, seize: asset });
            setText(undefined);
          }}
        />
      </div>
      <AmountInput
        label="Repay at most"
        asset={debt}
        text={shown}
        onChange={setText}
        maximum={balance}
        maximumWords="in your wallet"
        hint="What the liquidation does not use is sent back."
        problem={
          typed.kind === "wrong" && debt !== ""
            ? typed.problem
            : isTooMuch
              ? `Your wallet has ${assets.amount(debt, balance)}.`
              : undefined
        }
      />
      <Choices
        label="Take what is seized as"
        value={receive}
        options={[
          { value: "tokens", label: "Tokens" },
          { value: "account", label: "Deposit in my account" },
        ]}
        onChange={setReceive}
      />
      {address !== undefined && (receive === "account" || hasShares(outcome.data)) && (
        <OwnAccount owner={address} id={ownId} onChange={setOwnId} />
      )}
      {/* Of what is on its way the chain may say already that it cannot be done again. */}
      {outcome.error !== null && !isBusy ? (
        <Refusal of={outcome.error} onRetry={() => void outcome.refetch()} />
      ) : (
        <Preview
          outcome={outcome.data}
          debt={debt}
          seize={seize}
          before={margin}
          least={
            expected === undefined || tolerance === undefined
              ? undefined
              : leastAccepted(expected, tolerance)
          }
          fee={<NetworkFee estimate={estimate.data} waiting={estimate.isFetching} />}
          isStale={!isCurrent}
        />
      )}
      <ToleranceInput
        text={accepted}
        onChange={setAccepted}
        hint="If prices move until your transaction arrives and you would receive less than that, it fails and nothing but the fee is paid."
      />
      {outcome.error === null && estimate.error !== null && !isBusy && (
        <Refusal of={estimate.error} onRetry={() => void estimate.refetch()} />
      )}
      {sending.step === "failed" && <Refusal of={sending.error} />}
      <div className={styles.end}>
        <span className={styles.quiet} role="status">
          {address === undefined ? "Connect a wallet to liquidate." : sendingWords[sending.step]}
        </span>
        <Button onClick={onClose}>Cancel</Button>
        <Button
          kind="primary"
          type="submit"
          disabled={
            batch === undefined || estimate.data === undefined || refusal !== null || isBusy
          }
        >
          Liquidate
        </Button>
      </div>
    </form>
  );
}

/** Which of one's own accounts takes deposits. */
function OwnAccount(props: { owner: string; id: string; onChange: (id: string) => void }) {
  const accounts = useAccountsOf(props.owner).data ?? [];
  const ids = new Set([0, ...accounts.map(({ account }) => account.id)]);
  return (
    <Select
      label="Which of your accounts"
      value={props.id}
      options={[...ids]
        .toSorted((a, b) => a - b)
        .map((id) => ({ value: String(id), label: `Account ${id}` }))}
      onChange={props.onChange}
    />
  );
}

/** What the pool's cash does not cover comes as pool shares. */
function hasShares(outcome: LiquidationResponse | undefined): boolean {
  return outcome !== undefined && BigInt(outcome.lent) > 0n;
}
