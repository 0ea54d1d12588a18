use bulwark_risk::account::{Side, Status};
use bulwark_risk::config::Bounds;
use bulwark_risk::haircut::{AssetRisk, HaircutRule};
use bulwark_risk::interest::InterestModel;
use bulwark_risk::units::{Amount, DebtShares, Fraction, Price, SupplyShares, Usd};
use cosmwasm_schema::{QueryResponses, cw_serde};

use super::action::Action;
use super::config::{Limits, OracleConfig, Parameters};
use super::execute::{AccountRef, Change, PausableAction, Receive};
use crate::governance::{OwnershipResponse, PendingChange};
use crate::oracle::{PriceStatus, Slot};

/// Queries of the vault. Lists return 30 entries unless asked for, at most 100, and say in
/// `next` where to continue.
#[cw_serde]
#[derive(QueryResponses)]
pub enum QueryMsg {
    /// Parameters, bounds and roles.
    #[returns(ConfigResponse)]
    Config {},
    /// One market, interest included up to now.
    #[returns(MarketResponse)]
    Market {
        /// Asset.
        asset: String,
    },
    /// Markets in the order in which they were listed.
    #[returns(MarketsResponse)]
    Markets {
        /// Continue after the market with this number.
        start_after: Option<u16>,
        /// Markets to return.
        limit: Option<u32>,
    },
    /// What an account holds and owes; empty for one that never was.
    #[returns(AccountResponse)]
    Account {
        /// Account.
        account: AccountRef,
    },
    /// Accounts in the order of owner and number.
    #[returns(AccountsResponse)]
    Accounts {
        /// Of this owner only.
        owner: Option<String>,
        /// Continue after this account.
        start_after: Option<AccountRef>,
        /// Accounts to return.
        limit: Option<u32>,
    },
    /// An account's equity, margins and status, holding by holding.
    #[returns(MarginResponse)]
    Margin {
        /// Account.
        account: AccountRef,
    },
    /// What the margin would be after a batch of the account's owner, and why it would be
    /// refused if so. What deposits and repayments miss in hand is sent with the batch, as
    /// `funds`; `call` cannot be simulated: put what it takes and gives as actions instead.
    #[returns(SimulateResponse)]
    Simulate {
        /// Account.
        account: AccountRef,
        /// Actions in their order, at most 32.
        actions: Vec<Action>,
    },
    /// The most that the account can borrow of an asset now: by margin, caps, cash and outflow
    /// limit.
    #[returns(AmountResponse)]
    MaxBorrow {
        /// Account.
        account: AccountRef,
        /// Asset.
        asset: String,
    },
    /// The most that the account can withdraw of an asset now: by margin, cash and outflow limit.
    #[returns(AmountResponse)]
    MaxWithdraw {
        /// Account.
        account: AccountRef,
        /// Asset.
        asset: String,
    },
    /// At which prices of one asset, the others standing still, the account is liquidatable.
    #[returns(LiquidationPriceResponse)]
    LiquidationPrice {
        /// Account.
        account: AccountRef,
        /// Asset that it holds or owes.
        asset: String,
    },
    /// The debt and deposit that pay a keeper the largest bonus.
    #[returns(LiquidationPlanResponse)]
    LiquidationPlan {
        /// Account.
        account: AccountRef,
    },
    /// Exactly what `liquidate` would do now.
    #[returns(LiquidationResponse)]
    SimulateLiquidation {
        /// Account to liquidate.
        account: AccountRef,
        /// What the keeper would send.
        debt: AssetAmount,
        /// Asset to seize.
        seize: String,
        /// Tokens by default.
        receive: Option<Receive>,
        /// Account that would take what is not paid out in tokens; an empty one by default.
        to: Option<AccountRef>,
    },
    /// Accounts with debts whose margin ratio is below a bound, worst or not, in the order of
    /// owner and number. `limit` counts accounts scanned: a page can be empty and still have
    /// a `next`.
    #[returns(AccountsAtRiskResponse)]
    AccountsAtRisk {
        /// 1 by default: the liquidatable ones.
        max_ratio: Option<Fraction>,
        /// Continue after this account.
        start_after: Option<AccountRef>,
        /// Accounts to scan.
        limit: Option<u32>,
    },
    /// What the contract holds against what it owes, asset by asset.
    #[returns(SolvencyResponse)]
    Solvency {
        /// One asset; a page of all by default.
        asset: Option<String>,
        /// Continue after the market with this number.
        start_after: Option<u16>,
        /// Markets to return.
        limit: Option<u32>,
    },
    /// Pending changes in the order of their numbers.
    #[returns(Vec<PendingChange<Change>>)]
    Changes {
        /// Continue after this number.
        start_after: Option<u64>,
        /// Changes to return.
        limit: Option<u32>,
    },
    /// Who owns the vault.
    #[returns(OwnershipResponse)]
    Ownership {},
    /// Who may act for an owner, expired grants left out.
    #[returns(OperatorsResponse)]
    Operators {
        /// Owner.
        owner: String,
    },
}

