// A connection to a deployment of Bulwark: what the chain says, as types.

import { CosmWasmClient } from "@cosmjs/cosmwasm-stargate";
import { fromUtf8, toHex, toUtf8 } from "@cosmjs/encoding";
import type { OfflineSigner } from "@cosmjs/proto-signing";
import { createProtobufRpcClient, QueryClient, setupBankExtension } from "@cosmjs/stargate";
import { Comet38Client } from "@cosmjs/tendermint-rpc";
import {
  QueryCodesRequest,
  QueryCodesResponse,
  QueryContractInfoRequest,
  QueryContractInfoResponse,
  QueryRawContractStateRequest,
  QueryRawContractStateResponse,
} from "cosmjs-types/cosmwasm/wasm/v1/query";
import { swapQuote } from "./actions.js";
import { formatDecimal, parseUnitsOf } from "./amounts.js";
import { Answer } from "./answer.js";
import { cw20Contract } from "./assets.js";
import { asError, BulwarkError } from "./errors.js";
import { MalformedAnswer, WrongChain } from "./failures.js";
import { BulwarkOracleQueryClient } from "./generated/BulwarkOracle.client.js";
import type { PriceResponse } from "./generated/BulwarkOracle.types.js";
import { BulwarkVaultQueryClient } from "./generated/BulwarkVault.client.js";
import type {
  AccountRef,
  AccountResponse,
  AtRisk,
  MarketResponse,
  Solvency,
} from "./generated/BulwarkVault.types.js";
import { BlockTimes } from "./headers.js";
import { type HistoryEntry, type HistoryQuery, readHistory } from "./history.js";
import { inIndex } from "./inclusion.js";
import { Follower, type Listener, type OpenSocket, platformSocket } from "./live.js";
import { MessageError, type Quantity } from "./messages.js";
import { checkRpc, type Exchange, type Network } from "./network.js";
import { type Past, pastOf } from "./past.js";
import { type Memory, ownMemory } from "./pending.js";
import { type Receipt, receiptOf } from "./receipt.js";
import { Rpc } from "./rpc.js";
import { BulwarkSigner } from "./signer.js";

/** How to connect. */
export interface ConnectOptions {
  /** After so many milliseconds without an answer a request has failed; 15,000 by default. */
  readonly timeoutMs?: number | undefined;
  /** For so many milliseconds a transaction may wait for its block; 60,000 by default. */
  readonly waitMs?: number | undefined;
  /**
   * A transaction can come into a block only as long as no more than so many followed the one that
   * was the newest when it was given to the wallet; 200 by default. Later it is dead for certain.
   */
  readonly timeoutBlocks?: number | undefined;
  /**
   * Where the signer of an address keeps what it signed until it is known what became of it; one for
   * each chain and address. By default it ends with the signer: whoever makes another one for the same
   * key, or starts again, should give one that lasts.
   */
  readonly memory?: ((address: string) => Memory) | undefined;
  /**
   * While the node does not tell of blocks by itself, it is asked every so many milliseconds;
   * 3,000 by default.
   */
  readonly pollMs?: number | undefined;
  /** A socket without a new block for so many milliseconds counts as dead; 20,000 by default. */
  readonly quietMs?: number | undefined;
  /**
   * Opens a WebSocket; by default the platform's own, if it has one: browsers and Node.js from
   * version 22 on do. Without one, the node is asked instead. `null` for none.
   */
  readonly openSocket?: OpenSocket | null | undefined;
  /** Sends requests; by default the platform's `fetch`. */
  readonly fetch?: typeof fetch | undefined;
}

/** A block. */
export interface BlockInfo {
  readonly height: number;
  /** Block time, seconds since 1970. */
  readonly time: number;
}

/** What runs at an address. */
export interface ContractInfo {
  readonly address: string;
  readonly codeId: number;
  /** SHA-256 of the code, lower-case hex. */
  readonly checksum: string;
  readonly label: string;
  /** Who can change the code; nobody if there is none. */
  readonly admin: string | undefined;
  /** The contract's name, such as `crates.io:bulwark-vault`; nothing if it tells none. */
  readonly name: string | undefined;
  /** Its version; nothing if it tells none. */
  readonly version: string | undefined;
}

const TIMEOUT_MS = 15_000;
const WAIT_MS = 60_000;
const TIMEOUT_BLOCKS = 200;
const POLL_MS = 3_000;
const QUIET_MS = 20_000;

