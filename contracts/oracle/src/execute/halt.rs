//! Guardian: stops a feed for at most 72 h, then not again for 7 days.

use bulwark_types::events::FeedHalted;
use bulwark_types::oracle::{PriceRecord, PriceStatus};
use cosmwasm_std::{DepsMut, Env, MessageInfo, Response};

use super::follow::follow_dependents;
use super::{assert_guardian, load_feed};
use crate::error::ContractError;
use crate::feed::Moment;
use crate::state::{Boards, CONFIG, FEEDS, TRACKS, Track};

/// The record says so at once and stays as it is; nothing can be opened at the prices of assets
/// that are redeemed for this one either. A jump that waits is forgotten: after the
/// halt it has to be seen again.
pub fn execute(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    asset: String,
) -> Result<Response, ContractError> {
    assert_guardian(deps.storage, &info.sender)?;
    let mut entry = load_feed(deps.storage, &asset)?;
    let until = entry.halt.pull(env.block.time.seconds())?;
    FEEDS.save(deps.storage, &asset, &entry)?;

    let mut boards = Boards::default();
    if let Some(record) = boards.record(deps.storage, entry.slot)? {
        let halted = PriceRecord {
            status: PriceStatus::Halted,
            ..record
        };
        boards.replace(deps.storage, entry.slot, halted)?;
    }
    let feeders = CONFIG.load(deps.storage)?.feeders;
    let moment = Moment::of(env);
    let moved = follow_dependents(deps.storage, &mut boards, &asset, &feeders, moment)?;
    boards.save(deps.storage)?;
    if let Some(track) = TRACKS.may_load(deps.storage, &asset)? {
        let forgotten = Track {
            anchor: None,
            ..track
        };
        TRACKS.save(deps.storage, &asset, &forgotten)?;
    }
    Ok(Response::new()
        .add_event(FeedHalted { asset, until })
        .add_events(moved))
}
