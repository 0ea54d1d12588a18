// Where a deployment of Bulwark is: the file `config.json` that a page finds beside itself.

import { fromBech32 } from "@cosmjs/encoding";

import { AmountError, MAX_TOKEN_DECIMALS, parseDecimal } from "./amounts.js";
import { cw20Contract } from "./assets.js";

/** A deployment of Bulwark on a chain. */
export interface Network {
  /** The chain's id. Whoever answers with another one is refused. */
  chainId: string;
  /** Address of a node's RPC, `http:` or `https:`, without a user, a password, a query or a fragment. */
  rpc: string;
  /** What addresses of the chain begin with. */
  prefix: string;
  /** What transactions cost. */
  gasPrice: GasPrice;
  /** Address of the vault. */
  vault: string;
  /** Address of the oracle. */
  oracle: string;
  /** How assets are shown. Assets that are missing here are shown by their names on the chain. */
  assets: AssetInfo[];
  /** Where assets can be swapped. */
  exchanges: Exchange[];
  /** Address of the stateless contract that liquidates by swapping what is seized. */
  liquidator?: string;
  /** Only on a local network: its node is on this machine, and a part of its chain id is `local`. */
  local?: LocalNetwork;
}

/** What transactions cost. */
export interface GasPrice {
  /** Smallest units for a unit of gas, a decimal number. */
  amount: string;
  /** Denom that fees are paid in. */
  denom: string;
  /** A whole one has 10^decimals smallest units. */
  decimals: number;
  /** What people call it. */
  symbol: string;
}

/** How an asset is shown. */
export interface AssetInfo {
  /** A bank denom, or `cw20:<address>`. */
  asset: string;
  /** What people call it. */
  symbol: string;
  /** Its long name. */
  name?: string;
  /** A whole token has 10^decimals smallest units. */
  decimals: number;
}

/** A contract that swaps assets. */
export interface Exchange {
  /** Address. */
  contract: string;
  /** Any of these can be given for any other. */
  assets: string[];
  /** Whose messages it takes: `bulwark-practice` is the toy of local networks. */
  kind: "bulwark-practice";
}

/** What only a local network has. */
export interface LocalNetwork {
  /** Users whose keys everybody knows. */
  users: LocalUser[];
}

/** A user whose key everybody knows. */
export interface LocalUser {
  name: string;
  /** Words of the key. Never send it anything of worth. */
  mnemonic: string;
}

/** A value of a network file that is refused. */
export class NetworkError extends Error {
  override readonly name = "NetworkError";

  constructor(
    /** Where it stands, such as `assets[2].decimals`. */
    readonly field: string,
    /** What was found there. */
    readonly value: unknown,
    /** What it has to be. */
    readonly bound: string,
  ) {
    super(`network file: ${field} = ${shown(value)}: ${bound}`);
  }
}

/**
 * Checks what was read from a network file. Fields that are not known are ignored.
 *
 * @throws {NetworkError} Naming the first value that is refused.
 */
export function parseNetwork(json: unknown): Network {
  const file = object("the file", json);
  const prefix = text("prefix", file.prefix);
  const rpc = checkedUrl("rpc", file.rpc);
  const assets = list("assets", file.assets).map((asset, index) =>
    assetInfo(`assets[${index}]`, asset, prefix),
  );
  distinct("assets", "asset", assets);
  const known = new Set(assets.map(({ asset }) => asset));
  const network: Network = {
    chainId: text("chainId", file.chainId),
    rpc,
    prefix,
    gasPrice: gasPrice(file.gasPrice),
    vault: address("vault", file.vault, prefix),
    oracle: address("oracle", file.oracle, prefix),
    assets,
    exchanges: list("exchanges", file.exchanges ?? []).map((one, index) =>
      exchange(`exchanges[${index}]`, one, prefix, known),
    ),
  };
  if (isGiven(file.liquidator)) {
    network.liquidator = address("liquidator", file.liquidator, prefix);
  }
  if (isGiven(file.local)) {
    network.local = localNetwork(file.local, network);
  }
  return network;
}

/**
 * How an asset is shown. One that the network file does not name is shown by its name on the
 * chain.
 *
 * @param decimals What the market says, for an asset that the file does not name.
 */
export function infoOf(network: Network, asset: string, decimals: number): AssetInfo {
  const known = network.assets.find((info) => info.asset === asset);
  return known ?? { asset, symbol: asset, decimals };
}

/** Addresses of Bulwark's own contracts. */
export function contractsOf({ vault, oracle, liquidator }: Network): ReadonlySet<string> {
  return new Set(liquidator === undefined ? [vault, oracle] : [vault, oracle, liquidator]);
}

function gasPrice(value: unknown): GasPrice {
  const fields = object("gasPrice", value);
  const amount = text("gasPrice.amount", fields.amount);
  try {
    if (parseDecimal(amount) < 0n) {
      throw new NetworkError("gasPrice.amount", amount, "not negative");
    }
  } catch (error) {
    if (error instanceof AmountError) {
      throw new NetworkError("gasPrice.amount", amount, "a decimal number");
    }
    throw error;
  }
  return {
    amount,
    denom: text("gasPrice.denom", fields.denom),
    decimals: decimals("gasPrice.decimals", fields.decimals),
    symbol: text("gasPrice.symbol", fields.symbol),
  };
}

function assetInfo(field: string, value: unknown, prefix: string): AssetInfo {
  const fields = object(field, value);
  const asset = text(`${field}.asset`, fields.asset);
  const token = cw20Contract(asset);
  if (token !== undefined) {
    address(`${field}.asset`, token, prefix);
  }
  const info: AssetInfo = {
    asset,
    symbol: text(`${field}.symbol`, fields.symbol),
    decimals: decimals(`${field}.decimals`, fields.decimals),
  };
  if (isGiven(fields.name)) {
    info.name = text(`${field}.name`, fields.name);
  }
  return info;
}

