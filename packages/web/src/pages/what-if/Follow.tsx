import type { Basket } from "@bulwark/client/margin";
import type { AccountRef } from "@bulwark/client/types/BulwarkVault.types";
import { useEffect, useMemo } from "react";
import { newestBlock } from "../../data/block";
import { useBasket } from "../../data/engine";
import { useAccount, useConfig, useMarkets, usePrices } from "../../data/queries";
import { Trouble } from "../../parts/Notice";

/** What the chain says, and when it said so. */
export interface Figures {
  readonly basket: Basket;
  /** Block height, if one is known. */
  readonly height: number | undefined;
}

/** Asks the chain and passes on what it says, for as long as it is there. */
export function Follow(props: {
  account: AccountRef | undefined;
  onFigures: (figures: Figures) => void;
}) {
  const { account, onFigures } = props;
  const config = useConfig();
  const markets = useMarkets();
  const prices = usePrices();
  const holdings = useAccount(account);
  const own = useBasket(account);
  const empty = useMemo<Basket | undefined>(
    () =>
      config.data === undefined || markets.data === undefined || prices.data === undefined
        ? undefined
        : {
            now: newestBlock()?.time ?? Math.floor(Date.now() / 1000),
            config: config.data,
            markets: markets.data,
            prices: [...prices.data.values()],
            holdings: [],
          },
    [config.data, markets.data, prices.data],
  );
  const basket = account === undefined ? empty : own;
  useEffect(() => {
    if (basket !== undefined) onFigures({ basket, height: newestBlock()?.height });
  }, [basket, onFigures]);
  const failed = [config, markets, prices, holdings].find((query) => query.error !== null);
  if (basket !== undefined || failed === undefined || failed.error === null) return null;
  return (
    <Trouble
      what="What the experiment begins with"
      error={failed.error}
      onRetry={() => {
        for (const query of [config, markets, prices, holdings]) void query.refetch();
      }}
    />
  );
}
