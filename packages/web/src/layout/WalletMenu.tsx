import { DropdownMenu } from "radix-ui";
import { useState } from "react";
import { useNavigate } from "react-router";
import { accountPath } from "../data/chosen";
import { useNetwork } from "../data/connection";
import { useWallet } from "../data/wallet";
import { buttonClass } from "../parts/Button";
import { Icon } from "../parts/Icon";
import menu from "../parts/Menu.module.css";
import { useNotify } from "../parts/Toast";
import { shortAddress } from "../words/format";
import styles from "./WalletMenu.module.css";

/** Connects a wallet; on a local network also one of its test keys, which say what they are. */
export function WalletMenu() {
  const network = useNetwork();
  const wallet = useWallet();
  const navigate = useNavigate();
  const notify = useNotify();
  const users = network.local?.users ?? [];
  const { address, kind } = wallet;
  // Extensions may come into the page after it has been drawn: looked for whenever it is opened.
  const [offered, setOffered] = useState(window.keplr !== undefined);
  const copy = (text: string) => {
    navigator.clipboard.writeText(text).then(
      () => notify({ tone: "neutral", title: "Address copied", detail: text }),
      () => notify({ tone: "caution", title: "Could not copy", detail: text }),
    );
  };
  return (
    <DropdownMenu.Root modal={false} onOpenChange={() => setOffered(window.keplr !== undefined)}>
      <DropdownMenu.Trigger
        className={buttonClass(address === undefined ? "primary" : "plain", false, styles.trigger)}
        aria-label={
          address === undefined
            ? "Connect a wallet"
            : `Wallet ${kind?.kind === "test-key" ? `${kind.user}, ` : ""}${shortAddress(address)}`
        }
      >
        <Icon name="wallet" />
        {address === undefined ? (
          <span>{wallet.connecting ? "Connecting…" : "Connect"}</span>
        ) : (
          <span className={styles.who}>
            {kind?.kind === "test-key" ? kind.user : shortAddress(address)}
          </span>
        )}
        <Icon name="chevron" size={16} />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className={menu.menu} align="end" sideOffset={6}>
          {address !== undefined && (
            <>
              <DropdownMenu.Label className={menu.label}>
                {shortAddress(address)}
              </DropdownMenu.Label>
              <DropdownMenu.Item
                className={menu.item}
                onSelect={() => void navigate(accountPath({ owner: address, id: 0 }))}
              >
                <Icon name="account" />
                My account
              </DropdownMenu.Item>
              <DropdownMenu.Item className={menu.item} onSelect={() => copy(address)}>
                <Icon name="copy" />
                Copy the address
              </DropdownMenu.Item>
              <DropdownMenu.Item className={menu.item} onSelect={wallet.disconnect}>
                <Icon name="close" />
                Disconnect
              </DropdownMenu.Item>
              <DropdownMenu.Separator className={menu.separator} />
            </>
          )}
          <DropdownMenu.Item
            className={menu.item}
            disabled={!offered}
            onSelect={() => wallet.connect({ kind: "extension" })}
          >
            <Icon name="wallet" />
            {offered ? "Keplr or a wallet like it" : "No wallet extension found"}
          </DropdownMenu.Item>
          {!offered && (
            <DropdownMenu.Label className={menu.label}>
              Install the browser extension Keplr, or another wallet that offers web pages the same
              interface, and load this page again.
            </DropdownMenu.Label>
          )}
          {users.length > 0 && (
            <>
              <DropdownMenu.Separator className={menu.separator} />
              <DropdownMenu.Label className={menu.label}>
                Test keys of this local network. Everybody knows them: never send them anything of
                worth.
              </DropdownMenu.Label>
              {users.map((user) => (
                <DropdownMenu.Item
                  key={user.name}
                  className={menu.item}
                  onSelect={() => wallet.connect({ kind: "test-key", user: user.name })}
                >
                  <Icon name="account" />
                  {user.name}
                  <span className={menu.aside}>test key, public</span>
                </DropdownMenu.Item>
              ))}
            </>
          )}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
