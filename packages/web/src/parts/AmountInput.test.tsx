import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { useState } from "react";
import { afterEach, describe, expect, it } from "vitest";
import { AssetsContext } from "../data/assets";
import { AssetBook } from "../words/assets";
import { AmountInput, readAmount } from "./AmountInput";

const counted = (decimals: number) => ({ kind: "counted", decimals }) as const;
const assets = new AssetBook([{ asset: "uatom", symbol: "ATOM", decimals: 6 }]);

function Form(props: { maximum?: bigint }) {
  const [text, setText] = useState("");
  const typed = readAmount(text, assets.counting("uatom"));
  return (
    <AssetsContext value={assets}>
      <AmountInput
        label="Amount"
        asset="uatom"
        text={text}
        onChange={setText}
        maximum={props.maximum}
        maximumWords="in your wallet"
        problem={typed.kind === "wrong" ? typed.problem : undefined}
      />
    </AssetsContext>
  );
}

afterEach(cleanup);

describe("the field for an amount", () => {
  it("fills in the exact maximum, not the rounded one that it shows", () => {
    render(<Form maximum={12_345_678_901n} />);
    expect(screen.getByText("12,345.67 ATOM in your wallet")).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: /^Max,/ }));
    expect(screen.getByLabelText<HTMLInputElement>("Amount").value).toBe("12345.678901");
  });

  it("says what is wrong where the reader is", () => {
    render(<Form />);
    const field = screen.getByLabelText<HTMLInputElement>("Amount");
    fireEvent.change(field, { target: { value: "1.1234567" } });
    expect(field.getAttribute("aria-invalid")).toBe("true");
    const described = field.getAttribute("aria-describedby") ?? "";
    expect(document.getElementById(described)?.textContent).toBe(
      "This asset has at most 6 decimals.",
    );
  });
});

describe("what is typed", () => {
  it("is no amount of an asset of which nobody knows how it is counted", () => {
    const contradicted = new AssetBook(
      [{ asset: "uatom", symbol: "ATOM", decimals: 6 }],
      [{ asset: "uatom", decimals: 7 }],
    ).counting("uatom");
    expect(readAmount("1", contradicted)).toEqual({
      kind: "wrong",
      problem: expect.stringContaining("gives ATOM 6 decimals, its market 7"),
    });
  });

  it("may begin or end with the point", () => {
    expect(readAmount(".5", counted(6))).toEqual({ kind: "amount", amount: 500_000n });
    expect(readAmount("5.", counted(6))).toEqual({ kind: "amount", amount: 5_000_000n });
  });

  it("is not guessed at when it is no number", () => {
    for (const text of ["-1", "1e3", "1,5", "1,234.5", "abc", ".", "1.2.3", "0x10", "+5"]) {
      expect(readAmount(text, counted(6)).kind).toBe("wrong");
    }
    expect(readAmount("  ", counted(6)).kind).toBe("empty");
    expect(readAmount("1.5", counted(0))).toEqual({
      kind: "wrong",
      problem: "This asset has whole numbers only.",
    });
  });
});
