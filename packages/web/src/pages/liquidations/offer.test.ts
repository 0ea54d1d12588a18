import { ONE } from "@bulwark/client";
import { describe, expect, it } from "vitest";
import { liquidation, type Offer, presetOf, received } from "./offer";

const network = {
  chainId: "test-1",
  rpc: "http://127.0.0.1:26657",
  prefix: "wasm",
  gasPrice: { amount: "0.025", denom: "ustake", decimals: 6, symbol: "STAKE" },
  vault: "wasm1vault",
  oracle: "wasm1oracle",
  assets: [],
  exchanges: [],
};
const offer: Offer = {
  account: { owner: "wasm1owner", id: 2 },
  debt: "uusdc",
  amount: 1_000_000n,
  seize: "uatom",
  receive: "tokens",
  to: undefined,
};

describe("the message of a liquidation", () => {
  it("pays the offer and asks for what was shown, less the tolerance", () => {
    expect(liquidation(network, offer, 105_001n, ONE / 100n)).toEqual({
      contract: "wasm1vault",
      funds: [{ denom: "uusdc", amount: "1000000" }],
      msg: {
        liquidate: {
          account: { owner: "wasm1owner", id: 2 },
          seize: "uatom",
          min_seized: "103951", // 103,950.99: never below the tolerance
          receive: "tokens",
        },
      },
    });
  });

  it("names the account that takes pool shares", () => {
    const to = { owner: "wasm1keeper", id: 3 };
    const { msg } = liquidation(network, { ...offer, receive: "account", to }, 10n, 0n);
    expect(msg).toMatchObject({ liquidate: { receive: "account", to, min_seized: "10" } });
  });

  it("expects what is seized less the reserve's part", () => {
    expect(received({ seized: "105000", protocol_fee: "500" })).toBe(104_500n);
  });
});

describe("what is offered at first", () => {
  it("is the plan, as far as the wallet goes", () => {
    expect(presetOf(100n, 1_000n)).toBe(100n);
    expect(presetOf(100n, 40n)).toBe(40n);
  });

  it("is the plan itself for an empty or unknown wallet", () => {
    expect(presetOf(100n, 0n)).toBe(100n);
    expect(presetOf(100n, undefined)).toBe(100n);
  });
});
