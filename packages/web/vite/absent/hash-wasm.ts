/**
 * Stands in for a library that CosmJS loads for keys in files encrypted with a password. The page
 * has no such keys, and every visitor would load 80 kB for them.
 */
export function argon2id(): never {
  throw new Error("this page reads no encrypted keys");
}
