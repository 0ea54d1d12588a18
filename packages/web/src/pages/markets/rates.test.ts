import { expect, test } from "vitest";
import { rateCurve } from "./rates";

const model = { kinked: { base: "0.01", slope: "0.06", steep_slope: "1", optimal: "0.8" } };

test("the curve has its kink where the contract has it", () => {
  const curve = rateCurve(model, "0.15");
  const at = (utilisation: number) => curve.find((point) => point.utilisation === utilisation);
  // What the contract answers as `borrow_rate` for this model.
  expect(at(0)?.borrow).toBeCloseTo(0.01, 12);
  expect(at(0.4)?.borrow).toBeCloseTo(0.04, 12);
  expect(at(0.8)?.borrow).toBeCloseTo(0.07, 12);
  expect(at(0.9)?.borrow).toBeCloseTo(0.57, 12);
  expect(at(1)?.borrow).toBeCloseTo(1.07, 12);
});

test("suppliers share the borrowers' interest without the reserve's part", () => {
  const curve = rateCurve(model, "0.15");
  expect(curve.find((point) => point.utilisation === 0.8)?.supply).toBeCloseTo(
    0.07 * 0.8 * 0.85,
    12,
  );
});

test("a kink between the steps is a point of its own", () => {
  const odd = { kinked: { ...model.kinked, optimal: "0.837" } };
  const curve = rateCurve(odd, "0");
  expect(curve.find((point) => point.utilisation === 0.837)?.borrow).toBeCloseTo(0.07, 12);
  expect(curve.map((point) => point.utilisation)).toEqual(
    curve.map((point) => point.utilisation).toSorted((one, other) => one - other),
  );
});
