import { useMemo } from "react";
import type { Waiting } from "../parts/PendingChanges";
import { oracleChangeWords, vaultChangeWords } from "../words/changes";
import { useAssets } from "./assets";
import { useOracleChanges, useVaultChanges } from "./oracle";

/** Announced changes of both contracts, the soonest first. */
export function useWaitingChanges() {
  const vault = useVaultChanges();
  const oracle = useOracleChanges();
  const assets = useAssets();
  const changes = useMemo(() => {
    const ofVault = (vault.data ?? []).map(
      (pending): Waiting => ({
        key: `vault ${pending.id}`,
        words: vaultChangeWords(pending.change, assets),
        readyAt: pending.ready_at,
        expiresAt: pending.expires_at,
      }),
    );
    const ofOracle = (oracle.data ?? []).map(
      (pending): Waiting => ({
        key: `oracle ${pending.id}`,
        words: oracleChangeWords(pending.change, assets),
        readyAt: pending.ready_at,
        expiresAt: pending.expires_at,
      }),
    );
    return [...ofVault, ...ofOracle].toSorted((one, other) => one.readyAt - other.readyAt);
  }, [vault.data, oracle.data, assets]);
  return {
    changes,
    /** Whether both contracts have told of theirs, be it a while ago. */
    isKnown: vault.data !== undefined && oracle.data !== undefined,
    isPending: vault.isPending || oracle.isPending,
    error: vault.error ?? oracle.error,
    refetch: () => {
      void vault.refetch();
      void oracle.refetch();
    },
  };
}
