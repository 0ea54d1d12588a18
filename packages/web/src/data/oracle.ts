import type {
  FeedResponse,
  ConfigResponse as OracleConfig,
  PendingChangeForChange as OraclePending,
} from "@bulwark/client/types/BulwarkOracle.types";
import type { PendingChangeForChange as VaultPending } from "@bulwark/client/types/BulwarkVault.types";
import type { UseQueryResult } from "@tanstack/react-query";
import { useChain } from "./queries";

/** The contracts give no more on a page. */
const pageSize = 100;

/** More pages than this are no list of this protocol's. */
const mostPages = 50;

/** All feeds of the oracle, with what their sources said. */
export function useFeeds(): UseQueryResult<FeedResponse[], Error> {
  return useChain(
    "feeds",
    [],
    async ({ oracle }) => {
      const all: FeedResponse[] = [];
      let startAfter: string | undefined;
      for (let page = 0; page < mostPages; page += 1) {
        const { feeds, next } = await oracle.feeds({
          limit: pageSize,
          ...(startAfter === undefined ? {} : { startAfter }),
        });
        all.push(...feeds);
        if (next === null || next === undefined) return all;
        startAfter = next;
      }
      throw new Error(`the oracle's list of feeds does not end after ${all.length}`);
    },
    { drifts: true },
  );
}

/** Who posts prices, and how many of them have to agree. */
export function useOracleConfig(): UseQueryResult<OracleConfig, Error> {
  return useChain("config", ["oracle"], (bulwark) => bulwark.oracle.config());
}

/** Changes of the vault that wait for their time, oldest first. */
export function useVaultChanges(): UseQueryResult<VaultPending[], Error> {
  return useChain(
    "changes",
    ["vault"],
    ({ vault }) => all((from) => vault.changes({ limit: pageSize, ...from })),
    { drifts: true },
  );
}

/** Changes of the oracle that wait for their time, oldest first. */
export function useOracleChanges(): UseQueryResult<OraclePending[], Error> {
  return useChain(
    "changes",
    ["oracle"],
    ({ oracle }) => all((from) => oracle.changes({ limit: pageSize, ...from })),
    { drifts: true },
  );
}

async function all<T extends { id: number }>(
  page: (from: { startAfter?: number }) => Promise<T[]>,
): Promise<T[]> {
  const found: T[] = [];
  for (let pages = 0; pages < mostPages; pages += 1) {
    const last = found.at(-1);
    const some = await page(last === undefined ? {} : { startAfter: last.id });
    found.push(...some);
    if (some.length < pageSize) return found;
  }
  throw new Error(`the list of changes does not end after ${found.length}`);
}
