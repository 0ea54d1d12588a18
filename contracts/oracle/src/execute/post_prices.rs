//! Feeders: post observations; all are taken or none.

use std::collections::BTreeSet;

use bulwark_types::events::PriceMoved;
use bulwark_types::oracle::{PostedPrice, Source};
use cosmwasm_std::{DepsMut, Env, MessageInfo, Response, Storage};

use super::{load_feed, price_moved, unauthorized};
use crate::error::ContractError;
use crate::feed::{FeedState, Moment, take_in};
use crate::feeders::Feeders;
use crate::source::posted::{Post, observe, replace};
use crate::state::{Boards, CONFIG, POSTS, TRACKS};

pub fn execute(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    prices: &[PostedPrice],
) -> Result<Response, ContractError> {
    let feeders = CONFIG.load(deps.storage)?.feeders;
    let feeder = feeders
        .id_of(&info.sender)
        .ok_or_else(|| unauthorized(&info.sender, "feeders"))?;
    refuse_nothing_and_duplicates(prices)?;

    let moment = Moment {
        now: env.block.time.seconds(),
        height: env.block.height,
    };
    let mut boards = Boards::default();
    let mut response = Response::new();
    for posted in prices {
        let moved = post(deps.storage, &mut boards, posted, feeder, &feeders, moment)?;
        response = response.add_events(moved);
    }
    boards.save(deps.storage)?;
    Ok(response)
}

/// Stores one post and lets the asset's record follow; its board is stored by the caller.
fn post(
    storage: &mut dyn Storage,
    boards: &mut Boards,
    posted: &PostedPrice,
    feeder: u32,
    feeders: &Feeders,
    moment: Moment,
) -> Result<Option<PriceMoved>, ContractError> {
    let asset = posted.asset.as_str();
    let entry = load_feed(storage, asset)?;
    let Source::Posted {} = entry.feed.source else {
        return Err(ContractError::NotPosted {
            asset: asset.into(),
        });
    };
    let post = Post::checked(posted, feeder, entry.feed.max_age, moment.now)?;
    let mut posts = POSTS.may_load(storage, asset)?.unwrap_or_default();
    replace(&mut posts, post, feeders, asset)?;
    POSTS.save(storage, asset, &posts)?;

    if entry.halt.until(moment.now).is_some() {
        return Ok(None);
    }
    let before = boards
        .record(storage, entry.slot)?
        .zip(TRACKS.may_load(storage, asset)?)
        .map(|(record, track)| FeedState { record, track });
    let in_force = before.map(|state| state.record.mid);
    let Some(observation) = observe(&posts, feeders.quorum, &entry.feed, in_force, moment.now)?
    else {
        return Ok(None);
    };
    let Some(after) = take_in(&entry.feed, before.as_ref(), &observation, moment)? else {
        return Ok(None);
    };
    if before == Some(after) {
        return Ok(None);
    }
    TRACKS.save(storage, asset, &after.track)?;
    boards.replace(storage, entry.slot, after.record)?;
    Ok(Some(price_moved(asset, &after.record, observation.price)))
}

fn refuse_nothing_and_duplicates(prices: &[PostedPrice]) -> Result<(), ContractError> {
    if prices.is_empty() {
        return Err(ContractError::NothingPosted {});
    }
    let mut seen = BTreeSet::new();
    match prices.iter().find(|posted| !seen.insert(&posted.asset)) {
        None => Ok(()),
        Some(twice) => Err(ContractError::DuplicateAsset {
            asset: twice.asset.clone(),
        }),
    }
}
