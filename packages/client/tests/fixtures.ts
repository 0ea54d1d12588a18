// A network that does not exist, for tests that need no chain.

import { parseNetwork } from "../src/network.js";

export const VAULT = "wasm17p9rzwnnfxcjp32un9ug7yhhzgtkhvl9jfksztgw5uh69wac2pgsm0v070";
export const ORACLE = "wasm14hj2tavq8fpesdwxxcu44rty3hh90vhujrvcmstl4zr3txmfvw9s0phg4d";
export const LIQUIDATOR = "wasm1ghd753shjuwexxywmgs4xz7x2q732vcnkm6h2pyv9s6ah3hylvrq8epk7w";
export const TOKEN = "wasm1nc5tatafv6eyq7llkr2gv50ff9e22mnf70qgjlv737ktmt4eswrqr5j2ht";

/** Words of a test key that every local network has. */
export const WORDS =
  "illegal aim blossom tail fossil lion book canoe federal barely empower swift captain anchor " +
  "tissue light rookie random record relief crane sugar social coral";

/** The address of that key. */
export const ALICE = "wasm17kyy2k6f0j465q4jvds9lac54897ta5eaycmt4";

/** A valid network file. */
export function networkFile(): Record<string, unknown> {
  return {
    chainId: "test-local-1",
    rpc: "http://localhost:1",
    prefix: "wasm",
    gasPrice: { amount: "0.025", denom: "ustake", decimals: 6, symbol: "STAKE" },
    vault: VAULT,
    oracle: ORACLE,
    liquidator: LIQUIDATOR,
    assets: [
      { asset: "uatom", symbol: "ATOM", decimals: 6 },
      { asset: "uusdc", symbol: "USDC", name: "USD Coin", decimals: 6 },
      { asset: `cw20:${TOKEN}`, symbol: "TOK", decimals: 8 },
    ],
    exchanges: [{ contract: TOKEN, kind: "bulwark-practice", assets: ["uatom", "uusdc"] }],
    local: { users: [{ name: "alice", mnemonic: WORDS }] },
  };
}

export const NETWORK = parseNetwork(networkFile());
