use bulwark_risk::config::Bounds;
use bulwark_risk::units::Amount;
use cosmwasm_schema::cw_serde;
use serde::de::{Deserialize, DeserializeOwned, Deserializer};

use super::action::Action;
use super::callback::Callback;
use super::config::{MarketListing, MarketUpdate, OracleConfig, Parameters, ParametersUpdate};
use super::query::AssetAmount;
use crate::decode::Answer;
use crate::governance::OwnershipAction;
use crate::token::Cw20ReceiveMsg;

/// A margin account: one owner has up to 65,536 of them, isolated from each other.
#[cw_serde]
#[derive(Eq, Hash, PartialOrd, Ord)]
pub struct AccountRef {
    /// Address of its owner.
    pub owner: String,
    /// Its number.
    pub id: u16,
}

/// Creates the vault.
#[cw_serde]
pub struct InstantiateMsg {
    /// Who may list markets and change parameters.
    pub owner: String,
    /// Who may pause and cancel changes.
    pub guardian: Option<String>,
    /// Where prices come from.
    pub oracle: OracleConfig,
    /// The stateless contract through which batches call others.
    pub caller: String,
    /// Names of the groups, what moves together in a crash; fixed for good.
    pub groups: Vec<String>,
    /// Limits of every configuration; fixed for good.
    pub bounds: Bounds,
    /// A market's caps are at most this multiple of its liquidity (k); fixed for good.
    pub cap_multiple: bulwark_risk::units::Fraction,
    /// Seconds for which an unpriced deposit keeps its last value, and over which it then
    /// decays to zero; fixed for good.
    pub unpriced_grace: u64,
    /// Parameters that are the same for all markets.
    pub parameters: Parameters,
}

/// What a keeper wants for what it repays.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum Receive {
    /// Tokens as far as the pool's cash goes, supply shares for the rest.
    Tokens,
    /// Idle deposits and supply shares, nothing leaves the vault.
    Account,
}

/// What a guardian can pause.
#[cw_serde]
#[derive(Copy, Eq, Hash, PartialOrd, Ord)]
pub enum PausableAction {
    /// Deposits (repayments and what an account below initial margin needs aside).
    Deposit,
    /// Borrowing.
    Borrow,
    /// Withdrawals, and transfers between accounts.
    Withdraw,
}

/// Messages of the vault.
///
/// `account` is by default the sender's account 0. Amounts are smallest units. A message
/// takes exactly the funds that it names, or none. Every rounding is against the sender and
/// for the pool. Where the owner of an account is named, its operators may act, too. While a
/// `call` or a `callback` runs, every message is refused.
#[cw_serde]
#[schemaifier(mute_warnings)]
pub enum ExecuteMsg {
    /// Anyone, with one coin: credits an account. Repays what it owes in that asset first; the
    /// rest stays idle, or is lent. Only the owner can add an asset that the account does not
    /// hold yet.
    Deposit {
        /// Account to credit.
        account: Option<AccountRef>,
        /// Whether to lend it to the pool, where it earns; idle by default.
        lend: Option<bool>,
    },
    /// Owner of the account: pays out deposits, idle ones first, then lent ones as far as the
    /// pool has cash. Needs initial margin afterwards, if anything is owed.
    Withdraw {
        /// Account to debit.
        account: Option<AccountRef>,
        /// Asset.
        asset: String,
        /// Smallest units; everything by default.
        amount: Option<Amount>,
        /// Who receives it; the sender by default.
        to: Option<String>,
    },
    /// Owner of the account: lends idle deposits to the pool.
    Lend {
        /// Account.
        account: Option<AccountRef>,
        /// Asset.
        asset: String,
        /// Smallest units; everything idle by default.
        amount: Option<Amount>,
    },
    /// Owner of the account: takes lent deposits back, as far as the pool has cash.
    Recall {
        /// Account.
        account: Option<AccountRef>,
        /// Asset.
        asset: String,
        /// Smallest units; everything lent by default.
        amount: Option<Amount>,
    },
    /// Owner of the account: borrows. Needs initial margin afterwards.
    Borrow {
        /// Account that owes it.
        account: Option<AccountRef>,
        /// Asset; not one that the account has deposited.
        asset: String,
        /// Smallest units.
        amount: Amount,
        /// Who receives it; the sender by default.
        to: Option<String>,
    },
    /// Anyone, with one coin: repays a debt. The excess goes back.
    Repay {
        /// Account that owes it.
        account: Option<AccountRef>,
    },
    /// Owner of the account: moves deposits to another account, idle ones first, then supply
    /// shares. Needs initial margin afterwards, if anything is owed.
    Transfer {
        /// Account to debit.
        account: Option<AccountRef>,
        /// Account to credit.
        to: AccountRef,
        /// Asset.
        asset: String,
        /// Smallest units; everything by default.
        amount: Option<Amount>,
    },
    /// Anyone, with one coin: repays a debt of a liquidatable account and seizes a deposit
    /// worth more. What is not used goes back.
    ///
    /// With `debt` and `callback` instead of the coin: the seized tokens are sent to a contract
    /// first, which is called and has to have repaid when the call ends.
    Liquidate {
        /// Account to liquidate.
        account: AccountRef,
        /// Asset to seize.
        seize: String,
        /// Fails if the keeper would get less than this, in smallest units, tokens and shares
        /// together.
        min_seized: Option<Amount>,
        /// Tokens by default.
        receive: Option<Receive>,
        /// Tokens go to its owner (with a callback, to the contract), shares and deposits into
        /// it; the sender's account 0 by default.
        to: Option<AccountRef>,
        /// What to repay at most; with a callback only.
        debt: Option<AssetAmount>,
        /// Whom to call between seizing and being repaid.
        callback: Option<Callback>,
    },
    /// Anyone, with coins: liquidates several accounts, one after the other, as far as the
    /// coins go. A target that turned healthy, or that cannot be liquidated in the way asked
    /// for, is skipped and reported by an event. What is not used goes back.
    LiquidateMany {
        /// Targets in their order, 1 to 32.
        targets: Vec<Target>,
        /// Tokens by default.
        receive: Option<Receive>,
        /// As in `liquidate`.
        to: Option<AccountRef>,
    },
    /// Owner of the account, with any coins of listed assets: carries out 1 to 32 actions in
    /// their order and checks the margin and the outflow limits once, at the end.
    Batch {
        /// Account.
        account: Option<AccountRef>,
        /// Actions.
        actions: Vec<Action>,
    },
    /// A listed CW20 token, when somebody sends of it: see [`Cw20Hook`]. The token's word is
    /// taken for who sent it: nothing is ever taken from an account on that word. A token that
    /// lies can give its own units away, and put what is seized into somebody's account.
    #[serde(deserialize_with = "foreign")]
    Receive(Cw20ReceiveMsg),
    /// An owner: lets somebody act for one of its accounts, or for all of them.
    SetOperator {
        /// Who may act.
        operator: String,
        /// For this account only; for all of the sender's by default.
        id: Option<u16>,
        /// Block time in seconds from which it no longer counts; never by default.
        expires: Option<u64>,
        /// Takes the right away instead; without `id` all grants of that operator.
        revoke: Option<bool>,
    },
    /// Anyone: closes an insolvent account whose deposits are worth less than the dust value.
    WriteOff {
        /// Account to close.
        account: AccountRef,
    },
    /// Anyone: adds the interest of some markets to their totals.
    Accrue {
        /// Assets, at most 32, each once.
        assets: Vec<String>,
    },
    /// Owner, delayed: lists a market.
    ListMarket(MarketListing),
    /// Owner: changes a market. What only tightens starts at once (by ramp where it moves
    /// margins); everything else is delayed.
    UpdateMarket {
        /// Asset.
        asset: String,
        /// What changes.
        update: MarketUpdate,
    },
    /// Owner: changes parameters. What only tightens starts at once; the rest is delayed.
    UpdateParams(ParametersUpdate),
    /// Owner: pays out of a market's reserve, as far as the pool has cash.
    CollectReserve {
        /// Asset.
        asset: String,
        /// Smallest units; the whole reserve by default.
        amount: Option<Amount>,
        /// Who receives it.
        to: String,
    },
    /// Owner or proposed owner: a step of handing over.
    UpdateOwnership(OwnershipAction),
    /// Guardian: pauses actions for at most 72 h, then not again for 7 days.
    Pause {
        /// One asset; all by default.
        asset: Option<String>,
        /// What to pause.
        actions: Vec<PausableAction>,
    },
    /// Guardian: lifts a pause.
    Unpause {
        /// One asset, or what was paused for all.
        asset: Option<String>,
        /// What to lift.
        actions: Vec<PausableAction>,
    },
    /// Guardian or owner: drops a pending change.
    Cancel {
        /// Its number.
        change: u64,
    },
    /// Anyone: carries out a change that has waited.
    Apply {
        /// Its number.
        change: u64,
    },
}

