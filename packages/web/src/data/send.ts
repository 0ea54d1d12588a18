import { asError, type Estimate, type Message, type Receipt } from "@bulwark/client";
import { skipToken, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import { useNotify } from "../parts/Toast";
import { countText } from "../words/format";
import { useProblems } from "../words/problems";
import { isUnanswered } from "./defaults";
import { FeeChanged, isEnough } from "./fee";
import { driftInterval } from "./queries";
import { useWallet } from "./wallet";

/** Where a transaction is. */
export type Sending =
  | { readonly step: "idle" }
  | { readonly step: "estimating" | "signing" | "broadcasting" | "waiting" }
  | { readonly step: "done"; readonly receipt: Receipt }
  | { readonly step: "failed"; readonly error: Error };

/**
 * What a transaction costs, or why the chain would refuse it, before anybody signs. It is asked
 * again every so often: what is shown is never old, and a node that did not answer gets another
 * chance.
 */
export function useEstimate(messages: readonly Message[] | undefined) {
  const { signer } = useWallet();
  const ready = signer !== undefined && messages !== undefined && messages.length > 0;
  return useQuery({
    queryKey: estimateKey(signer?.address, messages),
    queryFn: ready
      ? async () => {
          try {
            return await signer.estimate(messages);
          } catch (error) {
            throw asError(error);
          }
        }
      : skipToken,
    retry: (failures, error) => isUnanswered(error) && failures < 2,
    refetchInterval: driftInterval,
  });
}

function estimateKey(address: string | undefined, messages: readonly Message[] | undefined) {
  return ["estimate", address ?? null, JSON.stringify(messages ?? [])];
}

/** What a form shows and says of a transaction. */
export interface Shown {
  /** The estimate that stands there: its fee is signed, and no other. */
  readonly estimate: Estimate;
  /** What is said when it is done. */
  readonly done: string | ((receipt: Receipt) => string);
}

/**
 * Asks the chain once more, has the wallet sign with the fee that was shown, sends and waits. Where
 * that fee does no longer, the new one is shown instead and nothing is signed. How it ends is said
 * at the edge of the page and kept as `sending`.
 */
export function useSend() {
  const { signer } = useWallet();
  const notify = useNotify();
  const problems = useProblems();
  const queries = useQueryClient();
  const [sending, setSending] = useState<Sending>({ step: "idle" });
  const send = useCallback(
    async (messages: readonly Message[], shown: Shown): Promise<Receipt | undefined> => {
      if (signer === undefined) return undefined;
      const { estimate } = shown;
      try {
        setSending({ step: "estimating" });
        const now = await signer.estimate(messages);
        if (!isEnough(estimate, now)) {
          queries.setQueryData(estimateKey(signer.address, messages), now);
          throw new FeeChanged(estimate, now);
        }
        setSending({ step: "signing" });
        const receipt = await signer.send(messages, {
          estimate,
          onState: (step) => {
            if (step !== "done") setSending({ step });
          },
        });
        setSending({ step: "done", receipt });
        const title = typeof shown.done === "string" ? shown.done : shown.done(receipt);
        notify({ tone: "healthy", title, detail: `In block ${countText(receipt.height)}` });
        void queries.invalidateQueries();
        return receipt;
      } catch (thrown) {
        const error = asError(thrown);
        setSending({ step: "failed", error });
        // What it takes may have changed: before somebody presses again, it is known anew.
        if (!(error instanceof FeeChanged)) {
          void queries.invalidateQueries({ queryKey: ["estimate"] });
        }
        notify(problems(error));
        return undefined;
      }
    },
    [signer, notify, problems, queries],
  );
  const reset = useCallback(() => setSending({ step: "idle" }), []);
  return { sending, send, reset };
}

/** What is going on, in words. */
export const sendingWords: Record<Sending["step"], string> = {
  idle: "",
  estimating: "Asking the chain once more…",
  signing: "Waiting for your wallet to sign…",
  broadcasting: "Sending…",
  waiting: "Sent. Waiting for a block…",
  done: "Done.",
  failed: "",
};