/// Parameters, bounds and roles.
#[cw_serde]
pub struct ConfigResponse {
    /// Where prices come from.
    pub oracle: OracleConfig,
    /// Who can pause and cancel changes.
    pub guardian: Option<String>,
    /// Names of the groups.
    pub groups: Vec<String>,
    /// Limits of every configuration.
    pub bounds: Bounds,
    /// A market's caps are at most this multiple of its liquidity.
    pub cap_multiple: Fraction,
    /// Seconds for which an unpriced deposit keeps its value, and over which it then decays.
    pub unpriced_grace: u64,
    /// Parameters as they will be when ramps have ended.
    pub parameters: Parameters,
    /// Gross factor in force now.
    pub gross_factor_in_force: Fraction,
    /// Pauses of all assets.
    pub pauses: Vec<PauseResponse>,
    /// The stateless contract through which batches call others.
    pub caller: String,
    /// Whether a `call` or a `callback` is running: balances are in motion, and every message
    /// is refused until it ends. Contracts that rely on the vault's figures have to look here.
    pub locked: bool,
}

/// Who may act for an owner.
#[cw_serde]
pub struct OperatorsResponse {
    /// The grants, at most 16.
    pub operators: Vec<OperatorGrant>,
}

/// The right to do everything for an owner's accounts but to change operators.
#[cw_serde]
pub struct OperatorGrant {
    /// Who may act.
    pub operator: String,
    /// For this account only; for all of the owner's if absent.
    pub id: Option<u16>,
    /// Block time in seconds from which it no longer counts; never if absent.
    pub expires: Option<u64>,
}

/// A pause in force.
#[cw_serde]
pub struct PauseResponse {
    /// What is paused.
    pub action: PausableAction,
    /// When it ends by itself, in seconds.
    pub until: u64,
}

/// How a market belongs to a family.
#[cw_serde]
pub struct FamilyResponse {
    /// Name of the group.
    pub group: String,
    /// The base asset, this one or another.
    pub base: String,
    /// ρ: correlation of the family with its group.
    pub group_correlation: Fraction,
    /// φ: how closely the members follow the family.
    pub family_correlation: Fraction,
    /// Rule of the haircut in force now.
    pub haircut_rule: HaircutRule,
    /// Rule of the haircut when its ramp has ended.
    pub haircut_rule_target: HaircutRule,
}

/// One market, interest included up to now.
#[cw_serde]
pub struct MarketResponse {
    /// Its number.
    pub market: u16,
    /// Asset.
    pub asset: String,
    /// Decimals of the token.
    pub decimals: u8,
    /// Family and group.
    pub family: FamilyResponse,
    /// Its own risk parameters in force now.
    pub risk: AssetRisk,
    /// The same when their ramp has ended.
    pub risk_target: AssetRisk,
    /// When ramps of the family's and its own parameters have ended, in seconds.
    pub ramp_end: u64,
    /// Haircut in force now, the extra one not included; none without a price.
    pub haircut: Option<Fraction>,
    /// Haircut at the larger of the newest volatility and the one in force.
    pub newest_haircut: Option<Fraction>,
    /// How the borrow rate depends on utilisation.
    pub interest: InterestModel,
    /// Part of the interest that goes to the reserve.
    pub reserve_factor: Fraction,
    /// Limits.
    pub limits: Limits,
    /// Whether it can be deposited.
    pub deposit_enabled: bool,
    /// Whether it can be borrowed.
    pub borrow_enabled: bool,
    /// Pauses of this asset, those of all assets included.
    pub pauses: Vec<PauseResponse>,
    /// Where its price record stands.
    pub slot: Slot,
    /// Idle deposits, smallest units.
    pub idle: Amount,
    /// What suppliers and the reserve own, smallest units.
    pub supplied: Amount,
    /// What borrowers owe, smallest units.
    pub borrowed: Amount,
    /// What the pool can pay out now, smallest units.
    pub cash: Amount,
    /// What the reserve owns, part of `supplied`.
    pub reserve: Amount,
    /// Supply shares in all.
    pub supply_shares: SupplyShares,
    /// Debt shares in all.
    pub debt_shares: DebtShares,
    /// The reserve's supply shares.
    pub reserve_shares: SupplyShares,
    /// `borrowed / supplied`.
    pub utilisation: Fraction,
    /// Per year.
    pub borrow_rate: Fraction,
    /// Per year, the reserve's part taken off.
    pub supply_rate: Fraction,
    /// Whether bad debt has wiped its suppliers out: no new deposits.
    pub wiped_out: bool,
    /// Net outflow of lent deposits and borrows that counts against the limit now, smallest
    /// units.
    pub outflow: Amount,
    /// What it may reach, smallest units, rounded down; none where there is no limit.
    pub outflow_limit: Option<Amount>,
    /// As in [`ConfigResponse::locked`].
    pub locked: bool,
}

