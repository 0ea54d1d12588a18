import type { BulwarkEvent, HistoryEntry, Place, Quantity } from "@bulwark/client";
import { ONE } from "@bulwark/client";
import { skipToken, useInfiniteQuery } from "@tanstack/react-query";
import { useBulwark } from "../../data/connection";

type Liquidation = Extract<BulwarkEvent, { type: "liquidation" }>;
type BadDebt = Extract<BulwarkEvent, { type: "bad_debt" }>;

/** A liquidation, or a debt that was written off without one. */
export interface HistoryRow {
  readonly key: string;
  readonly hash: string;
  readonly height: number;
  /** Seconds; absent where the node no longer has the block. */
  readonly time: number | undefined;
  readonly owner: string;
  readonly id: number;
  /** Absent where an account was written off. */
  readonly liquidation: Liquidation | undefined;
  /** What nobody will repay. */
  readonly badDebt: readonly BadDebt[];
}

/** Sums of what is listed. */
export interface Totals {
  readonly liquidations: number;
  /** USD with 18 decimals. */
  readonly repaidValue: bigint;
  /** The reserve's part included. */
  readonly bonusValue: bigint;
  /** Bonus per value repaid, 18 decimals, rounded down. */
  readonly bonus: bigint;
  /** By asset, each once. */
  readonly badDebt: readonly Quantity[];
}

/**
 * Newest first. An account is left with bad debt once its last deposit is gone, so the bad debt of a
 * transaction stands beside the last liquidation of the same account in it, if there is one.
 */
export function rowsOf(entries: readonly HistoryEntry[]): HistoryRow[] {
  return entries.flatMap(({ hash, height, time, events }) => {
    const rows: (HistoryRow & { badDebt: BadDebt[] })[] = [];
    const add = ({ owner, id }: Liquidation | BadDebt, liquidation: Liquidation | undefined) => {
      const key = `${hash}/${rows.length}`;
      const badDebt: BadDebt[] = [];
      const row = { key, hash, height, time, owner, id, liquidation, badDebt };
      rows.push(row);
      return row;
    };
    for (const event of events) {
      if (event.type === "liquidation") add(event, event);
    }
    for (const event of events) {
      if (event.type !== "bad_debt") continue;
      const { owner, id } = event;
      const row = rows.findLast((one) => one.owner === owner && one.id === id);
      (row ?? add(event, undefined)).badDebt.push(event);
    }
    return rows.reverse();
  });
}

/** Sums of rows. */
export function totalsOf(rows: readonly HistoryRow[]): Totals {
  const badDebt = new Map<string, bigint>();
  let liquidations = 0;
  let repaidValue = 0n;
  let bonusValue = 0n;
  for (const row of rows) {
    if (row.liquidation !== undefined) {
      liquidations += 1;
      repaidValue += row.liquidation.repaidValue;
      bonusValue += row.liquidation.bonusValue;
    }
    for (const { asset, writtenOff } of row.badDebt) {
      badDebt.set(asset, (badDebt.get(asset) ?? 0n) + writtenOff);
    }
  }
  return {
    liquidations,
    repaidValue,
    bonusValue,
    bonus: repaidValue === 0n ? 0n : (bonusValue * ONE) / repaidValue,
    badDebt: Array.from(badDebt, ([asset, amount]) => ({ asset, amount })),
  };
}

const pageSize = 20;

/** Liquidations and what was written off, newest first, page by page. */
export function useLiquidations() {
  const bulwark = useBulwark();
  return useInfiniteQuery({
    queryKey: ["history", "liquidations"],
    queryFn:
      bulwark === undefined
        ? skipToken
        : ({ pageParam }) =>
            bulwark.history({
              types: ["liquidation", "bad_debt"],
              limit: pageSize,
              before: pageParam,
            }),
    initialPageParam: undefined as Place | undefined,
    getNextPageParam: (page) => (page.length < pageSize ? undefined : page.at(-1)),
  });
}
