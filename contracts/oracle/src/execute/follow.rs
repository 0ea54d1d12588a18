//! What is the same after a post, a refresh and a halt: records follow what is said of them.

use bulwark_types::events::PriceMoved;
use bulwark_types::oracle::PriceStatus;
use cosmwasm_std::Storage;

use super::{load_feed, price_moved};
use crate::error::ContractError;
use crate::feed::{FeedState, Moment, shut, take_in};
use crate::feeders::Feeders;
use crate::sources::{Base, Sources};
use crate::state::{Boards, DEPENDENTS, FeedEntry, TRACKS};

/// Lets an asset's record follow what its sources say, and where nothing can be opened at it any
/// more, those of the assets that are redeemed for it. Boards are stored by the caller.
pub fn follow(
    storage: &mut dyn Storage,
    boards: &mut Boards,
    asset: &str,
    entry: &FeedEntry,
    sources: &Sources,
    feeders: &Feeders,
    moment: Moment,
) -> Result<Vec<PriceMoved>, ContractError> {
    let moved = follow_one(storage, boards, asset, entry, sources, moment)?;
    let record = boards.record(storage, entry.slot)?;
    let stopped = record.is_some_and(|record| record.status != PriceStatus::Ok);
    let mut all: Vec<PriceMoved> = moved.into_iter().collect();
    if stopped && !all.is_empty() {
        all.extend(follow_dependents(storage, boards, asset, feeders, moment)?);
    }
    Ok(all)
}

/// Lets the records of the assets that are redeemed for this one follow it. Left to their next
/// post or refresh, they could be opened at until then while their base cannot.
pub fn follow_dependents(
    storage: &mut dyn Storage,
    boards: &mut Boards,
    asset: &str,
    feeders: &Feeders,
    moment: Moment,
) -> Result<Vec<PriceMoved>, ContractError> {
    let mut all = Vec::new();
    for dependent in DEPENDENTS.may_load(storage, asset)?.unwrap_or_default() {
        let entry = load_feed(storage, &dependent)?;
        let sources = Sources::load(storage, &dependent, &entry.feed, feeders)?;
        all.extend(follow_one(
            storage, boards, &dependent, &entry, &sources, moment,
        )?);
    }
    Ok(all)
}

/// Lets one record follow its sources. A halted feed does not move. While nothing can be opened
/// at the base's price, nothing can be at this one, whatever else is said.
fn follow_one(
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
    let reading = sources.read(&entry.feed, &base, in_force, moment.now)?;
    let mut after = match &reading {
        Some(reading) => take_in(&entry.feed, before.as_ref(), reading, moment)?,
        None => None,
    };
    if after.is_none() && !base.opens(moment.now) {
        after = before.map(|before| shut(&before, reading.as_ref()));
    }
    let Some(after) = after.filter(|after| before.as_ref() != Some(after)) else {
        return Ok(None);
    };
    TRACKS.save(storage, asset, &after.track)?;
    boards.replace(storage, entry.slot, after.record)?;
    let observed = reading.map_or(after.record.mid, |reading| reading.price);
    Ok(Some(price_moved(asset, &after.record, observed)))
}
