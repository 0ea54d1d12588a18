import type { Exchange, Message, Quantity } from "@bulwark/client";
import type { AccountRef, MarginResponse } from "@bulwark/client/types/BulwarkVault.types";
import { useMemo } from "react";
import { useNetwork } from "../../data/connection";
import { useDebounced } from "../../data/debounced";
import { useBalances, useSimulate } from "../../data/queries";
import { useEstimate } from "../../data/send";
import { useWallet } from "../../data/wallet";
import { batchOf, type Plan, planOf, returnedBy } from "./batch";
import type { KnownStep, Step } from "./steps";
import { useQuotes } from "./use-quotes";

/** What a batch would do, before anybody signs it. */
export interface Preview {
  readonly plan: Plan | undefined;
  readonly before: MarginResponse | undefined;
  readonly after: MarginResponse | undefined;
  /** What comes back to the wallet; absent while it is asked. */
  readonly returned: readonly Quantity[] | undefined;
  /** Coins that the wallet has too little of. */
  readonly missing: readonly Quantity[];
  /** Why it would be refused: an error, or a contract's words. */
  readonly refusal: Error | string | undefined;
  /** Asks anew what was not answered. */
  readonly retry: () => void;
  /** What to sign; absent unless it is allowed. */
  readonly batch: readonly Message[] | undefined;
  readonly estimate: ReturnType<typeof useEstimate>;
  /** What is shown is of steps before the last change. */
  readonly isStale: boolean;
}

/** Asks exchange and vault what steps would do. */
export function usePreview(input: {
  account: AccountRef;
  own: boolean;
  steps: readonly Step[];
  exchange: Exchange | undefined;
  tolerance: bigint | undefined;
}): Preview {
  const { account, own, exchange, tolerance } = input;
  const network = useNetwork();
  const { address } = useWallet();
  const steps = useDebounced(input.steps, 250);
  const quotes = useQuotes(exchange, steps);
  const amounts = quotes.amounts.map((amount) => amount?.toString() ?? "").join();
  const made = useMemo(
    () => (tolerance === undefined ? {} : attempt(steps, amounts, exchange, account, tolerance)),
    [steps, amounts, exchange, account, tolerance],
  );
  const simulation = useSimulate(account, made.plan?.simulated);
  const { plan } = made;
  const funds = plan?.funds ?? [];
  const balances = useBalances(address, [...new Set(funds.map(({ asset }) => asset))].toSorted());
  const missing = funds.filter(
    ({ asset, amount }) => amount > (balances.data?.get(asset) ?? amount),
  );
  const isStale =
    steps !== input.steps ||
    quotes.isStale ||
    simulation.isPlaceholderData ||
    simulation.isFetching;
  const answer = plan === undefined ? undefined : simulation.data;
  const { batch: written, error: unwritten } = useMemo(
    () => (plan === undefined ? {} : batchOf(network, account, plan)),
    [plan, network, account],
  );
  const refusal =
    made.error ?? unwritten ?? quotes.error ?? simulation.error ?? answer?.refusal ?? undefined;
  const isReady =
    own &&
    plan !== undefined &&
    answer !== undefined &&
    refusal === undefined &&
    missing.length === 0;
  const batch = isReady ? written : undefined;
  const estimate = useEstimate(isStale ? undefined : batch);
  return {
    plan,
    before: answer?.before,
    after: answer?.after ?? undefined,
    returned: plan === undefined || answer === undefined ? undefined : returnedBy(plan, answer),
    missing,
    refusal: refusal ?? estimate.error ?? undefined,
    retry: () => {
      quotes.retry();
      if (simulation.isError) void simulation.refetch();
      if (estimate.isError) void estimate.refetch();
    },
    batch: isStale ? undefined : batch,
    estimate,
    isStale,
  };
}

/** Makes steps ready once every swap has its quote; amounts are written so that they compare. */
function attempt(
  steps: readonly Step[],
  amounts: string,
  exchange: Exchange | undefined,
  account: AccountRef,
  tolerance: bigint,
): { plan?: Plan; error?: Error } {
  const quoted = amounts.split(",");
  const known: KnownStep[] = [];
  for (const step of steps) {
    if (step.kind !== "swap") {
      known.push(step);
      continue;
    }
    const expected = quoted.shift() ?? "";
    if (expected === "") return {};
    known.push({ ...step, expected: BigInt(expected) });
  }
  if (known.length === 0) return {};
  try {
    return { plan: planOf(known, exchange, account.owner, tolerance) };
  } catch (error) {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }
}
