import type { BulwarkEvent, HistoryEntry } from "@bulwark/client";
import { expect, test } from "vitest";
import { pricesIn } from "./prices";

const usd = (whole: bigint) => whole * 10n ** 18n;

function priced(asset: string, mid: bigint): BulwarkEvent {
  return {
    type: "price",
    emitter: "oracle",
    asset,
    mid: usd(mid),
    low: usd(mid - 1n),
    high: usd(mid + 1n),
    observed: usd(mid),
    status: "ok",
    publishedAt: 0,
  };
}

function entry(height: number, index: number, ...events: BulwarkEvent[]): HistoryEntry {
  return { height, index, hash: `${height}/${index}`, time: 1000 + height, gasUsed: 1, events };
}

test("an asset's prices come oldest first, of each block the last", () => {
  const history = [
    entry(3, 1, priced("uatom", 9n)),
    entry(3, 0, priced("uatom", 8n)),
    entry(2, 0, priced("uosmo", 1n)),
    entry(1, 0, priced("uosmo", 1n), priced("uatom", 7n)),
  ];
  expect(pricesIn(history, "uatom")).toEqual([
    { time: 1001, mid: 7, band: [6, 8] },
    { time: 1003, mid: 9, band: [8, 10] },
  ]);
});

test("blocks that the node forgot are left out", () => {
  const forgotten = { ...entry(1, 0, priced("uatom", 7n)), time: undefined };
  expect(pricesIn([forgotten], "uatom")).toEqual([]);
});
