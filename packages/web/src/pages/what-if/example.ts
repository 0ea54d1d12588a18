import { amountFor, ONE, parseDecimal } from "@bulwark/client";
import type { Basket, BasketHolding } from "@bulwark/client/margin";
import { stable } from "./scenario";

/** Something to begin with: 10,000 USD of something that moves, half of it owed in a stable coin. */
export function exampleOf(basket: Pick<Basket, "markets" | "prices">): BasketHolding[] | undefined {
  const worth = (asset: string, decimals: number, value: bigint) => {
    const price = basket.prices.find((one) => one.asset === asset)?.record.mid;
    return price === undefined ? 0n : amountFor(value, decimals, parseDecimal(price));
  };
  const first = (isStable: boolean) =>
    basket.markets.find(({ asset, family, haircut }) => {
      const isPriced = haircut !== null && haircut !== undefined;
      return isPriced && (family.group === stable) === isStable && asset === family.base;
    });
  const [held, owed] = [first(false), first(true)];
  if (held === undefined || owed === undefined) return undefined;
  const deposit = worth(held.asset, held.decimals, 10_000n * ONE);
  const debt = worth(owed.asset, owed.decimals, 5_000n * ONE);
  if (deposit === 0n || debt === 0n) return undefined;
  return [
    { asset: held.asset, side: "deposit", amount: deposit.toString() },
    { asset: owed.asset, side: "debt", amount: debt.toString() },
  ];
}
