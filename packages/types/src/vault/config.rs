use bulwark_risk::config::{LiquidationParameters, MarginParameters};
use bulwark_risk::haircut::{AssetRisk, HaircutRule};
use bulwark_risk::interest::InterestModel;
use bulwark_risk::units::{Amount, Fraction};
use cosmwasm_schema::cw_serde;

/// Where the vault takes its prices from.
#[cw_serde]
pub struct OracleConfig {
    /// Address of the oracle contract.
    pub address: String,
    /// How it is read.
    pub mode: OracleMode,
}

/// How the oracle is read.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum OracleMode {
    /// Its public boards, by raw query: a few thousand gas.
    Raw,
    /// Its `prices` query: for an oracle of another make that answers the same form.
    Smart,
}

/// Parameters that are the same for all markets.
#[cw_serde]
pub struct Parameters {
    /// Initial factor and gross factor.
    pub margin: MarginParameters,
    /// How liquidations are priced and bounded.
    pub liquidation: LiquidationParameters,
    /// Assets that one account can hold and owe, at most 32.
    pub max_holdings: u8,
    /// Seconds over which risk parameters move from their old to their new values.
    pub ramp_time: u64,
    /// Seconds that changes wait which could hurt.
    pub owner_delay: u64,
    /// Seconds over which the outflow of a pool is limited.
    pub outflow_window: u64,
}

/// A change of [`Parameters`] and roles; what is absent stays.
#[cw_serde]
#[derive(Default)]
pub struct ParametersUpdate {
    /// Where prices come from.
    pub oracle: Option<OracleConfig>,
    /// Who can pause and cancel changes.
    pub guardian: Option<String>,
    /// Initial factor (at once) and gross factor (by ramp).
    pub margin: Option<MarginParameters>,
    /// How liquidations are priced and bounded.
    pub liquidation: Option<LiquidationParameters>,
    /// Assets that one account can hold and owe.
    pub max_holdings: Option<u8>,
    /// Seconds over which risk parameters move.
    pub ramp_time: Option<u64>,
    /// Seconds that changes wait.
    pub owner_delay: Option<u64>,
    /// Seconds over which the outflow of a pool is limited.
    pub outflow_window: Option<u64>,
    /// The contract through which batches call others.
    pub caller: Option<String>,
}

/// How a new market belongs to a family; fixed for good.
#[cw_serde]
pub enum FamilyListing {
    /// The asset is the base of a family of its own.
    Base {
        /// Name of the group, one of the vault's.
        group: String,
        /// ρ: correlation of the family with its group.
        group_correlation: Fraction,
        /// φ: how closely the members follow the family.
        family_correlation: Fraction,
        /// How the family's haircut follows the base asset's volatility.
        haircut: HaircutRule,
    },
    /// The asset is redeemable into the base of a listed family.
    Member {
        /// The base asset.
        of: String,
    },
}

/// Limits of one market.
#[cw_serde]
#[derive(Copy, Eq)]
pub struct Limits {
    /// Deposits, idle and lent together, stop here.
    pub deposit_cap: Amount,
    /// Debts stop here.
    pub borrow_cap: Amount,
    /// New borrows stop at this utilisation.
    pub max_utilisation: Fraction,
    /// The largest part of the supply that one account may owe.
    pub counterparty_share: Fraction,
    /// The largest part of the supply that lent deposits and borrows may take out of the pool,
    /// net, within any `outflow_window`; no limit at 1.
    pub outflow_share: Fraction,
}

/// A new market.
#[cw_serde]
pub struct MarketListing {
    /// Asset: a bank denom, or `cw20:<address>`.
    pub asset: String,
    /// Decimals of the token, at most 18. At the price when it is listed, one smallest unit is
    /// worth at most the dust value, or 1 USD if that is more: a debt below the worth of a unit
    /// cannot be liquidated against it.
    pub decimals: u8,
    /// How it belongs to a family.
    pub family: FamilyListing,
    /// Its own risk parameters.
    pub risk: AssetRisk,
    /// How the borrow rate depends on utilisation.
    pub interest: InterestModel,
    /// Part of the interest that goes to the reserve, at most 0.5.
    pub reserve_factor: Fraction,
    /// Limits.
    pub limits: Limits,
    /// Whether it can be deposited.
    pub deposit_enabled: bool,
    /// Whether it can be borrowed.
    pub borrow_enabled: bool,
}

/// A change of a market; what is absent stays.
#[cw_serde]
#[derive(Default)]
pub struct MarketUpdate {
    /// How the family's haircut follows the base asset's volatility; base assets only.
    pub haircut: Option<HaircutRule>,
    /// Its own risk parameters.
    pub risk: Option<AssetRisk>,
    /// How the borrow rate depends on utilisation.
    pub interest: Option<InterestModel>,
    /// Part of the interest that goes to the reserve.
    pub reserve_factor: Option<Fraction>,
    /// Limits.
    pub limits: Option<Limits>,
    /// Whether it can be deposited.
    pub deposit_enabled: Option<bool>,
    /// Whether it can be borrowed.
    pub borrow_enabled: Option<bool>,
}
