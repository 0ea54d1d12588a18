import { amountText } from "./format";

/** How an asset is called and counted. */
export interface AssetWords {
  readonly asset: string;
  readonly symbol: string;
  readonly name: string;
  readonly decimals: number;
}

/** An asset as a network's configuration names it, or as its market counts it. */
export interface KnownAsset {
  readonly asset: string;
  readonly symbol?: string;
  readonly name?: string;
  readonly decimals: number;
}

/** Names and decimals of all assets: the configuration's, then what their markets say. */
export class AssetBook {
  readonly #known = new Map<string, AssetWords>();

  constructor(...sources: readonly (readonly KnownAsset[])[]) {
    for (const known of sources.flat()) {
      if (this.#known.has(known.asset)) continue;
      const symbol = known.symbol ?? shortDenom(known.asset);
      this.#known.set(known.asset, {
        asset: known.asset,
        symbol,
        name: known.name ?? symbol,
        decimals: known.decimals,
      });
    }
  }

  /** What is known of an asset; nothing is known of its decimals if it is nowhere listed. */
  find(asset: string): AssetWords | undefined {
    return this.#known.get(asset);
  }

  /** Its symbol, or its shortened denom. */
  symbol(asset: string): string {
    return this.find(asset)?.symbol ?? shortDenom(asset);
  }

  /** An amount with its symbol; of an unknown asset in smallest units, which it says. */
  amount(asset: string, amount: bigint | string, options: { exact?: boolean } = {}): string {
    const words = this.find(asset);
    return words === undefined
      ? `${amount} smallest units of ${shortDenom(asset)}`
      : `${amountText(amount, words.decimals, options)} ${words.symbol}`;
  }
}

/** The end of a path, or the ends of what is long. */
function shortDenom(asset: string): string {
  const short = asset.startsWith("factory/") ? (asset.split("/").at(-1) ?? asset) : asset;
  return short.length > 14 ? `${short.slice(0, 8)}…${short.slice(-4)}` : short;
}
