// The network that the tests of this run share, and what they do to it.
import { inject } from "vitest";
import { artifacts, localnet, type Started, statusOf } from "./localnet.ts";
import { eventually } from "./patience.ts";

/** The network of this run. */
export const net: Started = inject("network");

/** Origins that the page may ask: its own, and the node's. */
export const origins: readonly string[] = [new URL(net.page).host, new URL(net.network.rpc).host];

/** From now on the feeder posts this price, USD per whole token; without one, that of its path. */
export async function setPrice(symbol: string, price: string | undefined): Promise<void> {
  const what = price === undefined ? ["--path"] : [price];
  await localnet("price", "--home", net.home, symbol, ...what);
}

/** Ends the node's process, as a crash does; its RPC is gone when this returns. */
export async function stopNode(): Promise<void> {
  const { nodes } = await statusOf(net.home);
  for (const { pid } of nodes) {
    if (pid !== undefined && pid !== null) process.kill(pid, "SIGTERM");
  }
  await eventually("the node to be gone", async () => {
    const answer = await fetch(`${net.network.rpc}/status`).catch(() => undefined);
    return answer === undefined || undefined;
  });
}

/** Starts the node again, with the contracts that are there: none is built meanwhile. */
export async function startNode(): Promise<void> {
  await localnet("up", "--home", net.home, "--artifacts", artifacts);
}
