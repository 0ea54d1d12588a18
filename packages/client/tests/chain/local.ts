// The local network that the tests of this folder run against. BULWARK_NETWORK names its network
// file, and BULWARK_BIN the program that started it, for tests that move prices.

import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { promisify } from "node:util";

import { parseDecimal } from "../../src/amounts.js";
import { type Bulwark, type ConnectOptions, connect } from "../../src/connect.js";
import type { AccountRef, MarginResponse } from "../../src/generated/BulwarkVault.types.js";
import { localSigner } from "../../src/keys.js";
import { type Network, parseNetwork } from "../../src/network.js";
import type { BulwarkSigner } from "../../src/signer.js";

const file = process.env.BULWARK_NETWORK;
const program = process.env.BULWARK_BIN;

/** Whether there is a network to test against. */
export const isThere = file !== undefined && program !== undefined;

/** A network may be busy, and the machine slow; nothing is measured. */
const PATIENCE_MS = 150_000;

export async function network(): Promise<Network> {
  if (file === undefined) {
    throw new Error("BULWARK_NETWORK does not name a network file");
  }
  return parseNetwork(JSON.parse(await readFile(file, "utf8")));
}

export async function connected(options: ConnectOptions = {}): Promise<Bulwark> {
  return connect(await network(), options);
}

export async function signerOf(bulwark: Bulwark, user: string): Promise<BulwarkSigner> {
  return bulwark.signer(await localSigner(bulwark.network, user));
}

/** An asset by what people call it. */
export function assetOf({ network }: Bulwark, symbol: string): string {
  const info = network.assets.find((asset) => asset.symbol === symbol);
  if (info === undefined) {
    throw new Error(`the network has no ${symbol}`);
  }
  return info.asset;
}

/** An account that nobody used yet: networks are used for more than one run. */
export async function newAccount(bulwark: Bulwark, owner: string): Promise<AccountRef> {
  const taken = new Set((await bulwark.accountsOf(owner)).map(({ account }) => account.id));
  const free = Array.from({ length: 1_000 }, (_, id) => id + 100).find((id) => !taken.has(id));
  if (free === undefined) {
    throw new Error(`${owner} has no account left`);
  }
  return { owner, id: free };
}

/** The price that a coin is held at from now on; without a price it follows its path again. */
export async function holdPrice(symbol: string, price: string | undefined): Promise<void> {
  const what = price === undefined ? ["--path"] : [price];
  await bulwarkProgram("localnet", "price", symbol, ...what, "--home", home());
}

export async function bulwarkProgram(...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(program ?? "", args);
  return stdout;
}

/** The network's folder. */
export function home(): string {
  return dirname(file ?? "");
}

/** Tries until it gives something. */
export async function eventually<T>(
  what: string,
  attempt: () => Promise<T | undefined>,
): Promise<T> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const found = await attempt();
    if (found !== undefined) {
      return found;
    }
    if (Date.now() > deadline) {
      throw new Error(`waited in vain for ${what}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}

/** A coin's price in force. */
export async function priceOf(bulwark: Bulwark, asset: string): Promise<bigint> {
  const price = (await bulwark.prices([asset])).get(asset);
  if (price === undefined) {
    throw new Error(`${asset} has no price`);
  }
  return parseDecimal(price.record.mid);
}

/** Waits until positions can be opened at the prices of all these coins. */
export async function openable(bulwark: Bulwark, ...symbols: string[]): Promise<void> {
  const assets = symbols.map((symbol) => assetOf(bulwark, symbol));
  await eventually(`prices of ${symbols} that open positions`, async () => {
    const prices = [...(await bulwark.prices(assets)).values()];
    return prices.every(({ record, stale }) => record.status === "ok" && !stale) || undefined;
  });
}

/** The ratio as atomics; nothing where no margin is required. */
export function ratioOf({ margin_ratio }: MarginResponse): bigint | undefined {
  return margin_ratio === null || margin_ratio === undefined
    ? undefined
    : parseDecimal(margin_ratio);
}
