import { describe, expect, it } from "vitest";

import {
  AmountError,
  type AmountFault,
  amountFor,
  approximately,
  formatAmount,
  formatDecimal,
  ONE,
  parseAmount,
  parseDecimal,
  parseUnitsOf,
  partOf,
  worth,
} from "../src/amounts.js";
import { Random } from "./random.js";

const CASES = 5_000;

function fault(attempt: () => unknown): AmountFault | undefined {
  try {
    attempt();
  } catch (error) {
    if (error instanceof AmountError) {
      return error.fault;
    }
    throw error;
  }
  return undefined;
}

describe("what is written is read back", () => {
  it("for amounts of any size with any decimals", () => {
    const random = new Random(1);
    for (let round = 0; round < CASES; round += 1) {
      const amount = random.bits(128);
      const decimals = random.below(37);
      const text = formatAmount(amount, decimals);
      expect(parseAmount(text, decimals), text).toBe(amount);
    }
  });

  it("for values of either sign", () => {
    const random = new Random(2);
    for (let round = 0; round < CASES; round += 1) {
      const size = random.bits(256);
      const value = random.below(2) === 0 ? size : -size;
      expect(parseDecimal(formatDecimal(value))).toBe(value);
    }
  });
});

describe("cutting digits off", () => {
  it("never shows more than there is, nor less than has to be paid, and is off by less than a digit", () => {
    const random = new Random(3);
    for (let round = 0; round < CASES; round += 1) {
      const amount = random.bits(110);
      const decimals = random.below(19);
      const maxFraction = random.below(decimals + 1);
      const digit = 10n ** BigInt(decimals - maxFraction);
      const down = parseAmount(formatAmount(amount, decimals, { maxFraction }), decimals);
      const up = parseAmount(
        formatAmount(amount, decimals, { maxFraction, round: "up" }),
        decimals,
      );
      expect(down <= amount && amount - down < digit).toBe(true);
      expect(up >= amount && up - amount < digit).toBe(true);
      expect(up - down === 0n || up - down === digit).toBe(true);
    }
  });

  it("shows what people expect", () => {
    expect(formatAmount(1_234_567_890n, 6)).toBe("1234.56789");
    expect(formatAmount(1_234_567_890n, 6, { maxFraction: 2, group: true })).toBe("1,234.56");
    expect(formatAmount(1_234_567_890n, 6, { maxFraction: 2, round: "up" })).toBe("1234.57");
    expect(formatAmount(1_000_000n, 6, { minFraction: 2 })).toBe("1.00");
    expect(formatAmount(5n, 6, { maxFraction: 2 })).toBe("0");
    expect(formatAmount(5n, 6, { maxFraction: 2, round: "up" })).toBe("0.01");
    expect(formatAmount(7n, 0)).toBe("7");
    expect(formatAmount(-1_500n, 3)).toBe("-1.5");
    expect(formatAmount(-4n, 3, { maxFraction: 2 })).toBe("0");
    expect(formatDecimal(ONE / 3n, { maxFraction: 4 })).toBe("0.3333");
  });

  it("writes in another language's manner, also numbers beyond those of floating point", () => {
    const amount = 123_456_789_012_345_678_901_234n;
    expect(formatAmount(amount, 6, { locale: "de-DE", group: true })).toBe(
      "123.456.789.012.345.678,901234",
    );
    expect(formatAmount(amount, 6, { locale: "en-US", group: false })).toBe(
      "123456789012345678.901234",
    );
  });
});

describe("what a person types", () => {
  it("is read exactly", () => {
    expect(parseAmount(" 1.5 ", 6)).toBe(1_500_000n);
    expect(parseAmount(".5", 6)).toBe(500_000n);
    expect(parseAmount("5.", 6)).toBe(5_000_000n);
    expect(parseAmount("007", 0)).toBe(7n);
    expect(parseAmount("1.2500000000", 2)).toBe(125n);
    expect(parseAmount("0", 18)).toBe(0n);
  });

  it.each<[string, AmountFault]>([
    ["", "empty"],
    ["  ", "empty"],
    [".", "malformed"],
    ["1e6", "malformed"],
    ["1,5", "malformed"],
    ["1 000", "malformed"],
    ["0x10", "malformed"],
    ["1.2.3", "malformed"],
    ["١", "malformed"],
    ["NaN", "malformed"],
    ["-1", "signed"],
    ["+1", "signed"],
    ["0.0000001", "too_fine"],
    ["340282366920938463463374607431769", "too_large"],
  ])("is refused where it is no amount: %j", (text, expected) => {
    expect(fault(() => parseAmount(text, 6))).toBe(expected);
  });

  it("never becomes an amount by accident", () => {
    const random = new Random(4);
    const alphabet = "0123456789.,-+ eE_x'";
    for (let round = 0; round < CASES; round += 1) {
      let text = "";
      for (let length = random.below(9); length > 0; length -= 1) {
        text += alphabet[random.below(alphabet.length)];
      }
      const refused = fault(() => parseAmount(text, 6));
      const isNumber = /^(\d+\.?\d{0,6}0*|\.\d{1,6}0*)$/.test(text.trim());
      expect(refused === undefined, JSON.stringify(text)).toBe(isNumber);
    }
  });

  it("cannot have impossible decimals", () => {
    for (const decimals of [-1, 1.5, 37, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(fault(() => parseAmount("1", decimals))).toBe("decimals");
      expect(fault(() => formatAmount(1n, decimals))).toBe("decimals");
      expect(fault(() => worth(1n, decimals, ONE))).toBe("decimals");
    }
  });
});

describe("what a contract answers", () => {
  it("is read, or named where it is malformed", () => {
    expect(parseDecimal("-0.000000000000000001")).toBe(-1n);
    expect(parseDecimal("1")).toBe(ONE);
    expect(fault(() => parseDecimal("0.0000000000000000001"))).toBe("too_fine");
    expect(fault(() => parseDecimal("--1"))).toBe("malformed");
    expect(fault(() => parseDecimal(" 1"))).toBe("malformed");
    expect(parseUnitsOf("12")).toBe(12n);
    for (const text of ["", "-1", "1.0", "0x1", " 1"]) {
      expect(fault(() => parseUnitsOf(text))).toBe("malformed");
    }
  });
});

describe("values", () => {
  it("round down, and back never to more than there was", () => {
    const random = new Random(5);
    for (let round = 0; round < CASES; round += 1) {
      const amount = random.bits(104);
      const decimals = random.below(19);
      const price = random.bits(80);
      const value = worth(amount, decimals, price);
      const scale = 10n ** BigInt(decimals);
      expect(value * scale <= amount * price).toBe(true);
      expect((value + 1n) * scale > amount * price).toBe(true);
      expect(amountFor(value, decimals, price) <= amount || price === 0n).toBe(true);
    }
    expect(amountFor(ONE, 6, 0n)).toBe(0n);
    expect(worth(1_500_000n, 6, 2n * ONE)).toBe(3n * ONE);
    expect(amountFor(3n * ONE, 6, 2n * ONE)).toBe(1_500_000n);
    expect(partOf(10n, ONE / 3n)).toBe(3n);
  });

  it("are near enough for drawing", () => {
    expect(approximately(1_500_000n, 6)).toBe(1.5);
    expect(approximately(-ONE / 4n)).toBe(-0.25);
  });
});
