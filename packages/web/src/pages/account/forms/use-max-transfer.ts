import type { AccountHolding, AccountRef } from "@bulwark/client/types/BulwarkVault.types";
import { useMemo } from "react";
import { useBasket, useEngine } from "../../../data/engine";

/**
 * The most that can move to another account, in smallest units: as far as the margin goes, by the
 * formula itself, because the pool's cash does not bind what stays in the vault.
 */
export function useMaxTransfer(
  account: AccountRef | undefined,
  holding: AccountHolding | undefined,
): bigint | undefined {
  const engine = useEngine().data;
  const basket = useBasket(account);
  return useMemo(() => {
    if (engine === undefined || basket === undefined || holding === undefined) return undefined;
    const all = BigInt(holding.idle) + BigInt(holding.lent);
    if (basket.holdings.every((one) => one.side === "deposit")) return all;
    try {
      return engine.largestChange(basket, holding.asset, "deposit", all);
    } catch {
      // Answers of two blocks can contradict each other for a moment: the next ones come soon.
      return undefined;
    }
  }, [engine, basket, holding]);
}
