//! The vault contract's messages.

mod action;
mod callback;
mod config;
mod execute;
mod handle;
mod query;

pub use crate::migration::MigrateMsg;
pub use action::Action;
pub use callback::{BulwarkCallback, Callback, KeeperMsg};
pub use config::{
    FamilyListing, Limits, MarketListing, MarketUpdate, OracleConfig, OracleMode, Parameters,
    ParametersUpdate,
};
pub use execute::{
    AccountRef, Change, Cw20Hook, ExecuteMsg, InstantiateMsg, PausableAction, Receive, Target,
};
pub use handle::Vault;
pub use query::{
    AccountHolding, AccountResponse, AccountsAtRiskResponse, AccountsResponse, AmountResponse,
    AssetAmount, AtRisk, ConfigResponse, FamilyResponse, HoldingMargin, LiquidationPlanResponse,
    LiquidationPriceResponse, LiquidationResponse, MarginResponse, MarketResponse, MarketsResponse,
    OperatorGrant, OperatorsResponse, PauseResponse, Plan, QueryMsg, SimulateResponse, Solvency,
    SolvencyResponse,
};
