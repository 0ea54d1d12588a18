import type { AccountRef } from "@bulwark/client/types/BulwarkVault.types";
import { useChosenAccount } from "../../data/chosen";
import { useAccountsOf } from "../../data/queries";
import { Button } from "../../parts/Button";
import { Select } from "../../parts/Field";
import { Icon } from "../../parts/Icon";
import { Address } from "../../parts/Numbers";
import styles from "./Chooser.module.css";

/** Which of an owner's accounts is shown, and a way to a new one. */
export function Chooser(props: { account: AccountRef; own: boolean }) {
  const { account, own } = props;
  const { choose } = useChosenAccount();
  const used = useAccountsOf(account.owner).data?.map((one) => one.account.id) ?? [];
  const ids = [...new Set([0, account.id, ...used])].sort((a, b) => a - b);
  const free = firstFree(ids);
  return (
    <div className={styles.chooser}>
      <span className={styles.owner}>
        <span className="visually-hidden">Owner </span>
        <Address address={account.owner} />
      </span>
      {ids.length > 1 && (
        <Select
          label="Sub-account"
          value={String(account.id)}
          options={ids.map((id) => ({
            value: String(id),
            label: id === 0 ? "0 (main)" : String(id),
          }))}
          onChange={(value) => choose({ owner: account.owner, id: Number(value) })}
        />
      )}
      {own && free !== undefined && (
        <Button onClick={() => choose({ owner: account.owner, id: free })}>
          <Icon name="plus" size={16} />
          New sub-account
        </Button>
      )}
    </div>
  );
}

/** The lowest number that no account has. */
export function firstFree(ids: readonly number[]): number | undefined {
  const taken = new Set(ids);
  for (let id = 0; id <= 65_535; id++) {
    if (!taken.has(id)) return id;
  }
  return undefined;
}
