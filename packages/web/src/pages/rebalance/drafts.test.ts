import { describe, expect, it } from "vitest";
import { AssetBook } from "../../words/assets";
import { draftsOf, moved, stepOf } from "./drafts";

const assets = new AssetBook([
  { asset: "uatom", symbol: "ATOM", decimals: 6 },
  { asset: "uusdc", symbol: "USDC", decimals: 6 },
]);
const draft = { key: 1, kind: "swap", asset: "uatom", get: "uusdc", text: "1.5" } as const;

describe("a step that is being written", () => {
  it("is a step once it is whole", () => {
    expect(stepOf(draft, assets)).toEqual({
      kind: "swap",
      asset: "uatom",
      amount: 1_500_000n,
      get: "uusdc",
    });
  });

  it.each([
    { ...draft, text: "" },
    { ...draft, text: "0" },
    { ...draft, text: "1.0000001" },
    { ...draft, get: "" },
    { ...draft, get: "uatom" },
  ])("is none before: %o", (incomplete) => {
    expect(stepOf(incomplete, assets)).toBeUndefined();
  });

  it("is none of an asset that configuration and market count differently", () => {
    const contradicted = new AssetBook(
      [{ asset: "uatom", symbol: "ATOM", decimals: 6 }],
      [{ asset: "uatom", decimals: 5 }],
    );
    expect(stepOf(draft, contradicted)).toBeUndefined();
    const [again] = draftsOf([{ kind: "borrow", asset: "uatom", amount: 15n }], contradicted);
    expect(again?.text).toBe("");
  });

  it("goes there and back", () => {
    const step = stepOf(draft, assets);
    if (step === undefined) throw new Error("no step");
    const [again] = draftsOf([step], assets);
    expect(again && stepOf(again, assets)).toEqual(step);
  });
});

describe("moving a step", () => {
  it("changes places with its neighbour", () => {
    expect(moved(["a", "b", "c"], 2, 1)).toEqual(["a", "c", "b"]);
  });

  it("stays inside of the list", () => {
    expect(moved(["a", "b"], 0, -1)).toEqual(["a", "b"]);
    expect(moved(["a", "b"], 1, 2)).toEqual(["a", "b"]);
  });
});
