import { BulwarkError, ClientError } from "@bulwark/client";
import type { QueryClientConfig } from "@tanstack/react-query";

/** Whether a node gave no answer, and may give one when it is asked again. */
export function isUnanswered(error: Error): boolean {
  return error instanceof ClientError && error.kind === "node_unreachable";
}

/**
 * Answers stay until an event says that they changed (see topics.ts). What a contract refuses it
 * refuses again; what a node did not answer is asked for twice more.
 */
export const queryDefaults: QueryClientConfig = {
  defaultOptions: {
    queries: {
      // The node may be on this very machine, where being offline says nothing.
      networkMode: "always",
      staleTime: Number.POSITIVE_INFINITY,
      gcTime: 5 * 60_000,
      refetchOnWindowFocus: false,
      retry: (failures, error) => !(error instanceof BulwarkError) && failures < 2,
      retryDelay: (attempt) => 500 * 2 ** attempt,
    },
  },
};
