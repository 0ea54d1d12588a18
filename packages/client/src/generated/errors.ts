// Written by scripts/generate.mjs out of schema/bulwark-errors.json: do not edit.

/** The contracts that answer with errors. */
export type Contract = "caller" | "liquidator" | "oracle" | "vault";

/** A string: a whole number of smallest units. */
export type Amount = string;

/** A string: a non-negative decimal with at most 18 decimals. */
export type Fraction = string;

/** What a guardian can pause. */
export type PausableAction =
  /** Deposits (repayments and what an account below initial margin needs aside). */
  | "deposit"
  /** Borrowing. */
  | "borrow"
  /** Withdrawals, and transfers between accounts. */
  | "withdraw";

/** Status of a feed. */
export type PriceStatus =
  /** The price can be used for everything, until it is stale. */
  | "ok"
  /** A jump waits to be confirmed: nothing can be opened at this price. */
  | "pending"
  /** The sources disagree too much: nothing can be opened at this price. */
  | "wide"
  /** The guardian has stopped the feed: its last price counts, but no longer trades. */
  | "halted";

/** A string: a value in USD with at most 18 decimals, possibly negative. */
export type Usd = string;

/** The fields of every error, as they stand in its JSON: amounts are strings there. */
export interface ErrorFields {
  /**
   * An amount in smallest units is not below `AMOUNT_LIMIT`.
   *
   * Answered by: liquidator, oracle, vault.
   */
  readonly amount_too_large: {
    /** The amount, in smallest units. */
    readonly amount: string;
  };
  /**
   * An outside call left the vault with less than before.
   *
   * Answered by: vault.
   */
  readonly balance_fell: {
    /** Smallest units held afterwards. */
    readonly after: Amount;
    /** Asset. */
    readonly asset: string;
    /** Smallest units held before. */
    readonly before: Amount;
  };
  /**
   * The account would not meet its initial margin.
   *
   * Answered by: vault.
   */
  readonly below_initial_margin: {
    /** Equity at opening prices that it would have, USD. */
    readonly equity_open: Usd;
    /** Initial margin that it would need, USD. */
    readonly initial: Usd;
  };
  /**
   * All slots of all boards are taken.
   *
   * Answered by: oracle.
   */
  readonly boards_full: {
    /** Feeds that there are. */
    readonly feeds: number;
  };
  /**
   * The borrow cap of a market.
   *
   * Answered by: vault.
   */
  readonly borrow_cap: {
    /** Asset. */
    readonly asset: string;
    /** Smallest units. */
    readonly cap: Amount;
    /** Debts that the message would lead to, smallest units. */
    readonly total: Amount;
  };
  /**
   * Borrowing of an asset is disabled.
   *
   * Answered by: vault.
   */
  readonly borrow_disabled: {
    /** Asset. */
    readonly asset: string;
  };
  /**
   * An asset that the account has deposited cannot be borrowed.
   *
   * Answered by: vault.
   */
  readonly borrow_of_deposit: {
    /** Asset. */
    readonly asset: string;
  };
  /**
   * What an outside call does is known only when it is done.
   *
   * Answered by: vault.
   */
  readonly call_not_simulated: {
    /** Contract that would be called. */
    readonly contract: string;
  };
  /**
   * The caller was asked to call itself.
   * The liquidator was asked to call itself.
   *
   * Answered by: caller, liquidator.
   */
  readonly calls_itself: {
    /** Its address. */
    readonly contract: string;
  };
  /**
   * The change was not applied in time; it can only be cancelled.
   *
   * Answered by: oracle, vault.
   */
  readonly change_expired: {
    /** Its number. */
    readonly change: number;
    /** The last block time in seconds at which it could be applied. */
    readonly expires_at: number;
    /** Block time in seconds. */
    readonly now: number;
  };
  /**
   * The change still waits.
   *
   * Answered by: oracle, vault.
   */
  readonly change_not_ready: {
    /** Its number. */
    readonly change: number;
    /** Block time in seconds. */
    readonly now: number;
    /** Block time in seconds from which it can be applied. */
    readonly ready_at: number;
  };
  /**
   * A feeder's own uncertainty exceeds its price.
   *
   * Answered by: oracle.
   */
  readonly confidence_out_of_range: {
    /** Asset. */
    readonly asset: string;
    /** The posted confidence, USD per whole token. */
    readonly conf: string;
    /** The posted price, USD per whole token. */
    readonly price: string;
  };
  /**
   * A configuration value lies outside of what keeps the accounts safe.
   *
   * Answered by: liquidator, oracle, vault.
   */
  readonly config: {
    /** What it has to satisfy. */
    readonly bound: string;
    /** Which field. */
    readonly field: string;
    /** Its offending value. */
    readonly value: string;
  };
  /**
   * What has been stopped lately cannot be stopped again so soon.
   *
   * Answered by: oracle, vault.
   */
  readonly cooling_down: {
    /** Block time in seconds. */
    readonly now: number;
    /** Block time in seconds from which it can be stopped again. */
    readonly until: number;
  };
  /**
   * The largest part of a pool that one account may owe.
   *
   * Answered by: vault.
   */
  readonly counterparty_limit: {
    /** Asset. */
    readonly asset: string;
    /** Smallest units that it would owe. */
    readonly debt: Amount;
    /** Smallest units that it may owe. */
    readonly limit: Amount;
  };
  /**
   * `debt` and `callback` were not given together.
   *
   * Answered by: vault.
   */
  readonly debt_without_callback: {
    /** Whether a callback was named. */
    readonly callback: boolean;
    /** Whether a debt was named. */
    readonly debt: boolean;
  };
  /**
   * The deposit cap of a market.
   *
   * Answered by: vault.
   */
  readonly deposit_cap: {
    /** Asset. */
    readonly asset: string;
    /** Smallest units. */
    readonly cap: Amount;
    /** Deposits that the message would lead to, smallest units. */
    readonly total: Amount;
  };
  /**
   * Deposits of an asset are disabled.
   *
   * Answered by: vault.
   */
  readonly deposit_disabled: {
    /** Asset. */
    readonly asset: string;
  };
  /**
   * A divisor is zero.
   *
   * Answered by: liquidator, oracle, vault.
   */
  readonly division_by_zero: {
    /** The operation in words. */
    readonly operation: string;
  };
  /**
   * One message names an asset twice.
   *
   * Answered by: oracle.
   */
  readonly duplicate_asset: {
    /** Asset. */
    readonly asset: string;
  };
  /**
   * An entry stands in a list twice.
   *
   * Answered by: vault.
   */
  readonly duplicate_entry: {
    /** The entry. */
    readonly entry: string;
  };
  /**
   * One address stands twice among the feeders.
   *
   * Answered by: oracle.
   */
  readonly duplicate_feeder: {
    /** The address. */
    readonly feeder: string;
  };
  /**
   * One asset would be sent back twice.
   *
   * Answered by: caller.
   */
  readonly duplicate_return: {
    /** Asset. */
    readonly asset: string;
  };
  /**
   * A grant would have ended before it began.
   *
   * Answered by: vault.
   */
  readonly expiry_passed: {
    /** Block time in seconds. */
    readonly expires: number;
    /** Block time in seconds. */
    readonly now: number;
  };
  /**
   * Only its owner can add an asset to an account.
   *
   * Answered by: vault.
   */
  readonly foreign_asset: {
    /** Asset. */
    readonly asset: string;
    /** Number of the account. */
    readonly id: number;
    /** Owner of the account. */
    readonly owner: string;
  };
  /**
   * Coins came with a message that takes none.
   * Tokens came with a message; none takes any.
   *
   * Answered by: caller, liquidator, oracle.
   */
  readonly funds_sent: {
    /** The coins. */
    readonly funds: readonly string[];
  };
  /**
   * A post is dated later than the block.
   *
   * Answered by: oracle.
   */
  readonly future_post: {
    /** Asset. */
    readonly asset: string;
    /** Block time in seconds. */
    readonly now: number;
    /** When it was observed, in seconds. */
    readonly published_at: number;
  };
  /**
   * The pool's cash does not suffice.
   *
   * Answered by: vault.
   */
  readonly insufficient_cash: {
    /** Asset. */
    readonly asset: string;
    /** Smallest units that can leave now. */
    readonly available: Amount;
    /** Smallest units asked for. */
    readonly requested: Amount;
  };
  /**
   * The account has less than asked for.
   *
   * Answered by: vault.
   */
  readonly insufficient_deposit: {
    /** Asset. */
    readonly asset: string;
    /** Smallest units that it has. */
    readonly available: Amount;
    /** Smallest units asked for. */
    readonly requested: Amount;
  };
  /**
   * A batch has less in hand than an action takes.
   *
   * Answered by: vault.
   */
  readonly insufficient_hand: {
    /** Asset. */
    readonly asset: string;
    /** Smallest units in hand. */
    readonly available: Amount;
    /** Smallest units that the action takes. */
    readonly requested: Amount;
  };
  /**
   * An asset's name is empty, too long, or has control characters.
   *
   * Answered by: oracle.
   */
  readonly invalid_asset: {
    /** Asset. */
    readonly asset: string;
  };
  /**
   * A value of the oracle's own configuration is refused.
   * A value of a configuration is refused.
   *
   * Answered by: oracle, vault.
   */
  readonly invalid_config: {
    /** What it has to satisfy. */
    readonly bound: string;
    /** Which field. */
    readonly field: string;
    /** Its value. */
    readonly value: string;
  };
  /**
   * A value of a feed's configuration is refused.
   *
   * Answered by: oracle.
   */
  readonly invalid_feed: {
    /** What it has to satisfy. */
    readonly bound: string;
    /** Which field. */
    readonly field: string;
    /** Its value. */
    readonly value: string;
  };
  /**
   * Nobody can be made an operator of itself, nor can the vault.
   *
   * Answered by: vault.
   */
  readonly invalid_operator: {
    /** Address. */
    readonly operator: string;
  };
  /**
   * Tokens cannot be sent to the vault itself.
   *
   * Answered by: vault.
   */
  readonly invalid_recipient: {
    /** Address. */
    readonly recipient: string;
  };
  /**
   * A list is empty or too long.
   *
   * Answered by: vault.
   */
  readonly list_length: {
    /** Entries. */
    readonly length: number;
    /** Entries at most. */
    readonly limit: number;
  };
  /**
   * An outside call is running.
   *
   * Answered by: vault.
   */
  readonly locked: Record<string, never>;
  /**
   * The message within a CW20 `send` is none of the vault's.
   *
   * Answered by: vault.
   */
  readonly malformed_hook: {
    /** What is wrong with it. */
    readonly detail: string;
  };
  /**
   * A market is listed already.
   *
   * Answered by: vault.
   */
  readonly market_exists: {
    /** Asset. */
    readonly asset: string;
  };
  /**
   * The state was written by newer code.
   *
   * Answered by: oracle, vault.
   */
  readonly newer_state: {
    /** Version of this code. */
    readonly code: string;
    /** Version in the state. */
    readonly state: string;
  };
  /**
   * The account does not owe an asset.
   *
   * Answered by: vault.
   */
  readonly no_debt: {
    /** Asset. */
    readonly asset: string;
  };
  /**
   * The account has no deposit of an asset.
   *
   * Answered by: vault.
   */
  readonly no_deposit: {
    /** Asset. */
    readonly asset: string;
  };
  /**
   * The state was written by older code, from which no way leads to this one.
   *
   * Answered by: oracle, vault.
   */
  readonly no_migration_path: {
    /** Version of this code. */
    readonly code: string;
    /** Version in the state. */
    readonly state: string;
  };
  /**
   * Nobody has been proposed as owner.
   *
   * Answered by: oracle, vault.
   */
  readonly no_pending_owner: Record<string, never>;
  /**
   * The feed has not had a first price.
   * The oracle has no price.
   *
   * Answered by: oracle, vault.
   */
  readonly no_price: {
    /** Asset. */
    readonly asset: string;
  };
  /**
   * The sender may not act for the account.
   *
   * Answered by: vault.
   */
  readonly not_account_owner: {
    /** Number of the account. */
    readonly id: number;
    /** Owner of the account. */
    readonly owner: string;
    /** Who sent the message. */
    readonly sender: string;
  };
  /**
   * The feed is not halted.
   *
   * Answered by: oracle.
   */
  readonly not_halted: {
    /** Asset. */
    readonly asset: string;
  };
  /**
   * The account covers its maintenance margin.
   *
   * Answered by: vault.
   */
  readonly not_liquidatable: {
    /** Equity, USD. */
    readonly equity: Usd;
    /** Number of the account. */
    readonly id: number;
    /** Maintenance margin, USD. */
    readonly maintenance: Usd;
    /** Owner of the account. */
    readonly owner: string;
  };
  /**
   * The feeder has posted an observation as new as this one, or newer.
   *
   * Answered by: oracle.
   */
  readonly not_newer: {
    /** Asset. */
    readonly asset: string;
    /** When the feeder's previous one was, in seconds. */
    readonly previous: number;
    /** When it was observed, in seconds. */
    readonly published_at: number;
  };
  /**
   * Prices of this asset are not posted.
   *
   * Answered by: oracle.
   */
  readonly not_posted: {
    /** Asset. */
    readonly asset: string;
  };
  /**
   * No source of this asset is asked for its prices.
   *
   * Answered by: oracle.
   */
  readonly not_refreshed: {
    /** Asset. */
    readonly asset: string;
  };
  /**
   * A callback ended without the repayment.
   *
   * Answered by: vault.
   */
  readonly not_repaid: {
    /** Asset owed. */
    readonly asset: string;
    /** Smallest units to be repaid. */
    readonly owed: Amount;
    /** Smallest units that arrived. */
    readonly repaid: Amount;
  };
  /**
   * Only an insolvent account with next to no deposits can be written off.
   *
   * Answered by: vault.
   */
  readonly not_write_off: {
    /** Deposits, USD. */
    readonly deposits: Usd;
    /** Deposits have to be worth less, USD. */
    readonly dust_value: Usd;
    /** Equity, USD. */
    readonly equity: Usd;
  };
  /**
   * A message of prices without any.
   *
   * Answered by: oracle.
   */
  readonly nothing_posted: Record<string, never>;
  /**
   * A refresh of no asset.
   *
   * Answered by: oracle.
   */
  readonly nothing_refreshed: Record<string, never>;
  /**
   * The repayment buys less than one smallest unit.
   *
   * Answered by: vault.
   */
  readonly nothing_seized: {
    /** Smallest units of the debt. */
    readonly repaid: Amount;
    /** Asset to seize. */
    readonly seize: string;
  };
  /**
   * There is nothing of an asset to be swapped: everything seized came as shares of the pool, or a swap paid nothing.
   *
   * Answered by: liquidator.
   */
  readonly nothing_to_swap: {
    /** Asset. */
    readonly asset: string;
  };
  /**
   * Somebody else sent what only the caller sends to itself.
   * Somebody else sent what only the liquidator sends to itself.
   *
   * Answered by: caller, liquidator.
   */
  readonly only_itself: {
    /** Who sent the message. */
    readonly sender: string;
  };
  /**
   * Somebody else sent what only the vault sends.
   *
   * Answered by: liquidator.
   */
  readonly only_vault: {
    /** Who sent the message. */
    readonly sender: string;
  };
  /**
   * More of a pool would leave it than may leave within the window.
   *
   * Answered by: vault.
   */
  readonly outflow_limit: {
    /** Asset. */
    readonly asset: string;
    /** Smallest units that may leave within the window. */
    readonly limit: Amount;
    /** Smallest units that would have left it. */
    readonly outflow: Amount;
  };
  /**
   * An intermediate result does not fit into its type.
   *
   * Answered by: liquidator, oracle, vault.
   */
  readonly overflow: {
    /** The operation in words. */
    readonly operation: string;
  };
  /**
   * The price of the debt or of the deposit is not in force.
   *
   * Answered by: vault.
   */
  readonly pair_unpriced: {
    /** Asset owed. */
    readonly debt: string;
    /** Asset to seize. */
    readonly seize: string;
  };
  /**
   * An action is paused.
   *
   * Answered by: vault.
   */
  readonly paused: {
    /** What is paused. */
    readonly action: PausableAction;
    /** Asset. */
    readonly asset: string;
    /** Block time in seconds at which the pause ends by itself. */
    readonly until: number;
  };
  /**
   * A price cannot be used for opening now.
   *
   * Answered by: vault.
   */
  readonly price_not_openable: {
    /** Asset. */
    readonly asset: string;
    /** Whether its price is past its age. */
    readonly stale: boolean;
    /** Status of its feed. */
    readonly status: PriceStatus;
  };
  /**
   * A posted price is zero or absurdly high.
   *
   * Answered by: oracle.
   */
  readonly price_out_of_range: {
    /** Asset. */
    readonly asset: string;
    /** The highest that is taken, USD per whole token. */
    readonly limit: string;
    /** The posted price, USD per whole token. */
    readonly price: string;
  };
  /**
   * Outside distress the margin ratio has to rise.
   *
   * Answered by: vault.
   */
  readonly ratio_not_raised: {
    /** Asset owed. */
    readonly debt: string;
    /** Asset to seize. */
    readonly seize: string;
  };
  /**
   * The route ends in another asset than the one that is owed.
   *
   * Answered by: liquidator.
   */
  readonly route_end: {
    /** Where it ends. */
    readonly asset: string;
    /** What is owed. */
    readonly owed: string;
  };
  /**
   * A route without a swap, or with too many.
   *
   * Answered by: liquidator.
   */
  readonly route_length: {
    /** How many may be. */
    readonly limit: number;
    /** How many were named. */
    readonly steps: number;
  };
  /**
   * A run began in the middle of another.
   *
   * Answered by: caller.
   */
  readonly runs_already: Record<string, never>;
  /**
   * Both accounts of a message are the same.
   *
   * Answered by: vault.
   */
  readonly same_account: {
    /** Number of the account. */
    readonly id: number;
    /** Owner of the account. */
    readonly owner: string;
  };
  /**
   * A fixed feed cannot become another kind, nor another kind fixed, and what may be deposited stays so: a vault that listed the asset for deposits would not notice.
   *
   * Answered by: oracle.
   */
  readonly source_kind_changed: {
    /** Asset. */
    readonly asset: string;
  };
  /**
   * A post is older than the feed takes.
   *
   * Answered by: oracle.
   */
  readonly stale_post: {
    /** Asset. */
    readonly asset: string;
    /** The oldest that is taken, in seconds. */
    readonly oldest: number;
    /** When it was observed, in seconds. */
    readonly published_at: number;
  };
  /**
   * A chain library failed: an address that does not validate, a balance that nobody tells.
   * A chain library failed: an address that does not validate, a route that does not parse.
   * A chain library failed: an address that does not validate, bytes that do not unpack.
   * What the standard library refuses: an address that does not validate, a failed query.
   *
   * Answered by: caller, liquidator, oracle, vault.
   */
  readonly std: {
    /** In its own words. */
    readonly detail: string;
  };
  /**
   * A token has credited the vault with less than it said.
   *
   * Answered by: vault.
   */
  readonly token_short: {
    /** Asset. */
    readonly asset: string;
    /** Smallest units that the vault holds. */
    readonly held: Amount;
    /** Smallest units that it would owe. */
    readonly owed: Amount;
  };
  /**
   * The swaps brought less than the debt and the profit that was asked for.
   *
   * Answered by: liquidator.
   */
  readonly too_little_profit: {
    /** Asset of the debt. */
    readonly asset: string;
    /** Smallest units that are there. */
    readonly brought: Amount;
    /** Smallest units that have to be left. */
    readonly min_profit: Amount;
    /** Smallest units that are owed. */
    readonly owed: Amount;
  };
  /**
   * The keeper would get less than it asked for.
   *
   * Answered by: vault.
   */
  readonly too_little_seized: {
    /** Smallest units asked for. */
    readonly min_seized: Amount;
    /** Smallest units that it would get. */
    readonly seized: Amount;
  };
  /**
   * More assets were named than one query or message takes.
   *
   * Answered by: oracle.
   */
  readonly too_many_assets: {
    /** How many were named. */
    readonly count: number;
    /** How many may be. */
    readonly limit: number;
  };
  /**
   * The account has as many assets as it may.
   *
   * Answered by: vault.
   */
  readonly too_many_holdings: {
    /** Asset that would be one more. */
    readonly asset: string;
    /** Assets that an account may hold and owe. */
    readonly limit: number;
  };
  /**
   * An owner has as many operators as it may.
   *
   * Answered by: vault.
   */
  readonly too_many_operators: {
    /** Grants that an owner may have given. */
    readonly limit: number;
  };
  /**
   * More assets to send back than a run takes.
   *
   * Answered by: caller.
   */
  readonly too_many_returns: {
    /** How many were named. */
    readonly count: number;
    /** How many may be. */
    readonly limit: number;
  };
  /**
   * Only a certain role may send this message.
   *
   * Answered by: oracle, vault.
   */
  readonly unauthorized: {
    /** Who could have. */
    readonly role: string;
    /** Who sent the message. */
    readonly sender: string;
  };
  /**
   * There is no such pending change.
   *
   * Answered by: oracle, vault.
   */
  readonly unknown_change: {
    /** Its number. */
    readonly change: number;
  };
  /**
   * The asset has no feed.
   *
   * Answered by: oracle.
   */
  readonly unknown_feed: {
    /** Asset. */
    readonly asset: string;
  };
  /**
   * No market is listed for an asset.
   *
   * Answered by: vault.
   */
  readonly unknown_market: {
    /** Asset. */
    readonly asset: string;
  };
  /**
   * There is no such grant to take away.
   *
   * Answered by: vault.
   */
  readonly unknown_operator: {
    /** Account; all of the owner's if absent. */
    readonly id: number | null;
    /** Address. */
    readonly operator: string;
  };
  /**
   * Nobody waits for this reply.
   *
   * Answered by: caller, vault.
   */
  readonly unknown_reply: {
    /** Its number. */
    readonly id: number;
  };
  /**
   * A version is not of the form `major.minor.patch`.
   *
   * Answered by: oracle, vault.
   */
  readonly unreadable_version: {
    /** The version. */
    readonly version: string;
  };
  /**
   * The largest utilisation for new borrows.
   *
   * Answered by: vault.
   */
  readonly utilisation_limit: {
    /** Asset. */
    readonly asset: string;
    /** Largest utilisation. */
    readonly limit: Fraction;
    /** Utilisation that the message would lead to. */
    readonly utilisation: Fraction;
  };
  /**
   * A holding or an account is worth more than `VALUE_LIMIT`.
   *
   * Answered by: liquidator, oracle, vault.
   */
  readonly value_too_large: {
    /** The value, rounded down to whole USD. */
    readonly usd: string;
  };
  /**
   * Bad debt has wiped out the suppliers of a market.
   *
   * Answered by: vault.
   */
  readonly wiped_out: {
    /** Asset. */
    readonly asset: string;
  };
  /**
   * The state belongs to another contract.
   *
   * Answered by: oracle, vault.
   */
  readonly wrong_contract: {
    /** Name of this one. */
    readonly expected: string;
    /** Name in the state. */
    readonly found: string;
  };
  /**
   * The funds sent are not what the message takes.
   *
   * Answered by: vault.
   */
  readonly wrong_funds: {
    /** What it takes. */
    readonly expected: string;
    /** What was sent. */
    readonly sent: readonly string[];
  };
  /**
   * An amount of zero.
   *
   * Answered by: vault.
   */
  readonly zero_amount: {
    /** Asset. */
    readonly asset: string;
  };
  /**
   * The amount is too small to move a share.
   *
   * Answered by: vault.
   */
  readonly zero_shares: {
    /** Smallest units. */
    readonly amount: Amount;
    /** Asset. */
    readonly asset: string;
  };
}

