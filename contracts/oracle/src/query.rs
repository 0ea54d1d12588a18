//! Answers to queries.

use bulwark_risk::units::Price;
use bulwark_types::governance::{OwnershipResponse, PendingChange};
use bulwark_types::oracle::{
    Change, ConfigResponse, FeedResponse, FeederPost, FeedsResponse, PendingJump, PriceResponse,
    Source, SourceReading, SourceReport,
};
use bulwark_types::page::{MAX_LIMIT, page_limit};
use cosmwasm_std::{Deps, StdResult};

use crate::error::ContractError;
use crate::execute::load_feed;
use crate::feed::confirmable_at;
use crate::feeders::Feeders;
use crate::sources::{Base, Sources};
use crate::state::{Boards, CHANGES, CONFIG, FEEDS, FeedEntry, OWNERSHIP, TRACKS};

pub fn price(deps: Deps<'_>, asset: String, now: u64) -> Result<PriceResponse, ContractError> {
    price_on(deps, &mut Boards::default(), asset, now)
}

pub fn prices(
    deps: Deps<'_>,
    assets: Vec<String>,
    now: u64,
) -> Result<Vec<PriceResponse>, ContractError> {
    let limit = page_limit(Some(MAX_LIMIT));
    if assets.len() > limit {
        return Err(ContractError::TooManyAssets {
            count: assets.len(),
            limit,
        });
    }
    let mut boards = Boards::default();
    assets
        .into_iter()
        .map(|asset| price_on(deps, &mut boards, asset, now))
        .collect()
}

fn price_on(
    deps: Deps<'_>,
    boards: &mut Boards,
    asset: String,
    now: u64,
) -> Result<PriceResponse, ContractError> {
    let slot = load_feed(deps.storage, &asset)?.slot;
    let Some(record) = boards.record(deps.storage, slot)? else {
        return Err(ContractError::NoPrice { asset });
    };
    Ok(PriceResponse {
        asset,
        record,
        volatility_in_force: record.volatility.at(now)?,
        stale: record.expires_at < now,
    })
}

pub fn feed(deps: Deps<'_>, asset: String, now: u64) -> Result<FeedResponse, ContractError> {
    let entry = load_feed(deps.storage, &asset)?;
    let feeders = CONFIG.load(deps.storage)?.feeders;
    describe(deps, &mut Boards::default(), &feeders, asset, entry, now)
}

pub fn feeds(
    deps: Deps<'_>,
    start_after: Option<&str>,
    limit: Option<u32>,
    now: u64,
) -> Result<FeedsResponse, ContractError> {
    let limit = page_limit(limit);
    let feeders = CONFIG.load(deps.storage)?.feeders;
    // One more than asked for tells whether there is a next page.
    let mut page = FEEDS.page(deps.storage, start_after, limit.saturating_add(1))?;
    let is_last = page.len() <= limit;
    page.truncate(limit);
    let next = page
        .last()
        .filter(|_| !is_last)
        .map(|(asset, _)| asset.clone());
    let mut boards = Boards::default();
    let feeds = page
        .into_iter()
        .map(|(asset, entry)| describe(deps, &mut boards, &feeders, asset, entry, now))
        .collect::<Result<_, _>>()?;
    Ok(FeedsResponse { feeds, next })
}

fn describe(
    deps: Deps<'_>,
    boards: &mut Boards,
    feeders: &Feeders,
    asset: String,
    entry: FeedEntry,
    now: u64,
) -> Result<FeedResponse, ContractError> {
    let said = Sources::load(deps.storage, &asset, &entry.feed, feeders)?;
    let sources = report(deps, boards, &entry, &said, now)?;
    let posts = feeders
        .iter()
        .filter_map(|feeder| {
            let post = said.posts.iter().find(|post| post.feeder == feeder.id)?;
            Some(FeederPost {
                feeder: feeder.address.to_string(),
                price: post.price,
                conf: post.conf,
                published_at: post.published_at,
                fresh: post.is_fresh(entry.feed.max_age, now),
            })
        })
        .collect();
    let pending = TRACKS
        .may_load(deps.storage, &asset)?
        .and_then(|track| track.anchor)
        .map(|anchor| PendingJump {
            price: anchor.price,
            upward: anchor.upward,
            confirmable_at: confirmable_at(&anchor, &entry.feed),
        });
    Ok(FeedResponse {
        depositable: entry.feed.is_depositable(),
        asset,
        slot: entry.slot,
        sources,
        posts,
        pending,
        halted_until: entry.halt.until(now),
        feed: entry.feed,
    })
}

/// What each source of a feed says, in their order.
fn report(
    deps: Deps<'_>,
    boards: &mut Boards,
    entry: &FeedEntry,
    said: &Sources,
    now: u64,
) -> Result<Vec<SourceReport>, ContractError> {
    let FeedEntry { feed, slot, .. } = entry;
    let record = boards.record(deps.storage, *slot)?;
    let base = Base::load(deps.storage, boards, feed)?;
    let posted = said.posted(feed, record.map(|record| record.mid), now)?;
    let is_redeemable = said.redemption(feed, &base, now)?.is_some();
    let reports = feed.sources.iter().enumerate().map(|(place, source)| {
        let pulled = said.pulled.get(place).copied().unwrap_or_default();
        let last = match source {
            Source::Posted {} => posted.as_ref().map(SourceReading::from),
            Source::Fixed { price } => record.map(|record| SourceReading::Price {
                price: *price,
                conf: Price::ZERO,
                published_at: record.published_at,
            }),
            Source::Pyth { .. } | Source::RedemptionRate(_) => {
                pulled.last.as_ref().map(SourceReading::from)
            }
        };
        let fresh = match source {
            Source::Posted {} | Source::Fixed { .. } => last.is_some(),
            Source::Pyth { .. } => {
                let price = pulled.price();
                price.is_some_and(|price| price.is_fresh(feed.max_age, now))
            }
            Source::RedemptionRate(_) => is_redeemable,
        };
        SourceReport {
            last,
            fresh,
            failure: pulled.failure,
        }
    });
    Ok(reports.collect())
}

pub fn config(deps: Deps<'_>) -> StdResult<ConfigResponse> {
    let config = CONFIG.load(deps.storage)?;
    Ok(ConfigResponse {
        guardian: config.guardian.map(String::from),
        feeders: config
            .feeders
            .iter()
            .map(|feeder| feeder.address.to_string())
            .collect(),
        quorum: config.feeders.quorum,
        owner_delay: config.owner_delay,
    })
}

pub fn changes(
    deps: Deps<'_>,
    start_after: Option<u64>,
    limit: Option<u32>,
) -> StdResult<Vec<PendingChange<Change>>> {
    CHANGES.page(deps.storage, start_after, page_limit(limit))
}

pub fn ownership(deps: Deps<'_>) -> StdResult<OwnershipResponse> {
    Ok(OWNERSHIP.load(deps.storage)?.into())
}
