export * as actions from "./actions.js";
export * from "./amounts.js";
export { CW20_PREFIX, cw20Contract } from "./assets.js";
export {
  type BlockInfo,
  Bulwark,
  type ConnectOptions,
  type ContractInfo,
  connect,
} from "./connect.js";
export * from "./errors.js";
export * from "./events.js";
export * from "./failures.js";
export type { HistoryEntry, HistoryQuery } from "./history.js";
export {
  type KeplrChain,
  type KeplrCurrency,
  type KeplrWallet,
  keplrChain,
  keplrSigner,
} from "./keplr.js";
export { localSigner } from "./keys.js";
export type {
  Listener,
  LiveState,
  OpenSocket,
  Socket,
  SocketEvents,
  Update,
} from "./live.js";
export * as messages from "./messages.js";
export {
  type BatchArguments,
  type BorrowArguments,
  type Coin,
  type DepositArguments,
  type LiquidateArguments,
  type LiquidateManyArguments,
  type LiquidationTarget,
  type Message,
  MessageError,
  type OperatorArguments,
  type PricePost,
  type Quantity,
  type TransferArguments,
  type WithdrawArguments,
} from "./messages.js";
export {
  type AssetInfo,
  type Exchange,
  type GasPrice,
  infoOf,
  isAddress,
  type LocalNetwork,
  type LocalUser,
  type Network,
  NetworkError,
  parseNetwork,
} from "./network.js";
export type { Past } from "./past.js";
export type { Memory, Pending } from "./pending.js";
export type { Receipt } from "./receipt.js";
export type { Place } from "./search.js";
export {
  BulwarkSigner,
  type Estimate,
  GAS_ADJUSTMENT_PERCENT,
  type SendOptions,
  type SendState,
} from "./signer.js";
