import type { AccountRef } from "@bulwark/client/types/BulwarkVault.types";
import { skipToken, useQuery } from "@tanstack/react-query";
import { useChosenAccount } from "../../data/chosen";
import { useBulwark } from "../../data/connection";
import { Select } from "../../parts/Field";
import { Address } from "../../parts/Numbers";
import styles from "./WhatIf.module.css";

/** Which of an owner's accounts is looked at. They are asked for once, whatever happens meanwhile. */
export function Which({ account }: { account: AccountRef }) {
  const { choose } = useChosenAccount();
  const bulwark = useBulwark();
  const { owner, id } = account;
  const accounts = useQuery({
    queryKey: ["numbers", owner],
    queryFn: bulwark === undefined ? skipToken : () => bulwark.accountsOf(owner),
  });
  const used = accounts.data?.map((one) => one.account.id) ?? [];
  const ids = [...new Set([0, id, ...used])].toSorted((a, b) => a - b);
  return (
    <div className={styles.which}>
      <Address address={owner} />
      {ids.length > 1 && (
        <Select
          label="Sub-account"
          value={String(id)}
          options={ids.map((one) => ({
            value: String(one),
            label: one === 0 ? "0 (main)" : String(one),
          }))}
          onChange={(value) => choose({ owner, id: Number(value) })}
        />
      )}
    </div>
  );
}
