import { ONE } from "@bulwark/client";
import { describe, expect, it } from "vitest";
import { safetyText } from "./safety-text";

const figures = {
  status: "healthy",
  debts: "100",
  deposits: "300",
  equity: "200",
  equity_open: "190",
  initial: "115",
  maintenance: "100",
} as const;

describe("what an account's figures mean", () => {
  it("says how far prices may fall, cut off", () => {
    const { sentence } = safetyText(figures, {
      fall: (2399n * ONE) / 10_000n,
      rise: undefined,
      group: "crypto",
      still: "usd",
    });
    expect(sentence).toBe(
      "Crypto prices may fall 23\u202f%, all together while USD prices stand still, before this account is liquidated.",
    );
  });

  it("says both ways for a hedge, and tenths where little is left", () => {
    const { sentence } = safetyText(figures, {
      fall: (456n * ONE) / 10_000n,
      rise: ONE / 2n,
      group: undefined,
      still: undefined,
    });
    expect(sentence).toBe(
      "Prices may fall 4.5\u202f% or rise 50\u202f%, all together, before this account is liquidated.",
    );
  });

  it("says of what was not found how far it was looked for", () => {
    const nothing = { fall: undefined, rise: undefined, group: "crypto", still: "usd" };
    expect(safetyText(figures, nothing).sentence).toBe(
      "Crypto prices may fall 99.9\u202f% or rise fivefold, all together while USD prices stand still, without this account being liquidated.",
    );
  });

  it("explains a margin call", () => {
    const { detail } = safetyText(
      { ...figures, status: "margin_call", equity_open: "110" },
      undefined,
    );
    expect(detail).toMatch(
      /^Margin call: equity at opening prices is \$110\.00, and opening needs \$115\.00/,
    );
  });

  it("says plainly that anybody may liquidate", () => {
    expect(safetyText({ ...figures, status: "liquidatable" }, undefined).sentence).toBe(
      "Anybody may liquidate this account now.",
    );
  });

  it("promises nothing of prices where nothing is owed", () => {
    expect(safetyText({ ...figures, debts: "0" }, undefined).sentence).toBe(
      "Nothing is owed: no price can liquidate this account.",
    );
  });
});
