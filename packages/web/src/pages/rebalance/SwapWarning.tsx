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
  const markets = useMarkets();
  const prices = usePrices();
  const isKnown = markets.data !== undefined && prices.data !== undefined;
  const hasFailed = markets.error !== null || prices.error !== null;
  if (!isKnown && !hasFailed) return null;
  const lost = isKnown
    ? shortfall(swap, { markets: markets.data, prices: prices.data })
    : undefined;
  const pair = `${assets.symbol(swap.asset)} for ${assets.symbol(swap.get)}`;
  // Old prices may warn. That a swap is a fair one only prices of now can say.
  if (lost === undefined || lost <= muchLess) {
    const isOld = [swap.asset, swap.get].some((asset) => prices.data?.get(asset)?.stale === true);
    const why = hasFailed
      ? "The oracle's prices could not be fetched"
      : isOld
        ? "The oracle's price of one of them is out of date"
        : lost === undefined
          ? "The oracle does not price both assets"
          : undefined;
    if (why === undefined) return null;
    return (
      <Notice tone="caution" title={`Nothing to compare the swap of ${pair} with`} live>
        {why}, so this page cannot tell whether the exchange's offer is a fair one.
      </Notice>
    );
  }
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
