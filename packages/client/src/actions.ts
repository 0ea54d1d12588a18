// Steps of a batch. A batch has tokens in hand: the coins sent with it and what its steps take
// out of the account. Amounts are smallest units, and by default all there is.

import { cw20Contract } from "./assets.js";
import type { Action } from "./generated/BulwarkVault.types.js";
import { encodeJson } from "./json.js";
import { given, MessageError, optional, type Quantity, quantity, units } from "./messages.js";
import type { Exchange } from "./network.js";

interface Some {
  readonly asset: string;
  readonly amount?: bigint | undefined;
}

/** Credits the account with tokens in hand; they repay what it owes in that asset first. */
export function deposit(args: Some & { readonly lend?: boolean | undefined }): Action {
  const { asset, amount, lend } = args;
  return { deposit: given({ asset, amount: optional(amount), lend }) };
}

/** Takes deposits out of the account; without `to` they stay in hand. */
export function withdraw(args: Some & { readonly to?: string | undefined }): Action {
  const { asset, amount, to } = args;
  return { withdraw: given({ asset, amount: optional(amount), to }) };
}

/** Lends idle deposits to the pool. */
export function lend({ asset, amount }: Some): Action {
  return { lend: given({ asset, amount: optional(amount) }) };
}

/** Takes lent deposits back. */
export function recall({ asset, amount }: Some): Action {
  return { recall: given({ asset, amount: optional(amount) }) };
}

/** Borrows; without `to` the tokens stay in hand. */
export function borrow(args: Quantity & { readonly to?: string | undefined }): Action {
  const { asset, amount, to } = args;
  return { borrow: given({ asset, amount: units(amount), to }) };
}

/** Repays a debt of the account with tokens in hand. */
export function repay({ asset, amount }: Some): Action {
  return { repay: given({ asset, amount: optional(amount) }) };
}

/** Arguments of {@link call}. */
export interface CallArguments {
  /** Address of the contract. */
  readonly contract: string;
  /** Its message; it becomes JSON. */
  readonly msg: unknown;
  /** What it takes of the tokens in hand. */
  readonly funds: readonly Quantity[];
  /** Listed assets that may come back; they are credited to the account. */
  readonly returns: readonly string[];
}

/** Calls another contract, as the stateless caller. */
export function call({ contract, msg, funds, returns }: CallArguments): Action {
  return {
    call: {
      contract,
      msg: encodeJson(msg),
      funds: funds.map(quantity),
      returns: [...returns],
    },
  };
}

/**
 * Swaps tokens in hand for another asset, which is credited to the account.
 *
 * @param minReturn The batch fails if less than so many smallest units would come back.
 * @throws {MessageError} For assets that the exchange does not have.
 */
export function swap(exchange: Exchange, give: Quantity, get: string, minReturn: bigint): Action {
  for (const asset of [give.asset, get]) {
    if (!exchange.assets.includes(asset)) {
      throw new MessageError("asset", asset, `one of those of the exchange ${exchange.contract}`);
    }
  }
  if (give.asset === get) {
    throw new MessageError("get", get, "another asset than what is given");
  }
  if (cw20Contract(give.asset) !== undefined) {
    throw new MessageError("give", give.asset, "a coin: this exchange takes no CW20 tokens");
  }
  const msg = { swap: { ask: get, min_return: units(minReturn, "minReturn") } };
  return call({ contract: exchange.contract, msg, funds: [give], returns: [get] });
}

/** What the exchange is asked to say what a swap would bring now: `{amount}`. */
export function swapQuote(give: Quantity, get: string): object {
  return { quote: { offer: quantity(give), ask: get } };
}
