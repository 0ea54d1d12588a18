import type { Pending } from "@bulwark/client";
import { afterEach, expect, it, vi } from "vitest";
import { unsettledOf } from "./unsettled";

const pending: Pending[] = [
  { hash: "AB".repeat(32), sequence: 7, from: 10, until: 210 },
  { hash: "CD".repeat(32), sequence: 7, from: 12 },
];
const mine = () => unsettledOf("test-1", "wasm1me");

afterEach(() => {
  vi.restoreAllMocks();
  localStorage.clear();
});

it("what is pending outlives the page, for each chain and address on its own", () => {
  mine().write(pending);
  expect(mine().read()).toEqual(pending);
  expect(unsettledOf("test-1", "wasm1another").read()).toEqual([]);
  expect(unsettledOf("test-2", "wasm1me").read()).toEqual([]);
  mine().write([]);
  expect(mine().read()).toEqual([]);
  expect(localStorage.length).toBe(0);
});

it("without storage it is known as long as the page is open", () => {
  const full = vi.spyOn(Storage.prototype, "setItem").mockImplementation(() => {
    throw new DOMException("full", "QuotaExceededError");
  });
  mine().write(pending);
  expect(mine().read()).toEqual(pending);
  full.mockRestore();
  mine().write(pending.slice(1));
  expect(localStorage.length).toBe(1);
  expect(mine().read()).toEqual(pending.slice(1));
});
