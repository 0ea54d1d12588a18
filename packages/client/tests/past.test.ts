import { toBase64, toUtf8 } from "@cosmjs/encoding";
import { QuerySmartContractStateResponse } from "cosmjs-types/cosmwasm/wasm/v1/query";
import { expect, test } from "vitest";
import { type Bulwark, connect, NodeUnreachable } from "../src/index.js";

const network = {
  chainId: "chain-1",
  rpc: "http://node.test",
  prefix: "wasm",
  gasPrice: { amount: "0.025", denom: "ustake", decimals: 6, symbol: "STAKE" },
  vault: "wasm1vault",
  oracle: "wasm1oracle",
  assets: [],
  exchanges: [],
};

/** Block time of the first block. */
const began = 1_700_000_000;

/** The node keeps blocks from here on, and what contracts knew from there on. */
const kept = { blocks: 10, state: 50 };

interface Asked {
  id: number;
  method: string;
  params: { height?: string };
}

test("the contracts are asked as of the block", async () => {
  const past = await (await connected()).at(60);
  expect(past).toMatchObject({ height: 60, time: began + 60 });
  await expect(past?.vault.config()).resolves.toEqual({ height: "60" });
  await expect(past?.oracle.config()).resolves.toEqual({ height: "60" });
});

test("of a block that the node no longer has there is nothing", async () => {
  await expect((await connected()).at(9)).resolves.toBeUndefined();
});

test("what the node no longer keeps of the contracts is refused as by a node that answers", async () => {
  const past = await (await connected()).at(49);
  const refused = past?.vault.config();
  await expect(refused).rejects.toThrow("version does not exist");
  await expect(refused).rejects.not.toBeInstanceOf(NodeUnreachable);
});

function connected(): Promise<Bulwark> {
  return connect(network, { openSocket: null, fetch: node });
}

const node: typeof fetch = async (_, init) => {
  const { id, method, params }: Asked = JSON.parse(String(init?.body));
  return Response.json({ jsonrpc: "2.0", id, ...answer(method, params) });
};

function answer(method: string, { height = "0" }: Asked["params"]): object {
  switch (method) {
    case "status":
      return { result: { node_info: { network: "chain-1" } } };
    case "header":
      return Number(height) < kept.blocks
        ? { error: { code: -32_603, message: "Internal error", data: "height is not available" } }
        : { result: { header: { time: new Date((began + Number(height)) * 1000).toISOString() } } };
    case "abci_query":
      return { result: { response: { height, ...queried(height) } } };
    default:
      throw new Error(`nobody asks for ${method}`);
  }
}

/** The contract answers which block it was asked about. */
function queried(height: string): object {
  if (Number(height) < kept.state) {
    return { code: 26, log: "failed to load state: version does not exist" };
  }
  const data = toUtf8(JSON.stringify({ height }));
  const value = QuerySmartContractStateResponse.encode({ data }).finish();
  return { code: 0, value: toBase64(value) };
}
