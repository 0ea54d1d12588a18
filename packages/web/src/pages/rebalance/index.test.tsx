import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { useState } from "react";
import { MemoryRouter } from "react-router";
import { afterEach, expect, it, vi } from "vitest";
import { Component } from ".";

let address = "wasm1me";

vi.mock("../../data/chosen", () => ({
  useChosenAccount: () => ({ account: { owner: "wasm1me", id: 0 }, own: address === "wasm1me" }),
}));
vi.mock("../../data/wallet", () => ({ useWallet: () => ({ address }) }));
vi.mock("../account/Chooser", () => ({ Chooser: () => null }));
vi.mock("./Composer", () => ({
  Composer: () => {
    const [text, setText] = useState("");
    return <input aria-label="Step" value={text} onChange={(e) => setText(e.target.value)} />;
  },
}));

afterEach(cleanup);

it("steps that were written with one wallet are not there for another", () => {
  const { rerender } = render(<Component />, { wrapper: MemoryRouter });
  const field = () => screen.getByLabelText<HTMLInputElement>("Step");
  fireEvent.change(field(), { target: { value: "12" } });
  rerender(<Component />);
  expect(field().value).toBe("12");
  address = "wasm1other";
  rerender(<Component />);
  expect(field().value).toBe("");
});
