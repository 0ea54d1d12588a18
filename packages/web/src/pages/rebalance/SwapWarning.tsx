import { formatDecimal } from "@bulwark/client";
import { useAssets } from "../../data/assets";
import { useMarkets, usePrices } from "../../data/queries";
import { Notice } from "../../parts/Notice";
import { percentText } from "../../words/format";
import type { PlannedSwap } from "./batch";
import { farLess, muchLess, shortfall } from "./swap-value";

/** Says when a swap may bring far less than what it gives is worth by the oracle. */
export function SwapWarning({ swap }: { swap: PlannedSwap }) {
  const assets = useAssets();
  const markets = useMarkets().data;
  const prices = usePrices().data;
  if (markets === undefined || prices === undefined) return null;
  const lost = shortfall(swap, { markets, prices });
  const pair = `${assets.symbol(swap.asset)} for ${assets.symbol(swap.get)}`;
  if (lost === undefined) {
    return (
      <Notice tone="caution" title={`Nothing to compare the swap of ${pair} with`} live>
        The oracle does not price both assets, so this page cannot tell whether the exchange's offer
        is a fair one.
      </Notice>
    );
  }
  if (lost <= muchLess) return null;
  return (
    <Notice
      tone={lost >= farLess ? "danger" : "caution"}
      title={`The swap of ${pair} may lose you ${percentText(formatDecimal(lost), 1)}`}
      live
    >
      It may bring {percentText(formatDecimal(lost), 1)} less than the oracle's prices say that what
      you give is worth. Accept less of a loss below, or swap a smaller amount.
    </Notice>
  );
}
