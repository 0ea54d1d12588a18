import type { Solvency } from "@bulwark/client/types/BulwarkVault.types";
import { useAssets } from "../../data/assets";
import { useSolvency } from "../../data/queries";
import { Asset } from "../../parts/Asset";
import { Badge } from "../../parts/Badge";
import { Card } from "../../parts/Card";
import { Fold } from "../../parts/Fold";
import { Notice, Skeleton, Trouble } from "../../parts/Notice";
import { Amount } from "../../parts/Numbers";
import { type Column, Table } from "../../parts/Table";
import { countText } from "../../words/format";
import { solvencyWords } from "./findings";
import styles from "./status.module.css";

const columns: readonly Column<Solvency>[] = [
  { header: "Asset", cell: (row) => <Asset asset={row.asset} /> },
  {
    header: "Held",
    number: true,
    detail: true,
    cell: (row) => <Plain row={row} amount={row.held} />,
  },
  {
    header: "Owed",
    number: true,
    detail: true,
    cell: (row) => <Plain row={row} amount={row.owed} />,
  },
  {
    header: "Of it idle",
    number: true,
    detail: true,
    cell: (row) => <Plain row={row} amount={row.idle} />,
  },
  {
    header: "Lent out",
    number: true,
    detail: true,
    cell: (row) => <Plain row={row} amount={row.borrowed} />,
  },
  { header: "Difference", number: true, cell: (row) => <Difference row={row} /> },
];

/** What the vault holds against what it owes, asset by asset. */
export function Solvent() {
  const solvency = useSolvency();
  const assets = useAssets();
  const words = solvency.data === undefined ? undefined : solvencyWords(solvency.data, assets);
  const covered = solvency.data?.filter(({ missing }) => BigInt(missing) === 0n).length ?? 0;
  return (
    <Card
      title="Solvency"
      note="Held is what the vault's address has on the chain. Owed is what can be asked of it now: idle deposits and the cash of pools. What is lent out, borrowers owe."
    >
      {solvency.isError && (
        <Trouble what="Solvency" error={solvency.error} onRetry={() => void solvency.refetch()} />
      )}
      {solvency.isPending && <Skeleton height="12rem" />}
      {words !== undefined && (
        <div className={styles.total}>
          {typeof words === "string" ? (
            <Notice tone="healthy" title={words} />
          ) : (
            <Notice tone="danger" title={words.text} live />
          )}
        </div>
      )}
      {solvency.data !== undefined && (
        <Fold
          summary={`${countText(covered)} of ${countText(solvency.data.length)} assets covered`}
          what="the assets"
          urgent={covered < solvency.data.length}
        >
          <Table
            caption="What the vault holds and owes of each asset"
            columns={columns}
            rows={solvency.data}
            rowKey={(row) => row.asset}
            empty="No market is listed yet."
          />
        </Fold>
      )}
    </Card>
  );
}

/** What is sent to the vault without a message is a surplus that belongs to nobody. */
function Difference(props: { row: Solvency }) {
  const { row } = props;
  if (BigInt(row.missing) > 0n) {
    return (
      <Badge tone="danger">
        <Plain row={row} amount={row.missing} /> missing
      </Badge>
    );
  }
  return BigInt(row.surplus) === 0n ? (
    <Badge tone="healthy">Covered</Badge>
  ) : (
    <Badge tone="healthy">
      Covered, <Plain row={row} amount={row.surplus} /> more
    </Badge>
  );
}

function Plain(props: { row: Solvency; amount: string }) {
  return <Amount asset={props.row.asset} amount={props.amount} symbol={false} />;
}
