import { ONE } from "@bulwark/client";
import { describe, expect, it } from "vitest";
import { keepersBonus, keepersBonusOf } from "./bonus";

describe("the keeper's part of a bonus", () => {
  it("is what the reserve leaves", () => {
    // 1,000 USD repaid, 50 USD of bonus, a tenth of it for the reserve, at 10 USD a token.
    const bonus = keepersBonus({
      seized: 105_000_000n,
      protocolFee: 500_000n,
      repaidValue: 1_000n * ONE,
      bonusValue: 50n * ONE,
    });
    expect(bonus.amount).toBe(4_500_000n);
    expect(bonus.value).toBe(45n * ONE);
    expect(bonus.fraction).toBe((45n * ONE) / 1_000n);
  });

  it("reads the contract's answers", () => {
    const bonus = keepersBonusOf({
      seized: 105_000_000n,
      protocol_fee: "500000",
      repaid_value: "1000",
      bonus_value: "50",
    });
    expect(bonus.value).toBe(45n * ONE);
  });

  it("is nothing where nothing changes hands, and never negative", () => {
    const nothing = { seized: 0n, protocolFee: 0n, repaidValue: 0n, bonusValue: 0n };
    expect(keepersBonus(nothing)).toEqual({ amount: 0n, value: 0n, fraction: 0n });
    expect(
      keepersBonus({ seized: 10n, protocolFee: 1n, repaidValue: ONE, bonusValue: 0n }).amount,
    ).toBe(0n);
  });
});
