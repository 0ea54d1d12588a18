import { BulwarkError, ClientError, OutOfGas, SequenceMismatch } from "@bulwark/client";
import { useCallback } from "react";
import { useAssets } from "../data/assets";
import { FeeChanged } from "../data/fee";
import type { Tone } from "../parts/Badge";
import type { AssetBook } from "./assets";
import { refusalOf } from "./refusals";

/** Something that did not work, said to whoever asked for it. */
export interface Problem {
  readonly tone: Tone;
  readonly title: string;
  readonly detail: string;
}

/** Of what a node says nobody knows whether it concerns what was signed: nobody may send it twice. */
function notUnderstood(error: ClientError): Problem {
  return {
    tone: "caution",
    title: "The node's answer is not understood",
    detail: `${error.message}. If you have just signed something, it may have arrived: look at the account before you send it again.`,
  };
}

/** Whether the node, or a chain that began anew, knows less than was signed for. */
function isBehind(error: ClientError): boolean {
  return error instanceof SequenceMismatch && Number(error.expected) < Number(error.found);
}

/** What to say of what happens between the page, a wallet and a node. */
const beside: Record<string, (error: ClientError) => Problem> = {
  wallet_rejected: () => ({
    tone: "neutral",
    title: "Not signed",
    detail: "You declined in your wallet. Nothing was sent, nothing was paid.",
  }),
  node_unreachable: () => ({
    tone: "caution",
    title: "The node does not answer",
    detail: "Nothing was sent now. The page goes on trying; try again when it is connected.",
  }),
  timed_out: (error) => ({
    tone: "caution",
    title: "Not confirmed yet",
    detail: `It was signed, but ${error.message}. Look at the account before you send it again.`,
  }),
  dropped: () => ({
    tone: "caution",
    title: "It did not arrive",
    detail: "It can no longer come into a block: nothing happened, nothing was paid. Try again.",
  }),
  earlier_included: (error) => ({
    tone: "caution",
    title: "What you sent before has arrived",
    detail: `Now ${error.message}. If it did what you want, you are done.`,
  }),
  earlier_unknown: (error) => ({
    tone: "caution",
    title: "What you sent before is not known",
    detail: `Now ${error.message}. If it did not do what you want, press again: this is said once.`,
  }),
  unknown_account: () => ({
    tone: "caution",
    title: "This address is empty",
    detail: "The chain does not know it yet. Send it some coins for fees first.",
  }),
  insufficient_funds: () => ({
    tone: "caution",
    title: "Your wallet has too little",
    detail: "The amount and the fee together are more than there is. Choose a smaller amount.",
  }),
  insufficient_fees: (error) => ({
    tone: "caution",
    title: "The fee is too low",
    detail: error.message,
  }),
  out_of_gas: (error) => ({
    tone: "caution",
    title: "The transaction ran out of gas",
    detail: `${
      error instanceof OutOfGas && error.hash !== undefined
        ? "Only its fee was paid"
        : "It did nothing"
    }. The fee has been worked out anew: look at it and try again.`,
  }),
  malformed_answer: notUnderstood,
  malformed_event: notUnderstood,
  sequence_mismatch: (error) =>
    isBehind(error)
      ? {
          tone: "caution",
          title: "The node refused it",
          detail: `It did not take this one: ${error.message}. Look at the account, and try again.`,
        }
      : {
          tone: "caution",
          title: "Another transaction of yours came first",
          detail:
            "This one did nothing. If the other was the same wish, sent from elsewhere, look at the account before you try again.",
        },
};

/** An error in plain words. */
export function problemOf(error: Error, assets: AssetBook): Problem {
  if (error instanceof BulwarkError) {
    const { reason, next } = refusalOf(error, assets);
    return { tone: "caution", title: reason, detail: next };
  }
  if (error instanceof FeeChanged) {
    return {
      tone: "caution",
      title: "The fee is higher now",
      detail: "Nothing was signed. Look at the new fee, and press again if it is all right.",
    };
  }
  const known = error instanceof ClientError ? beside[error.kind]?.(error) : undefined;
  return known ?? { tone: "danger", title: "This did not work", detail: error.message };
}

/** {@link problemOf} with the names of this network's assets. */
export function useProblems(): (error: Error) => Problem {
  const assets = useAssets();
  return useCallback((error: Error) => problemOf(error, assets), [assets]);
}
