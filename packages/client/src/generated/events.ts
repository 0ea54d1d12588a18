// Written by scripts/generate.mjs out of schema/bulwark-events.json: do not edit.

/** Which of Bulwark's contracts emitted an event. */
export interface Emitted {
  readonly emitter: "vault" | "oracle" | "liquidator";
}

/** An account was credited with tokens. */
export interface DepositEvent extends Emitted {
  readonly type: "deposit";
  /** Owner of the account. */
  readonly owner: string;
  /** Number of the account. */
  readonly id: number;
  /** Who paid. */
  readonly sender: string;
  /** Asset. */
  readonly asset: string;
  /** Smallest units received. */
  readonly amount: bigint;
  /** Part of it that repaid a debt of the account. Smallest units. */
  readonly repaid: bigint;
  /** Part of it that stays idle. Smallest units. */
  readonly idle: bigint;
  /** Supply shares that the rest bought. */
  readonly shares: bigint;
}

/** Tokens left an account. */
export interface WithdrawEvent extends Emitted {
  readonly type: "withdraw";
  /** Owner of the account. */
  readonly owner: string;
  /** Number of the account. */
  readonly id: number;
  /** Who received the tokens. */
  readonly recipient: string;
  /** Asset. */
  readonly asset: string;
  /** Smallest units sent. */
  readonly amount: bigint;
  /** Part of it that had been idle. Smallest units. */
  readonly idle: bigint;
  /** Supply shares burned for the rest. */
  readonly shares: bigint;
}

/** Idle deposits were lent to the pool. */
export interface LendEvent extends Emitted {
  readonly type: "lend";
  /** Owner of the account. */
  readonly owner: string;
  /** Number of the account. */
  readonly id: number;
  /** Asset. */
  readonly asset: string;
  /** Smallest units lent. */
  readonly amount: bigint;
  /** Supply shares bought. */
  readonly shares: bigint;
}

/** Lent deposits came back from the pool. */
export interface RecallEvent extends Emitted {
  readonly type: "recall";
  /** Owner of the account. */
  readonly owner: string;
  /** Number of the account. */
  readonly id: number;
  /** Asset. */
  readonly asset: string;
  /** Smallest units recalled. */
  readonly amount: bigint;
  /** Supply shares burned. */
  readonly shares: bigint;
}

/** An account borrowed. */
export interface BorrowEvent extends Emitted {
  readonly type: "borrow";
  /** Owner of the account. */
  readonly owner: string;
  /** Number of the account. */
  readonly id: number;
  /** Who received the tokens. */
  readonly recipient: string;
  /** Asset. */
  readonly asset: string;
  /** Smallest units borrowed. */
  readonly amount: bigint;
  /** Debt shares owed for them. */
  readonly shares: bigint;
}

/** A debt was repaid, in part or whole. */
export interface RepayEvent extends Emitted {
  readonly type: "repay";
  /** Owner of the account. */
  readonly owner: string;
  /** Number of the account. */
  readonly id: number;
  /** Who paid. */
  readonly sender: string;
  /** Asset. */
  readonly asset: string;
  /** Smallest units repaid. */
  readonly amount: bigint;
  /** Debt shares that are gone. */
  readonly shares: bigint;
  /** Smallest units sent back to the payer. */
  readonly refunded: bigint;
}

/** Deposits moved from one account to another. */
export interface TransferEvent extends Emitted {
  readonly type: "transfer";
  /** Owner of the account that gave. */
  readonly owner: string;
  /** Number of the account that gave. */
  readonly id: number;
  /** Owner of the account that received. */
  readonly toOwner: string;
  /** Number of the account that received. */
  readonly toId: number;
  /** Asset. */
  readonly asset: string;
  /** Smallest units moved, lent ones at their value rounded down. */
  readonly amount: bigint;
  /** Part of it that was idle. Smallest units. */
  readonly idle: bigint;
  /** Supply shares moved. */
  readonly shares: bigint;
  /** Part of it that repaid a debt of the receiving account. Smallest units. */
  readonly repaid: bigint;
}

