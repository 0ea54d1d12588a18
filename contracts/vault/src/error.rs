use bulwark_risk::RiskError;
use bulwark_risk::units::{Amount, Fraction, Usd};
use bulwark_types::governance::GovernanceError;
use bulwark_types::migration::MigrationError;
use bulwark_types::oracle::PriceStatus;
use bulwark_types::vault::PausableAction;
use bulwark_types::wire::wire;
use cosmwasm_std::StdError;
use schemars::JsonSchema;
use serde::Serialize;
use thiserror::Error;

/// Everything that the vault refuses, with the offending values.
///
/// Displays as `<name>: <sentence> {json fields}`; clients parse that form with
/// `bulwark_types::wire::WireError`, to which a colon and a blank end a name: no sentence has them.
#[derive(Error, Serialize, JsonSchema, Debug, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum ContractError {
    /// No market is listed for an asset.
    #[error("{}", wire(self, "no market is listed for this asset"))]
    UnknownMarket {
        /// Asset.
        asset: String,
    },
    /// A market is listed already.
    #[error("{}", wire(self, "a market is listed for this asset already"))]
    MarketExists {
        /// Asset.
        asset: String,
    },
    /// A value of a configuration is refused.
    #[error("{}", wire(self, "this configuration is refused"))]
    InvalidConfig {
        /// Which field.
        field: String,
        /// Its offending value.
        value: String,
        /// What it has to satisfy.
        bound: String,
    },
    /// The funds sent are not what the message takes.
    #[error("{}", wire(self, "the funds sent are not what this message takes"))]
    WrongFunds {
        /// What it takes.
        expected: String,
        /// What was sent.
        sent: Vec<String>,
    },
    /// An amount of zero.
    #[error("{}", wire(self, "the amount must be above zero"))]
    ZeroAmount {
        /// Asset.
        asset: String,
    },
    /// The sender may not act for the account.
    #[error(
        "{}",
        wire(self, "only the account's owner or its operators may do this")
    )]
    NotAccountOwner {
        /// Who sent the message.
        sender: String,
        /// Owner of the account.
        owner: String,
        /// Number of the account.
        id: u16,
    },
    /// Only its owner can add an asset to an account.
    #[error(
        "{}",
        wire(self, "only its owner or operators can add a new asset to an account")
    )]
    ForeignAsset {
        /// Asset.
        asset: String,
        /// Owner of the account.
        owner: String,
        /// Number of the account.
        id: u16,
    },
    /// The account has as many assets as it may.
    #[error("{}", wire(self, "the account holds as many assets as it may"))]
    TooManyHoldings {
        /// Asset that would be one more.
        asset: String,
        /// Assets that an account may hold and owe.
        limit: u8,
    },
    /// The account has no deposit of an asset.
    #[error("{}", wire(self, "the account has no deposit of this asset"))]
    NoDeposit {
        /// Asset.
        asset: String,
    },
    /// The account does not owe an asset.
    #[error("{}", wire(self, "the account does not owe this asset"))]
    NoDebt {
        /// Asset.
        asset: String,
    },
    /// The account has less than asked for.
    #[error("{}", wire(self, "the account has less than that"))]
    InsufficientDeposit {
        /// Asset.
        asset: String,
        /// Smallest units that it has.
        available: Amount,
        /// Smallest units asked for.
        requested: Amount,
    },
    /// The pool's cash does not suffice.
    #[error(
        "{}",
        wire(self, "the pool has less cash than that, the rest is lent out")
    )]
    InsufficientCash {
        /// Asset.
        asset: String,
        /// Smallest units that can leave now.
        available: Amount,
        /// Smallest units asked for.
        requested: Amount,
    },
    /// An asset that the account has deposited cannot be borrowed.
    #[error(
        "{}",
        wire(
            self,
            "the account has deposited this asset and can withdraw it instead"
        )
    )]
    BorrowOfDeposit {
        /// Asset.
        asset: String,
    },
    /// Deposits of an asset are disabled.
    #[error("{}", wire(self, "this asset cannot be deposited"))]
    DepositDisabled {
        /// Asset.
        asset: String,
    },
    /// Borrowing of an asset is disabled.
    #[error("{}", wire(self, "this asset cannot be borrowed"))]
    BorrowDisabled {
        /// Asset.
        asset: String,
    },
    /// An action is paused.
    #[error("{}", wire(self, "this is paused"))]
    Paused {
        /// What is paused.
        action: PausableAction,
        /// Asset.
        asset: String,
        /// Block time in seconds at which the pause ends by itself.
        until: u64,
    },
    /// Bad debt has wiped out the suppliers of a market.
    #[error(
        "{}",
        wire(self, "bad debt has wiped out this pool, it takes no new deposits")
    )]
    WipedOut {
        /// Asset.
        asset: String,
    },
    /// The deposit cap of a market.
    #[error("{}", wire(self, "the deposit cap of this market is reached"))]
    DepositCap {
        /// Asset.
        asset: String,
        /// Smallest units.
        cap: Amount,
        /// Deposits that the message would lead to, smallest units.
        total: Amount,
    },
    /// The borrow cap of a market.
    #[error("{}", wire(self, "the borrow cap of this market is reached"))]
    BorrowCap {
        /// Asset.
        asset: String,
        /// Smallest units.
        cap: Amount,
        /// Debts that the message would lead to, smallest units.
        total: Amount,
    },
    /// The largest utilisation for new borrows.
    #[error(
        "{}",
        wire(self, "the pool would be used more than new borrows may use it")
    )]
    UtilisationLimit {
        /// Asset.
        asset: String,
        /// Largest utilisation.
        limit: Fraction,
        /// Utilisation that the message would lead to.
        utilisation: Fraction,
    },
    /// The largest part of a pool that one account may owe.
    #[error("{}", wire(self, "one account may not owe that much of this pool"))]
    CounterpartyLimit {
        /// Asset.
        asset: String,
        /// Smallest units that it may owe.
        limit: Amount,
        /// Smallest units that it would owe.
        debt: Amount,
    },
    /// The account would not meet its initial margin.
    #[error("{}", wire(self, "the account would not meet its initial margin"))]
    BelowInitialMargin {
        /// Equity at opening prices that it would have, USD.
        equity_open: Usd,
        /// Initial margin that it would need, USD.
        initial: Usd,
    },
    /// A price cannot be used for opening now.
    #[error("{}", wire(self, "nothing can be opened at this price now"))]
    PriceNotOpenable {
        /// Asset.
        asset: String,
        /// Status of its feed.
        status: PriceStatus,
        /// Whether its price is past its age.
        stale: bool,
    },
    /// The oracle has no price.
    #[error("{}", wire(self, "the oracle has no price of this asset"))]
    NoPrice {
        /// Asset.
        asset: String,
    },
    /// The amount is too small to move a share.
    #[error("{}", wire(self, "the amount is too small to be worth a share"))]
    ZeroShares {
        /// Asset.
        asset: String,
        /// Smallest units.
        amount: Amount,
    },
    /// Tokens cannot be sent to the vault itself.
    #[error("{}", wire(self, "tokens sent there would belong to nobody"))]
    InvalidRecipient {
        /// Address.
        recipient: String,
    },
    /// Both accounts of a message are the same.
    #[error("{}", wire(self, "both accounts are the same"))]
    SameAccount {
        /// Owner of the account.
        owner: String,
        /// Number of the account.
        id: u16,
    },
    /// The account covers its maintenance margin.
    #[error("{}", wire(self, "the account covers its maintenance margin"))]
    NotLiquidatable {
        /// Owner of the account.
        owner: String,
        /// Number of the account.
        id: u16,
        /// Equity, USD.
        equity: Usd,
        /// Maintenance margin, USD.
        maintenance: Usd,
    },
    /// The price of the debt or of the deposit is not in force.
    #[error("{}", wire(self, "an asset of the pair has no price in force"))]
    PairUnpriced {
        /// Asset owed.
        debt: String,
        /// Asset to seize.
        seize: String,
    },
    /// Outside distress the margin ratio has to rise.
    #[error(
        "{}",
        wire(self, "the margin ratio would not rise, another pair may do")
    )]
    RatioNotRaised {
        /// Asset owed.
        debt: String,
        /// Asset to seize.
        seize: String,
    },
    /// The repayment buys less than one smallest unit.
    #[error("{}", wire(self, "the repayment buys less than one smallest unit"))]
    NothingSeized {
        /// Asset to seize.
        seize: String,
        /// Smallest units of the debt.
        repaid: Amount,
    },
    /// The keeper would get less than it asked for.
    #[error("{}", wire(self, "the keeper would get less than it asked for"))]
    TooLittleSeized {
        /// Smallest units asked for.
        min_seized: Amount,
        /// Smallest units that it would get.
        seized: Amount,
    },
    /// Only an insolvent account with next to no deposits can be written off.
    #[error(
        "{}",
        wire(
            self,
            "only an insolvent account with dust for deposits is written off"
        )
    )]
    NotWriteOff {
        /// Equity, USD.
        equity: Usd,
        /// Deposits, USD.
        deposits: Usd,
        /// Deposits have to be worth less, USD.
        dust_value: Usd,
    },
    /// More of a pool would leave it than may leave within the window.
    #[error(
        "{}",
        wire(self, "too much of this pool has left it lately, the rest has to wait")
    )]
    OutflowLimit {
        /// Asset.
        asset: String,
        /// Smallest units that may leave within the window.
        limit: Amount,
        /// Smallest units that would have left it.
        outflow: Amount,
    },
    /// An outside call is running.
    #[error(
        "{}",
        wire(self, "an outside call is running, the vault takes no message")
    )]
    Locked {},
    /// A batch has less in hand than an action takes.
    #[error("{}", wire(self, "the batch has less of this asset in hand"))]
    InsufficientHand {
        /// Asset.
        asset: String,
        /// Smallest units in hand.
        available: Amount,
        /// Smallest units that the action takes.
        requested: Amount,
    },
    /// What an outside call does is known only when it is done.
    #[error("{}", wire(self, "an outside call cannot be simulated"))]
    CallNotSimulated {
        /// Contract that would be called.
        contract: String,
    },
    /// An outside call left the vault with less than before.
    #[error("{}", wire(self, "the vault holds less than before the call"))]
    BalanceFell {
        /// Asset.
        asset: String,
        /// Smallest units held before.
        before: Amount,
        /// Smallest units held afterwards.
        after: Amount,
    },
    /// `debt` and `callback` were not given together.
    #[error(
        "{}",
        wire(self, "debt and callback go together, and take the place of funds")
    )]
    DebtWithoutCallback {
        /// Whether a debt was named.
        debt: bool,
        /// Whether a callback was named.
        callback: bool,
    },
    /// A callback ended without the repayment.
    #[error("{}", wire(self, "the callback ended without repaying the debt"))]
    NotRepaid {
        /// Asset owed.
        asset: String,
        /// Smallest units to be repaid.
        owed: Amount,
        /// Smallest units that arrived.
        repaid: Amount,
    },
    /// Nobody waits for this reply.
    #[error("{}", wire(self, "nobody waits for this reply"))]
    UnknownReply {
        /// Its number.
        id: u64,
    },
    /// The message within a CW20 `send` is none of the vault's.
    #[error("{}", wire(self, "this is no message for tokens that are sent"))]
    MalformedHook {
        /// What is wrong with it.
        detail: String,
    },
    /// A token has credited the vault with less than it said.
    #[error(
        "{}",
        wire(self, "the vault did not receive what the token says it did")
    )]
    TokenShort {
        /// Asset.
        asset: String,
        /// Smallest units that the vault holds.
        held: Amount,
        /// Smallest units that it would owe.
        owed: Amount,
    },
    /// Nobody can be made an operator of itself, nor can the vault.
    #[error("{}", wire(self, "this address cannot be an operator"))]
    InvalidOperator {
        /// Address.
        operator: String,
    },
    /// There is no such grant to take away.
    #[error("{}", wire(self, "there is no such operator"))]
    UnknownOperator {
        /// Address.
        operator: String,
        /// Account; all of the owner's if absent.
        id: Option<u16>,
    },
    /// An owner has as many operators as it may.
    #[error("{}", wire(self, "an owner may have no more operators"))]
    TooManyOperators {
        /// Grants that an owner may have given.
        limit: u64,
    },
    /// A grant would have ended before it began.
    #[error("{}", wire(self, "this time has passed"))]
    ExpiryPassed {
        /// Block time in seconds.
        expires: u64,
        /// Block time in seconds.
        now: u64,
    },
    /// A list is empty or too long.
    #[error("{}", wire(self, "the list has too few or too many entries"))]
    ListLength {
        /// Entries.
        length: u64,
        /// Entries at most.
        limit: u64,
    },
    /// An entry stands in a list twice.
    #[error("{}", wire(self, "an entry stands in the list twice"))]
    DuplicateEntry {
        /// The entry.
        entry: String,
    },
    /// What the standard library refuses: an address that does not validate, a failed query.
    #[error("{}", wire(self, "the chain refused"))]
    Std {
        /// In its words.
        detail: String,
    },
    /// Roles, delays and pauses.
    #[error(transparent)]
    #[serde(untagged)]
    Governance(GovernanceError),
    /// Migration.
    #[error(transparent)]
    #[serde(untagged)]
    Migration(MigrationError),
    /// Arithmetic and configuration.
    #[error("{}", wire(.0, .0))]
    #[serde(untagged)]
    Risk(RiskError),
}

