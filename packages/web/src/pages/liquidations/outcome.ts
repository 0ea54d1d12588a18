import { useChain } from "../../data/queries";
import type { Offer } from "./offer";

/** Exactly what the offer would do now, by the chain's own simulation. */
export function useOutcome(offer: Offer | undefined) {
  const { account, debt, amount, seize, receive, to } = offer ?? {};
  return useChain(
    "simulation",
    [
      "liquidation",
      account?.owner ?? null,
      account?.id ?? null,
      debt ?? null,
      amount?.toString() ?? null,
      seize ?? null,
      receive ?? null,
      to?.owner ?? null,
      to?.id ?? null,
    ],
    (bulwark) =>
      bulwark.vault.simulateLiquidation({
        account: account ?? { owner: "", id: 0 },
        debt: { asset: debt ?? "", amount: amount?.toString() ?? "0" },
        seize: seize ?? "",
        ...(receive === undefined ? {} : { receive }),
        ...(to === undefined ? {} : { to }),
      }),
    { enabled: offer !== undefined, keep: true, drifts: true },
  );
}
