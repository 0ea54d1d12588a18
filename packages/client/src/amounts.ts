// Amounts, prices and values as whole numbers: the one place where decimals are handled. It
// imports nothing, so that a page can use it before it has a connection.

/** Digits after the point of every value, price and fraction of the contracts. */
export const DECIMALS = 18;

/** One, as the atomics of a value, price or fraction. */
export const ONE = 10n ** 18n;

/** No token has more: with 18 digits of a price, larger powers of ten would mean nothing. */
export const MAX_TOKEN_DECIMALS = 36;

/** The contracts keep amounts in 128 bits. */
export const AMOUNT_LIMIT = 2n ** 128n;

/** What is wrong with a text or a number that should be an amount. */
export type AmountFault =
  /** Nothing is written. */
  | "empty"
  /** It is no decimal number: digits, at most one point, nothing else. */
  | "malformed"
  /** It has a sign, where amounts have none. */
  | "signed"
  /** It is finer than the smallest unit. */
  | "too_fine"
  /** It is more than the contracts can keep. */
  | "too_large"
  /** The number of decimals is not a whole number from 0 to 36. */
  | "decimals";

/** A text or number that is no amount. */
export class AmountError extends Error {
  override readonly name = "AmountError";

  constructor(
    /** What is wrong. */
    readonly fault: AmountFault,
    /** What was given. */
    readonly value: string,
    /** The sentence for people. */
    sentence: string,
  ) {
    super(sentence);
  }
}

/**
 * Reads what a person typed as an amount of tokens, in smallest units, exactly.
 *
 * Blanks around it are ignored; the point is `.`, and digits may be missing on one side of it;
 * groups are not separated. Zeros beyond the token's decimals are fine, other digits there are
 * refused instead of rounded.
 *
 * @param decimals A whole token has 10^decimals smallest units.
 * @throws {AmountError}
 */
export function parseAmount(text: string, decimals: number): bigint {
  const written = text.trim();
  if (/^[+-]/.test(written)) {
    throw new AmountError("signed", text, `an amount has no sign: ${written}`);
  }
  const amount = parseUnits(written, checkedDecimals(decimals));
  if (amount >= AMOUNT_LIMIT) {
    throw new AmountError("too_large", text, `${written} is more than the contracts can keep`);
  }
  return amount;
}

/**
 * Reads a decimal number of a contract's answer (a value, price, fraction or ratio, perhaps
 * negative) as atomics with 18 decimals, exactly.
 *
 * @throws {AmountError}
 */
export function parseDecimal(text: string): bigint {
  const negative = text.startsWith("-");
  const atomics = parseUnits(negative ? text.slice(1) : text, DECIMALS);
  return negative ? -atomics : atomics;
}

/**
 * Reads an amount of a contract's answer or of the chain: smallest units, digits only.
 *
 * @throws {AmountError}
 */
export function parseUnitsOf(text: string): bigint {
  if (!/^[0-9]+$/.test(text)) {
    throw new AmountError("malformed", text, `${quoted(text)} is no number of smallest units`);
  }
  return BigInt(text);
}

function parseUnits(written: string, decimals: number): bigint {
  if (written === "") {
    throw new AmountError("empty", written, "no number is given");
  }
  const parts = /^([0-9]*)(?:\.([0-9]*))?$/.exec(written);
  const [whole = "", fraction = ""] = parts?.slice(1) ?? [];
  if (whole === "" && fraction === "") {
    throw new AmountError("malformed", written, `${quoted(written)} is no decimal number`);
  }
  if (/[1-9]/.test(fraction.slice(decimals))) {
    throw new AmountError(
      "too_fine",
      written,
      `${quoted(written)} has more than ${decimals} digits after the point`,
    );
  }
  return BigInt(whole + fraction.slice(0, decimals).padEnd(decimals, "0"));
}

