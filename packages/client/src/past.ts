// What the contracts' queries answered as of an earlier block.

import { CosmWasmClient } from "@cosmjs/cosmwasm-stargate";
import { fromUtf8, toUtf8 } from "@cosmjs/encoding";
import type { QueryClient } from "@cosmjs/stargate";
import type { Comet38Client } from "@cosmjs/tendermint-rpc";
import {
  QuerySmartContractStateRequest,
  QuerySmartContractStateResponse,
} from "cosmjs-types/cosmwasm/wasm/v1/query";
import { asError } from "./errors.js";
import { BulwarkOracleQueryClient } from "./generated/BulwarkOracle.client.js";
import { BulwarkVaultQueryClient } from "./generated/BulwarkVault.client.js";
import type { Network } from "./network.js";

/** The contracts as they were at the end of a block. */
export interface Past {
  /** The block. */
  readonly height: number;
  /** Its time, seconds since 1970. */
  readonly time: number;
  /** The vault's queries. They fail where the node no longer keeps that state. */
  readonly vault: BulwarkVaultQueryClient;
  /** The oracle's queries, likewise. */
  readonly oracle: BulwarkOracleQueryClient;
}

/** The contracts' queries as of a block. */
export function pastOf(
  comet: Comet38Client,
  queries: QueryClient,
  network: Network,
  { height, time }: { height: number; time: number },
): Past {
  const client = new PastClient(comet, queries, height);
  return {
    height,
    time,
    vault: new BulwarkVaultQueryClient(client, network.vault),
    oracle: new BulwarkOracleQueryClient(client, network.oracle),
  };
}

/** CosmJS's client asks about the newest block only. */
class PastClient extends CosmWasmClient {
  constructor(
    comet: Comet38Client,
    private readonly queries: QueryClient,
    private readonly height: number,
  ) {
    super(comet);
  }

  /** The answer is JSON that the contract wrote. */
  // biome-ignore lint/suspicious/noExplicitAny: CosmJS declares it so.
  override async queryContractSmart(address: string, query: object): Promise<any> {
    const request = QuerySmartContractStateRequest.encode({
      address,
      queryData: toUtf8(JSON.stringify(query)),
    }).finish();
    try {
      const path = "/cosmwasm.wasm.v1.Query/SmartContractState";
      const { value } = await this.queries.queryAbci(path, request, this.height);
      return JSON.parse(fromUtf8(QuerySmartContractStateResponse.decode(value).data));
    } catch (error) {
      throw asError(error);
    }
  }
}
