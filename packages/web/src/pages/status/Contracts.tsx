import { type Deployed, useContracts } from "../../data/contracts";
import { Badge } from "../../parts/Badge";
import { Card } from "../../parts/Card";
import { Fold } from "../../parts/Fold";
import { Skeleton, Trouble } from "../../parts/Notice";
import { Address } from "../../parts/Numbers";
import { type Column, Table } from "../../parts/Table";
import { countText, NOTHING } from "../../words/format";
import styles from "./status.module.css";

const columns: readonly Column<Deployed>[] = [
  {
    header: "Contract",
    cell: ({ role, info }) => (
      <span className={styles.stack}>
        <span>{role}</span>
        <span className={styles.small}>
          <Address address={info.address} />
        </span>
      </span>
    ),
  },
  {
    header: "Version",
    cell: ({ info }) => (
      <span className={styles.stack}>
        <span>{info.version ?? NOTHING}</span>
        <span className={styles.small}>{info.name ?? ""}</span>
      </span>
    ),
  },
  { header: "Code", number: true, detail: true, cell: ({ info }) => String(info.codeId) },
  {
    header: "Checksum",
    detail: true,
    cell: ({ info }) => <code className={styles.checksum}>{info.checksum}</code>,
  },
  {
    header: "Code replaced by",
    cell: ({ info }) =>
      info.admin === undefined ? (
        <Badge tone="healthy">Nobody</Badge>
      ) : (
        <Address address={info.admin} />
      ),
  },
];

/** What code runs, by the chain's own account. */
export function Contracts() {
  const contracts = useContracts();
  return (
    <Card
      title="Contracts"
      note="The chain computed each checksum (SHA-256) of the code that runs. Compare it with the release's checksums, or with those of a build of your own. Whoever may replace the code may do anything: look there first."
    >
      {contracts.isError && (
        <Trouble
          what="Contracts"
          error={contracts.error}
          onRetry={() => void contracts.refetch()}
        />
      )}
      {contracts.data === undefined && !contracts.isError && <Skeleton height="12rem" />}
      {contracts.data !== undefined && (
        <Fold summary={inShort(contracts.data)} what="the contracts">
          <Table
            caption="Contracts with their versions and checksums"
            columns={columns}
            rows={contracts.data}
            rowKey={({ role }) => role}
          />
        </Fold>
      )}
    </Card>
  );
}

/** Of how many contracts somebody may replace the code. */
function inShort(contracts: readonly Deployed[]): string {
  const replaceable = contracts.filter(({ info }) => info.admin !== undefined).length;
  return replaceable === 0
    ? `${countText(contracts.length)} contracts; no code can be replaced`
    : `${countText(contracts.length)} contracts; the code of ${countText(replaceable)} can be replaced`;
}
