import type { BasketHolding } from "@bulwark/client/margin";
import { describe, expect, it } from "vitest";
import {
  asItIs,
  changed,
  commonChange,
  type Group,
  holdingsOf,
  isAsItIs,
  presetsOf,
  type Scenario,
} from "./scenario";

const atom: BasketHolding = { asset: "uatom", side: "deposit", amount: "100" };
const usdc: BasketHolding = { asset: "uusdc", side: "debt", amount: "50" };
const groups: Group[] = [
  { name: "crypto", assets: ["uatom", "uosmo"] },
  { name: "usd", assets: ["uusdc"] },
];

describe("holdings as they are supposed to be", () => {
  const scenario: Scenario = {
    ...asItIs,
    holdings: {
      uusdc: { ...usdc, amount: "0" },
      uosmo: { asset: "uosmo", side: "deposit", amount: "7" },
    },
  };

  it("keeps the account's order and puts new ones last", () => {
    expect(holdingsOf([atom, usdc], scenario).map(({ asset, amount }) => [asset, amount])).toEqual([
      ["uatom", "100"],
      ["uusdc", "0"],
      ["uosmo", "7"],
    ]);
  });
});

describe("assets of a group", () => {
  it("move together, and alone again", () => {
    const together = changed(asItIs, ["uatom", "uosmo"], -3_000);
    expect(commonChange(together, ["uatom", "uosmo"])).toBe(-3_000);
    const apart = changed(together, ["uosmo"], 100);
    expect(commonChange(apart, ["uatom", "uosmo"])).toBeUndefined();
    expect(apart.changes.uatom).toBe(-3_000);
  });

  it("are as they are when moved back", () => {
    expect(isAsItIs(changed(changed(asItIs, ["uatom"], 5), ["uatom"], 0))).toBe(true);
    expect(isAsItIs(changed(asItIs, ["uatom"], 5))).toBe(false);
  });
});

describe("presets", () => {
  const presets = presetsOf(groups, (asset) => asset.slice(1).toUpperCase());
  const named = (label: string) => {
    const preset = presets.find((one) => one.label === label);
    if (preset === undefined) throw new Error(`no preset ${label}`);
    return preset;
  };

  it("let the market fall, and stable coins stand", () => {
    const { changes } = named("Market −30 %").apply(asItIs);
    expect(changes).toEqual({ uatom: -3_000, uosmo: -3_000 });
  });

  it("let a stable coin lose its peg", () => {
    expect(named("USDC −10 %").apply(asItIs).changes).toEqual({ uusdc: -1_000 });
  });

  it("begin anew but keep the amounts", () => {
    const edited: Scenario = {
      changes: { uatom: 1 },
      volatility: 3_000,
      holdings: { uusdc: { ...usdc, amount: "1" } },
    };
    const after = named("Volatility doubles").apply(edited);
    expect(after).toEqual({ changes: {}, volatility: 2_000, holdings: edited.holdings });
  });

  it("speak of no market where only stable coins are held", () => {
    const only = presetsOf([{ name: "usd", assets: ["uusdc"] }], String);
    expect(only.some(({ label }) => label.includes("Market"))).toBe(false);
  });
});
