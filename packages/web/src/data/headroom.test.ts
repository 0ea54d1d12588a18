import { formatDecimal, ONE } from "@bulwark/client";
import { describe, expect, it } from "vitest";
import { headroom } from "./headroom";

const percent = (fraction: bigint | undefined) =>
  fraction === undefined ? undefined : Number(formatDecimal(fraction)).toFixed(4);

describe("how far prices may move", () => {
  it("ends where a long position is no longer covered", () => {
    const found = headroom((factor) => factor >= (77n * ONE) / 100n);
    expect([percent(found.fall), found.rise]).toEqual(["0.2300", undefined]);
  });

  it("ends on both sides of a hedge", () => {
    const found = headroom((factor) => factor > (90n * ONE) / 100n && factor < (3n * ONE) / 2n);
    expect([percent(found.fall), percent(found.rise)]).toEqual(["0.1000", "0.5000"]);
  });

  it("is never more than there is", () => {
    const edge = (76_543n * ONE) / 100_000n;
    const { fall } = headroom((factor) => factor >= edge);
    expect(fall).toBeLessThanOrEqual(ONE - edge);
  });

  it("stops at the first unsafe price, though a later one is safe again", () => {
    const gap = [(60n * ONE) / 100n, (80n * ONE) / 100n] as const;
    const { fall } = headroom((factor) => factor >= gap[1] || factor <= gap[0]);
    expect(percent(fall)).toBe("0.2000");
  });

  it("is none for an account that is liquidatable already", () => {
    expect(headroom(() => false)).toEqual({ fall: 0n, rise: 0n });
  });
});
