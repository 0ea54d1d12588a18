export type { AssetLiquidationPrice, Basket, BasketHolding, MarginFigures } from "./basket.js";
export { MarginEngine } from "./engine.js";
export { MarginError, type MarginErrorFields, type MarginErrorName } from "./errors.js";
export type { EngineSource } from "./wasm.js";
