import { ONE } from "@bulwark/client";
import { describe, expect, it } from "vitest";
import { leastAccepted, readTolerance } from "./tolerance";

const halfPercent = ONE / 200n;

describe("the least that is accepted", () => {
  it("takes the tolerance off what is expected", () => {
    expect(leastAccepted(1_000_000n, halfPercent)).toBe(995_000n);
  });

  it("rounds up, against a loss of the user", () => {
    expect(leastAccepted(999n, halfPercent)).toBe(995n); // 994.005
    expect(leastAccepted(1n, halfPercent)).toBe(1n); // never nothing for something
  });

  it("is everything where nothing is tolerated, and nothing of nothing", () => {
    expect(leastAccepted(12_345n, 0n)).toBe(12_345n);
    expect(leastAccepted(0n, halfPercent)).toBe(0n);
  });

  it("is exact for amounts that no float can hold", () => {
    const huge = 10n ** 30n + 1n;
    expect(leastAccepted(huge, halfPercent)).toBe(995n * 10n ** 27n + 1n);
  });
});

describe("what is typed as a tolerance", () => {
  it("is a percentage", () => {
    expect(readTolerance("0.5")).toEqual({ kind: "tolerance", fraction: halfPercent });
    expect(readTolerance(" 1 % ")).toEqual({ kind: "tolerance", fraction: ONE / 100n });
    expect(readTolerance(".25")).toEqual({ kind: "tolerance", fraction: ONE / 400n });
    expect(readTolerance("0")).toEqual({ kind: "tolerance", fraction: 0n });
  });

  it.each(["", "half", "-1", "1e3", "50.01", "100", "0.1234567"])("is not “%s”", (text) => {
    expect(readTolerance(text).kind).toBe("wrong");
  });
});