/** Name of an error of a contract. */
export type ErrorName = keyof ErrorFields;

/** What a field holds: one type of JSON, `?` if it can be null, or one of some strings. */
export type FieldKind =
  | "string"
  | "string?"
  | "string[]"
  | "number"
  | "number?"
  | "boolean"
  | "boolean?"
  | readonly string[];

/** What is known of an error when the program runs. */
export interface ErrorShape {
  /** Which contracts answer with it. */
  readonly contracts: readonly Contract[];
  /** Its fields. */
  readonly fields: Readonly<Record<string, FieldKind>>;
}

/** Every error. */
export const errors: Readonly<Record<ErrorName, ErrorShape>> = {
  amount_too_large: {
    contracts: ["liquidator", "oracle", "vault"],
    fields: { amount: "string" },
  },
  balance_fell: {
    contracts: ["vault"],
    fields: { after: "string", asset: "string", before: "string" },
  },
  below_initial_margin: {
    contracts: ["vault"],
    fields: { equity_open: "string", initial: "string" },
  },
  boards_full: {
    contracts: ["oracle"],
    fields: { feeds: "number" },
  },
  borrow_cap: {
    contracts: ["vault"],
    fields: { asset: "string", cap: "string", total: "string" },
  },
  borrow_disabled: {
    contracts: ["vault"],
    fields: { asset: "string" },
  },
  borrow_of_deposit: {
    contracts: ["vault"],
    fields: { asset: "string" },
  },
  call_not_simulated: {
    contracts: ["vault"],
    fields: { contract: "string" },
  },
  calls_itself: {
    contracts: ["caller", "liquidator"],
    fields: { contract: "string" },
  },
  change_expired: {
    contracts: ["oracle", "vault"],
    fields: { change: "number", expires_at: "number", now: "number" },
  },
  change_not_ready: {
    contracts: ["oracle", "vault"],
    fields: { change: "number", now: "number", ready_at: "number" },
  },
  confidence_out_of_range: {
    contracts: ["oracle"],
    fields: { asset: "string", conf: "string", price: "string" },
  },
  config: {
    contracts: ["liquidator", "oracle", "vault"],
    fields: { bound: "string", field: "string", value: "string" },
  },
  cooling_down: {
    contracts: ["oracle", "vault"],
    fields: { now: "number", until: "number" },
  },
  counterparty_limit: {
    contracts: ["vault"],
    fields: { asset: "string", debt: "string", limit: "string" },
  },
  debt_without_callback: {
    contracts: ["vault"],
    fields: { callback: "boolean", debt: "boolean" },
  },
  deposit_cap: {
    contracts: ["vault"],
    fields: { asset: "string", cap: "string", total: "string" },
  },
  deposit_disabled: {
    contracts: ["vault"],
    fields: { asset: "string" },
  },
  division_by_zero: {
    contracts: ["liquidator", "oracle", "vault"],
    fields: { operation: "string" },
  },
  duplicate_asset: {
    contracts: ["oracle"],
    fields: { asset: "string" },
  },
  duplicate_entry: {
    contracts: ["vault"],
    fields: { entry: "string" },
  },
  duplicate_feeder: {
    contracts: ["oracle"],
    fields: { feeder: "string" },
  },
  duplicate_return: {
    contracts: ["caller"],
    fields: { asset: "string" },
  },
  expiry_passed: {
    contracts: ["vault"],
    fields: { expires: "number", now: "number" },
  },
  foreign_asset: {
    contracts: ["vault"],
    fields: { asset: "string", id: "number", owner: "string" },
  },
  funds_sent: {
    contracts: ["caller", "liquidator", "oracle"],
    fields: { funds: "string[]" },
  },
  future_post: {
    contracts: ["oracle"],
    fields: { asset: "string", now: "number", published_at: "number" },
  },
  insufficient_cash: {
    contracts: ["vault"],
    fields: { asset: "string", available: "string", requested: "string" },
  },
  insufficient_deposit: {
    contracts: ["vault"],
    fields: { asset: "string", available: "string", requested: "string" },
  },
  insufficient_hand: {
    contracts: ["vault"],
    fields: { asset: "string", available: "string", requested: "string" },
  },
  invalid_asset: {
    contracts: ["oracle"],
    fields: { asset: "string" },
  },
  invalid_config: {
    contracts: ["oracle", "vault"],
    fields: { bound: "string", field: "string", value: "string" },
  },
  invalid_feed: {
    contracts: ["oracle"],
    fields: { bound: "string", field: "string", value: "string" },
  },
  invalid_operator: {
    contracts: ["vault"],
    fields: { operator: "string" },
  },
  invalid_recipient: {
    contracts: ["vault"],
    fields: { recipient: "string" },
  },
  list_length: {
    contracts: ["vault"],
    fields: { length: "number", limit: "number" },
  },
  locked: {
    contracts: ["vault"],
    fields: {},
  },
  malformed_hook: {
    contracts: ["vault"],
    fields: { detail: "string" },
  },
  market_exists: {
    contracts: ["vault"],
    fields: { asset: "string" },
  },
  newer_state: {
    contracts: ["oracle", "vault"],
    fields: { code: "string", state: "string" },
  },
  no_debt: {
    contracts: ["vault"],
    fields: { asset: "string" },
  },
  no_deposit: {
    contracts: ["vault"],
    fields: { asset: "string" },
  },
  no_migration_path: {
    contracts: ["oracle", "vault"],
    fields: { code: "string", state: "string" },
  },
  no_pending_owner: {
    contracts: ["oracle", "vault"],
    fields: {},
  },
  no_price: {
    contracts: ["oracle", "vault"],
    fields: { asset: "string" },
  },
  not_account_owner: {
    contracts: ["vault"],
    fields: { id: "number", owner: "string", sender: "string" },
  },
  not_halted: {
    contracts: ["oracle"],
    fields: { asset: "string" },
  },
  not_liquidatable: {
    contracts: ["vault"],
    fields: { equity: "string", id: "number", maintenance: "string", owner: "string" },
  },
  not_newer: {
    contracts: ["oracle"],
    fields: { asset: "string", previous: "number", published_at: "number" },
  },
  not_posted: {
    contracts: ["oracle"],
    fields: { asset: "string" },
  },
  not_refreshed: {
    contracts: ["oracle"],
    fields: { asset: "string" },
  },
  not_repaid: {
    contracts: ["vault"],
    fields: { asset: "string", owed: "string", repaid: "string" },
  },
  not_write_off: {
    contracts: ["vault"],
    fields: { deposits: "string", dust_value: "string", equity: "string" },
  },
  nothing_posted: {
    contracts: ["oracle"],
    fields: {},
  },
  nothing_refreshed: {
    contracts: ["oracle"],
    fields: {},
  },
  nothing_seized: {
    contracts: ["vault"],
    fields: { repaid: "string", seize: "string" },
  },
  nothing_to_swap: {
    contracts: ["liquidator"],
    fields: { asset: "string" },
  },
  only_itself: {
    contracts: ["caller", "liquidator"],
    fields: { sender: "string" },
  },
  only_vault: {
    contracts: ["liquidator"],
    fields: { sender: "string" },
  },
  outflow_limit: {
    contracts: ["vault"],
    fields: { asset: "string", limit: "string", outflow: "string" },
  },
  overflow: {
    contracts: ["liquidator", "oracle", "vault"],
    fields: { operation: "string" },
  },
  pair_unpriced: {
    contracts: ["vault"],
    fields: { debt: "string", seize: "string" },
  },
  paused: {
    contracts: ["vault"],
    fields: { action: ["deposit", "borrow", "withdraw"], asset: "string", until: "number" },
  },
  price_not_openable: {
    contracts: ["vault"],
    fields: { asset: "string", stale: "boolean", status: ["ok", "pending", "wide", "halted"] },
  },
  price_out_of_range: {
    contracts: ["oracle"],
    fields: { asset: "string", limit: "string", price: "string" },
  },
  ratio_not_raised: {
    contracts: ["vault"],
    fields: { debt: "string", seize: "string" },
  },
  route_end: {
    contracts: ["liquidator"],
    fields: { asset: "string", owed: "string" },
  },
  route_length: {
    contracts: ["liquidator"],
    fields: { limit: "number", steps: "number" },
  },
  runs_already: {
    contracts: ["caller"],
    fields: {},
  },
  same_account: {
    contracts: ["vault"],
    fields: { id: "number", owner: "string" },
  },
  source_kind_changed: {
    contracts: ["oracle"],
    fields: { asset: "string" },
  },
  stale_post: {
    contracts: ["oracle"],
    fields: { asset: "string", oldest: "number", published_at: "number" },
  },
  std: {
    contracts: ["caller", "liquidator", "oracle", "vault"],
    fields: { detail: "string" },
  },
  token_short: {
    contracts: ["vault"],
    fields: { asset: "string", held: "string", owed: "string" },
  },
  too_little_profit: {
    contracts: ["liquidator"],
    fields: { asset: "string", brought: "string", min_profit: "string", owed: "string" },
  },
  too_little_seized: {
    contracts: ["vault"],
    fields: { min_seized: "string", seized: "string" },
  },
  too_many_assets: {
    contracts: ["oracle"],
    fields: { count: "number", limit: "number" },
  },
  too_many_holdings: {
    contracts: ["vault"],
    fields: { asset: "string", limit: "number" },
  },
  too_many_operators: {
    contracts: ["vault"],
    fields: { limit: "number" },
  },
  too_many_returns: {
    contracts: ["caller"],
    fields: { count: "number", limit: "number" },
  },
  unauthorized: {
    contracts: ["oracle", "vault"],
    fields: { role: "string", sender: "string" },
  },
  unknown_change: {
    contracts: ["oracle", "vault"],
    fields: { change: "number" },
  },
  unknown_feed: {
    contracts: ["oracle"],
    fields: { asset: "string" },
  },
  unknown_market: {
    contracts: ["vault"],
    fields: { asset: "string" },
  },
  unknown_operator: {
    contracts: ["vault"],
    fields: { id: "number?", operator: "string" },
  },
  unknown_reply: {
    contracts: ["caller", "vault"],
    fields: { id: "number" },
  },
  unreadable_version: {
    contracts: ["oracle", "vault"],
    fields: { version: "string" },
  },
  utilisation_limit: {
    contracts: ["vault"],
    fields: { asset: "string", limit: "string", utilisation: "string" },
  },
  value_too_large: {
    contracts: ["liquidator", "oracle", "vault"],
    fields: { usd: "string" },
  },
  wiped_out: {
    contracts: ["vault"],
    fields: { asset: "string" },
  },
  wrong_contract: {
    contracts: ["oracle", "vault"],
    fields: { expected: "string", found: "string" },
  },
  wrong_funds: {
    contracts: ["vault"],
    fields: { expected: "string", sent: "string[]" },
  },
  zero_amount: {
    contracts: ["vault"],
    fields: { asset: "string" },
  },
  zero_shares: {
    contracts: ["vault"],
    fields: { amount: "string", asset: "string" },
  },
};

