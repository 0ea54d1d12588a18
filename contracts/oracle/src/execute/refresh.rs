//! Anyone: asks the sources that are asked, and lets the prices follow.

use bulwark_risk::units::Price;
use bulwark_types::events::{PriceMoved, SourceAsked};
use bulwark_types::oracle::MAX_REFRESHED;
use bulwark_types::sorted::first_repeated;
use cosmwasm_std::{DepsMut, Env, Response};

use super::follow::follow;
use super::load_feed;
use crate::error::ContractError;
use crate::feed::Moment;
use crate::feeders::Feeders;
use crate::source::pulled::Answer;
use crate::sources::Sources;
use crate::state::{Boards, CONFIG, PULLED};

pub fn execute(
    mut deps: DepsMut<'_>,
    env: &Env,
    assets: &[String],
) -> Result<Response, ContractError> {
    refuse_many_and_duplicates(assets)?;
    let feeders = CONFIG.load(deps.storage)?.feeders;
    let moment = Moment::of(env);
    let mut boards = Boards::default();
    let mut response = Response::new();
    for asset in assets {
        let (asked, moved) = refresh(&mut deps, &mut boards, asset, &feeders, moment)?;
        response = response.add_events(asked).add_events(moved);
    }
    boards.save(deps.storage)?;
    Ok(response)
}

/// Asks the sources of one asset; each is stored as having answered or failed.
fn refresh(
    deps: &mut DepsMut<'_>,
    boards: &mut Boards,
    asset: &str,
    feeders: &Feeders,
    moment: Moment,
) -> Result<(Vec<SourceAsked>, Vec<PriceMoved>), ContractError> {
    let entry = load_feed(deps.storage, asset)?;
    let mut sources = Sources::load(deps.storage, asset, &entry.feed, feeders)?;
    if sources.pulled.is_empty() {
        return Err(ContractError::NotRefreshed {
            asset: asset.into(),
        });
    }
    let mut asked = Vec::new();
    let places = entry
        .feed
        .sources
        .iter()
        .zip(&mut sources.pulled)
        .zip(0u8..);
    for ((source, pulled), place) in places.filter(|((source, _), _)| source.is_pulled()) {
        let told = pulled.ask(deps.querier, source, &entry.feed, moment.now);
        asked.push(match told {
            Ok(answer) => source_asked(asset, place, "taken", Some(&answer)),
            Err(reason) => source_asked(asset, place, reason.name(), None),
        });
    }
    PULLED.save(deps.storage, asset, &sources.pulled)?;
    let moved = follow(
        deps.storage,
        boards,
        asset,
        &entry,
        &sources,
        feeders,
        moment,
    )?;
    Ok((asked, moved))
}

fn source_asked(asset: &str, source: u8, outcome: &str, answer: Option<&Answer>) -> SourceAsked {
    let (value, as_of) = match answer {
        None => (Price::ZERO, 0),
        Some(Answer::Price(observation)) => (observation.price, observation.published_at),
        Some(Answer::Rate(rate)) => (Price(rate.counted.0), rate.as_of),
    };
    SourceAsked {
        asset: asset.into(),
        source,
        outcome: outcome.into(),
        value,
        as_of,
    }
}

fn refuse_many_and_duplicates(assets: &[String]) -> Result<(), ContractError> {
    if assets.is_empty() {
        return Err(ContractError::NothingRefreshed {});
    }
    if assets.len() > MAX_REFRESHED {
        return Err(ContractError::TooManyAssets {
            count: assets.len(),
            limit: MAX_REFRESHED,
        });
    }
    match first_repeated(assets) {
        None => Ok(()),
        Some(twice) => Err(ContractError::DuplicateAsset {
            asset: twice.clone(),
        }),
    }
}
