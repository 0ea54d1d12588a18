import { isAddress } from "@bulwark/client";
import type { AccountRef } from "@bulwark/client/types/BulwarkVault.types";
import { useState } from "react";
import { useNetwork } from "../../../data/connection";
import { useAccountsOf } from "../../../data/queries";
import { Choices, Field } from "../../../parts/Field";
import { firstFree } from "../Chooser";
import styles from "./ActionForm.module.css";

interface RecipientState {
  readonly whose: "mine" | "other";
  readonly setWhose: (whose: "mine" | "other") => void;
  readonly owner: string;
  readonly setOwner: (owner: string) => void;
  readonly id: string;
  readonly setId: (id: string) => void;
  readonly ownerProblem: string | undefined;
  readonly idProblem: string | undefined;
  /** Where the transfer goes, once that is clear. */
  readonly account: AccountRef | undefined;
}

/** To which account a transfer goes. */
export function useRecipient(from: AccountRef): RecipientState {
  const { prefix } = useNetwork();
  const used = useAccountsOf(from.owner).data?.map((one) => one.account.id) ?? [];
  const another = used.find((id) => id !== from.id) ?? firstFree([...used, from.id]) ?? 0;
  const [whose, setWhose] = useState<"mine" | "other">("mine");
  const [owner, setOwner] = useState("");
  const [typed, setId] = useState<string>();
  const id = typed ?? (whose === "mine" ? String(another) : "0");
  const to = whose === "mine" ? from.owner : owner.trim();
  const number = Number(id);
  const goodId = /^\d{1,5}$/.test(id) && number <= 65_535;
  const same = to === from.owner && number === from.id;
  const goodOwner = isAddress(to, prefix);
  return {
    whose,
    setWhose: (next) => {
      setWhose(next);
      setId(undefined);
    },
    owner,
    setOwner,
    id,
    setId,
    ownerProblem:
      owner === "" || goodOwner ? undefined : `Enter an address of this chain: ${prefix}1…`,
    idProblem: !goodId
      ? "Enter a number from 0 to 65535."
      : same
        ? "This is the account that the transfer comes from."
        : undefined,
    account: goodId && goodOwner && !same ? { owner: to, id: number } : undefined,
  };
}

/** The fields that say to which account a transfer goes. */
export function Recipient(props: { recipient: RecipientState; account: AccountRef }) {
  const { recipient } = props;
  return (
    <div className={styles.recipient}>
      <Choices
        label="To whom"
        value={recipient.whose}
        onChange={recipient.setWhose}
        options={[
          { value: "mine", label: "Another account of mine" },
          { value: "other", label: "Somebody else" },
        ]}
      />
      {recipient.whose === "other" && (
        <Field label="Owner's address" problem={recipient.ownerProblem}>
          {(control) => (
            <input
              {...control}
              value={recipient.owner}
              autoComplete="off"
              spellCheck={false}
              onChange={(event) => recipient.setOwner(event.target.value)}
            />
          )}
        </Field>
      )}
      <Field
        label="Number of the account"
        problem={recipient.idProblem}
        hint={
          recipient.whose === "other"
            ? "To somebody else goes only what that account already holds or owes."
            : "A number that you have not used yet opens a new sub-account."
        }
      >
        {(control) => (
          <input
            {...control}
            inputMode="numeric"
            autoComplete="off"
            value={recipient.id}
            onChange={(event) => recipient.setId(event.target.value)}
          />
        )}
      </Field>
    </div>
  );
}
