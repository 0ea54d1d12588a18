import { ONE } from "@bulwark/client";
import { describe, expect, it } from "vitest";
import {
  changeAt,
  changeText,
  factorOf,
  multipleAt,
  positionOfChange,
  positionOfMultiple,
  priceEnds,
  readChange,
  readMultiple,
  volatilityEnds,
} from "./scale";

describe("a price slider", () => {
  it("goes from a fall by 90 % to a rise by 200 %, with today's price at zero", () => {
    expect(changeAt(priceEnds.least)).toBe(-9_000);
    expect(changeAt(0)).toBe(0);
    expect(changeAt(priceEnds.most)).toBe(20_000);
  });

  it("finds every change where it was made", () => {
    for (let position = priceEnds.least; position <= priceEnds.most; position++) {
      expect(positionOfChange(changeAt(position))).toBe(position);
    }
  });

  it("multiplies prices exactly", () => {
    expect(factorOf(-3_000)).toBe((ONE * 7n) / 10n);
    expect(factorOf(1)).toBe(ONE + ONE / 10_000n);
  });
});

describe("a volatility slider", () => {
  it("goes from half to four times", () => {
    expect(multipleAt(volatilityEnds.least)).toBe(500);
    expect(multipleAt(0)).toBe(1_000);
    expect(multipleAt(volatilityEnds.most)).toBe(4_000);
    expect(positionOfMultiple(2_000)).toBe(10);
  });
});

describe("what is typed", () => {
  it.each([
    ["-12.5", -1_250],
    ["−30", -3_000],
    ["+20 %", 2_000],
    ["0", 0],
    [".5", 50],
    ["200", 20_000],
  ])("“%s” is a change", (text, value) => {
    expect(readChange(text)).toEqual({ kind: "value", value });
  });

  it.each(["", "-", "abc", "-90.01", "201", "1e2", "1.234", "--1"])("“%s” is none", (text) => {
    expect(readChange(text).kind).toBe("wrong");
  });

  it("is written as it can be typed", () => {
    for (const change of [-9_000, -1_250, 0, 30, 20_000]) {
      expect(readChange(changeText(change))).toEqual({ kind: "value", value: change });
    }
  });

  it("is a multiple of volatility between half and four", () => {
    expect(readMultiple("1.5")).toEqual({ kind: "value", value: 1_500 });
    expect(readMultiple("4×")).toEqual({ kind: "value", value: 4_000 });
    expect(readMultiple("0.4").kind).toBe("wrong");
    expect(readMultiple("-1").kind).toBe("wrong");
  });
});