/// One account of a `liquidate_many`.
#[cw_serde]
pub struct Target {
    /// Account to liquidate.
    pub account: AccountRef,
    /// What to repay at most.
    pub debt: AssetAmount,
    /// Asset to seize.
    pub seize: String,
    /// Skips the target if the keeper would get less than this, in smallest units, tokens and
    /// shares together.
    pub min_seized: Option<Amount>,
}

/// What the sender of CW20 tokens wants done with them, as the `msg` of the token's `send`.
/// Each is the vault's message of the same name, with the tokens for the coin.
#[cw_serde]
pub enum Cw20Hook {
    /// Credits an account; the sender's account 0 by default. Only an account that holds or
    /// owes the token already, or the sender's own.
    Deposit {
        /// Account to credit.
        account: Option<AccountRef>,
        /// Whether to lend it to the pool, where it earns; idle by default.
        lend: Option<bool>,
    },
    /// Repays a debt. The excess goes back.
    Repay {
        /// Account that owes it.
        account: Option<AccountRef>,
    },
    /// Repays a debt of a liquidatable account and seizes a deposit worth more.
    Liquidate {
        /// Account to liquidate.
        account: AccountRef,
        /// Asset to seize.
        seize: String,
        /// Fails if the keeper would get less than this.
        min_seized: Option<Amount>,
        /// Tokens by default.
        receive: Option<Receive>,
        /// As in `liquidate`.
        to: Option<AccountRef>,
    },
    /// Liquidates several accounts that owe the token.
    LiquidateMany {
        /// Targets in their order, 1 to 32.
        targets: Vec<Target>,
        /// Tokens by default.
        receive: Option<Receive>,
        /// As in `liquidate`.
        to: Option<AccountRef>,
    },
}

/// A change of the vault that waits.
#[cw_serde]
pub enum Change {
    /// Lists a market.
    ListMarket(MarketListing),
    /// Changes a market.
    UpdateMarket {
        /// Asset.
        asset: String,
        /// What changes.
        update: MarketUpdate,
    },
    /// Changes parameters.
    UpdateParams(ParametersUpdate),
}

/// What a foreign contract writes may say more than what is read of it.
fn foreign<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: DeserializeOwned,
    D: Deserializer<'de>,
{
    Answer::deserialize(deserializer).map(|Answer(message)| message)
}
