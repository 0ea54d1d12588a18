import type { ReactNode } from "react";
import { useOwnerships } from "../../data/contracts";
import { useOracleConfig } from "../../data/oracle";
import { useConfig } from "../../data/queries";
import { Badge } from "../../parts/Badge";
import { Card } from "../../parts/Card";
import { Fold } from "../../parts/Fold";
import { Skeleton, Trouble } from "../../parts/Notice";
import { Address } from "../../parts/Numbers";
import { type Column, Table } from "../../parts/Table";
import { spanText } from "../../words/format";

interface Row {
  readonly what: string;
  readonly vault: ReactNode;
  readonly oracle: ReactNode;
}

const columns: readonly Column<Row>[] = [
  { header: "Role", cell: ({ what }) => what },
  { header: "Vault", cell: ({ vault }) => vault },
  { header: "Oracle", cell: ({ oracle }) => oracle },
];

/** Who may change what, and how long everybody has to leave before. */
export function Roles() {
  const config = useConfig();
  const oracle = useOracleConfig();
  const owners = useOwnerships();
  const error = config.error ?? oracle.error ?? owners.error;
  const retry = () => {
    for (const answer of [config, oracle, owners]) if (answer.isError) void answer.refetch();
  };
  if (config.data === undefined || oracle.data === undefined || owners.data === undefined) {
    return (
      <Card title="Who may change what">
        {error === null ? (
          <Skeleton height="8rem" />
        ) : (
          <Trouble what="Roles" error={error} onRetry={retry} />
        )}
      </Card>
    );
  }
  const { vault: ofVault, oracle: ofOracle } = owners.data;
  const rows: Row[] = [
    { what: "Owner", vault: person(ofVault.owner), oracle: person(ofOracle.owner) },
    {
      what: "Owner to be",
      vault: person(ofVault.pending_owner, "none proposed"),
      oracle: person(ofOracle.pending_owner, "none proposed"),
    },
    {
      what: "Guardian",
      vault: person(config.data.guardian),
      oracle: person(oracle.data.guardian),
    },
    {
      what: "Changes wait",
      vault: delay(config.data.parameters.owner_delay),
      oracle: delay(oracle.data.owner_delay),
    },
    {
      what: "Parameters move over",
      vault: spanText(config.data.parameters.ramp_time),
      oracle: "–",
    },
  ];
  return (
    <Card
      title="Who may change what"
      note="The owner proposes changes, which wait; the guardian can pause, halt prices and cancel changes, nothing else."
    >
      <Fold
        summary={`Changes wait: vault ${waitText(config.data.parameters.owner_delay)}, oracle ${waitText(oracle.data.owner_delay)}`}
        what="the roles"
      >
        <Table
          caption="Owners, guardians and delays of both contracts"
          columns={columns}
          rows={rows}
          rowKey={({ what }) => what}
        />
      </Fold>
    </Card>
  );
}

function person(address: string | null | undefined, nobody = "nobody") {
  return address === null || address === undefined ? nobody : <Address address={address} />;
}

function delay(seconds: number) {
  return seconds === 0 ? <Badge tone="caution">Not at all</Badge> : spanText(seconds);
}

function waitText(seconds: number): string {
  return seconds === 0 ? "not at all" : spanText(seconds);
}
