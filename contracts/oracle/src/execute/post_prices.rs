//! Feeders: post observations; all are taken or none.

use bulwark_types::events::PriceMoved;
use bulwark_types::oracle::PostedPrice;
use bulwark_types::sorted::first_repeated;
use cosmwasm_std::{DepsMut, Env, MessageInfo, Response, Storage};

use super::follow::follow;
use super::{load_feed, unauthorized};
use crate::error::ContractError;
use crate::feed::Moment;
use crate::feeders::Feeders;
use crate::source::posted::{Post, replace};
use crate::sources::Sources;
use crate::state::{Boards, CONFIG, POSTS};

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

    let moment = Moment::of(env);
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
) -> Result<Vec<PriceMoved>, ContractError> {
    let asset = posted.asset.as_str();
    let entry = load_feed(storage, asset)?;
    if !entry.feed.is_posted() {
        return Err(ContractError::NotPosted {
            asset: asset.into(),
        });
    }
    let post = Post::checked(posted, feeder, entry.feed.max_age, moment.now)?;
    let mut sources = Sources::load(storage, asset, &entry.feed, feeders)?;
    replace(&mut sources.posts, post, asset)?;
    POSTS.save(storage, asset, &sources.posts)?;
    follow(storage, boards, asset, &entry, &sources, feeders, moment)
}

fn refuse_nothing_and_duplicates(prices: &[PostedPrice]) -> Result<(), ContractError> {
    if prices.is_empty() {
        return Err(ContractError::NothingPosted {});
    }
    match first_repeated(prices.iter().map(|posted| &posted.asset)) {
        None => Ok(()),
        Some(twice) => Err(ContractError::DuplicateAsset {
            asset: twice.clone(),
        }),
    }
}
