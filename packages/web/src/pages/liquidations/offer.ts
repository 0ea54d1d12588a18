import { type Message, messages, type Network } from "@bulwark/client";
import type {
  AccountRef,
  LiquidationResponse,
  Receive,
} from "@bulwark/client/types/BulwarkVault.types";
import { leastAccepted } from "../../data/tolerance";

/** What a keeper offers. */
export interface Offer {
  readonly account: AccountRef;
  readonly debt: string;
  /** What is repaid at most, smallest units. */
  readonly amount: bigint;
  readonly seize: string;
  readonly receive: Receive;
  /** Own account for what is not paid out as tokens. */
  readonly to: AccountRef | undefined;
}

/** What the keeper gets, tokens and shares together, smallest units of the deposit. */
export function received(outcome: Pick<LiquidationResponse, "seized" | "protocol_fee">): bigint {
  return BigInt(outcome.seized) - BigInt(outcome.protocol_fee);
}

/**
 * The message that fails rather than bring less than was shown, within the tolerance.
 *
 * @param expected What the keeper gets by the chain's simulation.
 * @param tolerance A fraction with 18 decimals.
 */
export function liquidation(
  network: Network,
  offer: Offer,
  expected: bigint,
  tolerance: bigint,
): Message {
  const { account, debt, amount, seize, receive, to } = offer;
  const least = leastAccepted(expected, tolerance);
  return messages.liquidate(network, {
    account,
    debt: { asset: debt, amount },
    seize,
    minSeized: least > 0n ? least : undefined,
    receive,
    to,
  });
}

/**
 * How much to offer at first: what the plan repays, as far as the wallet goes. An empty wallet is
 * shown the plan itself, as what it would take.
 */
export function presetOf(planned: bigint, balance: bigint | undefined): bigint {
  return balance === undefined || balance === 0n || balance > planned ? planned : balance;
}
