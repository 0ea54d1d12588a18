import type { AtRisk, LiquidationPlanResponse } from "@bulwark/client/types/BulwarkVault.types";
import { describe, expect, it } from "vitest";
import { keyOf, plannedAtFirst, rowOf, toPlan } from "./atRisk";

const risk = (id: number, status: AtRisk["status"] = "liquidatable"): AtRisk => ({
  account: { owner: "wasm1debtor", id },
  status,
  margin_ratio: "0.9",
  equity: "9",
  debts: "100",
});

describe("plans of liquidatable accounts", () => {
  const many = Array.from({ length: 500 }, (_, id) => risk(id));

  it("are asked for the worst few, however many there are", () => {
    const asked = toPlan(many, new Set());
    expect(asked.map(({ id }) => id)).toEqual(many.slice(0, plannedAtFirst).map((_, id) => id));
    expect(asked.length).toBeLessThanOrEqual(10);
  });

  it("and for others once somebody asks for them", () => {
    const asked = toPlan(many, new Set([keyOf({ owner: "wasm1debtor", id: 77 })]));
    expect(asked.map(({ id }) => id).slice(plannedAtFirst)).toEqual([77]);
  });

  it("and for none that nobody may liquidate", () => {
    expect(toPlan([risk(1, "healthy"), risk(2, "margin_call")], new Set())).toEqual([]);
  });
});

describe("a row", () => {
  const none: LiquidationPlanResponse = { plan: null } as LiquidationPlanResponse;

  it("says whether its plan is known, being worked out, or still to be asked for", () => {
    expect(rowOf(risk(1), undefined, true).offer).toBe("asked");
    expect(rowOf(risk(1), undefined, false).offer).toBe("open");
    expect(rowOf(risk(1), none)).toMatchObject({ offer: "known", plan: null, bonus: undefined });
  });
});