/** The contracts give no more on a page. */
const PAGE = 100;

/** More pages than this are no list of this protocol's. */
const MOST_PAGES = 1_000;

/**
 * Connects to a deployment.
 *
 * @throws {NetworkError} If the node's address is none that requests can be sent to.
 * @throws {WrongChain} If the node belongs to another chain.
 * @throws {NodeUnreachable}
 */
export async function connect(network: Network, options: ConnectOptions = {}): Promise<Bulwark> {
  checkRpc(network);
  const rpc = new Rpc(network.rpc, options.timeoutMs ?? TIMEOUT_MS, options.fetch);
  const status = await rpc.ask("status");
  const found = status.at("node_info").at("network").text();
  if (found !== network.chainId) {
    throw new WrongChain(network.chainId, found);
  }
  return new Bulwark(network, rpc, options);
}

/** A connection to a deployment. Everything it throws is typed. */
export class Bulwark {
  /** The vault's queries. */
  readonly vault: BulwarkVaultQueryClient;
  /** The oracle's queries. */
  readonly oracle: BulwarkOracleQueryClient;
  private readonly comet: Comet38Client;
  private readonly client: CosmWasmClient;
  private readonly queries: QueryClient & ReturnType<typeof setupBankExtension>;
  private readonly times: BlockTimes;
  private readonly follower: Follower;

  /** @internal Use {@link connect}. */
  constructor(
    /** What it is connected to. */
    readonly network: Network,
    private readonly rpc: Rpc,
    private readonly options: ConnectOptions,
  ) {
    this.comet = Comet38Client.create(rpc);
    this.client = QueryingClient.of(this.comet);
    this.queries = QueryClient.withExtensions(this.comet, setupBankExtension);
    this.vault = new BulwarkVaultQueryClient(this.client, network.vault);
    this.oracle = new BulwarkOracleQueryClient(this.client, network.oracle);
    this.times = new BlockTimes(rpc);
    this.follower = new Follower(rpc, network, {
      openSocket: socketOpener(options),
      pollMs: options.pollMs ?? POLL_MS,
      quietMs: options.quietMs ?? QUIET_MS,
    });
  }

  /** The newest block. */
  async block(): Promise<BlockInfo> {
    const sync = (await this.rpc.ask("status")).at("sync_info");
    return {
      height: sync.at("latest_block_height").positive(),
      time: sync.at("latest_block_time").seconds(),
    };
  }

  /** All markets, in the order of their listing. */
  markets(): Promise<MarketResponse[]> {
    return paged("markets", async (startAfter: number | undefined) => {
      const page = await this.vault.markets({ limit: PAGE, ...from(startAfter) });
      return [page.markets, page.next];
    });
  }

  /** The oracle's prices of these assets; of those that have none yet, none. */
  async prices(assets: readonly string[]): Promise<Map<string, PriceResponse>> {
    const wanted = [...new Set(assets)];
    const parts: string[][] = [];
    for (let start = 0; start < wanted.length; start += PAGE) {
      parts.push(wanted.slice(start, start + PAGE));
    }
    const answers = await Promise.all(parts.map((part) => this.pricesOf(part)));
    return new Map(answers.flat().map((price) => [price.asset, price]));
  }

  private async pricesOf(assets: string[]): Promise<PriceResponse[]> {
    try {
      return assets.length === 0 ? [] : entries("prices", await this.oracle.prices({ assets }));
    } catch (thrown) {
      const error = asError(thrown);
      // One asset without a price makes the contract refuse the whole list: ask without it.
      if (error instanceof BulwarkError && (error.is("no_price") || error.is("unknown_feed"))) {
        const { asset } = error.fields;
        const others = assets.filter((other) => other !== asset);
        if (others.length < assets.length) {
          return this.pricesOf(others);
        }
      }
      throw error;
    }
  }

  /** All accounts of an owner that hold or owe something. */
  accountsOf(owner: string): Promise<AccountResponse[]> {
    return paged("accounts", async (startAfter: AccountRef | undefined) => {
      const page = await this.vault.accounts({ owner, limit: PAGE, ...from(startAfter) });
      return [page.accounts, page.next];
    });
  }

