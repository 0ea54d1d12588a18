import { ONE, parseDecimal } from "@bulwark/client";
import type {
  AccountRef,
  AtRisk,
  LiquidationPlanResponse,
  Plan,
} from "@bulwark/client/types/BulwarkVault.types";
import { skipToken, useQueries } from "@tanstack/react-query";
import { useBulwark } from "../../data/connection";
import { driftInterval } from "../../data/queries";
import { type KeepersBonus, keepersBonusOf } from "./bonus";

/** Which accounts are listed: up to which margin ratio, 18 decimals. */
export const bounds = {
  liquidatable: undefined,
  "1.1": (ONE * 11n) / 10n,
  "1.25": (ONE * 5n) / 4n,
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
  /** Absent while it is asked for, or where none is needed. */
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

/** A plan beside what its keeper earns. */
export function rowOf(risk: AtRisk, answer: LiquidationPlanResponse | undefined): RiskRow {
  const plan = answer === undefined ? undefined : (answer.plan ?? null);
  if (plan === undefined || plan === null) return { risk, plan, bonus: undefined };
  const seized = BigInt(plan.seize.amount) + BigInt(plan.protocol_fee);
  return { risk, plan, bonus: keepersBonusOf({ ...plan, seized }) };
}

/** Accounts with their plans; only the liquidatable ones have any. */
export function useRows(risks: readonly AtRisk[]): RiskRow[] {
  const bulwark = useBulwark();
  const asked = risks.filter(isLiquidatable).map(({ account }) => account);
  const answers = useQueries({
    queries: asked.map((account) => ({
      queryKey: ["plans", account.owner, account.id],
      queryFn: bulwark === undefined ? skipToken : () => bulwark.vault.liquidationPlan({ account }),
      refetchInterval: driftInterval,
    })),
    combine: (results) => results.map(({ data }) => data),
  });
  const plans = new Map(asked.map((account, index) => [keyOf(account), answers[index]]));
  return risks.map((risk) => rowOf(risk, plans.get(keyOf(risk.account))));
}
