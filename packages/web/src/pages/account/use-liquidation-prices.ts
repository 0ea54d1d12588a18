import type { AssetLiquidationPrice } from "@bulwark/client/margin";
import type { AccountRef } from "@bulwark/client/types/BulwarkVault.types";
import { useMemo } from "react";
import { useBasket, useEngine } from "../../data/engine";

/** The liquidation prices of an account's assets, by the margin formula. */
export function useLiquidationPrices(
  account: AccountRef,
): ReadonlyMap<string, AssetLiquidationPrice> | undefined {
  const engine = useEngine().data;
  const basket = useBasket(account);
  return useMemo(() => {
    if (engine === undefined || basket === undefined) return undefined;
    try {
      return new Map(engine.liquidationPrices(basket).map((prices) => [prices.asset, prices]));
    } catch {
      // Answers of two blocks can contradict each other for a moment: the next ones come soon.
      return undefined;
    }
  }, [engine, basket]);
}
