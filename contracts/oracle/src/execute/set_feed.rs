//! Sets up or changes a feed.

use bulwark_types::events::PriceMoved;
use bulwark_types::governance::Brake;
use bulwark_types::oracle::{Feed, Source};
use cosmwasm_std::{Api, DepsMut, StdResult, Storage};

use super::price_moved;
use crate::error::ContractError;
use crate::feed::{check_asset, check_feed, require};
use crate::source::fixed;
use crate::source::pulled::{Pulled, carried_over};
use crate::state::{Boards, DEPENDENTS, FEEDS, FeedEntry, MAX_DEPENDENTS, PULLED, take_slot};

/// Refuses what cannot be applied.
pub fn check(
    storage: &dyn Storage,
    api: &dyn Api,
    asset: &str,
    feed: &Feed,
) -> Result<(), ContractError> {
    check_asset(asset)?;
    check_feed(feed)?;
    check_contracts(api, feed)?;
    check_base(storage, asset, feed)?;
    let Some(FeedEntry { feed: before, .. }) = FEEDS.may_load(storage, asset)? else {
        return Ok(());
    };
    let is_fixed = |feed: &Feed| feed.fixed_price().is_some();
    if is_fixed(&before) != is_fixed(feed) || before.depositable && !feed.depositable {
        return Err(ContractError::SourceKindChanged {
            asset: asset.into(),
        });
    }
    Ok(())
}

/// Refuses contracts whose address is not one, or not in its one spelling.
fn check_contracts(api: &dyn Api, feed: &Feed) -> Result<(), ContractError> {
    for source in &feed.sources {
        let contract = match source {
            Source::Pyth { contract, .. } => contract,
            Source::RedemptionRate(rate) => &rate.contract,
            Source::Posted {} | Source::Fixed { .. } => continue,
        };
        api.addr_validate(contract)?;
    }
    Ok(())
}

/// A base has market prices only. So no redemption value hangs on another, and none on itself:
/// each is checked here when it gets a base, and when it is one.
fn check_base(storage: &dyn Storage, asset: &str, feed: &Feed) -> Result<(), ContractError> {
    if let Some(rate) = feed.redemption_rate() {
        let base = FEEDS.may_load(storage, &rate.base)?;
        require(
            rate.base != asset && base.is_some_and(|base| base.feed.is_market_priced()),
            "base",
            &rate.base,
            "must have a feed with market sources only",
        )?;
        let others = dependents(storage, &rate.base)?;
        let others = others.iter().filter(|other| *other != asset).count();
        require(
            others < MAX_DEPENDENTS,
            "base",
            &rate.base,
            "must be the base of at most 16 feeds",
        )?;
    }
    require(
        feed.is_market_priced() || dependents(storage, asset)?.is_empty(),
        "sources",
        feed.sources.len(),
        "must be market sources while other feeds have this base",
    )
}

fn dependents(storage: &dyn Storage, base: &str) -> StdResult<Vec<String>> {
    Ok(DEPENDENTS.may_load(storage, base)?.unwrap_or_default())
}

/// Applies the feed. A new one is given a slot; the record of a fixed one moves at once, that of
/// another with its next post or refresh. What its sources have said stays.
pub fn apply(
    deps: DepsMut<'_>,
    asset: &str,
    feed: Feed,
    now: u64,
) -> Result<Option<PriceMoved>, ContractError> {
    check(deps.storage, deps.api, asset, &feed)?;
    let storage = deps.storage;
    let before = FEEDS.may_load(storage, asset)?;
    depend(
        storage,
        asset,
        before.as_ref().map(|entry| &entry.feed),
        &feed,
    )?;
    let entry = match before {
        Some(stored) => {
            keep_answers(storage, asset, &stored.feed, &feed)?;
            FeedEntry { feed, ..stored }
        }
        None => FeedEntry {
            feed,
            slot: take_slot(storage)?,
            halt: Brake::default(),
        },
    };
    FEEDS.save(storage, asset, &entry)?;
    let Some(price) = entry.feed.fixed_price() else {
        return Ok(None);
    };
    let mut boards = Boards::default();
    let before = boards.record(storage, entry.slot)?;
    let record = fixed::record(&entry.feed, price, before.as_ref(), now)?;
    boards.replace(storage, entry.slot, record)?;
    boards.save(storage)?;
    Ok(Some(price_moved(asset, &record, price)))
}

/// Moves an asset from the dependents of its old base to those of its new one.
fn depend(
    storage: &mut dyn Storage,
    asset: &str,
    before: Option<&Feed>,
    after: &Feed,
) -> StdResult<()> {
    if let Some(rate) = before.and_then(Feed::redemption_rate) {
        let mut list = dependents(storage, &rate.base)?;
        list.retain(|dependent| dependent != asset);
        DEPENDENTS.save(storage, &rate.base, &list)?;
    }
    if let Some(rate) = after.redemption_rate() {
        let mut list = dependents(storage, &rate.base)?;
        list.push(asset.into());
        DEPENDENTS.save(storage, &rate.base, &list)?;
    }
    Ok(())
}

/// Keeps what those sources have said that are still asked the same.
fn keep_answers(
    storage: &mut dyn Storage,
    asset: &str,
    before: &Feed,
    after: &Feed,
) -> StdResult<()> {
    let Some(pulled) = PULLED.may_load(storage, asset)? else {
        return Ok(());
    };
    let kept = carried_over(before, &pulled, after);
    if kept.iter().all(|pulled| *pulled == Pulled::default()) {
        PULLED.remove(storage, asset);
        return Ok(());
    }
    PULLED.save(storage, asset, &kept)
}
