import { describe, expect, it } from "vitest";

import { connect } from "../src/connect.js";
import { localSigner } from "../src/keys.js";
import { infoOf, isAddress, NetworkError, parseNetwork } from "../src/network.js";
import { NETWORK, networkFile, ORACLE, VAULT } from "./fixtures.js";

/** Which field is refused. */
function refused(change: (file: Record<string, unknown>) => void): string | undefined {
  const file = networkFile();
  change(file);
  try {
    parseNetwork(file);
  } catch (error) {
    if (error instanceof NetworkError) {
      expect(error.message).toContain(error.field);
      return error.field;
    }
    throw error;
  }
  return undefined;
}

describe("a network file", () => {
  it("is read, and what it does not know is ignored", () => {
    const network = parseNetwork({ ...networkFile(), theme: "dark" });
    expect(network.chainId).toBe("test-local-1");
    expect(network.vault).toBe(VAULT);
    expect(network.exchanges).toHaveLength(1);
    expect(network.local?.users.map(({ name }) => name)).toEqual(["alice"]);
    expect(network).not.toHaveProperty("theme");
  });

  it("needs neither exchanges, nor a liquidator, nor test keys", () => {
    const file = networkFile();
    delete file.exchanges;
    delete file.liquidator;
    delete file.local;
    const network = parseNetwork(file);
    expect(network.exchanges).toEqual([]);
    expect(network).not.toHaveProperty("liquidator");
    expect(network).not.toHaveProperty("local");
    expect(parseNetwork({ ...file, liquidator: null, local: null })).toEqual(network);
  });

  it("is refused where it is no object", () => {
    for (const file of [undefined, null, "{}", 1, []]) {
      expect(() => parseNetwork(file)).toThrow(NetworkError);
    }
  });

  it("is refused by the name of the field that is wrong", () => {
    expect(refused((file) => delete file.chainId)).toBe("chainId");
    expect(refused((file) => (file.chainId = " "))).toBe("chainId");
    expect(refused((file) => (file.rpc = "127.0.0.1:26657"))).toBe("rpc");
    expect(refused((file) => (file.rpc = "ws://127.0.0.1"))).toBe("rpc");
    expect(refused((file) => (file.rpc = "http://"))).toBe("rpc");
    expect(refused((file) => (file.vault = ORACLE.replace("wasm", "osmo")))).toBe("vault");
    expect(refused((file) => (file.oracle = ORACLE.toUpperCase()))).toBe("oracle");
    expect(refused((file) => (file.oracle = `${ORACLE.slice(0, -1)}q`))).toBe("oracle");
    expect(refused((file) => (file.gasPrice = { ...gasPrice, amount: "-1" }))).toBe(
      "gasPrice.amount",
    );
    expect(refused((file) => (file.gasPrice = { ...gasPrice, amount: 0.025 }))).toBe(
      "gasPrice.amount",
    );
    expect(refused((file) => (file.gasPrice = { ...gasPrice, decimals: 1.5 }))).toBe(
      "gasPrice.decimals",
    );
    expect(refused((file) => (file.assets = {}))).toBe("assets");
    expect(refused((file) => (file.assets = [{ asset: "uatom", symbol: "ATOM" }]))).toBe(
      "assets[0].decimals",
    );
    const atom = { asset: "uatom", symbol: "ATOM", decimals: 6 };
    expect(refused((file) => (file.assets = [atom, atom]))).toBe("assets[1].asset");
    expect(refused((file) => (file.assets = [{ ...atom, asset: "cw20:nobody" }]))).toBe(
      "assets[0].asset",
    );
    expect(refused((file) => (file.liquidator = "nobody"))).toBe("liquidator");
  });

  it("is refused with exchanges that it does not know or whose assets it does not list", () => {
    const exchange = { contract: VAULT, kind: "bulwark-practice", assets: ["uatom", "uusdc"] };
    const kind = { ...exchange, kind: "other" };
    expect(refused((file) => (file.exchanges = [kind]))).toBe("exchanges[0].kind");
    const unknown = { ...exchange, assets: ["uatom", "ubtc"] };
    expect(refused((file) => (file.exchanges = [unknown]))).toBe("exchanges[0].assets[1]");
    const twice = { ...exchange, assets: ["uatom", "uatom"] };
    expect(refused((file) => (file.exchanges = [twice]))).toBe("exchanges[0].assets");
  });

  it("has test keys only where the node is on this machine", () => {
    expect(refused((file) => (file.rpc = "https://rpc.example.com"))).toBe("local");
    expect(refused((file) => (file.rpc = "http://127.0.0.1.example.com"))).toBe("local");
    expect(refused((file) => (file.rpc = "http://[::1]:26657"))).toBeUndefined();
    // A node of a real chain, or a tunnel to one.
    for (const chainId of ["cosmoshub-4", "osmosis-1", "localhub-1", "local4", "LOCAL"]) {
      expect(refused((file) => (file.chainId = chainId))).toBe("local");
    }
    for (const chainId of ["bulwark-local-1", "local-1", "local"]) {
      expect(refused((file) => (file.chainId = chainId))).toBeUndefined();
    }
    const user = { name: "alice", mnemonic: "some words" };
    expect(refused((file) => (file.local = { users: [user, user] }))).toBe("local.users[1].name");
  });
});

describe("the address of a node", () => {
  const bad = [
    "http://user:s3cret@localhost:1",
    "http://user:s3/cr@et@localhost:1",
    "http://:s3cret@localhost:1",
    "http://s3cret@localhost:1",
    "https://localhost:1/?key=s3cret",
    "https://localhost:1/#s3cret",
    "ftp://user:s3cret@localhost:1",
    "user:s3cret@localhost",
    "http://user:s3cret@",
  ];

  it("has nothing secret in it, and what would be is not repeated", async () => {
    for (const rpc of bad) {
      for (const attempt of [
        async () => parseNetwork({ ...networkFile(), rpc }),
        () => connect({ ...NETWORK, rpc }),
        () => localSigner({ ...NETWORK, rpc }, "alice"),
      ]) {
        const error: unknown = await attempt().catch((thrown: unknown) => thrown);
        expect(error).toBeInstanceOf(NetworkError);
        expect(error).toMatchObject({ field: "rpc" });
        expect(JSON.stringify(error) + String(error)).not.toMatch(/s3|cr@et|secret/);
      }
    }
  });

  it("may have a path", () => {
    const rpc = "https://rpc.example.com:443/chain/";
    expect(parseNetwork({ ...networkFile(), local: null, rpc }).rpc).toBe(rpc);
  });
});

const gasPrice = { amount: "0.025", denom: "ustake", decimals: 6, symbol: "STAKE" };

it("an asset that the file does not name is shown by its name on the chain", () => {
  const network = parseNetwork(networkFile());
  expect(infoOf(network, "uatom", 0).symbol).toBe("ATOM");
  expect(infoOf(network, "ubtc", 8)).toEqual({ asset: "ubtc", symbol: "ubtc", decimals: 8 });
});

it("addresses are those of the chain in their one spelling", () => {
  expect(isAddress(VAULT, "wasm")).toBe(true);
  expect(isAddress(VAULT, "osmo")).toBe(false);
  expect(isAddress(VAULT.toUpperCase(), "wasm")).toBe(false);
  expect(isAddress("", "wasm")).toBe(false);
  expect(isAddress("wasm1' OR 1=1", "wasm")).toBe(false);
});
