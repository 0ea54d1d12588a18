//! The vault contract's messages.

mod config;
mod execute;
mod handle;
mod query;

pub use crate::migration::MigrateMsg;
pub use config::{
    FamilyListing, Limits, MarketListing, MarketUpdate, OracleConfig, OracleMode, Parameters,
    ParametersUpdate,
};
pub use execute::{AccountRef, Change, ExecuteMsg, InstantiateMsg, PausableAction, Receive};
pub use handle::Vault;
pub use query::{
    AccountHolding, AccountResponse, AccountsAtRiskResponse, AccountsResponse, Action,
    AmountResponse, AssetAmount, AtRisk, ConfigResponse, FamilyResponse, HoldingMargin,
    LiquidationPlanResponse, LiquidationPriceResponse, LiquidationResponse, MarginResponse,
    MarketResponse, MarketsResponse, PauseResponse, Plan, QueryMsg, SimulateResponse, Solvency,
    SolvencyResponse,
};
