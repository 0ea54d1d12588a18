import { parseNetwork } from "@bulwark/client";
import type {
  AccountResponse,
  MarginResponse,
  SimulateResponse,
} from "@bulwark/client/types/BulwarkVault.types";
import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { AssetsContext } from "../../../data/assets";
import { AssetBook } from "../../../words/assets";
import { ActionForm } from "./ActionForm";

const network = parseNetwork({
  chainId: "test-1",
  rpc: "http://127.0.0.1:1",
  prefix: "wasm",
  gasPrice: { amount: "0.025", denom: "ustake", decimals: 6, symbol: "STAKE" },
  vault: "wasm17p9rzwnnfxcjp32un9ug7yhhzgtkhvl9jfksztgw5uh69wac2pgsm0v070",
  oracle: "wasm14hj2tavq8fpesdwxxcu44rty3hh90vhujrvcmstl4zr3txmfvw9s0phg4d",
  assets: [
    { asset: "uatom", symbol: "ATOM", decimals: 6 },
    { asset: "uusdc", symbol: "USDC", decimals: 6 },
  ],
});
const account = { owner: "wasm17kyy2k6f0j465q4jvds9lac54897ta5eaycmt4", id: 0 };

const holdings: AccountResponse = {
  account,
  locked: false,
  holdings: [
    {
      asset: "uatom",
      side: "deposit",
      idle: "100000000",
      lent: "0",
      lent_shares: "0",
      debt: "0",
      debt_shares: "0",
    },
  ],
};

const before: MarginResponse = {
  account,
  status: "healthy",
  equity: "900",
  equity_open: "890",
  deposits: "900",
  debts: "0",
  initial: "155.25",
  maintenance: "135",
  margin_ratio: "6.66",
  collateral_ratio: null,
  holdings: [],
  locked: false,
};

/** What the chain answers to whatever is simulated. */
let simulated: SimulateResponse;
const sent = vi.fn();
/** How far the sending is. */
let step: string;
/** Decimals that the markets count with. */
let counted = 6;

const answered = <T,>(data: T) => ({ data, error: null, isFetching: false });

vi.mock("../../../data/connection", () => ({ useNetwork: () => network }));
vi.mock("../../../data/wallet", () => ({ useWallet: () => ({ address: account.owner }) }));
vi.mock("../../../data/engine", () => ({
  useEngine: () => answered(undefined),
  useBasket: () => undefined,
}));
vi.mock("../../../data/send", () => ({
  sendingWords: {},
  useEstimate: (messages: unknown) =>
    answered(messages === undefined ? undefined : { gas: 1, fee: {}, feeAmount: 5_738n }),
  useSend: () => ({ sending: { step }, send: sent, reset: () => undefined }),
}));
vi.mock("../../../data/queries", () => ({
  useMarkets: () =>
    answered(
      ["uatom", "uusdc"].map((asset) => ({
        asset,
        decimals: counted,
        deposit_enabled: true,
        borrow_enabled: true,
        supply_rate: "0.02",
        borrow_rate: "0.05",
        idle: "0",
        supplied: "0",
        cash: "0",
        limits: { deposit_cap: "1000000000" },
      })),
    ),
  useAccount: () => answered(holdings),
  useAccountsOf: () => answered([holdings]),
  useMargin: () => answered(before),
  useBalances: () => answered(new Map([["uusdc", 50_000_000n]])),
  useMaxBorrow: () => answered(400_000_000n),
  useMaxWithdraw: () => answered(100_000_000n),
  useSimulate: (_: unknown, actions: unknown) =>
    answered(actions === undefined ? undefined : simulated),
}));

function open(kind: "borrow" | "deposit") {
  render(
    <AssetsContext value={new AssetBook(network.assets, [{ asset: "uusdc", decimals: counted }])}>
      <ActionForm account={account} opened={{ kind, asset: "uusdc" }} onClose={() => undefined} />
    </AssetsContext>,
  );
}

const type = (text: string) =>
  fireEvent.change(screen.getByLabelText("Amount"), { target: { value: text } });
const button = (name: string) => screen.getByRole<HTMLButtonElement>("button", { name });
const settled = { timeout: 10_000 };

describe("a form", () => {
  beforeEach(() => {
    step = "idle";
    simulated = {
      before,
      after: { ...before, equity: "900", debts: "300", margin_ratio: "4.2", collateral_ratio: "3" },
      refusal: null,
      funds: [],
      returned: [],
    };
    sent.mockReset();
    counted = 6;
  });
  afterEach(cleanup);

  it("shows the margin before and after, and the fee, and sends what it showed", async () => {
    open("borrow");
    expect(button("Borrow").disabled).toBe(true);
    type("300");
    await waitFor(() => expect(button("Borrow 300 USDC").disabled).toBe(false), settled);
    const change = screen.getByRole("region", { name: "Margin before and after" });
    // Who owes nothing has no ratio, whatever margin the deposits would need.
    expect(change.textContent).toContain("no debtbecomes4.20");
    expect(screen.getByText("0.005738 STAKE")).toBeTruthy();
    fireEvent.click(button("Borrow 300 USDC"));
    expect(sent).toHaveBeenCalledWith(
      [
        {
          contract: network.vault,
          msg: { borrow: { account, asset: "uusdc", amount: "300000000" } },
          funds: [],
        },
      ],
      { estimate: { gas: 1, fee: {}, feeAmount: 5_738n }, done: expect.any(Function) },
    );
  });

  it("says in plain words why the chain would refuse, and sends nothing", async () => {
    simulated = {
      ...simulated,
      refusal:
        'below_initial_margin: the account would not meet its initial margin {"equity_open":"100","initial":"155.25"}',
    };
    open("borrow");
    type("390");
    expect(
      await screen.findByText(/needs \$155\.25 as initial margin/, undefined, settled),
    ).toBeTruthy();
    expect(button("Borrow 390 USDC").disabled).toBe(true);
    fireEvent.submit(screen.getByLabelText("Amount"));
    expect(sent).not.toHaveBeenCalled();
  });

  it("refuses nothing that is on its way: after it the same may not be possible again", async () => {
    step = "waiting";
    simulated = {
      ...simulated,
      refusal:
        'below_initial_margin: the account would not meet its initial margin {"equity_open":"100","initial":"155.25"}',
    };
    open("borrow");
    type("390");
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(screen.queryByText(/as initial margin/)).toBeNull();
    expect(button("Borrow 390 USDC").disabled).toBe(true);
  });

  it("knows what the wallet has before the chain is asked", () => {
    open("deposit");
    type("50.000001");
    expect(screen.getByText("Your wallet has 50 USDC.")).toBeTruthy();
  });

  it("sends nothing where the configuration counts otherwise than the market", async () => {
    counted = 18;
    open("borrow");
    type("300");
    expect(await screen.findByText(/gives USDC 6 decimals, its market 18/)).toBeTruthy();
    await new Promise((resolve) => setTimeout(resolve, 400));
    fireEvent.submit(screen.getByLabelText("Amount"));
    expect(sent).not.toHaveBeenCalled();
  });

  it("fills in the maximum", async () => {
    open("borrow");
    fireEvent.click(screen.getByRole("button", { name: "Max, 400 USDC" }));
    await waitFor(() => expect(button("Borrow 400 USDC").disabled).toBe(false), settled);
  });
});
