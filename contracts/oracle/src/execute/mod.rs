//! One file per message, and what several of them share.

pub mod change;
mod follow;
pub mod halt;
pub mod post_prices;
pub mod refresh;
pub mod resume;
pub mod set_feed;
pub mod update_config;
pub mod update_feeders;
pub mod update_ownership;

use bulwark_risk::units::Price;
use bulwark_types::events::PriceMoved;
use bulwark_types::governance::GovernanceError;
use bulwark_types::oracle::PriceRecord;
use cosmwasm_std::{Addr, MessageInfo, Storage};

use crate::error::ContractError;
use crate::state::{CONFIG, FEEDS, FeedEntry};

/// Refuses tokens: no message takes any, and none could leave again.
///
/// # Errors
/// [`ContractError::FundsSent`].
pub fn refuse_funds(info: &MessageInfo) -> Result<(), ContractError> {
    if info.funds.is_empty() {
        return Ok(());
    }
    Err(ContractError::FundsSent {
        funds: info.funds.iter().map(ToString::to_string).collect(),
    })
}

/// The feed of an asset.
///
/// # Errors
/// [`ContractError::UnknownFeed`].
pub fn load_feed(storage: &dyn Storage, asset: &str) -> Result<FeedEntry, ContractError> {
    FEEDS
        .may_load(storage, asset)?
        .ok_or_else(|| ContractError::UnknownFeed {
            asset: asset.into(),
        })
}

/// Refuses everybody but the guardian.
///
/// # Errors
/// [`GovernanceError::Unauthorized`].
pub fn assert_guardian(storage: &dyn Storage, sender: &Addr) -> Result<(), ContractError> {
    if CONFIG.load(storage)?.guardian.as_ref() == Some(sender) {
        return Ok(());
    }
    Err(unauthorized(sender, "guardian").into())
}

/// The error for who has another role, or none.
pub fn unauthorized(sender: &Addr, role: &str) -> GovernanceError {
    GovernanceError::Unauthorized {
        sender: sender.to_string(),
        role: role.into(),
    }
}

/// What is reported when an asset's record has moved.
pub fn price_moved(asset: &str, record: &PriceRecord, observed: Price) -> PriceMoved {
    PriceMoved {
        asset: asset.into(),
        mid: record.mid,
        low: record.low,
        high: record.high,
        observed,
        status: record.status.name().into(),
        published_at: record.published_at,
    }
}