/// A page of markets.
#[cw_serde]
pub struct MarketsResponse {
    /// The markets.
    pub markets: Vec<MarketResponse>,
    /// `start_after` of the next page; none at the end.
    pub next: Option<u16>,
}

/// A holding without prices.
#[cw_serde]
pub struct AccountHolding {
    /// Asset.
    pub asset: String,
    /// Owned or owed.
    pub side: Side,
    /// Idle deposit, smallest units.
    pub idle: Amount,
    /// Lent deposit, smallest units, rounded down.
    pub lent: Amount,
    /// Supply shares.
    pub lent_shares: SupplyShares,
    /// Debt, smallest units, rounded up.
    pub debt: Amount,
    /// Debt shares.
    pub debt_shares: DebtShares,
}

/// What an account holds and owes.
#[cw_serde]
pub struct AccountResponse {
    /// Account.
    pub account: AccountRef,
    /// Holdings in the order in which their markets were listed.
    pub holdings: Vec<AccountHolding>,
    /// As in [`ConfigResponse::locked`].
    pub locked: bool,
}

/// A page of accounts.
#[cw_serde]
pub struct AccountsResponse {
    /// The accounts.
    pub accounts: Vec<AccountResponse>,
    /// `start_after` of the next page; none at the end.
    pub next: Option<AccountRef>,
}

/// A holding as the margin sees it.
#[cw_serde]
pub struct HoldingMargin {
    /// Asset.
    pub asset: String,
    /// Owned or owed.
    pub side: Side,
    /// Smallest units, idle and lent together.
    pub amount: Amount,
    /// Signed value at the mid price, USD.
    pub value: Usd,
    /// Mid price that it is valued at, decay included, USD per whole token.
    pub price: Price,
    /// Status of its feed.
    pub price_status: PriceStatus,
    /// Whether its price is past its age.
    pub stale: bool,
    /// Haircut in force, the extra one included.
    pub haircut: Fraction,
    /// Its part of the maintenance margin, USD; negative for a hedge.
    pub contribution: Usd,
}

/// An account's equity, margins and status.
#[cw_serde]
pub struct MarginResponse {
    /// Account.
    pub account: AccountRef,
    /// Status.
    pub status: Status,
    /// Deposits less debts at mid prices, USD.
    pub equity: Usd,
    /// The same at opening prices, USD.
    pub equity_open: Usd,
    /// Deposits, USD.
    pub deposits: Usd,
    /// Debts, USD.
    pub debts: Usd,
    /// Initial margin, USD.
    pub initial: Usd,
    /// Maintenance margin, USD.
    pub maintenance: Usd,
    /// Equity over maintenance margin, rounded down; none where no margin is required.
    pub margin_ratio: Option<Usd>,
    /// Deposits over debts, rounded down; none without debts.
    pub collateral_ratio: Option<Usd>,
    /// Holding by holding; the contributions add up to the maintenance margin.
    pub holdings: Vec<HoldingMargin>,
    /// As in [`ConfigResponse::locked`].
    pub locked: bool,
}

/// What actions would lead to.
#[cw_serde]
pub struct SimulateResponse {
    /// The account as it is.
    pub before: MarginResponse,
    /// The account afterwards; none if an action cannot be carried out at all.
    pub after: Option<MarginResponse>,
    /// The error that the message would answer with, in its displayed form; none if it passes.
    pub refusal: Option<String>,
    /// What has to be sent with the batch.
    pub funds: Vec<AssetAmount>,
    /// What the sender has in hand at the end.
    pub returned: Vec<AssetAmount>,
}

