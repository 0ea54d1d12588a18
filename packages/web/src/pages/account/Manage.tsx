import type { AccountHolding } from "@bulwark/client/types/BulwarkVault.types";
import { DropdownMenu } from "radix-ui";
import { useAssets } from "../../data/assets";
import { buttonClass } from "../../parts/Button";
import { Icon } from "../../parts/Icon";
import menu from "../../parts/Menu.module.css";
import type { Opened } from "./forms/ActionDialog";
import { type ActionKind, actionWords, offers } from "./forms/kinds";

const ofDeposits: readonly ActionKind[] = ["deposit", "withdraw", "lend", "recall", "transfer"];
const ofDebts: readonly ActionKind[] = ["repay", "borrow"];

/** What can be done with one holding. */
export function Manage(props: { holding: AccountHolding; onOpen: (opened: Opened) => void }) {
  const { holding, onOpen } = props;
  const symbol = useAssets().symbol(holding.asset);
  const kinds = holding.side === "debt" ? ofDebts : ofDeposits;
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger className={buttonClass("plain", true)} aria-label={`Manage ${symbol}`}>
        Manage
        <Icon name="chevron" size={16} />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className={menu.menu} align="end" sideOffset={6}>
          {kinds
            .filter((kind) => offers(kind, holding))
            .map((kind) => (
              <DropdownMenu.Item
                key={kind}
                className={menu.item}
                onSelect={() => onOpen({ kind, asset: holding.asset })}
              >
                {actionWords[kind].verb} {symbol}
              </DropdownMenu.Item>
            ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