/** The names of all errors. */
export const errorNames = [
  "amount_too_large",
  "balance_fell",
  "below_initial_margin",
  "boards_full",
  "borrow_cap",
  "borrow_disabled",
  "borrow_of_deposit",
  "call_not_simulated",
  "calls_itself",
  "change_expired",
  "change_not_ready",
  "confidence_out_of_range",
  "config",
  "cooling_down",
  "counterparty_limit",
  "debt_without_callback",
  "deposit_cap",
  "deposit_disabled",
  "division_by_zero",
  "duplicate_asset",
  "duplicate_entry",
  "duplicate_feeder",
  "duplicate_return",
  "expiry_passed",
  "foreign_asset",
  "funds_sent",
  "future_post",
  "insufficient_cash",
  "insufficient_deposit",
  "insufficient_hand",
  "invalid_asset",
  "invalid_config",
  "invalid_feed",
  "invalid_operator",
  "invalid_recipient",
  "list_length",
  "locked",
  "malformed_hook",
  "market_exists",
  "newer_state",
  "no_debt",
  "no_deposit",
  "no_migration_path",
  "no_pending_owner",
  "no_price",
  "not_account_owner",
  "not_halted",
  "not_liquidatable",
  "not_newer",
  "not_posted",
  "not_refreshed",
  "not_repaid",
  "not_write_off",
  "nothing_posted",
  "nothing_refreshed",
  "nothing_seized",
  "nothing_to_swap",
  "only_itself",
  "only_vault",
  "outflow_limit",
  "overflow",
  "pair_unpriced",
  "paused",
  "price_not_openable",
  "price_out_of_range",
  "ratio_not_raised",
  "route_end",
  "route_length",
  "runs_already",
  "same_account",
  "source_kind_changed",
  "stale_post",
  "std",
  "token_short",
  "too_little_profit",
  "too_little_seized",
  "too_many_assets",
  "too_many_holdings",
  "too_many_operators",
  "too_many_returns",
  "unauthorized",
  "unknown_change",
  "unknown_feed",
  "unknown_market",
  "unknown_operator",
  "unknown_reply",
  "unreadable_version",
  "utilisation_limit",
  "value_too_large",
  "wiped_out",
  "wrong_contract",
  "wrong_funds",
  "zero_amount",
  "zero_shares",
] as const satisfies readonly ErrorName[];