/// An amount.
#[cw_serde]
pub struct AmountResponse {
    /// Smallest units.
    pub amount: Amount,
}

/// At which prices an account is liquidatable.
#[cw_serde]
pub struct LiquidationPriceResponse {
    /// At or below this price, USD per whole token; none if no fall does it, or if the account
    /// is liquidatable already.
    pub below: Option<Price>,
    /// At or above this price, USD per whole token; none if twenty doublings do not do it.
    pub above: Option<Price>,
}

/// An amount of an asset.
#[cw_serde]
#[derive(Eq)]
pub struct AssetAmount {
    /// Asset.
    pub asset: String,
    /// Smallest units.
    pub amount: Amount,
}

/// A liquidation worth doing.
#[cw_serde]
pub struct Plan {
    /// What to repay, at most.
    pub debt: AssetAmount,
    /// What the keeper gets for it, tokens and shares together.
    pub seize: AssetAmount,
    /// The reserve's part, in smallest units of the deposit.
    pub protocol_fee: Amount,
    /// Bonus per value repaid.
    pub bonus: Fraction,
    /// Value repaid, USD.
    pub repaid_value: Usd,
    /// Value of the bonus, the reserve's part included, USD.
    pub bonus_value: Usd,
    /// Whether the account is in distress.
    pub distressed: bool,
    /// Margin ratio afterwards; none where no margin is required.
    pub ratio_after: Option<Usd>,
}

/// The best liquidation of an account.
#[cw_serde]
pub struct LiquidationPlanResponse {
    /// None if the account is not liquidatable, or nothing in it can change hands.
    pub plan: Option<Plan>,
}

/// What a liquidation does.
#[cw_serde]
pub struct LiquidationResponse {
    /// Repaid, smallest units of the debt.
    pub repaid: Amount,
    /// Sent back, smallest units of the debt.
    pub refunded: Amount,
    /// Taken from the account, smallest units of the deposit.
    pub seized: Amount,
    /// Part of it that the keeper gets as tokens.
    pub tokens: Amount,
    /// Part of it that the keeper gets as an idle deposit in its account.
    pub idle: Amount,
    /// Part of it that the keeper gets as supply shares, at their value rounded down.
    pub lent: Amount,
    /// Those supply shares.
    pub shares: SupplyShares,
    /// The reserve's part.
    pub protocol_fee: Amount,
    /// Bonus per value repaid.
    pub bonus: Fraction,
    /// Value repaid, USD.
    pub repaid_value: Usd,
    /// Value of the bonus, the reserve's part included, USD.
    pub bonus_value: Usd,
    /// Whether the account is in distress.
    pub distressed: bool,
    /// Margin ratio afterwards; none where no margin is required.
    pub ratio_after: Option<Usd>,
    /// Debts written off because no deposits are left.
    pub bad_debt: Vec<AssetAmount>,
}

/// An account at risk.
#[cw_serde]
pub struct AtRisk {
    /// Account.
    pub account: AccountRef,
    /// Status.
    pub status: Status,
    /// Equity over maintenance margin; none where no margin is required.
    pub margin_ratio: Option<Usd>,
    /// Equity, USD.
    pub equity: Usd,
    /// Debts, USD.
    pub debts: Usd,
}

/// A page of accounts at risk.
#[cw_serde]
pub struct AccountsAtRiskResponse {
    /// The accounts.
    pub accounts: Vec<AtRisk>,
    /// `start_after` of the next page; none at the end.
    pub next: Option<AccountRef>,
}

/// What the contract holds of an asset against what it owes.
#[cw_serde]
pub struct Solvency {
    /// Asset.
    pub asset: String,
    /// Balance of the contract, smallest units.
    pub held: Amount,
    /// Idle deposits, smallest units.
    pub idle: Amount,
    /// What suppliers and the reserve own, smallest units.
    pub supplied: Amount,
    /// What borrowers owe, smallest units.
    pub borrowed: Amount,
    /// `idle + supplied − borrowed`: what has to be there.
    pub owed: Amount,
    /// What is there beyond it, sent without a message.
    pub surplus: Amount,
    /// What is missing; always zero.
    pub missing: Amount,
}

/// Solvency, asset by asset.
#[cw_serde]
pub struct SolvencyResponse {
    /// The assets.
    pub assets: Vec<Solvency>,
    /// `start_after` of the next page; none at the end.
    pub next: Option<u16>,
    /// As in [`ConfigResponse::locked`]: while it is true, something may seem to be missing.
    pub locked: bool,
}
