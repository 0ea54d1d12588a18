import type { InterestModel } from "@bulwark/client/types/BulwarkVault.types";

/** Rates per year at a utilisation, as fractions. Floats: only for drawing. */
export interface RatePoint {
  readonly utilisation: number;
  readonly borrow: number;
  readonly supply: number;
}

/** Into so many parts the way from idle to fully used is divided. */
const parts = 50;

/**
 * The course of a market's rates, to be drawn. The figures that are shown as figures are the
 * contract's own, and so is the point where the market stands now.
 *
 * @param reserveFactor The part of the interest that suppliers do not get.
 */
export function rateCurve({ kinked }: InterestModel, reserveFactor: string): RatePoint[] {
  const [base, slope, steep, optimal] = [
    Number(kinked.base),
    Number(kinked.slope),
    Number(kinked.steep_slope),
    Number(kinked.optimal),
  ];
  const kept = 1 - Number(reserveFactor);
  const steps = Array.from({ length: parts + 1 }, (_, index) => index / parts);
  const stops = [...new Set([...steps, optimal])].sort((one, other) => one - other);
  return stops.map((utilisation) => {
    const borrow =
      utilisation <= optimal
        ? base + (slope * utilisation) / optimal
        : base + slope + (steep * (utilisation - optimal)) / (1 - optimal);
    return { utilisation, borrow, supply: borrow * utilisation * kept };
  });
}
