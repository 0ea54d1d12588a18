import type { AccountRef } from "@bulwark/client/types/BulwarkVault.types";
import { Link } from "react-router";
import { accountPath } from "../../data/chosen";
import { useWallet } from "../../data/wallet";
import { Address } from "../../parts/Numbers";
import styles from "./Liquidations.module.css";

/** An account, leading to where it is shown. */
export function AccountLink({ account }: { account: AccountRef }) {
  const own = useWallet().address === account.owner;
  return (
    <Link className={styles.account} to={accountPath(account)}>
      <Address address={account.owner} />
      <span className={styles.quiet}>
        account {account.id}
        {own ? ", yours" : ""}
      </span>
    </Link>
  );
}
