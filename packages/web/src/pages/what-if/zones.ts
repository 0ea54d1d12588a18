/** Positions of a slider between which an account would be liquidatable. */
export interface Zone {
  readonly from: number;
  readonly to: number;
}

/** Positions that are looked at, from one end to the other. */
const samples = 20;
const halvings = 7;

/**
 * Finds where on a slider an account would not be safe, by looking at it in equal steps and
 * halving where it changes. A hedge can be unsafe at both ends.
 */
export function zonesOf(
  safe: (position: number) => boolean,
  ends: { readonly least: number; readonly most: number },
): Zone[] {
  const zones: Zone[] = [];
  const step = (ends.most - ends.least) / samples;
  let from: number | undefined;
  let before = ends.least;
  let wasSafe = safe(before);
  if (!wasSafe) from = before;
  for (let index = 1; index <= samples; index++) {
    const here = index === samples ? ends.most : ends.least + index * step;
    const isSafe = safe(here);
    if (isSafe !== wasSafe) {
      const edge = edgeOf(safe, before, here, wasSafe);
      if (isSafe && from !== undefined) zones.push({ from, to: edge });
      from = isSafe ? undefined : edge;
    }
    before = here;
    wasSafe = isSafe;
  }
  if (from !== undefined) zones.push({ from, to: ends.most });
  return zones;
}

/** Where it changes between two positions. */
function edgeOf(
  safe: (position: number) => boolean,
  start: number,
  end: number,
  atStart: boolean,
): number {
  let [same, other] = [start, end];
  for (let turn = 0; turn < halvings; turn++) {
    const middle = (same + other) / 2;
    if (safe(middle) === atStart) same = middle;
    else other = middle;
  }
  return other;
}
