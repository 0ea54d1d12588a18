//! Every typed error of both contracts, and which of them a run has to meet.
//!
//! The matches are exhaustive: an error that is added to a contract does not compile here until
//! somebody says how it is met.

use bulwark_oracle::ContractError as OracleError;
use bulwark_risk::RiskError;
use bulwark_types::governance::GovernanceError;
use bulwark_types::migration::MigrationError;
use bulwark_vault::ContractError as VaultError;

/// How an error comes about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Met {
    /// By messages: every run of some length meets it.
    InRuns,
    /// Not by messages; why, and where it is tested instead.
    Elsewhere(&'static str),
}
use Met::{Elsewhere, InRuns};

/// An error by its name.
pub type Named = (&'static str, Met);

const MIGRATIONS: Met =
    Elsewhere("no message migrates; `tests/migrate` and the oracle's `migration`");
const BOUNDED: Met = Elsewhere("inputs are bounded before; `any_input` of `risk`");
const SIMULATED: Met = Elsewhere("stands in an answer of `simulate`; `tests/query_simulate`");
const DIVISORS: Met = Elsewhere("divisors are checked before; `any_input` of `risk`");

/// Lists names, and checks that no variant is left out.
macro_rules! errors {
    ($list:ident, $check:ident, $of:ident: $($variant:ident $name:literal $met:expr;)*) => {
        const $list: &[Named] = &[$(($name, $met)),*];
        const fn $check(error: &$of) {
            match error { $($of::$variant { .. } => {},)* }
        }
        const _: fn(&$of) = $check;
    };
}

errors! { GOVERNANCE, governance, GovernanceError:
    Unauthorized "unauthorized" InRuns;
    NoPendingOwner "no_pending_owner" InRuns;
    UnknownChange "unknown_change" InRuns;
    ChangeNotReady "change_not_ready" InRuns;
    ChangeExpired "change_expired" InRuns;
    CoolingDown "cooling_down" InRuns;
}

errors! { MIGRATION, migration, MigrationError:
    WrongContract "wrong_contract" MIGRATIONS;
    NewerState "newer_state" MIGRATIONS;
    NoMigrationPath "no_migration_path" MIGRATIONS;
    UnreadableVersion "unreadable_version" MIGRATIONS;
}

errors! { VAULT, vault, VaultError:
    UnknownMarket "unknown_market" InRuns;
    MarketExists "market_exists" InRuns;
    InvalidConfig "invalid_config" InRuns;
    WrongFunds "wrong_funds" InRuns;
    ZeroAmount "zero_amount" InRuns;
    NotAccountOwner "not_account_owner" InRuns;
    ForeignAsset "foreign_asset" InRuns;
    TooManyHoldings "too_many_holdings" InRuns;
    NoDeposit "no_deposit" InRuns;
    NoDebt "no_debt" InRuns;
    InsufficientDeposit "insufficient_deposit" InRuns;
    InsufficientCash "insufficient_cash" InRuns;
    BorrowOfDeposit "borrow_of_deposit" InRuns;
    DepositDisabled "deposit_disabled" InRuns;
    BorrowDisabled "borrow_disabled" InRuns;
    Paused "paused" InRuns;
    WipedOut "wiped_out" InRuns;
    DepositCap "deposit_cap" InRuns;
    BorrowCap "borrow_cap" InRuns;
    UtilisationLimit "utilisation_limit" InRuns;
    CounterpartyLimit "counterparty_limit" InRuns;
    BelowInitialMargin "below_initial_margin" InRuns;
    PriceNotOpenable "price_not_openable" InRuns;
    NoPrice "no_price" InRuns;
    ZeroShares "zero_shares" InRuns;
    InvalidRecipient "invalid_recipient" InRuns;
    SameAccount "same_account" InRuns;
    NotLiquidatable "not_liquidatable" InRuns;
    PairUnpriced "pair_unpriced" InRuns;
    RatioNotRaised "ratio_not_raised" InRuns;
    NothingSeized "nothing_seized" InRuns;
    TooLittleSeized "too_little_seized" InRuns;
    NotWriteOff "not_write_off" InRuns;
    OutflowLimit "outflow_limit" InRuns;
    Locked "locked" InRuns;
    InsufficientHand "insufficient_hand" InRuns;
    CallNotSimulated "call_not_simulated" SIMULATED;
    BalanceFell "balance_fell" InRuns;
    DebtWithoutCallback "debt_without_callback" InRuns;
    NotRepaid "not_repaid" InRuns;
    UnknownReply "unknown_reply" Elsewhere("the chain replies only where a reply was asked for; `tests/errors`");
    MalformedHook "malformed_hook" InRuns;
    TokenShort "token_short" InRuns;
    InvalidOperator "invalid_operator" InRuns;
    UnknownOperator "unknown_operator" InRuns;
    TooManyOperators "too_many_operators" InRuns;
    ExpiryPassed "expiry_passed" InRuns;
    ListLength "list_length" InRuns;
    DuplicateEntry "duplicate_entry" InRuns;
    Std "std" InRuns;
    Governance "" InRuns;
    Migration "" InRuns;
    Risk "" InRuns;
}

errors! { ORACLE, oracle, OracleError:
    Std "std" InRuns;
    FundsSent "funds_sent" InRuns;
    UnknownFeed "unknown_feed" InRuns;
    NoPrice "no_price" InRuns;
    TooManyAssets "too_many_assets" InRuns;
    NothingPosted "nothing_posted" InRuns;
    NothingRefreshed "nothing_refreshed" InRuns;
    NotRefreshed "not_refreshed" InRuns;
    DuplicateAsset "duplicate_asset" InRuns;
    NotPosted "not_posted" InRuns;
    PriceOutOfRange "price_out_of_range" InRuns;
    ConfidenceOutOfRange "confidence_out_of_range" InRuns;
    FuturePost "future_post" InRuns;
    StalePost "stale_post" InRuns;
    NotNewer "not_newer" InRuns;
    InvalidAsset "invalid_asset" InRuns;
    InvalidFeed "invalid_feed" InRuns;
    SourceKindChanged "source_kind_changed" InRuns;
    BoardsFull "boards_full" Elsewhere("takes a million feeds; unit tests of the oracle's `state`");
    InvalidConfig "invalid_config" InRuns;
    DuplicateFeeder "duplicate_feeder" InRuns;
    NotHalted "not_halted" InRuns;
    Governance "" InRuns;
    Migration "" InRuns;
    Risk "" InRuns;
}

errors! { RISK, risk, RiskError:
    Overflow "overflow" BOUNDED;
    DivisionByZero "division_by_zero" DIVISORS;
    AmountTooLarge "amount_too_large" InRuns;
    ValueTooLarge "value_too_large" InRuns;
    Config "config" InRuns;
}

/// What the oracle's arithmetic can refuse in a message.
const RISK_OF_ORACLE: &[Named] = &[("config", InRuns)];

/// Errors of the vault by name, those of its layers among them.
pub fn of_vault() -> impl Iterator<Item = Named> {
    named(&[VAULT, GOVERNANCE, MIGRATION, RISK])
}

/// Errors of the oracle by name, those of its layers among them.
pub fn of_oracle() -> impl Iterator<Item = Named> {
    named(&[ORACLE, GOVERNANCE, MIGRATION, RISK_OF_ORACLE])
}

/// The variants without a name hand on the errors of a layer.
fn named(lists: &'static [&'static [Named]]) -> impl Iterator<Item = Named> {
    let all = lists.iter().flat_map(|list| list.iter().copied());
    all.filter(|(name, _)| !name.is_empty())
}
