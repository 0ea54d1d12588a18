import { ONE, parseDecimal } from "@bulwark/client";
import type {
  AccountRef,
  AtRisk,
  LiquidationPlanResponse,
  Plan,
} from "@bulwark/client/types/BulwarkVault.types";
import { keepPreviousData, skipToken, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useBulwark } from "../../data/connection";
import { limited } from "../../data/limited";
import { driftInterval } from "../../data/queries";
import { type KeepersBonus, keepersBonusOf } from "./bonus";

/** Which accounts are listed: up to which margin ratio, 18 decimals. */
export const bounds = {
  liquidatable: undefined,
  "1.1": (ONE * 11n) / 10n,
  "1.25": (ONE * 5n) / 4n,
  "2": ONE * 2n,
} as const satisfies Record<string, bigint | undefined>;

/** Name of a bound. */
export type Bound = keyof typeof bounds;

/** Whether a text names a bound. */
export function isBound(text: string | null): text is Bound {
  return text !== null && Object.hasOwn(bounds, text);
}

/** An account at risk with what liquidating it would bring. */
export interface RiskRow {
  readonly risk: AtRisk;
  /** `asked`: the vault is working it out; `open`: nobody has asked; `known`: here it is. */
  readonly offer: "asked" | "open" | "known";
  /** Absent unless it is known; nothing where nothing can change hands. */
  readonly plan: Plan | null | undefined;
  /** Absent without a plan. */
  readonly bonus: KeepersBonus | undefined;
}

/** Whether anyone may liquidate it now. */
export function isLiquidatable({ status }: AtRisk): boolean {
  return status === "liquidatable" || status === "insolvent";
}

/** An account's place in lists. */
export function keyOf({ owner, id }: AccountRef): string {
  return `${owner}/${id}`;
}

/** Worst first: without a margin ratio nothing is left to require any margin. */
export function byRatio({ margin_ratio }: AtRisk): bigint {
  return margin_ratio === null || margin_ratio === undefined ? -ONE : parseDecimal(margin_ratio);
}

/** Of how many accounts, the worst ones, the plan is asked without being asked for. */
export const plannedAtFirst = 10;

/** How many plans the vault works out for this page at a time. */
const atOnce = 3;

/** The liquidatable accounts whose plans are asked: the worst ones, and those somebody asked for. */
export function toPlan(risks: readonly AtRisk[], wanted: ReadonlySet<string>): AccountRef[] {
  return risks
    .filter(isLiquidatable)
    .map(({ account }) => account)
    .filter((account, place) => place < plannedAtFirst || wanted.has(keyOf(account)));
}

/** A plan beside what its keeper earns. */
export function rowOf(
  risk: AtRisk,
  answer: LiquidationPlanResponse | undefined,
  isAsked = true,
): RiskRow {
  if (answer === undefined) {
    const offer = isAsked ? "asked" : "open";
    return { risk, offer, plan: undefined, bonus: undefined };
  }
  const plan = answer.plan ?? null;
  if (plan === null) return { risk, offer: "known", plan, bonus: undefined };
  const seized = BigInt(plan.seize.amount) + BigInt(plan.protocol_fee);
  return { risk, offer: "known", plan, bonus: keepersBonusOf({ ...plan, seized }) };
}

/** Accounts with plans, and how to ask for one that nobody asked for yet. */
interface Rows {
  readonly rows: readonly RiskRow[];
  readonly workOut: (account: AccountRef) => void;
}

/**
 * Accounts, worst first, with the plans of some of them: a few at a time and not with every block,
 * however many there are.
 */
export function useRows(risks: readonly AtRisk[]): Rows {
  const bulwark = useBulwark();
  const [wanted, setWanted] = useState<ReadonlySet<string>>(new Set());
  const accounts = toPlan(risks, wanted);
  const answer = useQuery({
    queryKey: ["offers", ...accounts.map(keyOf)],
    queryFn:
      bulwark === undefined || accounts.length === 0
        ? skipToken
        : async ({ signal }) => {
            const plans = await limited(
              accounts,
              atOnce,
              (account) => bulwark.vault.liquidationPlan({ account }),
              signal,
            );
            return accounts.map((account, place) => [keyOf(account), plans[place]] as const);
          },
    placeholderData: keepPreviousData,
    refetchInterval: driftInterval,
  });
  const plans = new Map(answer.data ?? []);
  const asked = new Set(accounts.map(keyOf));
  const rows = risks.map((risk) => {
    const key = keyOf(risk.account);
    const isAsked = asked.has(key) && (answer.isPending || answer.isFetching);
    return rowOf(risk, plans.get(key), isAsked);
  });
  const workOut = (account: AccountRef) => {
    // One that was asked and is not known got no answer.
    if (asked.has(keyOf(account))) void answer.refetch();
    else setWanted(new Set([...wanted, keyOf(account)]));
  };
  return { rows, workOut };
}
