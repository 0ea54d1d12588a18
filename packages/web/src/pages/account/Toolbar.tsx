import type { AccountResponse } from "@bulwark/client/types/BulwarkVault.types";
import { Button } from "../../parts/Button";
import type { Opened } from "./forms/ActionDialog";
import { type ActionKind, actionWords, possible } from "./forms/kinds";
import styles from "./Toolbar.module.css";

const kinds: readonly ActionKind[] = [
  "deposit",
  "withdraw",
  "borrow",
  "repay",
  "lend",
  "recall",
  "transfer",
];

/** Everything that can be done with an account. */
export function Toolbar(props: { account: AccountResponse; onOpen: (opened: Opened) => void }) {
  return (
    <section className={styles.toolbar} aria-label="What to do">
      {kinds.map((kind) => (
        <Button
          key={kind}
          kind={kind === "deposit" ? "primary" : "plain"}
          disabled={!possible(kind, props.account)}
          onClick={() => props.onOpen({ kind })}
        >
          {actionWords[kind].verb}
        </Button>
      ))}
    </section>
  );
}
