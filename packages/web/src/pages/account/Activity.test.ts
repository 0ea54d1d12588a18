import { EventError, type HistoryEntry } from "@bulwark/client";
import { expect, it } from "vitest";
import { activityOf } from "./Activity";

const account = { owner: "wasm1me", id: 0 };
const entry: HistoryEntry = {
  hash: "AB",
  height: 5,
  index: 0,
  time: 100,
  gasUsed: 1,
  events: [
    {
      type: "borrow",
      ...account,
      contract: "wasm1vault",
      asset: "uatom",
      amount: 5n,
    } as unknown as HistoryEntry["events"][number],
  ],
};

it("a transaction that cannot be read whole is told of beside what can be read of it", () => {
  const unreadable = [new EventError("bulwark-deposit", "amount", "-1")];
  expect(activityOf(entry, account).map(({ event }) => event?.type)).toEqual(["borrow"]);
  const rows = activityOf({ ...entry, unreadable }, account);
  expect(rows.map(({ event }) => event?.type)).toEqual(["borrow", undefined]);
  expect(new Set(rows.map(({ key }) => key)).size).toBe(2);
  expect(activityOf({ ...entry, events: [], unreadable }, account)).toHaveLength(1);
});