/** A keeper repaid a debt and seized a deposit. */
export interface LiquidationEvent extends Emitted {
  readonly type: "liquidation";
  /** Owner of the account. */
  readonly owner: string;
  /** Number of the account. */
  readonly id: number;
  /** Who repaid. */
  readonly keeper: string;
  /** Asset repaid. */
  readonly debtAsset: string;
  /** Smallest units repaid. */
  readonly repaid: bigint;
  /** Debt shares that are gone. */
  readonly debtShares: bigint;
  /** Asset seized. */
  readonly depositAsset: string;
  /** Smallest units seized, for the keeper and the reserve together. */
  readonly seized: bigint;
  /** Part of it that the keeper received as tokens. Smallest units. */
  readonly tokens: bigint;
  /** Supply shares that the keeper received for the rest. */
  readonly shares: bigint;
  /** The reserve's part, in smallest units of the deposit. Smallest units. */
  readonly protocolFee: bigint;
  /** Bonus per value repaid. With 18 decimals. */
  readonly bonus: bigint;
  /** Value repaid, USD. With 18 decimals. */
  readonly repaidValue: bigint;
  /** Value of the bonus, the reserve's part included, USD. With 18 decimals. */
  readonly bonusValue: bigint;
  /** Whether the account was in distress. */
  readonly distressed: boolean;
  /** Margin ratio afterwards; `unbounded` where no margin is required. */
  readonly ratioAfter: string;
}

/** The liquidator sent a keeper what a liquidation by callback left of an asset. */
export interface PayoutEvent extends Emitted {
  readonly type: "payout";
  /** Who started the liquidation. */
  readonly keeper: string;
  /** Asset. */
  readonly asset: string;
  /** Smallest units. */
  readonly amount: bigint;
}

/** A debt that nobody will repay was written off. */
export interface BadDebtEvent extends Emitted {
  readonly type: "bad_debt";
  /** Owner of the account. */
  readonly owner: string;
  /** Number of the account. */
  readonly id: number;
  /** Asset. */
  readonly asset: string;
  /** Smallest units written off. */
  readonly writtenOff: bigint;
  /** Debt shares that are gone. */
  readonly shares: bigint;
  /** Borne by the reserve. Smallest units. */
  readonly fromReserve: bigint;
  /** Borne by the suppliers. Smallest units. */
  readonly fromSuppliers: bigint;
}

/** Dust that was left in an insolvent account went to the reserve. */
export interface DustEvent extends Emitted {
  readonly type: "dust";
  /** Owner of the account. */
  readonly owner: string;
  /** Number of the account. */
  readonly id: number;
  /** Asset. */
  readonly asset: string;
  /** Smallest units that had been idle. */
  readonly idle: bigint;
  /** Supply shares that the account had. */
  readonly shares: bigint;
}

/** A target of a `liquidate_many` was passed over. */
export interface SkipEvent extends Emitted {
  readonly type: "skip";
  /** Owner of the account. */
  readonly owner: string;
  /** Number of the account. */
  readonly id: number;
  /** Asset that would have been repaid. */
  readonly debtAsset: string;
  /** Asset that would have been seized. */
  readonly depositAsset: string;
  /** Name of the error that `liquidate` would have answered with. */
  readonly reason: string;
}

/** An owner let somebody act for its accounts, or took that right away. */
export interface OperatorEvent extends Emitted {
  readonly type: "operator";
  /** Owner of the accounts. */
  readonly owner: string;
  /** Who may act, or no longer may. */
  readonly operator: string;
  /** Number of the account, or `all`. */
  readonly account: string;
  /** `granted` or `revoked`. */
  readonly action: string;
  /** Block time in seconds from which it no longer counts; 0 for never. */
  readonly expires: number;
}

/** A batch called another contract. */
export interface CallEvent extends Emitted {
  readonly type: "call";
  /** Owner of the account. */
  readonly owner: string;
  /** Number of the account. */
  readonly id: number;
  /** Who sent the batch. */
  readonly sender: string;
  /** The contract called. */
  readonly contract: string;
}

