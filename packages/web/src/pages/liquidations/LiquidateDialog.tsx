import type { AccountRef } from "@bulwark/client/types/BulwarkVault.types";
import { Dialog } from "../../parts/Dialog";
import { shortAddress } from "../../words/format";
import { LiquidateForm } from "./LiquidateForm";

/** Liquidates an account; closed while there is none. */
export function LiquidateDialog(props: { account: AccountRef | undefined; onClose: () => void }) {
  const { account, onClose } = props;
  return (
    <Dialog
      open={account !== undefined}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title="Liquidate"
      description={
        account === undefined ? "" : `Account ${account.id} of ${shortAddress(account.owner)}`
      }
    >
      {account !== undefined && <LiquidateForm account={account} onClose={onClose} />}
    </Dialog>
  );
}
