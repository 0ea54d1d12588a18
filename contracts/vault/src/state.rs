//! What the vault stores. Keys are those of cw-storage-plus, values are postcard-packed. The names
//! of what nearly every message reads and writes are one letter long: each byte of a key is paid
//! for like one of the value.

use bulwark_risk::RiskResult;
use bulwark_risk::config::Bounds;
use bulwark_risk::haircut::{AssetRisk, HaircutRule};
use bulwark_risk::interest::InterestModel;
use bulwark_risk::outflow::Outflow;
use bulwark_risk::pool::Pool;
use bulwark_risk::ramp::interpolate_floor;
use bulwark_risk::units::{Amount, Fraction};
use bulwark_types::governance::{Brake, Changes, OwnershipStore};
use bulwark_types::oracle::Slot;
use bulwark_types::packed::{PackedItem, PackedMap};
use bulwark_types::vault::{Change, Limits, OperatorGrant, OracleMode, Parameters, PausableAction};
use cosmwasm_std::{Addr, StdResult, Storage};
use serde::{Deserialize, Serialize};

use crate::error::{ContractError, ContractResult};

mod position;

pub use position::{Balance, Position};

/// What every message needs.
pub const SETTINGS: PackedItem<Settings> = PackedItem::new("settings");

/// Accounts by their owner's canonical address and their number. An account that holds and owes
/// nothing has no record.
pub const ACCOUNTS: PackedMap<(&[u8], u16), AccountRecord> = PackedMap::new("a");

/// Markets by number, in the order of their listing from 0: totals and what a margin needs.
pub const MARKETS: PackedMap<u16, Market> = PackedMap::new("m");

/// Configurations of the markets by asset: what only messages about that very market need, and its
/// number. See [`MarketConfig::load`].
pub const MARKET_CONFIGS: PackedMap<&str, MarketConfig> = PackedMap::new("c");

/// Assets of the markets by number, for messages that know an asset by its market alone.
pub const ASSETS: PackedMap<u16, String> = PackedMap::new("assets");

/// How many markets there are.
pub const MARKET_COUNT: PackedItem<u16> = PackedItem::new("market_count");

/// Who owns the vault.
pub const OWNERSHIP: OwnershipStore = OwnershipStore::new("ownership");

/// By owner: who may act for it. At most 16 grants an owner, one for an operator and account, the
/// newest last; an owner without any has no record.
pub const OPERATORS: PackedMap<&str, Vec<OperatorGrant>> = PackedMap::new("operators");

/// Present while an outside call runs in the middle of a message.
pub const LOCK: PackedItem<bool> = PackedItem::new("lock");

/// Changes that wait.
pub const CHANGES: Changes<Change> = Changes::new("changes", "last_change");

/// Parameters, roles, and what was fixed when the vault was created.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct Settings {
    /// The oracle contract.
    pub oracle: Addr,
    /// How it is read.
    pub oracle_mode: OracleMode,
    /// The stateless contract through which batches call others.
    pub caller: Addr,
    /// How often the oracle has been replaced: slots found in an earlier one are looked up
    /// anew.
    pub oracle_generation: u16,
    /// Who can pause and cancel changes.
    pub guardian: Option<Addr>,
    /// Parameters, the gross factor as it will be when its ramp has ended.
    pub parameters: Parameters,
    /// The gross factor on its way.
    pub gross_factor: Ramped<Fraction>,
    /// Pauses of all assets.
    pub pauses: Pauses,
    /// Names of the groups; fixed.
    pub groups: Vec<String>,
    /// Limits of every configuration; fixed.
    pub bounds: Bounds,
    /// A market's caps are at most this multiple of its liquidity; fixed.
    pub cap_multiple: Fraction,
    /// Seconds for which an unpriced deposit keeps its value, and over which it then decays;
    /// fixed.
    pub unpriced_grace: u64,
}

/// What an account holds and owes, in the order of the markets' numbers.
#[derive(Serialize, Deserialize, Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountRecord {
    /// At most one position per market.
    pub holdings: Vec<Position>,
}

impl AccountRecord {
    /// The balance in a market, if there is one.
    #[must_use]
    pub fn balance(&self, market: u16) -> Option<Balance> {
        let at = self
            .holdings
            .binary_search_by_key(&market, |position| position.market)
            .ok()?;
        self.holdings.get(at).map(|position| position.balance)
    }

    /// Whether anything is owed.
    #[must_use]
    pub fn has_debts(&self) -> bool {
        self.holdings
            .iter()
            .any(|position| matches!(position.balance, Balance::Debt(_)))
    }

    /// Whether anything is owned.
    #[must_use]
    pub fn has_deposits(&self) -> bool {
        self.holdings
            .iter()
            .any(|position| matches!(position.balance, Balance::Deposit { .. }))
    }

    /// Sets the balance in a market; an empty one leaves the record.
    pub fn set_balance(&mut self, market: u16, balance: Balance) {
        let found = self
            .holdings
            .binary_search_by_key(&market, |position| position.market);
        match (found, balance.is_empty()) {
            (Ok(at), true) => {
                self.holdings.remove(at);
            }
            (Ok(at), false) => {
                if let Some(position) = self.holdings.get_mut(at) {
                    position.balance = balance;
                }
            }
            (Err(_), true) => {}
            (Err(at), false) => self.holdings.insert(at, Position { market, balance }),
        }
    }
}

