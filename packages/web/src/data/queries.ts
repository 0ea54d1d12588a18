import type { Bulwark, BulwarkEvent, HistoryEntry, HistoryQuery } from "@bulwark/client";
import type {
  AccountRef,
  AccountResponse,
  Action,
  ConfigResponse,
  MarginResponse,
  MarketResponse,
} from "@bulwark/client/types/BulwarkVault.types";
import { keepPreviousData, skipToken, type UseQueryResult, useQuery } from "@tanstack/react-query";
import { useBulwark } from "./connection";
import type { Topic } from "./topics";

/** How an answer ages. */
interface Freshness {
  /** Changes with time alone (interest, ramps, staleness): asked again every so often. */
  readonly drifts?: boolean;
  /** Nothing is asked while false. */
  readonly enabled?: boolean;
  /** The last answer stands in while another question is being answered. */
  readonly keep?: boolean;
}

/** How often what drifts is asked again, in milliseconds. */
export const driftInterval = 15_000;

/**
 * Asks the chain. The answer is kept until an event touches its topic. What is asked has to be in
 * the key whole.
 */
export function useChain<T>(
  topic: Topic,
  key: readonly (string | number | boolean | null)[],
  ask: (bulwark: Bulwark) => Promise<T>,
  freshness: Freshness = {},
): UseQueryResult<T, Error> {
  const bulwark = useBulwark();
  const enabled = bulwark !== undefined && freshness.enabled !== false;
  return useQuery({
    queryKey: [topic, ...key],
    queryFn: enabled ? () => ask(bulwark) : skipToken,
    ...(freshness.drifts === true ? { refetchInterval: driftInterval } : {}),
    ...(freshness.keep === true ? { placeholderData: keepPreviousData } : {}),
  });
}

/** The vault's configuration. */
export function useConfig(): UseQueryResult<ConfigResponse, Error> {
  return useChain("config", ["vault"], (bulwark) => bulwark.vault.config(), { drifts: true });
}

/** All markets, in the order in which they were listed. */
export function useMarkets(): UseQueryResult<MarketResponse[], Error> {
  return useChain("markets", [], (bulwark) => bulwark.markets(), { drifts: true });
}

/** The oracle's records of all markets' assets. */
export function usePrices() {
  const assets = useMarkets().data?.map((market) => market.asset) ?? [];
  return useChain("prices", assets, (bulwark) => bulwark.prices(assets), {
    enabled: assets.length > 0,
    drifts: true,
  });
}

/** All accounts of an owner that hold or owe something. */
export function useAccountsOf(owner: string | undefined) {
  return useChain("accounts", ["of", owner ?? null], (bulwark) => bulwark.accountsOf(owner ?? ""), {
    enabled: owner !== undefined,
  });
}

/** What an account holds and owes. */
export function useAccount(ref: AccountRef | undefined): UseQueryResult<AccountResponse, Error> {
  return useChain(
    "accounts",
    refKey(ref),
    (bulwark) => bulwark.vault.account({ account: given(ref) }),
    {
      enabled: ref !== undefined,
      drifts: true,
    },
  );
}

/** An account's equity, margins and status, holding by holding. */
export function useMargin(ref: AccountRef | undefined): UseQueryResult<MarginResponse, Error> {
  return useChain(
    "margin",
    refKey(ref),
    (bulwark) => bulwark.vault.margin({ account: given(ref) }),
    {
      enabled: ref !== undefined,
      drifts: true,
    },
  );
}

/** What actions would do, by the chain's own simulation. Debounce what is typed. */
export function useSimulate(ref: AccountRef | undefined, actions: readonly Action[] | undefined) {
  return useChain(
    "simulation",
    [...refKey(ref), JSON.stringify(actions ?? [])],
    (bulwark) => bulwark.vault.simulate({ account: given(ref), actions: [...(actions ?? [])] }),
    { enabled: ref !== undefined && actions !== undefined && actions.length > 0, keep: true },
  );
}

/** The most that an account can borrow of an asset, in smallest units. */
export function useMaxBorrow(ref: AccountRef | undefined, asset: string | undefined) {
  return useChain(
    "limits",
    ["borrow", ...refKey(ref), asset ?? null],
    async (bulwark) =>
      BigInt((await bulwark.vault.maxBorrow({ account: given(ref), asset: asset ?? "" })).amount),
    { enabled: ref !== undefined && asset !== undefined, drifts: true },
  );
}

/** The most that an account can withdraw of an asset, in smallest units. */
export function useMaxWithdraw(ref: AccountRef | undefined, asset: string | undefined) {
  return useChain(
    "limits",
    ["withdraw", ...refKey(ref), asset ?? null],
    async (bulwark) =>
      BigInt((await bulwark.vault.maxWithdraw({ account: given(ref), asset: asset ?? "" })).amount),
    { enabled: ref !== undefined && asset !== undefined, drifts: true },
  );
}

/** Accounts in debt up to a margin ratio (18 decimals; liquidatable ones by default), all of them. */
export function useAtRisk(maxRatio?: bigint) {
  return useChain(
    "at-risk",
    [maxRatio?.toString() ?? null],
    (bulwark) => bulwark.accountsAtRisk(maxRatio),
    {
      drifts: true,
    },
  );
}

/** The best liquidation of an account, if there is one. */
export function usePlan(ref: AccountRef | undefined) {
  return useChain(
    "plans",
    refKey(ref),
    (bulwark) => bulwark.vault.liquidationPlan({ account: given(ref) }),
    { enabled: ref !== undefined, drifts: true },
  );
}

/** What the vault holds against what it owes, asset by asset. */
export function useSolvency() {
  return useChain("solvency", [], (bulwark) => bulwark.solvency(), { drifts: true });
}

/** What an address has in its wallet, in smallest units. */
export function useBalances(address: string | undefined, assets: readonly string[]) {
  return useChain(
    "balances",
    [address ?? null, ...assets],
    (bulwark) => bulwark.balances(address ?? "", assets),
    { enabled: address !== undefined && assets.length > 0, drifts: true },
  );
}

/** What happened, newest first, from the node's index of transactions. */
export function useHistory(query: HistoryQuery, options: { enabled?: boolean } = {}) {
  return useChain("history", [JSON.stringify(query)], (bulwark) => bulwark.history(query), options);
}

function refKey(ref: AccountRef | undefined): readonly (string | number | null)[] {
  return [ref?.owner ?? null, ref?.id ?? null];
}

/** Queries without an account are not enabled; this only says so to the compiler. */
function given(ref: AccountRef | undefined): AccountRef {
  return ref ?? { owner: "", id: 0 };
}

export type { BulwarkEvent, HistoryEntry };
