export {
  type AssetLiquidationPrice,
  type Basket,
  type BasketHolding,
  basketHoldings,
  type MarginFigures,
} from "./basket.js";
export { MarginEngine } from "./engine.js";
export { MarginError, type MarginErrorFields, type MarginErrorName } from "./errors.js";
export { movePrices } from "./moves.js";
export type { EngineSource } from "./wasm.js";
