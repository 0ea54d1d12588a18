import { useChosenAccount } from "../../data/chosen";
import { useWallet } from "../../data/wallet";
import { Badge } from "../../parts/Badge";
import { Card } from "../../parts/Card";
import { Page } from "../../parts/Page";
import { Chooser } from "../account/Chooser";
import { Composer } from "./Composer";

/** The page “Rebalance”: several steps in one transaction, with one check of the margin at the end. */
export function Component() {
  const { account, own } = useChosenAccount();
  const { address } = useWallet();
  return (
    <Page
      title="Rebalance"
      lead={
        <>
          Change several things in one transaction. The margin is checked once, at the end: what
          would be refused step by step may pass as a whole, and if anything fails, nothing happens.{" "}
          {account !== undefined && !own && (
            <Badge tone="neutral">Looking only: not your account</Badge>
          )}
        </>
      }
      actions={account !== undefined && <Chooser account={account} own={own} />}
    >
      {account === undefined ? (
        <Card title="Connect a wallet">
          <p>Use “Connect” at the top, or look at any account on the page “Account” first.</p>
        </Card>
      ) : (
        // What was begun with one wallet, or of one account, is not another's.
        <Composer key={`${account.owner}/${account.id} ${address}`} account={account} own={own} />
      )}
    </Page>
  );
}