  /**
   * All accounts in debt whose margin ratio is low.
   *
   * @param maxRatio Up to this ratio, 18 decimals; the contract's default is below 1.
   */
  accountsAtRisk(maxRatio?: bigint): Promise<AtRisk[]> {
    const ratio = maxRatio === undefined ? {} : { maxRatio: formatDecimal(maxRatio) };
    return paged("accounts", async (startAfter: AccountRef | undefined) => {
      // A full scan of 100 accounts could exceed what a node spends on a query.
      const page = await this.vault.accountsAtRisk({ ...ratio, ...from(startAfter) });
      return [page.accounts, page.next];
    });
  }

  /** What the vault holds of each asset, against what it owes. */
  solvency(): Promise<Solvency[]> {
    return paged("assets", async (startAfter: number | undefined) => {
      const page = await this.vault.solvency({ limit: PAGE, ...from(startAfter) });
      return [page.assets, page.next];
    });
  }

  /** What an address has in its wallet, in smallest units: coins of the bank and CW20 tokens. */
  async balances(address: string, assets: readonly string[]): Promise<Map<string, bigint>> {
    const held = await Promise.all(
      assets.map(async (asset): Promise<[string, bigint]> => {
        return [asset, await this.balance(address, asset)];
      }),
    );
    return new Map(held);
  }

  private async balance(address: string, asset: string): Promise<bigint> {
    const token = cw20Contract(asset);
    if (token === undefined) {
      const coin = await typed(this.queries.bank.balance(address, asset));
      return units("balance", "amount", coin.amount);
    }
    const answer: unknown = await this.client.queryContractSmart(token, { balance: { address } });
    return units("balance", "balance", new Answer("balance", answer).at("balance").text());
  }

  /**
   * What a swap would bring now, in smallest units.
   *
   * @throws {ClientError} If the exchange refuses.
   */
  async swapQuote(exchange: Exchange, give: Quantity, get: string): Promise<bigint> {
    const query = swapQuote(give, get);
    const answer: unknown = await this.client.queryContractSmart(exchange.contract, query);
    return units("quote", "amount", new Answer("quote", answer).at("amount").text());
  }

  /** What runs at an address. */
  async contractInfo(address: string): Promise<ContractInfo> {
    const wasm = createProtobufRpcClient(this.queries);
    const ask = async (query: string, request: Uint8Array) =>
      typed(wasm.request("cosmwasm.wasm.v1.Query", query, request));
    const [info, named] = await Promise.all([
      ask("ContractInfo", QueryContractInfoRequest.encode({ address }).finish()),
      ask(
        "RawContractState",
        QueryRawContractStateRequest.encode({
          address,
          queryData: toUtf8("contract_info"),
        }).finish(),
      ),
    ]);
    const { contractInfo } = QueryContractInfoResponse.decode(info);
    if (contractInfo === undefined || contractInfo.codeId === 0n) {
      throw new MalformedAnswer("ContractInfo", "contract_info", contractInfo);
    }
    const { codeId, label, admin } = contractInfo;
    const pagination = { key: codeKey(codeId), offset: 0n, limit: 1n, countTotal: false };
    // Asking for a page that begins with the code gets its checksum without the code itself.
    const codes = QueryCodesResponse.decode(
      await ask(
        "Codes",
        QueryCodesRequest.encode({ pagination: { ...pagination, reverse: false } }).finish(),
      ),
    );
    const [code] = codes.codeInfos;
    if (code === undefined || code.codeId !== codeId) {
      throw new MalformedAnswer("Codes", "code_infos[0].code_id", String(code?.codeId));
    }
    return {
      address,
      codeId: Number(codeId),
      checksum: toHex(code.dataHash),
      label,
      admin: admin === "" ? undefined : admin,
      ...nameAndVersion(QueryRawContractStateResponse.decode(named).data),
    };
  }

  /**
   * What happened, newest first, out of the node's index of transactions. For the next page ask
   * for what came `before` the last entry.
   *
   * @throws {HistoryUnavailable} If the node keeps no such index.
   */
  history(query: HistoryQuery = {}): Promise<HistoryEntry[]> {
    return readHistory(this.rpc, this.times, this.network, query);
  }

  /**
   * The contracts as they were at the end of an earlier block; nothing if the node no longer has
   * the block. How far back it keeps what contracts knew is the node's own choice, often less far.
   */
  async at(height: number): Promise<Past | undefined> {
    const time = await this.times.of(height);
    return time === undefined
      ? undefined
      : pastOf(this.comet, this.queries, this.network, { height, time });
  }

