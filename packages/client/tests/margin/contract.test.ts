import { isDeepStrictEqual } from "node:util";
import { expect, it } from "vitest";

import { parseDecimal, worth } from "../../src/amounts.js";
import { MarginEngine } from "../../src/margin/index.js";
import { type Case, readCases, riskWasm } from "./cases.js";
import { KINDS } from "./kinds.js";

const LEAST = 3_000;

const engine = await MarginEngine.load(riskWasm());
const cases = readCases();

/** Compares to the last digit; of what differs the first is shown. */
function compared<T>(
  what: string,
  of: (seen: Case) => readonly { answered: T; computed: T; detail?: string }[],
) {
  let count = 0;
  for (const seen of cases) {
    for (const { answered, computed, detail } of of(seen)) {
      count += 1;
      if (!isDeepStrictEqual(computed, answered)) {
        const { owner, id } = seen.account.account;
        const where = `${what} of ${owner}/${id} at ${seen.world.now} ${detail ?? ""}`;
        expect(computed, where).toStrictEqual(answered);
      }
    }
  }
  process.stdout.write(`${what}: ${count} compared\n`);
  return count;
}

it(`sees at least ${LEAST} accounts, and some of every kind`, () => {
  expect(cases.length).toBeGreaterThanOrEqual(LEAST);
  process.stdout.write(`${cases.length} accounts\n`);
  const missing: string[] = [];
  for (const [kind, isOne] of Object.entries(KINDS)) {
    const count = cases.filter(isOne).length;
    process.stdout.write(`${count.toString().padStart(6)} ${kind}\n`);
    if (count === 0) {
      missing.push(kind);
    }
  }
  expect(missing).toStrictEqual([]);
});

it("answers margins as the contract does", () => {
  const count = compared("margins", ({ basket, margin }) => {
    const { account: _account, locked: _locked, ...answered } = margin;
    return [{ answered, computed: engine.margin(basket) }];
  });
  expect(count).toBeGreaterThanOrEqual(LEAST);
});

it("answers liquidation prices as the contract does", () => {
  compared("liquidation prices", ({ basket, liquidation_prices }) => {
    const answered = liquidation_prices.map(({ asset, price }) => ({ asset, ...price }));
    return [{ answered, computed: engine.liquidationPrices(basket) }];
  });
});

it("answers liquidation plans as the contract does", () => {
  compared("liquidation plans", ({ basket, liquidation_plan }) => [
    { answered: liquidation_plan, computed: engine.liquidationPlan(basket) },
  ]);
});

/**
 * Within this value, USD with 18 decimals, margins round up or down from one smallest unit to the
 * next: which of these units a bisection ends at depends on where it began.
 */
const ROUNDING = 10n;

it("finds the most that can be borrowed or withdrawn where it is the margin that limits", () => {
  compared("largest changes by margin", ({ basket, changes, world }) =>
    changes
      .filter((change) => change.refused_beyond === "below_initial_margin")
      .map(({ asset, side, most }) => {
        const computed = engine.largestChange(basket, asset, side);
        const decimals = world.markets.find((market) => market.asset === asset)?.decimals ?? 0;
        const price = world.prices.find((known) => known.asset === asset)?.record.mid ?? "0";
        const apart = computed > BigInt(most) ? computed - BigInt(most) : BigInt(most) - computed;
        const isClose = worth(apart, decimals, parseDecimal(price)) <= ROUNDING;
        return {
          answered: BigInt(most),
          computed: isClose ? BigInt(most) : computed,
          detail: `${side} ${asset}`,
        };
      }),
  );
});

it("finds exactly as much as the contract within the room that the contract found", () => {
  compared("largest changes within a room", ({ basket, changes }) =>
    changes.map(({ asset, side, most }) => ({
      answered: BigInt(most),
      computed: engine.largestChange(basket, asset, side, BigInt(most)),
      detail: `${side} ${asset}`,
    })),
  );
});
