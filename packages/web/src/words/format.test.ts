import { describe, expect, it } from "vitest";
import {
  amountText,
  percentText,
  priceText,
  ratioText,
  shortAddress,
  spanText,
  usdText,
  wholeTokens,
} from "./format";

describe("amounts", () => {
  it("are exact as text, whatever their size", () => {
    expect(wholeTokens(1_500_000n, 6)).toBe("1.5");
    expect(wholeTokens(7n, 18)).toBe("0.000000000000000007");
    expect(wholeTokens(340_282_366_920_938_463_463_374_607_431_768_211_455n, 0)).toBe(
      "340282366920938463463374607431768211455",
    );
  });

  it("never show more than there is", () => {
    expect(amountText(1_999_999n, 6)).toBe("1.9999");
    expect(amountText(12_345_678_999n, 6)).toBe("12,345.67");
    expect(amountText(19_999n, 9)).toBe("0.00001999");
    expect(amountText(0n, 6)).toBe("0");
  });

  it("show every digit where that is asked for", () => {
    expect(amountText(1_234_567_890_123_456_789n, 18, { exact: true })).toBe(
      "1.234567890123456789",
    );
  });
});

describe("values", () => {
  it("have cents, and a sign that cannot be overlooked", () => {
    expect(usdText("1234.5")).toBe("$1,234.50");
    expect(usdText("-14001.372")).toBe("−$14,001.37");
  });

  it("say so when they are less than a cent", () => {
    expect(usdText("0.004")).toBe("< $0.01");
    expect(usdText("-0.004")).toBe("−< $0.01");
    expect(usdText("0")).toBe("$0.00");
  });

  it("are short where room is", () => {
    expect(usdText("12345678.9", { compact: true })).toBe("$12.35M");
    expect(usdText("1234.5", { compact: true })).toBe("$1,234.50");
  });

  it("are no figure when they are no number", () => {
    expect(usdText("NaN")).toBe("–");
  });
});

describe("prices, parts and ratios", () => {
  it("have as many digits as their size makes sensible", () => {
    expect(priceText("63148.523")).toBe("$63,148.52");
    expect(priceText("8.5911246")).toBe("$8.5911");
    expect(priceText("0.000012345678")).toBe("$0.000012346");
  });

  it("show a ratio cut off, so that 0.999 is not 1.00", () => {
    expect(ratioText("0.9999")).toBe("0.99");
    expect(ratioText(null)).toBe("no debt");
    expect(ratioText("123456.7")).toBe("> 1,000");
  });

  it("show fractions as percentages", () => {
    expect(percentText("0.1534")).toBe("15.3\u202f%");
    expect(percentText("-0.34", 0)).toBe("−34\u202f%");
  });
});

describe("spans and addresses", () => {
  it("have their two largest units", () => {
    expect([0, 59, 61, 7_500, 90_000].map(spanText)).toEqual([
      "0 s",
      "59 s",
      "1 min",
      "2 h 5 min",
      "1 d 1 h",
    ]);
  });

  it("keep the ends by which people recognise an address", () => {
    expect(shortAddress("wasm17kyy2k6f0j465q4jvds9lac54897ta5eaycmt4")).toBe("wasm17kyy2…aycmt4");
  });
});
