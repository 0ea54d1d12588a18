import { parseDecimal } from "@bulwark/client";
import type {
  AccountHolding,
  AccountRef,
  AccountResponse,
  HoldingMargin,
  MarginResponse,
  MarketResponse,
} from "@bulwark/client/types/BulwarkVault.types";
import { Link } from "react-router";
import { useMarkets, usePrices } from "../../data/queries";
import { Age } from "../../parts/Age";
import { Asset } from "../../parts/Asset";
import { Card } from "../../parts/Card";
import { Explain } from "../../parts/Explain";
import { Amount, Percent, Price, Usd } from "../../parts/Numbers";
import { PriceBadge } from "../../parts/StatusBadge";
import { Table } from "../../parts/Table";
import { percentText } from "../../words/format";
import { Contribution, widest } from "./Contribution";
import type { Opened } from "./forms/ActionDialog";
import styles from "./Holdings.module.css";
import { LiquidationPrices } from "./LiquidationPrices";
import { Manage } from "./Manage";
import { useLiquidationPrices } from "./use-liquidation-prices";

interface Row {
  readonly holding: AccountHolding;
  readonly margin: HoldingMargin;
  readonly market: MarketResponse | undefined;
}

/** What an account holds and owes, and what each of it costs in margin. */
export function Holdings(props: {
  reference: AccountRef;
  account: AccountResponse;
  margin: MarginResponse;
  onOpen: ((opened: Opened) => void) | undefined;
}) {
  const { account, margin, onOpen } = props;
  const markets = useMarkets().data;
  const prices = usePrices().data;
  const liquidation = useLiquidationPrices(props.reference);
  const rows = margin.holdings.flatMap((one): Row[] => {
    const holding = account.holdings.find((held) => held.asset === one.asset);
    const market = markets?.find((listed) => listed.asset === one.asset);
    return holding === undefined ? [] : [{ holding, margin: one, market }];
  });
  const scale = widest(margin.holdings);
  return (
    <Card
      title="Holdings"
      actions={
        <Explain term="the contribution to margin">
          How much of the maintenance margin a holding is responsible for. The contributions add up
          to it. A negative one is a hedge: without it the others would need more.
        </Explain>
      }
    >
      <Table<Row>
        caption="What this account holds and owes"
        rows={rows}
        rowKey={(row) => row.margin.asset}
        empty="This account holds nothing and owes nothing."
        columns={[
          {
            header: "Asset",
            cell: ({ margin: one, holding, market }) => (
              <Asset
                asset={one.asset}
                detail={one.side === "debt" ? "Debt" : kindOf(holding, market)}
              />
            ),
          },
          {
            header: "Amount",
            number: true,
            sort: ({ margin: one }) => BigInt(one.amount),
            cell: ({ margin: one, holding, market }) => (
              <span className={styles.stack}>
                <span>
                  {one.side === "debt" && "−"}
                  <Amount asset={one.asset} amount={one.amount} />
                </span>
                <Parts holding={holding} market={market} />
              </span>
            ),
          },
          {
            header: "Value",
            number: true,
            sort: ({ margin: one }) => parseDecimal(one.value),
            cell: ({ margin: one }) => <Usd value={one.value} />,
          },
          {
            header: "Price",
            number: true,
            cell: ({ margin: one }) => {
              const record = prices?.get(one.asset)?.record;
              return (
                <span className={styles.stack}>
                  <Link to={`/markets/${encodeURIComponent(one.asset)}`}>
                    <Price price={one.price} />
                  </Link>
                  {one.price_status !== "ok" || one.stale ? (
                    <PriceBadge status={one.price_status} stale={one.stale} short />
                  ) : (
                    record !== undefined && (
                      <small>
                        <Age since={record.published_at} />
                      </small>
                    )
                  )}
                </span>
              );
            },
          },
          {
            header: "Haircut",
            number: true,
            sort: ({ margin: one }) => parseDecimal(one.haircut),
            cell: ({ margin: one }) => <Percent fraction={one.haircut} />,
          },
          {
            header: "Margin contribution",
            number: true,
            sort: ({ margin: one }) => parseDecimal(one.contribution),
            cell: ({ margin: one }) => <Contribution value={one.contribution} widest={scale} />,
          },
          {
            header: "Liquidation price",
            number: true,
            cell: ({ margin: one }) => (
              <LiquidationPrices
                prices={liquidation?.get(one.asset)}
                now={one.price}
                status={margin.status}
              />
            ),
          },
          ...(onOpen === undefined
            ? []
            : [
                {
                  header: "Actions",
                  bare: true,
                  cell: ({ holding }: Row) => <Manage holding={holding} onOpen={onOpen} />,
                },
              ]),
        ]}
      />
    </Card>
  );
}

function kindOf(holding: AccountHolding, market: MarketResponse | undefined): string {
  const [idle, lent] = [BigInt(holding.idle), BigInt(holding.lent)];
  if (lent === 0n) return "Deposit, idle";
  if (idle === 0n) return "Deposit, lent";
  return market === undefined ? "Deposit" : "Deposit, partly lent";
}

/** What of a deposit is lent, and what the interest is. */
function Parts(props: { holding: AccountHolding; market: MarketResponse | undefined }) {
  const { holding, market } = props;
  if (market === undefined) return null;
  if (holding.side === "debt") {
    return <small>costs {percentText(market.borrow_rate, 2)} a year</small>;
  }
  const lent = BigInt(holding.lent);
  if (lent === 0n) return <small>earns nothing</small>;
  return (
    <small>
      {BigInt(holding.idle) > 0n && (
        <>
          <Amount asset={holding.asset} amount={lent} symbol={false} /> lent,{" "}
        </>
      )}
      earns {percentText(market.supply_rate, 2)} a year
    </small>
  );
}
