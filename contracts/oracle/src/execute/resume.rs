//! Guardian: lets a halted feed go on.

use bulwark_types::events::FeedHalted;
use bulwark_types::oracle::{PriceRecord, PriceStatus};
use cosmwasm_std::{DepsMut, Env, MessageInfo, Response};

use super::{assert_guardian, load_feed};
use crate::error::ContractError;
use crate::state::{Boards, FEEDS};

/// The record of a posted feed says `halted` until an observation is accepted. A fixed feed
/// has none to wait for: its price is back at once, and once its halt has ended by itself
/// anyone can bring it back, or a guardian that is gone would have stopped it for ever.
pub fn execute(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    asset: String,
) -> Result<Response, ContractError> {
    let mut entry = load_feed(deps.storage, &asset)?;
    let mut boards = Boards::default();
    let halted_fixed = boards.record(deps.storage, entry.slot)?.filter(|record| {
        entry.feed.fixed_price().is_some() && record.status == PriceStatus::Halted
    });
    if entry.halt.until(env.block.time.seconds()).is_some() {
        assert_guardian(deps.storage, &info.sender)?;
        entry.halt.release();
        FEEDS.save(deps.storage, &asset, &entry)?;
    } else if halted_fixed.is_none() {
        return Err(ContractError::NotHalted { asset });
    }
    if let Some(record) = halted_fixed {
        let resumed = PriceRecord {
            status: PriceStatus::Ok,
            ..record
        };
        boards.replace(deps.storage, entry.slot, resumed)?;
        boards.save(deps.storage)?;
    }
    Ok(Response::new().add_event(FeedHalted { asset, until: 0 }))
}