  /**
   * What a transaction did; nothing if the node has it in no block. It may come into one later, unless
   * its `until` ({@link TimedOut}) has passed.
   *
   * @param hash Hex, as of a {@link TimedOut}.
   * @throws {BulwarkError} If a contract refused it.
   * @throws {ChainRefused} If the chain did, or another contract.
   * @throws {HistoryUnavailable} If the node keeps no index of transactions.
   */
  async transaction(hash: string): Promise<Receipt | undefined> {
    if (!/^[0-9A-Fa-f]{64}$/.test(hash)) {
      throw new MessageError("hash", hash, "64 hexadecimal digits");
    }
    const included = await inIndex(this.rpc, hash.toUpperCase());
    return included && receiptOf(hash.toUpperCase(), included, this.network);
  }

  /**
   * Tells of new blocks and of what happens with the contracts, until the function that is returned
   * is called. It connects again by itself; while there is no socket it asks the node instead.
   */
  subscribe(listener: Listener): () => void {
    return this.follower.subscribe(listener);
  }

  /**
   * What signs and sends, with a wallet's or a test key.
   *
   * @param address Who signs; the wallet's first account by default.
   * @throws {UnknownSigner} If the wallet does not have that account.
   * @throws {WrongChain} If the node turned into another chain's.
   */
  async signer(signer: OfflineSigner, address?: string): Promise<BulwarkSigner> {
    const { rpc, comet, network, options } = this;
    const status = await rpc.ask("status");
    const found = status.at("node_info").at("network").text();
    if (found !== network.chainId) {
      throw new WrongChain(network.chainId, found);
    }
    const waitMs = options.waitMs ?? WAIT_MS;
    const timeoutBlocks = options.timeoutBlocks ?? TIMEOUT_BLOCKS;
    const memory = options.memory ?? ownMemory;
    const connection = { rpc, comet, network, waitMs, timeoutBlocks, memory };
    return BulwarkSigner.of(connection, signer, address);
  }

  /** Ends subscriptions and requests under way; afterwards nothing can be asked any more. */
  close(): void {
    this.follower.close();
    this.comet.disconnect();
  }
}

/** CosmJS's client, with our errors. */
class QueryingClient extends CosmWasmClient {
  static of(comet: Comet38Client): CosmWasmClient {
    return new QueryingClient(comet);
  }

  /** The answer is JSON that the contract wrote. */
  // biome-ignore lint/suspicious/noExplicitAny: CosmJS declares it so.
  override async queryContractSmart(address: string, query: object): Promise<any> {
    return typed(super.queryContractSmart(address, query));
  }
}

async function typed<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    throw asError(error);
  }
}

/** All entries of a list that the contract gives page by page. */
async function paged<T, C>(
  field: string,
  page: (startAfter: C | undefined) => Promise<[T[], C | null | undefined]>,
): Promise<T[]> {
  const all: T[] = [];
  let startAfter: C | undefined;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const [some, next] = await page(startAfter);
    all.push(...entries(field, some));
    if (next === undefined || next === null) {
      return all;
    }
    if (JSON.stringify(next) === JSON.stringify(startAfter)) {
      throw new MalformedAnswer(field, "next", next);
    }
    startAfter = next;
  }
  throw new MalformedAnswer(field, "next", startAfter);
}

function entries<T>(field: string, list: T[]): T[] {
  // A node need not hand on what the contract said.
  if (!Array.isArray(list)) {
    throw new MalformedAnswer("a query", field, list);
  }
  return list;
}

function from<C>(startAfter: C | undefined): { startAfter?: C } {
  return startAfter === undefined ? {} : { startAfter };
}

function units(method: string, field: string, text: string): bigint {
  try {
    return parseUnitsOf(text);
  } catch (cause) {
    throw new MalformedAnswer(method, field, text, { cause });
  }
}

/** The key of a code in the chain's list of codes. */
function codeKey(codeId: bigint): Uint8Array {
  const key = new Uint8Array(8);
  new DataView(key.buffer).setBigUint64(0, codeId);
  return key;
}

/** What contracts write down about themselves by custom. */
function nameAndVersion(data: Uint8Array): Pick<ContractInfo, "name" | "version"> {
  try {
    const told = new Answer("RawContractState", JSON.parse(fromUtf8(data)));
    return { name: told.at("contract").text(), version: told.at("version").text() };
  } catch {
    return { name: undefined, version: undefined };
  }
}

function socketOpener({ openSocket }: ConnectOptions): OpenSocket | undefined {
  return openSocket === undefined ? platformSocket() : (openSocket ?? undefined);
}
