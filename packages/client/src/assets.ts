// What an asset's name says: a bank denom, or a CW20 contract.

/** Before the contract's address in the name of a CW20 asset. */
export const CW20_PREFIX = "cw20:";

/** Address of the contract of a CW20 asset; `undefined` for a coin of the bank. */
export function cw20Contract(asset: string): string | undefined {
  return asset.startsWith(CW20_PREFIX) ? asset.slice(CW20_PREFIX.length) : undefined;
}
