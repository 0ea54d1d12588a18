import type { ConnectOptions } from "@bulwark/client";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, render, waitFor } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import { ConnectionProvider } from "./connection";

const connect = vi.hoisted(() =>
  vi.fn<(network: object, how: ConnectOptions) => Promise<object>>(),
);

vi.mock("./chain", () => ({ connect }));
vi.mock("./assets-provider", () => ({ AssetsProvider: () => null }));
vi.mock("@bulwark/client", async (original) => ({
  ...(await original<typeof import("@bulwark/client")>()),
  parseNetwork: (json: unknown) => json,
}));

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  localStorage.clear();
});

it("what signers have pending is kept beyond the page, for the chain that it is connected to", async () => {
  vi.stubGlobal("fetch", async () => Response.json({ chainId: "test-1" }));
  connect.mockResolvedValue({ subscribe: () => () => undefined, close: () => undefined });
  render(
    <QueryClientProvider client={new QueryClient()}>
      <ConnectionProvider fallback={() => null}>page</ConnectionProvider>
    </QueryClientProvider>,
  );
  await waitFor(() => expect(connect).toHaveBeenCalled());
  const memory = connect.mock.calls[0]?.[1].memory?.("wasm1me");
  memory?.write([{ hash: "AB".repeat(32), sequence: 7, from: 10 }]);
  const [place = ""] = Object.keys(localStorage);
  expect(place).toContain("test-1");
  expect(place).toContain("wasm1me");
});
