import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import { Fold } from "./Fold";

afterEach(cleanup);

const fold = (urgent: boolean) => (
  <Fold summary="2 of 2 in force" what="the feeds" urgent={urgent}>
    <p>ATOM</p>
  </Fold>
);
const isFolded = () => screen.getByText("ATOM").parentElement?.className.includes("folded");

it("is folded until its button is pressed, which says so", () => {
  render(fold(false));
  const button = screen.getByRole("button", { name: "Show the feeds" });
  expect(button.getAttribute("aria-expanded")).toBe("false");
  expect(isFolded()).toBe(true);
  fireEvent.click(button);
  expect(screen.getByRole("button", { name: "Hide the feeds" })).toBe(button);
  expect(button.getAttribute("aria-expanded")).toBe("true");
  expect(isFolded()).toBe(false);
});

it("unfolds by itself when something in it needs attention, and stays as somebody left it", () => {
  const { rerender } = render(fold(false));
  rerender(fold(true));
  expect(isFolded()).toBe(false);
  fireEvent.click(screen.getByRole("button", { name: "Hide the feeds" }));
  expect(isFolded()).toBe(true);
});
