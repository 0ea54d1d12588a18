import type {
  AmountResponse,
  LiquidationPlanResponse,
  Side,
} from "../generated/BulwarkVault.types.js";
import { type AssetLiquidationPrice, type Basket, type MarginFigures, pruned } from "./basket.js";
import { compile, type EngineFunction, EngineInstance, type EngineSource } from "./wasm.js";

/** What the functions answer, in the contract's own types. */
interface Answers {
  margin: MarginFigures;
  liquidation_prices: AssetLiquidationPrice[];
  liquidation_plan: LiquidationPlanResponse;
  largest_change: AmountResponse;
}

/**
 * The margin formula, running here: the contracts' own arithmetic compiled to wasm, so that it
 * answers what the vault would answer, to the last digit.
 */
export class MarginEngine {
  readonly #instance: EngineInstance;

  private constructor(instance: EngineInstance) {
    this.#instance = instance;
  }

  /**
   * Loads the engine: by default from `risk.wasm` beside this module, which bundlers and browsers
   * find by themselves. Node.js fetches no files: give the bytes of
   * `@bulwark/client/risk.wasm` there.
   *
   * @throws {MarginError} `engine_unavailable`
   */
  static async load(source?: EngineSource): Promise<MarginEngine> {
    const module = await compile(source ?? new URL("./risk.wasm", import.meta.url));
    return new MarginEngine(new EngineInstance(module));
  }

  /**
   * Equity, margins, ratio and status of a basket, holding by holding in the order of their
   * markets: what the vault answers to `margin` of an account with these holdings.
   *
   * @throws {MarginError}
   */
  margin(basket: Basket): MarginFigures {
    return this.#call("margin", pruned(basket));
  }

  /**
   * At which price of each of its assets, the others standing still, a basket is liquidatable:
   * what the vault answers to `liquidation_price`.
   *
   * @throws {MarginError}
   */
  liquidationPrices(basket: Basket): AssetLiquidationPrice[] {
    return this.#call("liquidation_prices", pruned(basket));
  }

  /**
   * The debt and deposit that pay a keeper the largest bonus: what the vault answers to
   * `liquidation_plan`. No plan if the basket is not liquidatable.
   *
   * @throws {MarginError}
   */
  liquidationPlan(basket: Basket): LiquidationPlanResponse {
    return this.#call("liquidation_plan", pruned(basket));
  }

  /**
   * The most that can be borrowed of an asset (`debt`) or withdrawn (`deposit`), smallest units,
   * as far as the margin goes and up to `room`: the market's caps, cash and limits are not looked
   * at, they are what `room` is for. Nothing where a price is not good for opening, for a borrow of
   * what is deposited and a withdrawal of what is not.
   *
   * @throws {MarginError}
   */
  largestChange(basket: Basket, asset: string, side: Side, room?: bigint): bigint {
    const request = { basket: pruned(basket, asset), asset, side, room: room?.toString() ?? null };
    return BigInt(this.#call("largest_change", request).amount);
  }

  #call<N extends EngineFunction>(name: N, request: unknown): Answers[N] {
    // The code belongs to this package, and a test compares its answers with the contract's.
    return this.#instance.call(name, request) as Answers[N];
  }
}
