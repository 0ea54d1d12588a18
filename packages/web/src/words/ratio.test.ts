import { expect, it } from "vitest";
import { shownRatio } from "./ratio";

it("an account that owes nothing has no margin ratio, whatever its deposits would need", () => {
  expect(shownRatio({ margin_ratio: "6.66", debts: "0.000000000000000000" })).toBeUndefined();
  expect(shownRatio({ margin_ratio: null, debts: "0" })).toBeUndefined();
});

it("any debt has one", () => {
  expect(shownRatio({ margin_ratio: "6.66", debts: "0.000000000000000001" })).toBe("6.66");
});
