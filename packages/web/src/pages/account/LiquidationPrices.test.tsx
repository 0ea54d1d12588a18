import { cleanup, render } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import { LiquidationPrices } from "./LiquidationPrices";

afterEach(cleanup);

const none = { asset: "uatom" };
const shown = (status: "healthy" | "liquidatable" | "insolvent") => {
  render(<LiquidationPrices prices={none} now="10" status={status} />);
  return document.body.textContent;
};

it("no price liquidates an account that is safe from this asset", () => {
  expect(shown("healthy")).toBe("none");
});

it.each(["liquidatable", "insolvent"] as const)("an account that is %s is so already", (status) => {
  expect(shown(status)).toBe("already");
});
