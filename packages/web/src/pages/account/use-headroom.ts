import { movePrices } from "@bulwark/client/margin";
import type { AccountRef, MarginResponse } from "@bulwark/client/types/BulwarkVault.types";
import { useMemo } from "react";
import { useBasket, useEngine } from "../../data/engine";
import { headroom } from "../../data/headroom";
import type { NamedHeadroom } from "./safety-text";

/** Assets of this group are taken to stand still while the others move. */
const still = "usd";

/** How far prices may move together before an account is liquidated, by the margin formula. */
export function useHeadroom(
  account: AccountRef,
  margin: MarginResponse,
): NamedHeadroom | undefined {
  const engine = useEngine().data;
  const basket = useBasket(account);
  const safe = margin.status === "healthy" || margin.status === "margin_call";
  const indebted = Number(margin.debts) > 0;
  return useMemo(() => {
    if (engine === undefined || basket === undefined || !safe || !indebted) return undefined;
    const group = new Map(basket.markets.map((market) => [market.asset, market.family.group]));
    const held = basket.holdings.map((holding) => holding.asset);
    const moving = held.filter((asset) => group.get(asset) !== still);
    const moved = moving.length > 0 ? moving : held;
    const groups = new Set(moved.map((asset) => group.get(asset)));
    try {
      const found = headroom((factor) => {
        const { status } = engine.margin(
          movePrices(basket, Object.fromEntries(moved.map((asset) => [asset, factor]))),
        );
        return status === "healthy" || status === "margin_call";
      });
      return {
        ...found,
        group: groups.size === 1 ? [...groups][0] : undefined,
        still: moved.length < held.length ? still : undefined,
      };
    } catch {
      // Figures of two blocks can contradict each other for a moment: the next ones come soon.
      return undefined;
    }
  }, [engine, basket, safe, indebted]);
}