/// Totals of a market and what a margin needs of it.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct Market {
    /// Decimals of the token.
    pub decimals: u8,
    /// Number of the base asset's market, this one or another: it names the family.
    pub base: u16,
    /// What the family has in common; on the base asset's market only.
    pub family: Option<Family>,
    /// The asset's own risk parameters.
    pub risk: Ramped<AssetRisk>,
    /// Where its price record stands in the oracle.
    pub slot: Slot,
    /// The [`Settings::oracle_generation`] in which that was looked up.
    pub slot_generation: u16,
    /// Idle deposits of all accounts, smallest units.
    pub idle: Amount,
    /// The pool.
    pub pool: Pool,
    /// What has left the pool lately, net.
    pub outflow: Outflow,
}

/// What the members of a family have in common.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct Family {
    /// Position of its group in [`Settings::groups`]; fixed.
    pub group: u8,
    /// ρ: correlation of the family with its group; fixed.
    pub group_correlation: Fraction,
    /// φ: how closely the members follow the family; fixed.
    pub family_correlation: Fraction,
    /// How the haircut follows the base asset's volatility.
    pub haircut: Ramped<HaircutRule>,
}

/// What only messages about that very market need.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct MarketConfig {
    /// Asset: the record's key, and no part of the record.
    #[serde(skip)]
    pub asset: String,
    /// Number of the market.
    pub market: u16,
    /// How the borrow rate depends on utilisation.
    pub interest: InterestModel,
    /// Limits.
    pub limits: Limits,
    /// Whether it can be deposited.
    pub deposit_enabled: bool,
    /// Whether it can be borrowed.
    pub borrow_enabled: bool,
    /// Whether the feed is not for deposits (a constant, or a redemption value alone).
    pub no_deposits: bool,
    /// Pauses of this asset alone.
    pub pauses: Pauses,
}

impl MarketConfig {
    /// The configuration of an asset's market, if one is listed.
    ///
    /// # Errors
    /// If the record does not unpack.
    pub fn may_load(storage: &dyn Storage, asset: &str) -> StdResult<Option<Self>> {
        let config = MARKET_CONFIGS.may_load(storage, asset)?;
        Ok(config.map(|config| Self {
            asset: asset.into(),
            ..config
        }))
    }

    /// The configuration of an asset's market.
    ///
    /// # Errors
    /// [`ContractError::UnknownMarket`].
    pub fn load(storage: &dyn Storage, asset: &str) -> ContractResult<Self> {
        Self::may_load(storage, asset)?.ok_or_else(|| ContractError::unknown_market(asset))
    }

    /// Stores it.
    ///
    /// # Errors
    /// If it does not pack.
    pub fn save(&self, storage: &mut dyn Storage) -> StdResult<()> {
        MARKET_CONFIGS.save(storage, &self.asset, self)
    }
}

/// Pauses, by action.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pauses {
    deposit: Brake,
    borrow: Brake,
    withdraw: Brake,
}

impl Pauses {
    /// The brake of an action.
    #[must_use]
    pub const fn brake(&self, action: PausableAction) -> &Brake {
        match action {
            PausableAction::Deposit => &self.deposit,
            PausableAction::Borrow => &self.borrow,
            PausableAction::Withdraw => &self.withdraw,
        }
    }

    /// The brake of an action, to be moved.
    pub const fn brake_mut(&mut self, action: PausableAction) -> &mut Brake {
        match action {
            PausableAction::Deposit => &mut self.deposit,
            PausableAction::Borrow => &mut self.borrow,
            PausableAction::Withdraw => &mut self.withdraw,
        }
    }
}

/// A value that moves linearly in time when it is changed.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ramped<T> {
    /// Where it is, or is going.
    pub target: T,
    /// Where it came from, while it moves.
    pub from: Option<RampStart<T>>,
}

/// The beginning of a ramp.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
pub struct RampStart<T> {
    /// Value at the start.
    pub value: T,
    /// Block time in seconds.
    pub start: u64,
    /// Block time in seconds at which the target is reached.
    pub end: u64,
}

/// A value of which every number moves linearly.
pub trait Linear: Copy {
    /// The value at `now` on the way from one to another.
    ///
    /// # Errors
    /// See [`interpolate_floor`].
    fn between(from: &Self, to: &Self, start: u64, end: u64, now: u64) -> RiskResult<Self>;
}

impl Linear for HaircutRule {
    fn between(from: &Self, to: &Self, start: u64, end: u64, now: u64) -> RiskResult<Self> {
        Self::between(from, to, start, end, now)
    }
}

impl Linear for AssetRisk {
    fn between(from: &Self, to: &Self, start: u64, end: u64, now: u64) -> RiskResult<Self> {
        Self::between(from, to, start, end, now)
    }
}

impl Linear for Fraction {
    fn between(from: &Self, to: &Self, start: u64, end: u64, now: u64) -> RiskResult<Self> {
        interpolate_floor(from.0, to.0, start, end, now).map(Fraction)
    }
}

impl<T: Linear> Ramped<T> {
    /// A value at rest.
    pub const fn resting(target: T) -> Self {
        Self { target, from: None }
    }

    /// The value in force at `now`.
    ///
    /// # Errors
    /// See [`interpolate_floor`].
    pub fn at(&self, now: u64) -> RiskResult<T> {
        match &self.from {
            None => Ok(self.target),
            Some(ramp) => T::between(&ramp.value, &self.target, ramp.start, ramp.end, now),
        }
    }

    /// The same value on its way to a new target, from where it is now.
    ///
    /// # Errors
    /// See [`interpolate_floor`].
    pub fn toward(&self, target: T, now: u64, ramp_time: u64) -> RiskResult<Self> {
        let start = RampStart {
            value: self.at(now)?,
            start: now,
            end: now.saturating_add(ramp_time),
        };
        Ok(Self {
            target,
            from: Some(start),
        })
    }

    /// Block time in seconds at which the target is reached; 0 at rest.
    pub fn end(&self) -> u64 {
        self.from.as_ref().map_or(0, |ramp| ramp.end)
    }
}