/** Interest was added to a market. */
export interface AccrualEvent extends Emitted {
  readonly type: "accrual";
  /** Asset. */
  readonly asset: string;
  /** Smallest units added to debts and supply. */
  readonly interest: bigint;
  /** Supply shares minted to the reserve. */
  readonly reserveShares: bigint;
  /** Smallest units owed in all afterwards. */
  readonly borrowed: bigint;
  /** Smallest units supplied in all afterwards. */
  readonly supplied: bigint;
}

/** The owner took from a reserve. */
export interface ReserveEvent extends Emitted {
  readonly type: "reserve";
  /** Asset. */
  readonly asset: string;
  /** Who received the tokens. */
  readonly recipient: string;
  /** Smallest units sent. */
  readonly amount: bigint;
  /** Supply shares burned. */
  readonly shares: bigint;
}

/** A market was listed or its configuration changed. */
export interface MarketEvent extends Emitted {
  readonly type: "market";
  /** Asset. */
  readonly asset: string;
  /** Number of the market. */
  readonly market: number;
  /** `listed` or `updated`. */
  readonly action: string;
  /** Block time in seconds at which ramped parameters arrive. */
  readonly effectiveAt: number;
}

/** A change of configuration was proposed, applied or cancelled. */
export interface ChangeEvent extends Emitted {
  readonly type: "change";
  /** Number of the change; 0 for one that took effect without waiting. */
  readonly change: number;
  /** `proposed`, `applied` or `cancelled`. */
  readonly action: string;
  /** Block time in seconds from which it can be applied. */
  readonly readyAt: number;
  /** Who sent the message. */
  readonly sender: string;
}

/** Ownership moved. */
export interface OwnershipEvent extends Emitted {
  readonly type: "ownership";
  /** `proposed`, `accepted` or `renounced`. */
  readonly action: string;
  /** The owner afterwards; empty if there is none. */
  readonly owner: string;
  /** The proposed owner afterwards; empty if there is none. */
  readonly pending: string;
}

/** Actions were paused or a pause was lifted. */
export interface PauseEvent extends Emitted {
  readonly type: "pause";
  /** Asset; empty for all. */
  readonly asset: string;
  /** The actions, joined by commas. */
  readonly actions: string;
  /** Block time in seconds at which the pause ends by itself; 0 when lifted. */
  readonly until: number;
}

/** The oracle took in an observation. */
export interface PriceEvent extends Emitted {
  readonly type: "price";
  /** Asset. */
  readonly asset: string;
  /** Price in force, USD per whole token. With 18 decimals. */
  readonly mid: bigint;
  /** Opening price of deposits. With 18 decimals. */
  readonly low: bigint;
  /** Opening price of debts. With 18 decimals. */
  readonly high: bigint;
  /** The observation, USD per whole token. With 18 decimals. */
  readonly observed: bigint;
  /** Status of the feed afterwards. */
  readonly status: string;
  /** Seconds. */
  readonly publishedAt: number;
}

/** The oracle asked a source of a feed. */
export interface SourceEvent extends Emitted {
  readonly type: "source";
  /** Asset. */
  readonly asset: string;
  /** Place of the source among the feed's, from 0. */
  readonly source: number;
  /** `taken`, or why the source said nothing usable: `unreachable`, `malformed`, `out_of_range`, `future`, `stale` or `older`. */
  readonly outcome: string;
  /** What counts of the answer: a price in USD per whole token, or a redemption rate in base tokens per token, within its growth cap; 0 where nothing was taken. With 18 decimals. */
  readonly value: bigint;
  /** As of when it is, in seconds; 0 where nothing was taken. */
  readonly asOf: number;
}

/** A guardian halted a feed or resumed it. */
export interface HaltEvent extends Emitted {
  readonly type: "halt";
  /** Asset. */
  readonly asset: string;
  /** Block time in seconds at which the halt ends by itself; 0 when resumed. */
  readonly until: number;
}

/** Any event of Bulwark's contracts; `type` tells which. */
export type BulwarkEvent =
  | DepositEvent
  | WithdrawEvent
  | LendEvent
  | RecallEvent
  | BorrowEvent
  | RepayEvent
  | TransferEvent
  | LiquidationEvent
  | PayoutEvent
  | BadDebtEvent
  | DustEvent
  | SkipEvent
  | OperatorEvent
  | CallEvent
  | AccrualEvent
  | ReserveEvent
  | MarketEvent
  | ChangeEvent
  | OwnershipEvent
  | PauseEvent
  | PriceEvent
  | SourceEvent
  | HaltEvent;

