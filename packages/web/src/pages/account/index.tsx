import { isAddress } from "@bulwark/client";
import { useState } from "react";
import { accountPath, useChosenAccount } from "../../data/chosen";
import { useNetwork } from "../../data/connection";
import { useAccount, useMargin } from "../../data/queries";
import { Badge } from "../../parts/Badge";
import { Card } from "../../parts/Card";
import { Skeleton, Trouble } from "../../parts/Notice";
import { Page } from "../../parts/Page";
import { Activity } from "./Activity";
import { Chooser } from "./Chooser";
import { ActionDialog, type Opened } from "./forms/ActionDialog";
import { Holdings } from "./Holdings";
import { Overview } from "./Overview";
import { Toolbar } from "./Toolbar";
import { NoAddress, Welcome } from "./Welcome";

/** The page “Account”: what an account holds and owes, how safe it is, and what can be done. */
export function Component() {
  const { account, own } = useChosenAccount();
  const margin = useMargin(account);
  const holdings = useAccount(account);
  const [opened, setOpened] = useState<Opened & { readonly of: string }>();
  const { prefix } = useNetwork();
  if (account === undefined) return <Welcome />;
  if (!isAddress(account.owner, prefix)) return <NoAddress owner={account.owner} />;
  const trouble = margin.error ?? holdings.error;
  // A form is about the account that it was opened for: with another one, or another wallet, it is gone.
  const place = accountPath(account);
  const open = (form: Opened) => setOpened({ ...form, of: place });
  const known = margin.data !== undefined && holdings.data !== undefined;
  return (
    <Page
      title={account.id === 0 ? "Account" : `Sub-account ${account.id}`}
      lead={own ? undefined : <Badge tone="neutral">Looking only: not your account</Badge>}
      actions={<Chooser account={account} own={own} />}
    >
      {trouble !== null && !known && (
        <Trouble
          what="This account"
          error={trouble}
          onRetry={() => {
            void margin.refetch();
            void holdings.refetch();
          }}
        />
      )}
      {trouble === null && !known && <Waiting />}
      {margin.data !== undefined && holdings.data !== undefined && (
        <>
          <Overview account={account} margin={margin.data} />
          {own && <Toolbar account={holdings.data} onOpen={open} />}
          <Holdings
            reference={account}
            account={holdings.data}
            margin={margin.data}
            onOpen={own ? open : undefined}
          />
        </>
      )}
      <Activity account={account} />
      {own && opened?.of === place && (
        <ActionDialog
          key={`${place} ${opened.kind} ${opened.asset ?? ""}`}
          account={account}
          opened={opened}
          onClose={() => setOpened(undefined)}
        />
      )}
    </Page>
  );
}

function Waiting() {
  return (
    <Card title="Margin">
      <p className="visually-hidden" role="status">
        Asking the chain…
      </p>
      <Skeleton height="12rem" />
    </Card>
  );
}
