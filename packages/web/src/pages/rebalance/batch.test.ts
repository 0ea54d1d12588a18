import { type Exchange, ONE, parseNetwork } from "@bulwark/client";
import { describe, expect, it } from "vitest";
import { batchOf, planOf, returnedBy } from "./batch";
import { holdingsAfter, type KnownStep } from "./steps";
import { deleverage, leverage, swapDebt, swapDeposit } from "./templates";

const exchange: Exchange = {
  contract: "wasm1exchange",
  kind: "bulwark-practice",
  assets: ["uatom", "uusdc", "uosmo"],
};
const percent = ONE / 100n;
const quoted = (steps: readonly { kind: string }[], expected: bigint) =>
  steps.map((step) => (step.kind === "swap" ? { ...step, expected } : step)) as KnownStep[];
const plan = (steps: readonly KnownStep[]) => planOf(steps, exchange, "wasm1me", percent);
const decoded = (action: unknown) => {
  const { call } = action as { call: { msg: string } };
  return JSON.parse(atob(call.msg));
};

describe("a batch that leverages up", () => {
  const steps = quoted(leverage({ borrow: "uusdc", buy: "uatom", own: 50n, amount: 1_000n }), 99n);
  const made = plan(steps);

  it("deposits, borrows and swaps, in this order", () => {
    expect(made.actions.map((action) => Object.keys(action)[0])).toEqual([
      "deposit",
      "borrow",
      "call",
    ]);
    expect(made.actions[2]).toMatchObject({
      call: {
        contract: "wasm1exchange",
        funds: [{ asset: "uusdc", amount: "1000" }],
        returns: ["uatom"],
      },
    });
  });

  it("asks the exchange for no less than the tolerance allows, rounded up", () => {
    expect(made.swaps[0]?.least).toBe(99n); // 98.01
    expect(decoded(made.actions[2])).toEqual({ swap: { ask: "uatom", min_return: "99" } });
  });

  it("sends what is deposited, and not what is borrowed", () => {
    expect(made.funds).toEqual([{ asset: "uatom", amount: 50n }]);
  });

  it("is simulated with what the swap takes gone, and what it brings deposited", () => {
    expect(made.simulated).toEqual([
      { deposit: { asset: "uatom", amount: "50" } },
      { borrow: { asset: "uusdc", amount: "1000", to: "wasm1me" } },
      { deposit: { asset: "uatom", amount: "99" } },
    ]);
    // The simulation thinks that what the swap brings was sent as well.
    const answer = { funds: [{ asset: "uatom", amount: "149" }], returned: [] };
    expect(returnedBy(made, answer)).toEqual([]);
  });

  it("leaves the account with both sides larger", () => {
    expect(holdingsAfter([{ asset: "uatom", side: "deposit", amount: "10" }], steps)).toEqual([
      { asset: "uatom", side: "deposit", amount: "159" },
      { asset: "uusdc", side: "debt", amount: "1000" },
    ]);
  });
});

describe("a batch that deleverages", () => {
  const steps = quoted(deleverage({ sell: "uatom", repay: "uusdc", amount: 10n }), 95n);

  it("takes nothing from the wallet", () => {
    const made = plan(steps);
    expect(made.funds).toEqual([]);
    expect(made.actions.map((action) => Object.keys(action)[0])).toEqual(["withdraw", "call"]);
  });

  it("repays with what the swap brings, and keeps what is too much as a deposit", () => {
    const owing = [
      { asset: "uatom", side: "deposit", amount: "30" },
      { asset: "uusdc", side: "debt", amount: "90" },
    ] as const;
    expect(holdingsAfter(owing, steps)).toEqual([
      { asset: "uatom", side: "deposit", amount: "20" },
      { asset: "uusdc", side: "deposit", amount: "5" },
    ]);
  });
});

describe("batches that swap", () => {
  it("a deposit", () => {
    expect(swapDeposit({ from: "uatom", into: "uosmo", amount: 7n })).toEqual([
      { kind: "withdraw", asset: "uatom", amount: 7n },
      { kind: "swap", asset: "uatom", amount: 7n, get: "uosmo" },
    ]);
  });

  it("a debt", () => {
    expect(swapDebt({ from: "uusdc", into: "uosmo", amount: 7n })).toEqual([
      { kind: "borrow", asset: "uosmo", amount: 7n },
      { kind: "swap", asset: "uosmo", amount: 7n, get: "uusdc" },
    ]);
  });
});

