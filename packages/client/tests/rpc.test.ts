import { describe, expect, it } from "vitest";

import { connect } from "../src/connect.js";
import { ClientError, NodeUnreachable } from "../src/errors.js";
import { ConnectionClosed, MalformedAnswer, NodeRefused, WrongChain } from "../src/failures.js";
import { Rpc, websocketUrl } from "../src/rpc.js";
import { FakeNode } from "./fake-node.js";
import { NETWORK } from "./fixtures.js";

/** A node that answers everything with this. */
function answering(response: () => Response | Promise<Response>): Rpc {
  return new Rpc("http://localhost:1", 1_000, async () => response());
}

/** As `fetch` does when its signal aborts. */
const never: typeof fetch = (_input, init) =>
  new Promise((_resolve, reject) => {
    init?.signal?.addEventListener("abort", () => reject(init.signal?.reason));
  });

describe("a node that does not answer as one", () => {
  it("is unreachable, in the words of what failed", async () => {
    const refused = answering(() => Promise.reject(new TypeError("fetch failed")));
    await expect(refused.ask("status")).rejects.toThrow(NodeUnreachable);
    const page = answering(() => new Response("<html>502</html>", { status: 502 }));
    await expect(page.ask("status")).rejects.toThrow(/status 502/);
    const empty = answering(() => new Response(null, { status: 204 }));
    await expect(empty.ask("status")).rejects.toThrow(NodeUnreachable);
  });

  it("has a deadline for every request", async () => {
    const rpc = new Rpc("http://localhost:1", 20, never);
    const asked = rpc.ask("status");
    await expect(asked).rejects.toThrow(NodeUnreachable);
    await expect(asked).rejects.toThrow(/no answer within 0.02 s/);
  });

  it("is told by what is malformed in its answer", async () => {
    for (const body of [null, 1, "text", [], { jsonrpc: "2.0", id: 1 }]) {
      const rpc = answering(() => Response.json(body));
      await expect(rpc.ask("status")).rejects.toThrow(MalformedAnswer);
    }
    const rpc = answering(() => Response.json({ result: { sync_info: { height: 5.5 } } }));
    const height = (await rpc.ask("status")).at("sync_info").at("height");
    expect(() => height.positive()).toThrow("sync_info.height = 5.5");
    expect(() => height.at("more")).toThrow(MalformedAnswer);
    expect(() => height.text()).toThrow(MalformedAnswer);
    expect(() => height.seconds()).toThrow(MalformedAnswer);
    expect(() => height.list()).toThrow(MalformedAnswer);
  });

  it("that refuses is quoted", async () => {
    const error = { code: -32_603, message: "Internal error", data: "height 9 is not available" };
    for (const status of [200, 500]) {
      const rpc = answering(() => Response.json({ jsonrpc: "2.0", id: 1, error }, { status }));
      const asked = rpc.ask("header", { height: "9" });
      await expect(asked).rejects.toThrow(NodeRefused);
      await expect(asked).rejects.toThrow(/header: Internal error: height 9 is not available/);
    }
  });
});

describe("a connection that is closed", () => {
  it("ends what is under way and asks nothing more", async () => {
    const rpc = new Rpc("http://localhost:1", 60_000, never);
    const asked = rpc.ask("status");
    rpc.disconnect();
    await expect(asked).rejects.toThrow(ConnectionClosed);
    await expect(rpc.ask("status")).rejects.toThrow(ConnectionClosed);
  });

  it("is typed through CosmJS as well", async () => {
    const node = new FakeNode();
    const bulwark = await connect(NETWORK, { fetch: node.fetch, openSocket: null });
    bulwark.close();
    await expect(bulwark.vault.config()).rejects.toThrow(ConnectionClosed);
    await expect(bulwark.balances(NETWORK.vault, ["uatom"])).rejects.toThrow(ClientError);
    await expect(bulwark.block()).rejects.toThrow(ConnectionClosed);
  });
});

describe("connecting", () => {
  it("to another chain's node is refused by name", async () => {
    const node = new FakeNode();
    node.chainId = "test-local-2";
    const connecting = connect(NETWORK, { fetch: node.fetch });
    await expect(connecting).rejects.toThrow(WrongChain);
    await expect(connecting).rejects.toMatchObject({
      expected: "test-local-1",
      found: "test-local-2",
    });
  });

  it("to no node is unreachable", async () => {
    const node = new FakeNode();
    node.isDown = true;
    await expect(connect(NETWORK, { fetch: node.fetch })).rejects.toThrow(NodeUnreachable);
  });
});

it("sockets are beside the requests", () => {
  expect(websocketUrl("http://127.0.0.1:26657")).toBe("ws://127.0.0.1:26657/websocket");
  expect(websocketUrl("https://rpc.example.com/chain/")).toBe(
    "wss://rpc.example.com/chain/websocket",
  );
});
