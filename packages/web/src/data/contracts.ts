import type { ContractInfo } from "@bulwark/client";
import { useNetwork } from "./connection";
import { useChain, useConfig } from "./queries";

/** A contract of the deployment: what it is for and what runs there. */
export interface Deployed {
  /** What it is called here. */
  readonly role: string;
  readonly info: ContractInfo;
}

/** Every contract of the deployment as the chain describes it. */
export function useContracts() {
  const { vault, oracle, liquidator } = useNetwork();
  const caller = useConfig().data?.caller;
  const roles: readonly (readonly [string, string | undefined])[] = [
    ["Vault", vault],
    ["Oracle", oracle],
    ["Caller", caller],
    ["Liquidator", liquidator],
  ];
  const known = roles.flatMap(([role, address]) =>
    address === undefined ? [] : [{ role, address }],
  );
  return useChain(
    "contracts",
    known.map(({ address }) => address),
    (bulwark): Promise<Deployed[]> =>
      Promise.all(
        known.map(async ({ role, address }) => ({
          role,
          info: await bulwark.contractInfo(address),
        })),
      ),
    { keep: true, enabled: caller !== undefined },
  );
}

/** Who owns the contracts, and to whom they are being handed over. */
export function useOwnerships() {
  return useChain("config", ["ownership"], async ({ vault, oracle }) => {
    const [ofVault, ofOracle] = await Promise.all([vault.ownership(), oracle.ownership()]);
    return { vault: ofVault, oracle: ofOracle };
  });
}
