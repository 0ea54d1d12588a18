import type { AccountRef } from "@bulwark/client/types/BulwarkVault.types";
import { useAssets } from "../../../data/assets";
import { Dialog } from "../../../parts/Dialog";
import { ActionForm } from "./ActionForm";
import { type ActionKind, actionWords } from "./kinds";

/** Which form is open, and about which asset if that was said. */
export interface Opened {
  readonly kind: ActionKind;
  readonly asset?: string;
}

/** One of the forms, over the page. */
export function ActionDialog(props: { account: AccountRef; opened: Opened; onClose: () => void }) {
  const { account, opened, onClose } = props;
  const words = actionWords[opened.kind];
  const assets = useAssets();
  const symbol = opened.asset === undefined ? "" : ` ${assets.symbol(opened.asset)}`;
  return (
    <Dialog
      open
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title={`${words.verb}${symbol}`}
      description={words.what}
    >
      <ActionForm account={account} opened={opened} onClose={onClose} />
    </Dialog>
  );
}