describe("what is in hand", () => {
  it("is used before coins are sent", () => {
    const made = plan([
      { kind: "withdraw", asset: "uatom", amount: 10n },
      { kind: "repay", asset: "uatom", amount: 4n },
      { kind: "swap", asset: "uatom", amount: 9n, get: "uusdc", expected: 90n },
    ]);
    expect(made.funds).toEqual([{ asset: "uatom", amount: 3n }]);
    expect(made.simulated).toEqual([
      { withdraw: { asset: "uatom", amount: "6", to: "wasm1me" } },
      { withdraw: { asset: "uatom", amount: "4" } },
      { repay: { asset: "uatom", amount: "4" } },
      { deposit: { asset: "uusdc", amount: "90" } },
    ]);
    const answer = { funds: [{ asset: "uusdc", amount: "90" }], returned: [] };
    expect(returnedBy(made, answer)).toEqual([]);
  });

  it("comes back if no step uses it, also what a debt did not need", () => {
    const made = plan([
      { kind: "withdraw", asset: "uatom", amount: 10n },
      { kind: "swap", asset: "uatom", amount: 6n, get: "uusdc", expected: 60n },
      { kind: "repay", asset: "uosmo", amount: 5n },
    ]);
    expect(made.funds).toEqual([{ asset: "uosmo", amount: 5n }]);
    const answer = {
      funds: [
        { asset: "uusdc", amount: "60" },
        { asset: "uosmo", amount: "5" },
      ],
      returned: [
        { asset: "uatom", amount: "4" },
        { asset: "uosmo", amount: "2" },
      ],
    };
    expect(returnedBy(made, answer)).toEqual([
      { asset: "uosmo", amount: 2n },
      { asset: "uatom", amount: 4n },
    ]);
  });

  it("comes back although the simulation took it for what a swap brings", () => {
    const made = plan([
      { kind: "withdraw", asset: "uatom", amount: 50n },
      { kind: "borrow", asset: "uusdc", amount: 100n },
      { kind: "swap", asset: "uusdc", amount: 100n, get: "uatom", expected: 10n },
    ]);
    const answer = { funds: [], returned: [{ asset: "uatom", amount: "40" }] };
    expect(returnedBy(made, answer)).toEqual([{ asset: "uatom", amount: 50n }]);
  });
});

describe("a batch that is refused before it is sent", () => {
  it("swaps what the exchange does not have", () => {
    const steps: KnownStep[] = [
      { kind: "swap", asset: "uatom", amount: 1n, get: "adai", expected: 1n },
    ];
    expect(() => plan(steps)).toThrow(/adai/);
  });
});

describe("a batch that cannot be written", () => {
  const network = parseNetwork({
    chainId: "test-1",
    rpc: "http://127.0.0.1:1",
    prefix: "wasm",
    gasPrice: { amount: "0.025", denom: "ustake", decimals: 6, symbol: "STAKE" },
    vault: "wasm17p9rzwnnfxcjp32un9ug7yhhzgtkhvl9jfksztgw5uh69wac2pgsm0v070",
    oracle: "wasm14hj2tavq8fpesdwxxcu44rty3hh90vhujrvcmstl4zr3txmfvw9s0phg4d",
    assets: [],
  });
  const account = { owner: "wasm17kyy2k6f0j465q4jvds9lac54897ta5eaycmt4", id: 1 };
  const step: KnownStep = { kind: "deposit", asset: "uatom", amount: 1n };

  it("says why, instead of breaking the page", () => {
    const many = batchOf(network, account, plan(Array.from({ length: 33 }, () => step)));
    expect(many.batch).toBeUndefined();
    expect(many.error?.message).toContain("1 to 32");
    const token = batchOf(network, account, plan([{ ...step, asset: "cw20:wasm1token" }]));
    expect(token.error?.message).toContain("only coins");
  });

  it("is written otherwise, with what it needs", () => {
    expect(batchOf(network, account, plan([step])).batch).toMatchObject([
      { contract: network.vault, funds: [{ denom: "uatom", amount: "1" }] },
    ]);
  });
});
