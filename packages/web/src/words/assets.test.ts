import { describe, expect, it } from "vitest";
import { AssetBook } from "./assets";

const named = [
  { asset: "uatom", symbol: "ATOM", decimals: 6 },
  { asset: "uusdc", symbol: "USDC", decimals: 6 },
];

describe("the book of assets", () => {
  it("counts as the configuration does until markets are known, and as markets do for what it does not name", () => {
    expect(new AssetBook(named).amount("uatom", 1_500_000n)).toBe("1.5 ATOM");
    const book = new AssetBook(named, [{ asset: "factory/wasm1me/gold", decimals: 3 }]);
    expect(book.amount("factory/wasm1me/gold", 1_500n)).toBe("1.5 gold");
    expect(book.contradictions()).toEqual([]);
  });

  it("counts nothing where configuration and market contradict each other", () => {
    const book = new AssetBook(named, [
      { asset: "uatom", decimals: 6 },
      { asset: "uusdc", decimals: 18 },
    ]);
    expect(book.counting("uatom")).toEqual({ kind: "counted", decimals: 6 });
    expect(book.counting("uusdc").kind).toBe("uncounted");
    expect(book.amount("uusdc", 1_500_000n)).toBe("1500000 smallest units of USDC");
    expect(book.typed("uusdc", 1_500_000n)).toBe("");
    expect(book.contradictions()).toEqual([
      "This page's configuration gives USDC 6 decimals, its market 18. No amount of it can be sent until that is put right.",
    ]);
  });

  it("says so of what nobody lists", () => {
    expect(new AssetBook(named).amount("ujunk", 5n)).toBe("5 smallest units of ujunk");
  });

  it("rounds up what is paid, and shows all digits where they matter", () => {
    const book = new AssetBook(named);
    expect(book.amount("uatom", 1_234_567n)).toBe("1.2345 ATOM");
    expect(book.amount("uatom", 1_234_567n, { round: "up" })).toBe("1.2346 ATOM");
    expect(book.amount("uatom", 12n, { round: "up" })).toBe("0.000012 ATOM");
    expect(book.amount("uatom", 1_234_567n, { exact: true })).toBe("1.234567 ATOM");
  });
});
