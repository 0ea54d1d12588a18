import type { BulwarkEvent, HistoryEntry } from "@bulwark/client";
import { ONE } from "@bulwark/client";
import { describe, expect, it } from "vitest";
import { rowsOf, totalsOf } from "./history";

const liquidation = (owner: string, repaid: bigint): BulwarkEvent => ({
  emitter: "vault",
  type: "liquidation",
  owner,
  id: 0,
  keeper: "wasm1keeper",
  debtAsset: "uusdc",
  repaid: repaid * 1_000_000n,
  debtShares: 1n,
  depositAsset: "uatom",
  seized: 1n,
  tokens: 1n,
  shares: 0n,
  protocolFee: 0n,
  bonus: ONE / 20n,
  repaidValue: repaid * ONE,
  bonusValue: (repaid * ONE) / 20n,
  distressed: false,
  ratioAfter: "1.1",
});

const badDebt = (owner: string, writtenOff: bigint): BulwarkEvent => ({
  emitter: "vault",
  type: "bad_debt",
  owner,
  id: 0,
  asset: "uusdc",
  writtenOff,
  shares: 1n,
  fromReserve: 0n,
  fromSuppliers: writtenOff,
});

const entry = (hash: string, ...events: BulwarkEvent[]): HistoryEntry => ({
  hash,
  height: 7,
  index: 0,
  time: 1_700_000_000,
  gasUsed: 1,
  events,
});

describe("liquidations so far", () => {
  it("puts bad debt beside the liquidation that left it", () => {
    const rows = rowsOf([
      entry("A", liquidation("wasm1a", 100n), badDebt("wasm1a", 5n), liquidation("wasm1b", 40n)),
    ]);
    expect(rows.map(({ owner }) => owner)).toEqual(["wasm1b", "wasm1a"]);
    expect(rows[1]?.badDebt).toHaveLength(1);
    expect(rows[0]?.badDebt).toHaveLength(0);
  });

  it("finds it also where the vault told of the bad debt first, as it does", () => {
    const [row, ...others] = rowsOf([
      entry("A", badDebt("wasm1a", 5n), liquidation("wasm1a", 100n)),
    ]);
    expect(others).toEqual([]);
    expect(row?.liquidation?.repaid).toBe(100_000_000n);
    expect(row?.badDebt).toHaveLength(1);
  });

  it("lists an account that was written off without a liquidation", () => {
    const [row] = rowsOf([entry("A", badDebt("wasm1a", 5n), badDebt("wasm1a", 6n))]);
    expect(row?.liquidation).toBeUndefined();
    expect(row?.badDebt).toHaveLength(2);
  });

  it("adds up what was repaid, paid as bonus and written off", () => {
    const totals = totalsOf(
      rowsOf([
        entry("A", liquidation("wasm1a", 100n), badDebt("wasm1a", 5n)),
        entry("B", liquidation("wasm1b", 300n), badDebt("wasm1c", 7n)),
      ]),
    );
    expect(totals).toEqual({
      liquidations: 2,
      repaidValue: 400n * ONE,
      bonusValue: 20n * ONE,
      bonus: ONE / 20n,
      badDebt: [{ asset: "uusdc", amount: 12n }],
    });
  });

  it("has sums of nothing", () => {
    expect(totalsOf([]).bonus).toBe(0n);
  });
});
