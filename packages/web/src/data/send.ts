import { asError, type Message, type Receipt } from "@bulwark/client";
import { skipToken, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import { useNotify } from "../parts/Toast";
import { countText } from "../words/format";
import { useProblems } from "../words/problems";
import { useWallet } from "./wallet";

/** Where a transaction is. */
export type Sending =
  | { readonly step: "idle" }
  | { readonly step: "estimating" | "signing" | "broadcasting" | "waiting" }
  | { readonly step: "done"; readonly receipt: Receipt }
  | { readonly step: "failed"; readonly error: Error };

/** What a transaction costs, or why the chain would refuse it, before anybody signs. */
export function useEstimate(messages: readonly Message[] | undefined) {
  const { signer } = useWallet();
  const ready = signer !== undefined && messages !== undefined && messages.length > 0;
  return useQuery({
    queryKey: ["estimate", signer?.address ?? null, JSON.stringify(messages ?? [])],
    queryFn: ready
      ? async () => {
          try {
            return await signer.estimate(messages);
          } catch (error) {
            throw asError(error);
          }
        }
      : skipToken,
    retry: false,
  });
}

/**
 * Estimates, has the wallet sign, sends and waits. How it ends is said at the edge of the page and
 * kept as `sending`.
 */
export function useSend() {
  const { signer } = useWallet();
  const notify = useNotify();
  const problems = useProblems();
  const queries = useQueryClient();
  const [sending, setSending] = useState<Sending>({ step: "idle" });
  const send = useCallback(
    async (
      messages: readonly Message[],
      words: { done: string | ((receipt: Receipt) => string) },
    ): Promise<Receipt | undefined> => {
      if (signer === undefined) return undefined;
      try {
        setSending({ step: "estimating" });
        const estimate = await signer.estimate(messages);
        setSending({ step: "signing" });
        const receipt = await signer.send(messages, {
          estimate,
          onState: (step) => {
            if (step !== "done") setSending({ step });
          },
        });
        setSending({ step: "done", receipt });
        const title = typeof words.done === "string" ? words.done : words.done(receipt);
        notify({ tone: "healthy", title, detail: `In block ${countText(receipt.height)}` });
        void queries.invalidateQueries();
        return receipt;
      } catch (thrown) {
        const error = asError(thrown);
        setSending({ step: "failed", error });
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
  estimating: "Working out the fee…",
  signing: "Waiting for your wallet to sign…",
  broadcasting: "Sending…",
  waiting: "Sent. Waiting for a block…",
  done: "Done.",
  failed: "",
};