function exchange(
  field: string,
  value: unknown,
  prefix: string,
  known: ReadonlySet<string>,
): Exchange {
  const fields = object(field, value);
  const { kind } = fields;
  if (kind !== "bulwark-practice") {
    throw new NetworkError(`${field}.kind`, kind, "bulwark-practice");
  }
  const assets = list(`${field}.assets`, fields.assets).map((asset, index) => {
    const place = `${field}.assets[${index}]`;
    const name = text(place, asset);
    if (!known.has(name)) {
      throw new NetworkError(place, name, "one of the network's assets");
    }
    return name;
  });
  if (new Set(assets).size < 2 || new Set(assets).size < assets.length) {
    throw new NetworkError(`${field}.assets`, assets, "two or more different assets");
  }
  return {
    contract: address(`${field}.contract`, fields.contract, prefix),
    assets,
    kind,
  };
}

/** Keys that everybody knows are no use anywhere else, and a trap. */
function localNetwork(value: unknown, network: Network): LocalNetwork {
  const place = notLocal(network);
  if (place !== undefined) {
    throw new NetworkError("local", place.value, `test keys only ${place.bound}`);
  }
  const users = list("local.users", object("local", value).users).map((user, index) => {
    const field = `local.users[${index}]`;
    const fields = object(field, user);
    const mnemonic = text(`${field}.mnemonic`, fields.mnemonic);
    return { name: text(`${field}.name`, fields.name), mnemonic };
  });
  distinct("local.users", "name", users);
  return { users };
}

/**
 * Why a network is no local one, and a key that everybody knows must not sign for it; nothing if it is
 * one. That the node is on this machine is not enough: it may be one of a chain with coins of worth, or
 * the way to one. `bulwark localnet` calls its chain `bulwark-local-1`.
 */
export function notLocal({
  rpc,
  chainId,
}: Pick<Network, "rpc" | "chainId">): { value: string; bound: string } | undefined {
  if (!LOOPBACK.has(new URL(checkedUrl("rpc", rpc)).hostname)) {
    return { value: rpc, bound: "where the node is on this machine" };
  }
  if (!chainId.split(/[-_.]/).includes("local")) {
    return {
      value: chainId,
      bound: "where a part of the chain id is local, as of bulwark-local-1",
    };
  }
  return undefined;
}

const LOOPBACK: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function object(field: string, value: unknown): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new NetworkError(field, value, "an object");
  }
  return { ...value };
}

function list(field: string, value: unknown): unknown[] {
  if (!Array.isArray(value)) {
    throw new NetworkError(field, value, "a list");
  }
  return value;
}

function text(field: string, value: unknown): string {
  if (typeof value !== "string" || value.trim() === "") {
    throw new NetworkError(field, value, "a text that is not empty");
  }
  return value;
}

function decimals(field: string, value: unknown): number {
  const fits = typeof value === "number" && Number.isInteger(value);
  if (!fits || value < 0 || value > MAX_TOKEN_DECIMALS) {
    throw new NetworkError(field, value, `a whole number from 0 to ${MAX_TOKEN_DECIMALS}`);
  }
  return value;
}

/**
 * An address that requests can be sent to. Whoever has the page has its network file: what is secret in
 * an address would not stay so, and it must not show in messages either.
 */
function checkedUrl(field: string, value: unknown): string {
  const written = text(field, value);
  if (!/^https?:\/\//.test(written) || !URL.canParse(written)) {
    const bound = "an address that begins with http:// or https://";
    throw new NetworkError(field, withoutSecrets(written), bound);
  }
  const { username, password } = new URL(written);
  if (username !== "" || password !== "" || /[?#@]/.test(written)) {
    const bound = "an address without a user, a password, a query or a fragment";
    throw new NetworkError(field, withoutSecrets(written), bound);
  }
  return written;
}

function withoutSecrets(url: string): string {
  return url.replace(/^(https?:\/\/)?.*@/s, "$1…@").replace(/([?#]).*$/s, "$1…");
}

/**
 * Checks where a network's node is.
 *
 * @throws {NetworkError} If no requests can be sent there. What is secret in the address is not told.
 */
export function checkRpc({ rpc }: Pick<Network, "rpc">): void {
  checkedUrl("rpc", rpc);
}

function address(field: string, value: unknown, prefix: string): string {
  const written = text(field, value);
  if (!isAddress(written, prefix)) {
    throw new NetworkError(field, value, `an address of the chain, ${prefix}1…`);
  }
  return written;
}

/** The chain's own limit. */
const LONGEST_ADDRESS = 1023;

/** Whether a text is an address of a chain, in the one spelling that the chain uses. */
export function isAddress(written: string, prefix: string): boolean {
  try {
    return (
      written === written.toLowerCase() && fromBech32(written, LONGEST_ADDRESS).prefix === prefix
    );
  } catch {
    return false;
  }
}

function distinct<K extends string>(field: string, key: K, items: Record<K, string>[]): void {
  const seen = new Set<string>();
  items.forEach((item, index) => {
    if (seen.has(item[key])) {
      throw new NetworkError(`${field}[${index}].${key}`, item[key], "one that is not there yet");
    }
    seen.add(item[key]);
  });
}

function shown(value: unknown): string {
  const json = JSON.stringify(value) ?? "nothing";
  return json.length > 120 ? `${json.slice(0, 120)}…` : json;
}
