import type { Exchange } from "@bulwark/client";
import { keepPreviousData, skipToken, useQueries, useQuery } from "@tanstack/react-query";
import { useBulwark } from "../../data/connection";
import { driftInterval } from "../../data/queries";
import type { Step, SwapStep } from "./steps";
import type { Rate } from "./templates";

/** What the exchange would give for each swap now, in their order; absent while it is asked. */
export function useQuotes(exchange: Exchange | undefined, steps: readonly Step[]) {
  const bulwark = useBulwark();
  const swaps = steps.filter((step): step is SwapStep => step.kind === "swap");
  return useQueries({
    queries: swaps.map((swap) => ({
      queryKey: ["prices", "quote", exchange?.contract, swap.asset, `${swap.amount}`, swap.get],
      queryFn:
        bulwark === undefined || exchange === undefined
          ? skipToken
          : () => bulwark.swapQuote(exchange, swap, swap.get),
      refetchInterval: driftInterval,
      placeholderData: keepPreviousData,
    })),
    combine: (results) => ({
      amounts: results.map(({ data }) => data),
      error: results.find(({ error }) => error !== null)?.error ?? null,
      isStale: results.some(({ isPlaceholderData }) => isPlaceholderData),
      retry: () => {
        for (const result of results) if (result.isError) void result.refetch();
      },
    }),
  });
}

/** What an exchange gives for a usual amount, to reckon with while a slider moves. */
export function useRate(
  exchange: Exchange | undefined,
  give: string | undefined,
  get: string | undefined,
  offered: bigint,
): { rate: Rate | undefined; error: Error | null } {
  const bulwark = useBulwark();
  const isAsked = give !== undefined && get !== undefined && give !== get && offered > 0n;
  const answer = useQuery({
    queryKey: ["prices", "quote", exchange?.contract, give, `${offered}`, get],
    queryFn:
      bulwark === undefined || exchange === undefined || !isAsked
        ? skipToken
        : () => bulwark.swapQuote(exchange, { asset: give, amount: offered }, get),
    refetchInterval: driftInterval,
  });
  const rate = answer.data === undefined ? undefined : { offered, returned: answer.data };
  return { rate, error: isAsked ? answer.error : null };
}
