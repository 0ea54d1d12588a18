import { describe, expect, it } from "vitest";
import { priceZonesText, volatilityZonesText } from "./zone-words";

const plain = (text: string) => text.replaceAll("\u202f", " ");

describe("where an account would be liquidatable, in words", () => {
  it("names the price and how far it is", () => {
    expect(plain(priceZonesText([{ from: -90, to: -25 }], "8"))).toBe(
      "Liquidatable below $6.00 (−25.0 %)",
    );
  });

  it("names both sides of a hedge", () => {
    const zones = [
      { from: -90, to: -40 },
      { from: 10, to: 100 },
    ];
    expect(plain(priceZonesText(zones, undefined))).toBe(
      "Liquidatable below −40.0 % and above +20.0 %",
    );
  });

  it("says when nothing helps, and what volatility does", () => {
    expect(priceZonesText([{ from: -90, to: 100 }], "8")).toBe("Liquidatable wherever this goes");
    expect(volatilityZonesText([{ from: 10, to: 20 }])).toBe("Liquidatable above 2×");
  });
});
