import type { BulwarkEvent, HistoryEntry } from "@bulwark/client";
import type { AccountRef } from "@bulwark/client/types/BulwarkVault.types";
import { useAssets } from "../../data/assets";
import { useHistory } from "../../data/queries";
import { Age } from "../../parts/Age";
import { Card } from "../../parts/Card";
import { Skeleton, Trouble } from "../../parts/Notice";
import { Table } from "../../parts/Table";
import type { AssetBook } from "../../words/assets";
import { type EventText, eventText } from "../../words/events";
import { countText } from "../../words/format";
import styles from "./Activity.module.css";

interface Row {
  readonly key: string;
  readonly entry: HistoryEntry;
  /** Absent where the transaction has events that cannot be read. */
  readonly event: BulwarkEvent | undefined;
}

/** What happened to an account, newest first. */
export function Activity(props: { account: AccountRef }) {
  const { owner, id } = props.account;
  const history = useHistory({ owner, id, limit: 15 });
  const assets = useAssets();
  const rows = history.data?.flatMap((entry) => activityOf(entry, props.account));
  return (
    <Card title="Recent activity">
      {history.isError && (
        <Trouble what="The history" error={history.error} onRetry={() => void history.refetch()} />
      )}
      {history.isPending && <Skeleton height="6rem" />}
      {rows !== undefined && (
        <Table<Row>
          caption="What happened to this account, newest first"
          rows={rows}
          rowKey={(row) => row.key}
          empty="Nothing has happened to this account yet."
          columns={[
            {
              header: "What",
              cell: (row) => <strong>{textOf(row, assets).title}</strong>,
            },
            { header: "Details", cell: (row) => textOf(row, assets).detail },
            {
              header: "When",
              cell: (row) =>
                row.entry.time === undefined ? "unknown" : <Age since={row.entry.time} />,
            },
            { header: "Block", number: true, cell: (row) => countText(row.entry.height) },
            {
              header: "Transaction",
              cell: (row) => (
                <span className={styles.hash} title={row.entry.hash}>
                  {row.entry.hash.slice(0, 10)}…
                </span>
              ),
            },
          ]}
        />
      )}
    </Card>
  );
}

/** What a transaction did with an account, event by event, and whether there is more to it. */
export function activityOf(entry: HistoryEntry, account: AccountRef): Row[] {
  const events: (BulwarkEvent | undefined)[] = entry.events.filter((event) =>
    concerns(event, account),
  );
  if (entry.unreadable !== undefined) events.push(undefined);
  return events.map((event, index) => ({ key: `${entry.hash} ${index}`, entry, event }));
}

function textOf({ event }: Row, assets: AssetBook): EventText {
  if (event !== undefined) return eventText(event, assets);
  return {
    title: "Not readable",
    detail: "It says something that this page cannot read. Look it up by its hash.",
  };
}

function concerns(event: BulwarkEvent, account: AccountRef): boolean {
  const own = "owner" in event && event.owner === account.owner;
  if (own && (!("id" in event) || event.id === account.id)) return true;
  return event.type === "transfer" && event.toOwner === account.owner && event.toId === account.id;
}
