import { describe, expect, it } from "vitest";
import { zonesOf } from "./zones";

/** Between two looks, halved seven times. */
const near = (position: number) => ({
  asymmetricMatch: (found: unknown) =>
    typeof found === "number" && Math.abs(found - position) < 0.1,
});

const ends = { least: -90, most: 100 };

describe("where an account would be liquidatable", () => {
  it("is below a price for a long position", () => {
    const [zone, ...others] = zonesOf((position) => position > -23.4, ends);
    expect(others).toEqual([]);
    expect(zone?.from).toBe(-90);
    expect(zone?.to).toEqual(near(-23.4));
  });

  it("is at both ends for a hedge", () => {
    const zones = zonesOf((position) => position > -40 && position < 61.7, ends);
    expect(zones).toHaveLength(2);
    expect(zones[1]?.from).toEqual(near(61.7));
    expect(zones[1]?.to).toBe(100);
  });

  it("can lie between safe ends", () => {
    const zones = zonesOf((position) => position < -10 || position > 20, ends);
    expect(zones).toHaveLength(1);
    expect(zones[0]?.from).toEqual(near(-10));
    expect(zones[0]?.to).toEqual(near(20));
  });

  it("is nowhere, or everywhere", () => {
    expect(zonesOf(() => true, ends)).toEqual([]);
    expect(zonesOf(() => false, ends)).toEqual([{ from: -90, to: 100 }]);
  });
});