impl ContractError {
    /// [`Self::UnknownMarket`], of an asset or a market's number.
    #[cold]
    #[inline(never)]
    pub fn unknown_market(asset: impl ToString) -> Box<Self> {
        Box::new(Self::UnknownMarket {
            asset: asset.to_string(),
        })
    }
}

/// Result of this contract. The error is boxed: results are passed on at a thousand places, and
/// each has one word to move instead of sixteen.
pub type ContractResult<T> = Result<T, Box<ContractError>>;

impl From<StdError> for Box<ContractError> {
    #[cold]
    #[inline(never)]
    fn from(error: StdError) -> Self {
        Self::new(ContractError::Std {
            detail: error.to_string(),
        })
    }
}

impl From<GovernanceError> for Box<ContractError> {
    #[cold]
    #[inline(never)]
    fn from(error: GovernanceError) -> Self {
        Self::new(ContractError::Governance(error))
    }
}

impl From<MigrationError> for Box<ContractError> {
    #[cold]
    #[inline(never)]
    fn from(error: MigrationError) -> Self {
        Self::new(ContractError::Migration(error))
    }
}

impl From<Box<RiskError>> for Box<ContractError> {
    #[cold]
    #[inline(never)]
    fn from(error: Box<RiskError>) -> Self {
        Self::new(ContractError::Risk(*error))
    }
}
