import { parseNetwork } from "@bulwark/client";
import type { AccountHolding } from "@bulwark/client/types/BulwarkVault.types";
import { describe, expect, it } from "vitest";
import {
  actionsOf,
  capRoom,
  type Draft,
  isWhole,
  lessFees,
  maximumOf,
  messagesOf,
  movedBy,
  wholeRepayment,
} from "./draft";

const network = parseNetwork({
  chainId: "test-1",
  rpc: "http://127.0.0.1:1",
  prefix: "wasm",
  gasPrice: { amount: "0.025", denom: "ustake", decimals: 6, symbol: "STAKE" },
  vault: "wasm17p9rzwnnfxcjp32un9ug7yhhzgtkhvl9jfksztgw5uh69wac2pgsm0v070",
  oracle: "wasm14hj2tavq8fpesdwxxcu44rty3hh90vhujrvcmstl4zr3txmfvw9s0phg4d",
  assets: [{ asset: "uatom", symbol: "ATOM", decimals: 6 }],
});
const account = { owner: "wasm17kyy2k6f0j465q4jvds9lac54897ta5eaycmt4", id: 1 };
const draft: Draft = {
  kind: "withdraw",
  account,
  asset: "uatom",
  amount: 700n,
  whole: false,
  lend: false,
  to: undefined,
};
const holding: AccountHolding = {
  asset: "uatom",
  side: "deposit",
  idle: "500",
  lent: "200",
  lent_shares: "200000000",
  debt: "0",
  debt_shares: "0",
};

describe("a draft", () => {
  it("becomes the message of its account, with coins where something is paid", () => {
    const [message] = messagesOf(network, { ...draft, kind: "deposit", lend: true });
    expect(message).toMatchObject({
      contract: network.vault,
      msg: { deposit: { account, lend: true } },
      funds: [{ denom: "uatom", amount: "700" }],
    });
  });

  it("names no amount where all there is shall leave, so that interest goes along", () => {
    expect(messagesOf(network, { ...draft, whole: true })[0]?.msg).toEqual({
      withdraw: { account, asset: "uatom" },
    });
    expect(actionsOf({ ...draft, whole: true })).toEqual([{ withdraw: { asset: "uatom" } }]);
  });

  it("previews a transfer as the withdrawal that it is for the account", () => {
    expect(actionsOf({ ...draft, kind: "transfer" })).toEqual([
      { withdraw: { asset: "uatom", amount: "700" } },
    ]);
    expect(messagesOf(network, { ...draft, kind: "transfer" })).toEqual([]);
  });

  it("is about all there is only when it says exactly that", () => {
    expect(isWhole("withdraw", holding, 700n)).toBe(true);
    expect(isWhole("withdraw", holding, 699n)).toBe(false);
    expect(isWhole("lend", holding, 500n)).toBe(true);
    expect(isWhole("deposit", holding, 700n)).toBe(false);
  });

  it("stays all there is while interest grows, and takes nothing along that came otherwise", () => {
    const owed = (debt: bigint): AccountHolding => ({
      ...holding,
      side: "debt",
      idle: "0",
      lent: "0",
      debt: debt.toString(),
    });
    const entered = 1_000_000n;
    expect(isWhole("repay", owed(entered + 3n), entered, true)).toBe(true);
    expect(isWhole("repay", owed(entered + 3n), entered)).toBe(false);
    expect(isWhole("repay", owed(entered - 1n), entered, true)).toBe(false);
    expect(isWhole("repay", owed(entered + 500n), entered, true)).toBe(true);
    expect(isWhole("repay", owed(entered + 501n), entered, true)).toBe(false);
    // What is sent covers what counts as all.
    expect(wholeRepayment(entered, 2n * entered)).toBeGreaterThan(entered + 500n);
  });

  it("leaves in the wallet what fees need, to the last digit of their price", () => {
    const paidIn = (amount: string) => ({ amount, denom: "ustake" });
    expect(lessFees(60_000n, "ustake", paidIn("0.025"))).toBe(10_000n);
    expect(lessFees(60_000n, "ustake", paidIn("0.0000000001"))).toBe(59_999n);
    expect(lessFees(60_000n, "uatom", paidIn("0.025"))).toBe(60_000n);
    expect(lessFees(60_000n, "ustake", paidIn("9".repeat(400)))).toBe(0n);
  });
});

describe("what became of a draft", () => {
  it("is what the vault said, not what was sent", () => {
    const repaid = {
      type: "repay",
      emitter: "vault",
      owner: account.owner,
      id: account.id,
      sender: account.owner,
      asset: "uatom",
      amount: 650n,
      shares: 650n,
      refunded: 50n,
    } as const;
    expect(movedBy({ ...draft, kind: "repay" }, [repaid])).toBe(650n);
    expect(movedBy({ ...draft, kind: "repay" }, [])).toBe(700n);
  });
});

describe("the most that a form can be filled with", () => {
  const room = {
    holding,
    market: undefined,
    wallet: 1000n,
    maxBorrow: 60n,
    maxWithdraw: 650n,
    maxTransfer: undefined,
  };

  it("is what the vault answers for what adds risk", () => {
    expect(maximumOf("borrow", room)).toBe(60n);
    expect(maximumOf("withdraw", room)).toBe(650n);
  });

  it("is more for a transfer where only the pool's cash keeps deposits from leaving", () => {
    expect(maximumOf("transfer", { ...room, maxTransfer: 700n })).toBe(700n);
    expect(maximumOf("transfer", room)).toBe(650n);
  });

  it("is what a market takes until its deposit cap", () => {
    const limits = { deposit_cap: "1000" };
    expect(capRoom({ limits, idle: "300", supplied: "500" })).toBe(200n);
    expect(capRoom({ limits, idle: "900", supplied: "500" })).toBe(0n);
  });

  it("is the debt or the wallet, whichever is less", () => {
    const debt = { ...holding, side: "debt", debt: "1500" } as const;
    expect(maximumOf("repay", { ...room, holding: debt })).toBe(1000n);
    expect(maximumOf("repay", { ...room, holding: debt, wallet: 2000n })).toBe(1500n);
  });

  it("is unknown until it is known", () => {
    expect(maximumOf("deposit", { ...room, wallet: undefined })).toBeUndefined();
    expect(maximumOf("recall", room)).toBeUndefined();
  });

  it("leaves a thousandth for interest when a debt is repaid whole, if the wallet has it", () => {
    expect(wholeRepayment(1_000_000n, 5_000_000n)).toBe(1_001_001n);
    expect(wholeRepayment(1_000_000n, 1_000_500n)).toBe(1_000_500n);
  });
});
