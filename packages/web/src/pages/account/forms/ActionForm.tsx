import type { AccountRef } from "@bulwark/client/types/BulwarkVault.types";
import { type FormEvent, useState } from "react";
import { useAssets } from "../../../data/assets";
import { useNetwork } from "../../../data/connection";
import { useSend } from "../../../data/send";
import { AmountInput } from "../../../parts/AmountInput";
import { Button } from "../../../parts/Button";
import { Choices, Select } from "../../../parts/Field";
import { Notice } from "../../../parts/Notice";
import { Sending } from "../../../parts/Sending";
import type { Opened } from "./ActionDialog";
import styles from "./ActionForm.module.css";
import { messagesOf, movedBy } from "./draft";
import { actionWords } from "./kinds";
import { Preview } from "./Preview";
import { Recipient, useRecipient } from "./Recipient";
import { useDraft } from "./use-draft";

/** Fills a draft in, shows what it would do, and sends it. */
export function ActionForm(props: { account: AccountRef; opened: Opened; onClose: () => void }) {
  const { account, opened, onClose } = props;
  const { kind } = opened;
  const network = useNetwork();
  const assets = useAssets();
  const { sending, send } = useSend();
  const [lend, setLend] = useState<"idle" | "lend">("idle");
  const recipient = useRecipient(account);
  const form = useDraft({
    kind,
    account,
    asset: opened.asset,
    lend: lend === "lend",
    to: recipient.account,
  });
  const { verb, done } = actionWords[kind];
  if (sending.step === "done") {
    return (
      <div className={styles.form}>
        <Sending sending={sending} />
        <Button kind="primary" onClick={onClose}>
          Close
        </Button>
      </div>
    );
  }
  const busy = !["idle", "failed"].includes(sending.step);
  // What is being sent may take the last option away before it is reported.
  if (form.options.length === 0 && !busy) {
    return <Notice tone="neutral" title={form.nothing} />;
  }
  const label =
    form.draft === undefined
      ? verb
      : `${verb} ${assets.amount(form.asset, form.draft.amount, { exact: true })}`;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { draft, estimate } = form;
    if (draft === undefined || estimate === undefined || !form.allowed || busy) return;
    void send(messagesOf(network, draft), {
      estimate,
      done: (receipt) => `${done} ${assets.amount(draft.asset, movedBy(draft, receipt.events))}`,
    });
  };
  return (
    <form className={styles.form} onSubmit={submit}>
      <Select
        label="Asset"
        value={form.asset}
        options={form.options.map((asset) => ({ value: asset, label: form.optionLabel(asset) }))}
        onChange={form.setAsset}
      />
      <AmountInput
        label="Amount"
        asset={form.asset}
        text={form.text}
        onChange={form.setText}
        maximum={form.maximum}
        maximumWords={form.maximumWords}
        problem={form.problem}
        hint={form.hint}
      />
      {kind === "deposit" && (
        <Choices
          label="What happens with it"
          value={lend}
          onChange={setLend}
          options={[
            { value: "idle", label: "Keep it idle" },
            { value: "lend", label: form.lendLabel },
          ]}
        />
      )}
      {kind === "transfer" && <Recipient recipient={recipient} account={account} />}
      <Preview form={form} busy={busy} />
      <Sending sending={sending} />
      <Button type="submit" kind="primary" disabled={!form.allowed || busy}>
        {label}
      </Button>
    </form>
  );
}
