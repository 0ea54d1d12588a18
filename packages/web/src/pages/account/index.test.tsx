import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { MemoryRouter } from "react-router";
import { afterEach, expect, it, vi } from "vitest";
import { Component } from ".";
import type { Opened } from "./forms/ActionDialog";

const one = "wasm17kyy2k6f0j465q4jvds9lac54897ta5eaycmt4";
const other = "wasm17p9rzwnnfxcjp32un9ug7yhhzgtkhvl9jfksztgw5uh69wac2pgsm0v070";
let owner = one;

vi.mock("../../data/chosen", () => ({
  useChosenAccount: () => ({ account: { owner, id: 0 }, own: true, choose: () => undefined }),
  accountPath: (account: { owner: string; id: number }) =>
    `/account/${account.owner}/${account.id}`,
}));
vi.mock("../../data/connection", () => ({ useNetwork: () => ({ prefix: "wasm" }) }));
vi.mock("../../data/queries", () => ({
  useMargin: () => ({ data: {}, error: null }),
  useAccount: () => ({ data: {}, error: null }),
}));
vi.mock("./Activity", () => ({ Activity: () => null }));
vi.mock("./Chooser", () => ({ Chooser: () => null }));
vi.mock("./Overview", () => ({ Overview: () => null }));
vi.mock("./Holdings", () => ({ Holdings: () => null }));
vi.mock("./Welcome", () => ({ Welcome: () => null, NoAddress: () => null }));
vi.mock("./Toolbar", () => ({
  Toolbar: (props: { onOpen: (opened: Opened) => void }) => (
    <button type="button" onClick={() => props.onOpen({ kind: "deposit" })}>
      Deposit
    </button>
  ),
}));
vi.mock("./forms/ActionDialog", () => ({
  ActionDialog: (props: { account: { owner: string } }) => <p>form of {props.account.owner}</p>,
}));

afterEach(cleanup);

it("a form that is open is gone when the wallet changes to somebody else", () => {
  const { rerender } = render(<Component />, { wrapper: MemoryRouter });
  fireEvent.click(screen.getByRole("button", { name: "Deposit" }));
  expect(screen.getByText(`form of ${one}`)).toBeTruthy();
  owner = other;
  rerender(<Component />);
  expect(screen.queryByText(/^form of/)).toBeNull();
});