/** How a number is written. */
export interface FormatOptions {
  /** Digits after the point at most; all that there are by default. */
  maxFraction?: number;
  /** Digits after the point at least, filled with zeros; 0 by default. */
  minFraction?: number;
  /**
   * Where digits are cut off: `down`, toward zero, by default, so that nobody seems to have more
   * than there is; `up`, away from zero, for what is owed or has to be paid.
   */
  round?: "down" | "up";
  /** Whether groups of digits are separated; not by default. */
  group?: boolean;
  /**
   * In which language's manner; by default with a point, and commas between groups, which
   * without `group` is what {@link parseAmount} reads.
   */
  locale?: string;
}

/**
 * Writes an amount in whole tokens.
 *
 * @param amount Smallest units.
 * @param decimals A whole token has 10^decimals smallest units.
 * @throws {AmountError} If `decimals` is none.
 */
export function formatAmount(
  amount: bigint,
  decimals: number,
  options: FormatOptions = {},
): string {
  checkedDecimals(decimals);
  const shown = Math.min(options.maxFraction ?? decimals, decimals);
  const unit = 10n ** BigInt(decimals - shown);
  const size = amount < 0n ? -amount : amount;
  const cut = options.round === "up" ? divideCeil(size, unit) : size / unit;
  const digits = cut.toString().padStart(shown + 1, "0");
  const whole = digits.slice(0, digits.length - shown);
  const least = Math.max(options.minFraction ?? 0, 0);
  const fraction = digits
    .slice(digits.length - shown)
    .replace(/0+$/, "")
    .padEnd(least, "0");
  const sign = amount < 0n && cut > 0n ? "-" : "";
  const { group, locale } = options;
  if (group !== true && locale === undefined) {
    return `${sign}${whole}${fraction === "" ? "" : `.${fraction}`}`;
  }
  const manner = new Intl.NumberFormat(locale ?? "en-US", {
    useGrouping: group === true,
    numberingSystem: "latn",
  });
  const point = manner.formatToParts(0.5).find((part) => part.type === "decimal")?.value ?? ".";
  return `${sign}${manner.format(BigInt(whole))}${fraction === "" ? "" : point + fraction}`;
}

/** Writes a value, price, fraction or ratio with 18 decimals: see {@link formatAmount}. */
export function formatDecimal(atomics: bigint, options: FormatOptions = {}): string {
  return formatAmount(atomics, DECIMALS, options);
}

/**
 * What an amount is worth, in USD with 18 decimals, rounded down (toward zero).
 *
 * @param amount Smallest units.
 * @param price USD per whole token, 18 decimals.
 */
export function worth(amount: bigint, decimals: number, price: bigint): bigint {
  return (amount * price) / 10n ** BigInt(checkedDecimals(decimals));
}

/**
 * How many smallest units are worth so much, rounded down; none at a price of zero.
 *
 * @param value USD with 18 decimals.
 * @param price USD per whole token, 18 decimals.
 */
export function amountFor(value: bigint, decimals: number, price: bigint): bigint {
  const units = value * 10n ** BigInt(checkedDecimals(decimals));
  return price === 0n ? 0n : units / price;
}

/** A part of an amount, rounded down; `fraction` has 18 decimals. */
export function partOf(amount: bigint, fraction: bigint): bigint {
  return (amount * fraction) / ONE;
}

/** Near enough for drawing, and for nothing else. */
export function approximately(amount: bigint, decimals: number = DECIMALS): number {
  return Number(formatAmount(amount, decimals));
}

/** Divides numbers that are not negative, rounded up. */
export function divideCeil(dividend: bigint, divisor: bigint): bigint {
  return (dividend + divisor - 1n) / divisor;
}

function checkedDecimals(decimals: number): number {
  if (!Number.isInteger(decimals) || decimals < 0 || decimals > MAX_TOKEN_DECIMALS) {
    throw new AmountError(
      "decimals",
      String(decimals),
      `a token cannot have ${decimals} decimals: 0 to ${MAX_TOKEN_DECIMALS}`,
    );
  }
  return decimals;
}

function quoted(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