/** Reads attributes of one event; each method throws if the value is not of that kind. */
export interface AttributeReader {
  /** As it is. */
  text(attribute: string): string;
  /** `true` or `false`. */
  flag(attribute: string): boolean;
  /** A number that is small enough to be exact: of an account, a second. */
  count(attribute: string): number;
  /** A whole number: smallest units, shares. */
  whole(attribute: string): bigint;
  /** A decimal, as its 18-decimal atomics. */
  decimal(attribute: string): bigint;
}

/** How an event is read, by its type without the chain's prefix. */
export const decoders: Readonly<
  Record<string, (read: AttributeReader, emitted: Emitted) => BulwarkEvent>
> = {
  "bulwark-deposit": (read, emitted): DepositEvent => ({
    ...emitted,
    type: "deposit",
    owner: read.text("owner"),
    id: read.count("id"),
    sender: read.text("sender"),
    asset: read.text("asset"),
    amount: read.whole("amount"),
    repaid: read.whole("repaid"),
    idle: read.whole("idle"),
    shares: read.whole("shares"),
  }),
  "bulwark-withdraw": (read, emitted): WithdrawEvent => ({
    ...emitted,
    type: "withdraw",
    owner: read.text("owner"),
    id: read.count("id"),
    recipient: read.text("recipient"),
    asset: read.text("asset"),
    amount: read.whole("amount"),
    idle: read.whole("idle"),
    shares: read.whole("shares"),
  }),
  "bulwark-lend": (read, emitted): LendEvent => ({
    ...emitted,
    type: "lend",
    owner: read.text("owner"),
    id: read.count("id"),
    asset: read.text("asset"),
    amount: read.whole("amount"),
    shares: read.whole("shares"),
  }),
  "bulwark-recall": (read, emitted): RecallEvent => ({
    ...emitted,
    type: "recall",
    owner: read.text("owner"),
    id: read.count("id"),
    asset: read.text("asset"),
    amount: read.whole("amount"),
    shares: read.whole("shares"),
  }),
  "bulwark-borrow": (read, emitted): BorrowEvent => ({
    ...emitted,
    type: "borrow",
    owner: read.text("owner"),
    id: read.count("id"),
    recipient: read.text("recipient"),
    asset: read.text("asset"),
    amount: read.whole("amount"),
    shares: read.whole("shares"),
  }),
  "bulwark-repay": (read, emitted): RepayEvent => ({
    ...emitted,
    type: "repay",
    owner: read.text("owner"),
    id: read.count("id"),
    sender: read.text("sender"),
    asset: read.text("asset"),
    amount: read.whole("amount"),
    shares: read.whole("shares"),
    refunded: read.whole("refunded"),
  }),
  "bulwark-transfer": (read, emitted): TransferEvent => ({
    ...emitted,
    type: "transfer",
    owner: read.text("owner"),
    id: read.count("id"),
    toOwner: read.text("to_owner"),
    toId: read.count("to_id"),
    asset: read.text("asset"),
    amount: read.whole("amount"),
    idle: read.whole("idle"),
    shares: read.whole("shares"),
    repaid: read.whole("repaid"),
  }),
  "bulwark-liquidation": (read, emitted): LiquidationEvent => ({
    ...emitted,
    type: "liquidation",
    owner: read.text("owner"),
    id: read.count("id"),
    keeper: read.text("keeper"),
    debtAsset: read.text("debt_asset"),
    repaid: read.whole("repaid"),
    debtShares: read.whole("debt_shares"),
    depositAsset: read.text("deposit_asset"),
    seized: read.whole("seized"),
    tokens: read.whole("tokens"),
    shares: read.whole("shares"),
    protocolFee: read.whole("protocol_fee"),
    bonus: read.decimal("bonus"),
    repaidValue: read.decimal("repaid_value"),
    bonusValue: read.decimal("bonus_value"),
    distressed: read.flag("distressed"),
    ratioAfter: read.text("ratio_after"),
  }),
  "bulwark-payout": (read, emitted): PayoutEvent => ({
    ...emitted,
    type: "payout",
    keeper: read.text("keeper"),
    asset: read.text("asset"),
    amount: read.whole("amount"),
  }),
  "bulwark-bad_debt": (read, emitted): BadDebtEvent => ({
    ...emitted,
    type: "bad_debt",
    owner: read.text("owner"),
    id: read.count("id"),
    asset: read.text("asset"),
    writtenOff: read.whole("written_off"),
    shares: read.whole("shares"),
    fromReserve: read.whole("from_reserve"),
    fromSuppliers: read.whole("from_suppliers"),
  }),
  "bulwark-dust": (read, emitted): DustEvent => ({
    ...emitted,
    type: "dust",
    owner: read.text("owner"),
    id: read.count("id"),
    asset: read.text("asset"),
    idle: read.whole("idle"),
    shares: read.whole("shares"),
  }),
  "bulwark-skip": (read, emitted): SkipEvent => ({
    ...emitted,
    type: "skip",
    owner: read.text("owner"),
    id: read.count("id"),
    debtAsset: read.text("debt_asset"),
    depositAsset: read.text("deposit_asset"),
    reason: read.text("reason"),
  }),
  "bulwark-operator": (read, emitted): OperatorEvent => ({
    ...emitted,
    type: "operator",
    owner: read.text("owner"),
    operator: read.text("operator"),
    account: read.text("account"),
    action: read.text("action"),
    expires: read.count("expires"),
  }),
  "bulwark-call": (read, emitted): CallEvent => ({
    ...emitted,
    type: "call",
    owner: read.text("owner"),
    id: read.count("id"),
    sender: read.text("sender"),
    contract: read.text("contract"),
  }),
  "bulwark-accrual": (read, emitted): AccrualEvent => ({
    ...emitted,
    type: "accrual",
    asset: read.text("asset"),
    interest: read.whole("interest"),
    reserveShares: read.whole("reserve_shares"),
    borrowed: read.whole("borrowed"),
    supplied: read.whole("supplied"),
  }),
  "bulwark-reserve": (read, emitted): ReserveEvent => ({
    ...emitted,
    type: "reserve",
    asset: read.text("asset"),
    recipient: read.text("recipient"),
    amount: read.whole("amount"),
    shares: read.whole("shares"),
  }),
  "bulwark-market": (read, emitted): MarketEvent => ({
    ...emitted,
    type: "market",
    asset: read.text("asset"),
    market: read.count("market"),
    action: read.text("action"),
    effectiveAt: read.count("effective_at"),
  }),
  "bulwark-change": (read, emitted): ChangeEvent => ({
    ...emitted,
    type: "change",
    change: read.count("change"),
    action: read.text("action"),
    readyAt: read.count("ready_at"),
    sender: read.text("sender"),
  }),
  "bulwark-ownership": (read, emitted): OwnershipEvent => ({
    ...emitted,
    type: "ownership",
    action: read.text("action"),
    owner: read.text("owner"),
    pending: read.text("pending"),
  }),
  "bulwark-pause": (read, emitted): PauseEvent => ({
    ...emitted,
    type: "pause",
    asset: read.text("asset"),
    actions: read.text("actions"),
    until: read.count("until"),
  }),
  "bulwark-price": (read, emitted): PriceEvent => ({
    ...emitted,
    type: "price",
    asset: read.text("asset"),
    mid: read.decimal("mid"),
    low: read.decimal("low"),
    high: read.decimal("high"),
    observed: read.decimal("observed"),
    status: read.text("status"),
    publishedAt: read.count("published_at"),
  }),
  "bulwark-source": (read, emitted): SourceEvent => ({
    ...emitted,
    type: "source",
    asset: read.text("asset"),
    source: read.count("source"),
    outcome: read.text("outcome"),
    value: read.decimal("value"),
    asOf: read.count("as_of"),
  }),
  "bulwark-halt": (read, emitted): HaltEvent => ({
    ...emitted,
    type: "halt",
    asset: read.text("asset"),
    until: read.count("until"),
  }),
};
