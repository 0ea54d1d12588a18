import { type ReactNode, useMemo } from "react";
import { AssetBook } from "../words/assets";
import { AssetsContext } from "./assets";
import { useNetwork } from "./connection";
import { useMarkets } from "./queries";

/** Has everything below know assets by the configuration's names and as their markets count them. */
export function AssetsProvider(props: { children: ReactNode }) {
  const { assets } = useNetwork();
  const markets = useMarkets().data;
  const key = markets?.map(({ asset, decimals }) => `${asset} ${decimals}`).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the same book while only rates change.
  const book = useMemo(() => new AssetBook(assets, markets), [assets, key]);
  return <AssetsContext value={book}>{props.children}</AssetsContext>;
}
