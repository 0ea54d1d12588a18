//! What is the same after a post and after a refresh: the asset's record follows its sources.

use bulwark_types::events::PriceMoved;
use cosmwasm_std::Storage;

use super::price_moved;
use crate::error::ContractError;
use crate::feed::{FeedState, Moment, take_in};
use crate::sources::{Base, Sources};
use crate::state::{Boards, FeedEntry, TRACKS};

/// Lets an asset's record follow what its sources say; its board is stored by the caller. A
/// halted feed does not move.
pub fn follow(
    storage: &mut dyn Storage,
    boards: &mut Boards,
    asset: &str,
    entry: &FeedEntry,
    sources: &Sources,
    moment: Moment,
) -> Result<Option<PriceMoved>, ContractError> {
    if entry.halt.until(moment.now).is_some() {
        return Ok(None);
    }
    let before = boards
        .record(storage, entry.slot)?
        .zip(TRACKS.may_load(storage, asset)?)
        .map(|(record, track)| FeedState { record, track });
    let in_force = before.map(|state| state.record.mid);
    let base = Base::load(storage, boards, &entry.feed)?;
    let Some(reading) = sources.read(&entry.feed, &base, in_force, moment.now)? else {
        return Ok(None);
    };
    let Some(after) = take_in(&entry.feed, before.as_ref(), &reading, moment)? else {
        return Ok(None);
    };
    if before == Some(after) {
        return Ok(None);
    }
    TRACKS.save(storage, asset, &after.track)?;
    boards.replace(storage, entry.slot, after.record)?;
    Ok(Some(price_moved(asset, &after.record, reading.price)))
}
