import { amountText, wholeTokens } from "./format";

/** How an asset is called. */
export interface AssetWords {
  readonly asset: string;
  readonly symbol: string;
  readonly name: string;
}

/** An asset as a network's configuration names it. */
export interface NamedAsset {
  readonly asset: string;
  readonly symbol?: string;
  readonly name?: string;
  readonly decimals: number;
}

/** An asset as its market counts it. */
export interface CountedAsset {
  readonly asset: string;
  readonly decimals: number;
}

/** How many decimals an asset's amounts have, or why nobody can say. */
export type Counting =
  | { readonly kind: "counted"; readonly decimals: number }
  | { readonly kind: "uncounted"; readonly problem: string };

/** How an amount is written. */
export interface AmountStyle {
  /** Every digit there is. */
  readonly exact?: boolean;
  /** What is paid is rounded up, everything else down. */
  readonly round?: "up" | "down";
}

/**
 * Names and decimals of all assets: the configuration names them, their markets count them. Where
 * the two count differently, an amount that is typed would be a power of ten off: such an asset's
 * amounts are shown in smallest units and none can be typed, everywhere.
 */
export class AssetBook {
  readonly #named: ReadonlyMap<string, NamedAsset>;
  readonly #counted: ReadonlyMap<string, number>;

  constructor(named: readonly NamedAsset[] = [], counted: readonly CountedAsset[] = []) {
    this.#named = new Map(named.map((one) => [one.asset, one]));
    this.#counted = new Map(counted.map(({ asset, decimals }) => [asset, decimals]));
  }

  /** What is known of an asset; nothing if it is nowhere listed. */
  find(asset: string): AssetWords | undefined {
    const named = this.#named.get(asset);
    if (named === undefined && !this.#counted.has(asset)) return undefined;
    const symbol = named?.symbol ?? shortDenom(asset);
    return { asset, symbol, name: named?.name ?? symbol };
  }

  /** Its symbol, or its shortened denom. */
  symbol(asset: string): string {
    return this.find(asset)?.symbol ?? shortDenom(asset);
  }

  /** How many decimals its amounts have. */
  counting(asset: string): Counting {
    const named = this.#named.get(asset)?.decimals;
    const counted = this.#counted.get(asset);
    if (named !== undefined && counted !== undefined && named !== counted) {
      return {
        kind: "uncounted",
        problem: `This page's configuration gives ${this.symbol(asset)} ${named} decimals, its market ${counted}. No amount of it can be sent until that is put right.`,
      };
    }
    const decimals = counted ?? named;
    return decimals === undefined
      ? { kind: "uncounted", problem: `How many decimals ${this.symbol(asset)} has is not known.` }
      : { kind: "counted", decimals };
  }

  /** What is wrong with assets that the configuration counts otherwise than their markets do. */
  contradictions(): readonly string[] {
    return [...this.#counted.keys()].flatMap((asset) => {
      const counting = this.counting(asset);
      return counting.kind === "uncounted" ? [counting.problem] : [];
    });
  }

  /** An amount with its symbol; in smallest units, which it says, where nobody can count. */
  amount(asset: string, amount: bigint | string, style: AmountStyle = {}): string {
    const counting = this.counting(asset);
    return counting.kind === "uncounted"
      ? `${amount} smallest units of ${this.symbol(asset)}`
      : `${amountText(amount, counting.decimals, style)} ${this.symbol(asset)}`;
  }

  /** The exact text of an amount to be changed in a field; empty where nobody can count. */
  typed(asset: string, amount: bigint | string): string {
    const counting = this.counting(asset);
    return counting.kind === "uncounted" ? "" : wholeTokens(amount, counting.decimals);
  }
}

/** The end of a path, or the ends of what is long. */
function shortDenom(asset: string): string {
  const short = asset.startsWith("factory/") ? (asset.split("/").at(-1) ?? asset) : asset;
  return short.length > 14 ? `${short.slice(0, 8)}…${short.slice(-4)}` : short;
}
