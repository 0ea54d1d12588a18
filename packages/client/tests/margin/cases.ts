// Accounts in real contracts, with what the contracts answered about them. scripts/test-client has
// them written by packages/risk-wasm/examples/margin-cases.

import { readFileSync } from "node:fs";

import type { PriceResponse } from "../../src/generated/BulwarkOracle.types.js";
import type {
  AccountResponse,
  ConfigResponse,
  LiquidationPlanResponse,
  LiquidationPriceResponse,
  MarginResponse,
  MarketResponse,
  Side,
} from "../../src/generated/BulwarkVault.types.js";
import { type Basket, basketHoldings } from "../../src/margin/index.js";

/** What all accounts of a world share. */
export interface World {
  now: number;
  config: ConfigResponse;
  markets: MarketResponse[];
  prices: PriceResponse[];
}

/** The most that can be borrowed or withdrawn. */
export interface Change {
  asset: string;
  side: Side;
  /** Smallest units. */
  most: string;
  /** Name of the error that refuses more. */
  refused_beyond: string | null;
}

/** The vault's answers about an account. */
export interface Answers {
  account: AccountResponse;
  margin: MarginResponse;
  liquidation_prices: { asset: string; price: LiquidationPriceResponse }[];
  liquidation_plan: LiquidationPlanResponse;
  changes: Change[];
}

/** An account with the world around it. */
export interface Case extends Answers {
  world: World;
  basket: Basket;
}

function needed(variable: string): string {
  const value = process.env[variable];
  if (value === undefined || value === "") {
    throw new Error(`${variable} is not set: scripts/test-client sets it`);
  }
  return value;
}

/** All cases of the file that `BULWARK_MARGIN_CASES` names. */
export function readCases(): Case[] {
  const cases: Case[] = [];
  let world: World | undefined;
  for (const line of readFileSync(needed("BULWARK_MARGIN_CASES"), "utf8").split("\n")) {
    if (line === "") {
      continue;
    }
    // The generator's own form: were it another one, nothing below would agree.
    const document = JSON.parse(line) as { world?: World; account?: Answers };
    world = document.world ?? world;
    const answers = document.account;
    if (world !== undefined && answers !== undefined) {
      const basket = { ...world, holdings: basketHoldings(answers.account) };
      cases.push({ ...answers, world, basket });
    }
  }
  return cases;
}

/** The engine's code, as scripts/build-risk-wasm leaves it. */
export function riskWasm(): Uint8Array {
  return readFileSync(new URL("../../src/margin/risk.wasm", import.meta.url));
}
