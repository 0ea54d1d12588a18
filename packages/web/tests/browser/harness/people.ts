// Users with keys of their own and something in their wallets. Each test has its own, so that none
// finds what another left.

import {
  type Bulwark,
  connect,
  localSigner,
  type Message,
  parseAmount,
  parseDecimal,
} from "@bulwark/client";
import type { AccountRef, MarginResponse } from "@bulwark/client/types/BulwarkVault.types";
import { DirectSecp256k1HdWallet } from "@cosmjs/proto-signing";
import { assertIsDeliverTxSuccess, SigningStargateClient } from "@cosmjs/stargate";
import { net } from "./network.ts";

/** Somebody. */
export interface Person {
  readonly name: string;
  readonly mnemonic: string;
  readonly address: string;
}

/** Who pays for them: a user of the local network who holds a million of every coin. */
const payer = "owner";

/** Whom a local network's contracts know as their guardian. */
const guardian = "owner";

/** A new user with so many whole tokens of these assets, by symbol, and something for fees. */
export async function newPerson(
  name: string,
  tokens: Readonly<Record<string, string>>,
): Promise<Person> {
  const { network } = net;
  const wallet = await DirectSecp256k1HdWallet.generate(12, { prefix: network.prefix });
  const [account] = await wallet.getAccounts();
  const keys = await localSigner(network, payer);
  const [from] = await keys.getAccounts();
  if (account === undefined || from === undefined) throw new Error("a key without an account");
  const { gasPrice } = network;
  const coins = Object.entries(tokens).map(([symbol, amount]) => {
    const { asset, decimals } = assetBySymbol(symbol);
    return { denom: asset, amount: parseAmount(amount, decimals).toString() };
  });
  coins.push({ denom: gasPrice.denom, amount: parseAmount("100", gasPrice.decimals).toString() });
  const client = await SigningStargateClient.connectWithSigner(network.rpc, keys);
  const fee = {
    amount: [
      { denom: gasPrice.denom, amount: String(Math.ceil(300_000 * Number(gasPrice.amount))) },
    ],
    gas: "300000",
  };
  const sorted = coins.toSorted((a, b) => (a.denom < b.denom ? -1 : 1));
  assertIsDeliverTxSuccess(await client.sendTokens(from.address, account.address, sorted, fee));
  client.disconnect();
  return { name, mnemonic: wallet.mnemonic, address: account.address };
}

/** A coin of the network as its configuration describes it. */
export function assetBySymbol(symbol: string) {
  const found = net.network.assets.find((asset) => asset.symbol === symbol);
  if (found === undefined) throw new Error(`the network has no ${symbol}`);
  return found;
}

/** Says something to a contract as the one who may pause assets and halt prices. */
export async function asGuardian(contract: string, msg: Message["msg"]): Promise<void> {
  const bulwark = await chain();
  const signer = await bulwark.signer(await localSigner(net.network, guardian));
  await signer.send([{ contract, msg, funds: [] }]);
}

let connection: Promise<Bulwark> | undefined;

/** The chain itself, to compare with what the page shows. */
export function chain(): Promise<Bulwark> {
  connection ??= connect(net.network, { openSocket: null });
  return connection;
}

/** An account's margin as the vault tells it now. */
export async function marginOf(account: AccountRef): Promise<MarginResponse> {
  return (await chain()).vault.margin({ account });
}

/** A coin's price in force, USD per whole token. */
export async function priceOf(symbol: string): Promise<number> {
  const { asset } = assetBySymbol(symbol);
  const price = (await (await chain()).prices([asset])).get(asset);
  if (price === undefined) throw new Error(`${symbol} has no price`);
  return Number(parseDecimal(price.record.mid)) / 1e18;
}

/** What somebody has in the wallet, in smallest units. */
export async function walletOf(address: string, symbol: string): Promise<bigint> {
  const { asset } = assetBySymbol(symbol);
  return (await (await chain()).balances(address, [asset])).get(asset) ?? 0n;
}

/** So many whole tokens as are worth about so many USD now, with three digits. */
export async function tokensWorth(symbol: string, usd: number): Promise<string> {
  const tokens = usd / (await priceOf(symbol));
  return Number(tokens.toPrecision(3)).toString();
}
