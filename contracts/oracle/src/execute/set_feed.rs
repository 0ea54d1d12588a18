//! Sets up or changes a feed.

use bulwark_types::events::PriceMoved;
use bulwark_types::governance::Brake;
use bulwark_types::oracle::{Feed, Source};
use cosmwasm_std::Storage;

use super::price_moved;
use crate::error::ContractError;
use crate::feed::{check_asset, check_feed};
use crate::source::fixed;
use crate::state::{Boards, FEEDS, FeedEntry, take_slot};

/// Refuses what cannot be applied.
pub fn check(storage: &dyn Storage, asset: &str, feed: &Feed) -> Result<(), ContractError> {
    check_asset(asset)?;
    check_feed(feed)?;
    let is_fixed = |feed: &Feed| matches!(feed.source, Source::Fixed { .. });
    match FEEDS.may_load(storage, asset)? {
        Some(stored) if is_fixed(&stored.feed) != is_fixed(feed) => {
            Err(ContractError::SourceKindChanged {
                asset: asset.into(),
            })
        }
        _ => Ok(()),
    }
}

/// Applies the feed. A new one is given a slot; the record of one with posted prices moves
/// with its next observation, that of a fixed one at once.
pub fn apply(
    storage: &mut dyn Storage,
    asset: &str,
    feed: Feed,
    now: u64,
) -> Result<Option<PriceMoved>, ContractError> {
    check(storage, asset, &feed)?;
    let entry = match FEEDS.may_load(storage, asset)? {
        Some(stored) => FeedEntry { feed, ..stored },
        None => FeedEntry {
            feed,
            slot: take_slot(storage)?,
            halt: Brake::default(),
        },
    };
    FEEDS.save(storage, asset, &entry)?;
    let Source::Fixed { price } = entry.feed.source else {
        return Ok(None);
    };
    let mut boards = Boards::default();
    let before = boards.record(storage, entry.slot)?;
    let record = fixed::record(&entry.feed, price, before.as_ref(), now)?;
    boards.replace(storage, entry.slot, record)?;
    boards.save(storage)?;
    Ok(Some(price_moved(asset, &record, price)))
}
