import type { MarketResponse } from "@bulwark/client/types/BulwarkVault.types";
import { expect, test } from "vitest";
import { haircutWords } from "./haircut";

const rule = { volatility_multiple: "3.6", floor: "0.15", cap: "0.7" };

function market(change: Partial<MarketResponse>, target = rule): MarketResponse {
  return {
    ramp_end: 0,
    family: {
      base: "uatom",
      group: "crypto",
      group_correlation: "0.8",
      family_correlation: "0.95",
      haircut_rule: rule,
      haircut_rule_target: target,
    },
    ...change,
  } as MarketResponse;
}

test("a calm market stands at its floor", () => {
  const words = haircutWords(market({ haircut: "0.15", newest_haircut: "0.15" }), 100);
  expect(words).toBe("In force 15.0\u202f%, its floor, for opening positions as well.");
});

test("while volatility rises, what opening counts already is said", () => {
  const words = haircutWords(market({ haircut: "0.2", newest_haircut: "0.31" }), 100);
  expect(words).toBe(
    "In force 20.0\u202f%; for opening positions 31.0\u202f% counts already, where volatility is taking it.",
  );
});

test("a floor on its way says where to and until when", () => {
  const moving = market(
    { haircut: "0.2", newest_haircut: "0.2", ramp_end: 1_000_000 },
    { ...rule, floor: "0.25" },
  );
  expect(haircutWords(moving, 100)).toContain("The floor is on its way to 25.0\u202f%");
  expect(haircutWords(moving, 1_000_000)).not.toContain("on its way");
});

test("without a price there is no haircut", () => {
  expect(haircutWords(market({ haircut: null, newest_haircut: null }), 100)).toContain("none");
});
