/**
 * Figures as people read them. What comes in is exact (smallest units as integers, the contracts'
 * decimal strings), and is rounded here and nowhere else; nothing computes with what comes out.
 */

const locale = "en-US";

/** Stands where there is no figure. */
export const NOTHING = "–";

/** A decimal number in plain notation, as the contracts write it. */
export type DecimalText = `${number}`;

/** Whether a text is a decimal number in plain notation. */
export function isDecimal(text: string): text is DecimalText {
  return /^-?\d+(\.\d+)?$/.test(text);
}

/** Smallest units as a decimal number of whole tokens, exactly. */
export function wholeTokens(amount: bigint | string, decimals: number): string {
  const digits = String(amount);
  const negative = digits.startsWith("-");
  const padded = (negative ? digits.slice(1) : digits).padStart(decimals + 1, "0");
  const whole = padded.slice(0, padded.length - decimals);
  const fraction = padded.slice(padded.length - decimals).replace(/0+$/, "");
  return `${negative ? "-" : ""}${whole}${fraction === "" ? "" : `.${fraction}`}`;
}

const formats = new Map<string, Intl.NumberFormat>();

function format(text: string, options: Intl.NumberFormatOptions): string {
  if (!isDecimal(text)) return NOTHING;
  const key = JSON.stringify(options);
  const known = formats.get(key) ?? new Intl.NumberFormat(locale, options);
  formats.set(key, known);
  return known.format(text).replace("-", "−");
}

/** Digits before the point; 0 below one, whatever the sign. */
function magnitude(text: string): number {
  const whole = text.replace(/^-/, "").split(".")[0] ?? "";
  return whole.replace(/^0+/, "").length;
}

function isZero(text: string): boolean {
  return /^-?0+(\.0+)?$/.test(text);
}

/**
 * An amount of tokens, cut off to what matters: six digits or so. `round: "up"` is for what is paid,
 * `exact` shows every digit there is.
 */
export function amountText(
  amount: bigint | string,
  decimals: number,
  options: { exact?: boolean; round?: "up" | "down" } = {},
): string {
  const text = wholeTokens(amount, decimals);
  if (options.exact === true)
    return format(text, { maximumFractionDigits: Math.min(decimals, 30) });
  const places = magnitude(text);
  const roundingMode = options.round === "up" ? "expand" : "trunc";
  if (places === 0 && !isZero(text)) {
    return format(text, { maximumSignificantDigits: 4, roundingMode });
  }
  return format(text, { maximumFractionDigits: places > 3 ? 2 : 4, roundingMode });
}

/** A value in USD with cents; `compact` as 1.2M. */
export function usdText(value: string, options: { compact?: boolean } = {}): string {
  if (options.compact === true && magnitude(value) > 5) {
    return format(value, {
      style: "currency",
      currency: "USD",
      notation: "compact",
      maximumSignificantDigits: 4,
    });
  }
  const small = magnitude(value) === 0 && !isZero(value) && /^-?0\.00/.test(value);
  if (small) return value.startsWith("-") ? "−< $0.01" : "< $0.01";
  return format(value, { style: "currency", currency: "USD" });
}

/** A price in USD per whole token, with as many digits as its size makes sensible. */
export function priceText(price: string): string {
  const places = magnitude(price);
  return places === 0
    ? format(price, { style: "currency", currency: "USD", maximumSignificantDigits: 5 })
    : format(price, {
        style: "currency",
        currency: "USD",
        minimumFractionDigits: 2,
        maximumFractionDigits: places > 2 ? 2 : 4,
      });
}

/** A fraction as a percentage. */
export function percentText(fraction: string, digits = 1): string {
  return format(fraction, {
    style: "percent",
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).replace("%", "\u202f%");
}

/** A margin or collateral ratio; without a debt nothing bounds it. */
export function ratioText(ratio: string | null | undefined): string {
  if (ratio === null || ratio === undefined) return "no debt";
  if (magnitude(ratio) > 3) return "> 1,000";
  return format(ratio, {
    minimumFractionDigits: 2,
    maximumFractionDigits: 2,
    roundingMode: "trunc",
  });
}

/** A span in seconds, to its two largest units. */
export function spanText(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const units: readonly (readonly [number, string])[] = [
    [86_400, "d"],
    [3_600, "h"],
    [60, "min"],
    [1, "s"],
  ];
  const first = units.findIndex(([size]) => whole >= size);
  if (first < 0) return "0 s";
  const [size, unit] = units[first] ?? [1, "s"];
  const major = Math.floor(whole / size);
  const rest = units[first + 1];
  if (rest === undefined || unit === "min") return `${major} ${unit}`;
  const minor = Math.floor((whole - major * size) / rest[0]);
  return minor === 0 ? `${major} ${unit}` : `${major} ${unit} ${minor} ${rest[1]}`;
}

/** A time in seconds, in the reader's own time zone. */
export function timeText(seconds: number): string {
  return new Intl.DateTimeFormat(locale, {
    dateStyle: "medium",
    timeStyle: "short",
    hourCycle: "h23",
  }).format(new Date(seconds * 1000));
}

/** Hours and minutes of a time in seconds. */
export function clockText(seconds: number): string {
  return new Intl.DateTimeFormat(locale, {
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).format(new Date(seconds * 1000));
}

/** A count with separators. */
export function countText(count: number): string {
  return new Intl.NumberFormat(locale).format(count);
}

/** The ends of an address, by which people recognise it. */
export function shortAddress(address: string): string {
  return address.length > 20 ? `${address.slice(0, 10)}…${address.slice(-6)}` : address;
}
