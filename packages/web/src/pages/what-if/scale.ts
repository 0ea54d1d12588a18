import { ONE, parseDecimal } from "@bulwark/client";

/**
 * How sliders are read. A price slider has as many steps to nearly nothing as to three times the
 * price; a volatility slider is as far from its middle to half as to double.
 */

/** Ends of a price slider: a fall by 90 %, a rise by 200 %. */
export const priceEnds = { least: -90, most: 100 } as const;

/** Ends of a volatility slider: half of it, four times. */
export const volatilityEnds = { least: -10, most: 20 } as const;

/** A change of a price in hundredths of a percent, -9,000 to 20,000. */
export type PriceChange = number;

/** A multiple of volatility in thousandths, 500 to 4,000. */
export type Multiple = number;

const leastChange = -9_000;
const mostChange = 20_000;
const leastMultiple = 500;
const mostMultiple = 4_000;

/** The change at a position: a step is 1 % downward, 2 % upward. */
export function changeAt(position: number): PriceChange {
  return Math.round(position < 0 ? position * 100 : position * 200);
}

/** Where a change stands. */
export function positionOfChange(change: PriceChange): number {
  return change < 0 ? change / 100 : change / 200;
}

/** The factor of a price, 18 decimals. */
export function factorOf(change: PriceChange): bigint {
  return (ONE * BigInt(10_000 + change)) / 10_000n;
}

/** The multiple at a position: ten steps double it. */
export function multipleAt(position: number): Multiple {
  return Math.round(1000 * 2 ** (position / 10));
}

/** Where a multiple stands. */
export function positionOfMultiple(multiple: Multiple): number {
  return 10 * Math.log2(multiple / 1000);
}

/** A multiple with 18 decimals. */
export function multipleOf(multiple: Multiple): bigint {
  return (ONE * BigInt(multiple)) / 1000n;
}

/** What was typed, or why it does not count. */
export type Read =
  | { readonly kind: "value"; readonly value: number }
  | { readonly kind: "wrong"; readonly problem: string };

/** Reads a change of a price in percent, such as `-12.5` or `+20`. */
export function readChange(text: string): Read {
  const value = hundredths(text);
  if (value === undefined) return { kind: "wrong", problem: "Enter a percentage such as −12.5." };
  return value < leastChange || value > mostChange
    ? { kind: "wrong", problem: "Enter −90 to +200." }
    : { kind: "value", value };
}

/** Reads a multiple of volatility, such as `1.5`. */
export function readMultiple(text: string): Read {
  const value = hundredths(text);
  if (value === undefined) return { kind: "wrong", problem: "Enter a multiple such as 1.5." };
  return value * 10 < leastMultiple || value * 10 > mostMultiple
    ? { kind: "wrong", problem: "Enter 0.5 to 4." }
    : { kind: "value", value: value * 10 };
}

/** A number with two decimals at most, times a hundred. */
function hundredths(text: string): number | undefined {
  const plain = text
    .trim()
    .replace("−", "-")
    .replace(/^\+/, "")
    .replace(/\s*[%×]$/, "");
  if (!/^-?(\d{1,6}(\.\d{0,2})?|\.\d{1,2})$/.test(plain)) return undefined;
  return Number((parseDecimal(plain) * 100n) / ONE);
}

/** A change as one types it. */
export function changeText(change: PriceChange): string {
  const percent = String(Math.abs(change) / 100);
  return change === 0 ? "0" : `${change < 0 ? "−" : "+"}${percent}`;
}

/** A change in words. */
export function changeWords(change: PriceChange): string {
  if (change === 0) return "unchanged";
  return `${change < 0 ? "down" : "up"} ${Math.abs(change) / 100} percent`;
}

/** A multiple as one types it. */
export function multipleText(multiple: Multiple): string {
  return String(Math.round(multiple / 10) / 100);
}
