import type { Bulwark, Receipt, Signed } from "@bulwark/client";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { heardOf } from "./block";

const hash = "AB".repeat(32);
const signed: Signed = { hash, until: 20 };
const receipt: Receipt = { hash, height: 12, gasUsed: 1, gasWanted: 2, events: [] };
const transaction = vi.fn<(hash: string) => Promise<Receipt | undefined>>();
const bulwark = { network: { chainId: "test-1" }, transaction } as unknown as Bulwark;

/** As after the page was loaded again: what it knew is gone, what it kept is not. */
async function loadedAgain() {
  vi.resetModules();
  return import("./unsettled");
}

beforeEach(async () => {
  transaction.mockReset();
  localStorage.clear();
  heardOf({ height: 10, time: 100 });
  const { keepUnsettled } = await loadedAgain();
  keepUnsettled(bulwark, "wasm1me", signed);
});
afterEach(() => localStorage.clear());

it("a page that is loaded again says once that an earlier transaction arrived after all", async () => {
  const { settleEarlier } = await loadedAgain();
  transaction.mockResolvedValue(receipt);
  await expect(settleEarlier(bulwark, "wasm1me")).rejects.toMatchObject({
    kind: "earlier_included",
    height: 12,
  });
  await settleEarlier(bulwark, "wasm1me");
  expect(transaction).toHaveBeenCalledTimes(1);
});

it("is forgotten once it is known what became of it, and not before", async () => {
  const { forgetSettled, keepUnsettled } = await loadedAgain();
  const { Dropped, TimedOut } = await import("@bulwark/client");
  const kept = () => localStorage.length;
  keepUnsettled(bulwark, "wasm1me", signed);
  forgetSettled(bulwark, "wasm1me", new TimedOut(hash));
  forgetSettled(bulwark, "wasm1me", new Error("the page was closed"));
  expect(kept()).toBe(1);
  forgetSettled(bulwark, "wasm1me", new Dropped(hash));
  expect(kept()).toBe(0);
  keepUnsettled(bulwark, "wasm1me", signed);
  forgetSettled(bulwark, "wasm1me");
  expect(kept()).toBe(0);
});

it("what an earlier load left is not forgotten because something else was done", async () => {
  const { forgetSettled } = await loadedAgain();
  forgetSettled(bulwark, "wasm1me");
  expect(localStorage.length).toBe(1);
});

it("one that a contract refused stands in nobody's way", async () => {
  const { settleEarlier } = await loadedAgain();
  const { findError } = await import("@bulwark/client");
  transaction.mockRejectedValue(findError("locked: an outside call is running {}"));
  await settleEarlier(bulwark, "wasm1me");
  await settleEarlier(bulwark, "wasm1me");
  expect(transaction).toHaveBeenCalledTimes(1);
});

it("one that may still arrive is asked for again, until it cannot any more", async () => {
  const { settleEarlier } = await loadedAgain();
  const block = await import("./block");
  transaction.mockResolvedValue(undefined);
  block.heardOf({ height: 20, time: 200 });
  await settleEarlier(bulwark, "wasm1me");
  block.heardOf({ height: 21, time: 201 });
  await settleEarlier(bulwark, "wasm1me");
  await settleEarlier(bulwark, "wasm1me");
  expect(transaction).toHaveBeenCalledTimes(2);
});

it("is nobody else's, and nothing for the signer that knows of it", async () => {
  const { keepUnsettled, settleEarlier } = await loadedAgain();
  await settleEarlier(bulwark, "wasm1another");
  keepUnsettled(bulwark, "wasm1me", signed);
  await settleEarlier(bulwark, "wasm1me");
  expect(transaction).not.toHaveBeenCalled();
});
