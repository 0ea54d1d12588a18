import type { LiquidationResponse } from "@bulwark/client/types/BulwarkVault.types";
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import { AssetsContext } from "../../data/assets";
import { AssetBook } from "../../words/assets";
import { LiquidateForm } from "./LiquidateForm";

let address = "wasm1keeper";

/** How the last asking of the account's figures ended. */
let failed: Error | null = null;
/** Whether there was an answer before. */
let isKnown = true;
const refetched: string[] = [];
const asked = <T,>(name: string, data: T) => ({
  data: isKnown ? data : undefined,
  error: failed,
  isSuccess: failed === null,
  isError: failed !== null,
  refetch: () => refetched.push(name),
});

const answered = <T,>(data: T) => ({ data, error: null, isSuccess: true, isFetching: false });
const plan = {
  debt: { asset: "uusdc", amount: "5000000" },
  seize: { asset: "uatom", amount: "1000000" },
};
const margin = {
  holdings: [
    { asset: "uatom", side: "deposit", amount: "2000000" },
    { asset: "uusdc", side: "debt", amount: "9000000" },
  ],
};

vi.mock("../../data/wallet", () => ({ useWallet: () => ({ address }) }));
vi.mock("../../data/connection", () => ({ useNetwork: () => ({}) }));
vi.mock("../../data/queries", () => ({
  usePlan: () => asked("plan", { plan }),
  useMargin: () => asked("margin", margin),
  useBalances: () => answered(new Map([["uusdc", 100_000_000n]])),
  useAccountsOf: () => answered([{ account: { owner: address, id: 3 } }]),
}));
vi.mock("../../data/send", () => ({
  sendingWords: { idle: "" },
  useEstimate: () => ({ ...answered(undefined) }),
  useSend: () => ({ sending: { step: "idle" }, send: vi.fn() }),
}));
vi.mock("./outcome", () => ({
  useOutcome: () => ({ ...answered<LiquidationResponse | undefined>(undefined), isSuccess: false }),
}));
vi.mock("./Preview", () => ({ Preview: () => null }));

const account = { owner: "wasm1debtor", id: 0 };
const form = (book: AssetBook) => (
  <AssetsContext value={book}>
    <LiquidateForm account={account} onClose={() => undefined} />
  </AssetsContext>
);
const named = [
  { asset: "uatom", symbol: "ATOM", decimals: 6 },
  { asset: "uusdc", symbol: "USDC", decimals: 6 },
];

afterEach(() => {
  cleanup();
  address = "wasm1keeper";
  failed = null;
  isKnown = true;
});

it("what one wallet chose is not another's: not the account that takes what is seized", () => {
  const book = new AssetBook(named);
  const { rerender } = render(form(book));
  fireEvent.click(screen.getByLabelText("Deposit in my account"));
  const which = () => screen.getByLabelText<HTMLSelectElement>("Which of your accounts");
  fireEvent.change(which(), { target: { value: "3" } });
  expect(which().value).toBe("3");
  address = "wasm1another";
  rerender(form(book));
  expect(screen.queryByLabelText("Which of your accounts")).toBeNull();
});

it("offers no amount of an asset that configuration and market count differently", () => {
  render(form(new AssetBook(named, [{ asset: "uusdc", decimals: 8 }])));
  expect(screen.getByLabelText<HTMLInputElement>("Repay at most").value).toBe("");
  expect(screen.getByText(/gives USDC 6 decimals, its market 8/)).toBeTruthy();
  expect(screen.getByRole<HTMLButtonElement>("button", { name: "Liquidate" }).disabled).toBe(true);
});

it("keeps what was typed when the account's figures cannot be asked for anew", () => {
  const book = new AssetBook(named);
  const { rerender } = render(form(book));
  const amount = () => screen.getByLabelText<HTMLInputElement>("Repay at most");
  fireEvent.change(amount(), { target: { value: "1.25" } });
  failed = new Error("no answer");
  rerender(form(book));
  expect(amount().value).toBe("1.25");
  expect(screen.queryByText("The account could not be fetched")).toBeNull();
});

it("asks for everything again that it needs, where there is no form yet", () => {
  failed = new Error("no answer");
  isKnown = false;
  render(form(new AssetBook(named)));
  fireEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(refetched.toSorted()).toEqual(["margin", "plan"]);
});
