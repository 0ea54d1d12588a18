import { expect, it } from "vitest";
import { heardOf, newestBlock } from "./block";

it("keeps the newest block, and begins anew with a chain that does", () => {
  heardOf({ height: 1_000, time: 5_000 });
  heardOf({ height: 999, time: 4_995 });
  heardOf({ height: 900, time: 4_500 });
  expect(newestBlock()).toEqual({ height: 1_000, time: 5_000 });
  heardOf({ height: 7, time: 9_000 });
  expect(newestBlock()).toEqual({ height: 7, time: 9_000 });
  heardOf({ height: 8, time: 9_005 });
  expect(newestBlock()).toEqual({ height: 8, time: 9_005 });
});
