import { type Estimate, GAS_ADJUSTMENT_PERCENT } from "@bulwark/client";

/** What a transaction needs has grown beyond what its shown fee pays for. Nothing was signed. */
export class FeeChanged extends Error {
  constructor(
    /** What was shown. */
    readonly shown: Estimate,
    /** What it takes now. */
    readonly now: Estimate,
  ) {
    super("the transaction needs more gas now than the fee that was shown pays for");
  }
}

/** Gas that a transaction may use at least, as a multiple of what it would use now, in percent. */
const leastPercent = 115n;

/**
 * Whether a fee that was shown still does. It is made with room to spare, because what a
 * transaction uses changes a little with every block: as long as most of that room is left, it is
 * signed just as it was shown.
 */
export function isEnough(shown: Estimate, now: Estimate): boolean {
  return BigInt(shown.gas) * GAS_ADJUSTMENT_PERCENT >= BigInt(now.gas) * leastPercent;
}
