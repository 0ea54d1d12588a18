import { ONE } from "@bulwark/client";
import {
  type Basket,
  type MarginEngine,
  type MarginFigures,
  movePrices,
} from "@bulwark/client/margin";
import { multipleOf } from "./scale";
import { factorsOf, type Scenario, withHoldings } from "./scenario";

/** What the engine answers, or why it has no answer. */
export type Evaluated =
  | { readonly kind: "figures"; readonly figures: MarginFigures }
  | { readonly kind: "refused"; readonly error: Error };

/** An account's margin in a scenario. */
export function evaluate(engine: MarginEngine, basket: Basket, scenario: Scenario): Evaluated {
  try {
    return { kind: "figures", figures: engine.margin(supposed(basket, scenario)) };
  } catch (error) {
    return { kind: "refused", error: error instanceof Error ? error : new Error(String(error)) };
  }
}

/** The basket as it is supposed to be. */
export function supposed(basket: Basket, scenario: Scenario): Basket {
  return movePrices(
    withHoldings(basket, scenario),
    factorsOf(scenario),
    scenario.volatility === 1000 ? ONE : multipleOf(scenario.volatility),
  );
}

/** Whether nobody could liquidate it; true where it cannot be told. */
export function isSafe(engine: MarginEngine, basket: Basket, scenario: Scenario): boolean {
  const evaluated = evaluate(engine, basket, scenario);
  if (evaluated.kind === "refused") return true;
  const { status } = evaluated.figures;
  return status === "healthy" || status === "margin_call";
}
