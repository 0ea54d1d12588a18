import { type Basket, MarginEngine } from "@bulwark/client/margin";
import type { AccountRef } from "@bulwark/client/types/BulwarkVault.types";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { newestBlock } from "./block";
import { useAccount, useConfig, useMarkets, usePrices } from "./queries";

/** The margin formula itself, fetched when a page first needs it. */
export function useEngine() {
  return useQuery<MarginEngine, Error>({
    queryKey: ["engine"],
    queryFn: () => MarginEngine.load(),
  });
}

/** An account's holdings with all that decides about their margin, as far as it is known. */
export function useBasket(ref: AccountRef | undefined): Basket | undefined {
  const config = useConfig().data;
  const markets = useMarkets().data;
  const prices = usePrices().data;
  const account = useAccount(ref).data;
  return useMemo(() => {
    if (config === undefined || markets === undefined || prices === undefined) return undefined;
    if (account === undefined) return undefined;
    return {
      now: newestBlock()?.time ?? Math.floor(Date.now() / 1000),
      config,
      markets,
      prices: [...prices.values()],
      holdings: account.holdings.map((holding) => ({
        asset: holding.asset,
        side: holding.side,
        amount:
          holding.side === "debt"
            ? holding.debt
            : (BigInt(holding.idle) + BigInt(holding.lent)).toString(),
      })),
    };
  }, [config, markets, prices, account]);
}
