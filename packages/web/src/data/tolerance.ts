import { divideCeil, ONE, parseDecimal } from "@bulwark/client";

/** What was typed as a tolerance. */
export type TypedTolerance =
  | { readonly kind: "tolerance"; readonly fraction: bigint }
  | { readonly kind: "wrong"; readonly problem: string };

/** More than half is no tolerance, it is a slip of the finger. */
const largest = ONE / 2n;

/** Reads a percentage such as `0.5` as a fraction with 18 decimals. */
export function readTolerance(text: string): TypedTolerance {
  const trimmed = text.trim().replace(/\s*%$/, "");
  if (!/^(\d+\.?\d*|\.\d+)$/.test(trimmed)) {
    return { kind: "wrong", problem: "Enter a percentage such as 0.5." };
  }
  if ((trimmed.split(".")[1]?.length ?? 0) > 6) {
    return { kind: "wrong", problem: "Enter at most 6 decimals." };
  }
  const fraction = parseDecimal(trimmed) / 100n;
  return fraction > largest
    ? { kind: "wrong", problem: "Enter at most 50 %." }
    : { kind: "tolerance", fraction };
}

/**
 * The least that is accepted of an amount that is expected, in smallest units. Rounded up: what
 * comes back is never below the tolerance, not even by one unit.
 *
 * @param tolerance How much less is accepted, a fraction with 18 decimals, at most one.
 */
export function leastAccepted(expected: bigint, tolerance: bigint): bigint {
  return divideCeil(expected * (ONE - tolerance), ONE);
}
