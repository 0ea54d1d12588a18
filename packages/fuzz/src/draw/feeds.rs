//! The oracle: its owner, its guardian, and anyone who refreshes.

use bulwark_types::governance::{OwnershipAction, OwnershipResponse, PendingChange};
use bulwark_types::oracle::{Change, ExecuteMsg, Feed, FeedResponse, QueryMsg};
use cosmwasm_std::Decimal;

use super::Row;
use crate::act::Act;
use crate::author::Author;
use crate::sight::Sight;
use crate::stage::Nature;

pub const ROWS: &[Row] = &[
    (14, 4, refresh),
    (15, 3, set_feed),
    (14, 3, update_feeders),
    (14, 3, update_config),
    (6, 2, propose_owner),
    (8, 2, accept),
    (20, 4, halt),
    (10, 3, resume),
    (12, 3, cancel),
    (22, 4, apply),
];

/// Who owns the oracle now.
pub fn owner(sight: &Sight<'_>) -> Option<OwnershipResponse> {
    sight.world.query_oracle(&QueryMsg::Ownership {}).ok()
}

/// Changes of the oracle that wait.
pub fn changes(sight: &Sight<'_>) -> Vec<PendingChange<Change>> {
    let question = QueryMsg::Changes {
        start_after: None,
        limit: Some(100),
    };
    sight.world.query_oracle(&question).unwrap_or_default()
}

/// How an asset is priced now.
pub fn feed(sight: &Sight<'_>, asset: &str) -> Option<FeedResponse> {
    let asset = asset.to_owned();
    sight.world.query_oracle(&QueryMsg::Feed { asset }).ok()
}

fn of_owner(sight: &Sight<'_>, message: ExecuteMsg) -> Option<Act> {
    Some(Author::to_oracle(owner(sight)?.owner?, message))
}

/// The asset that follows another, which alone has a source to be asked.
fn staked(author: &Author) -> Option<String> {
    let mut assets = author.cast.assets.iter();
    let staked = assets.find(|asset| matches!(asset.nature, Nature::Follows(_)))?;
    Some(staked.name.clone())
}

/// A source is asked; at times it says something else than before.
fn refresh(author: &mut Author, sight: &Sight<'_>) -> Option<Act> {
    let assets = vec![staked(author)?];
    let sender = author.cast.stranger.clone();
    let refresh = Author::to_oracle(sender.clone(), ExecuteMsg::Refresh { assets });
    if author.dice.chance(70) {
        return Some(refresh);
    }
    use bulwark_test_sources::msg::{Behaviour, ExecuteMsg as Say};
    let say = match author.dice.between(0, 5) {
        0 => Say::Behave(Behaviour::Refuse),
        1 => Say::SetRate {
            rate: Decimal::percent(author.dice.between(60, 115)),
            update_time: sight.now,
        },
        2 => Say::SetRate {
            rate: Decimal::percent(500),
            update_time: sight.now,
        },
        _ => {
            let rate = Say::SetRate {
                rate: Decimal::percent(120),
                update_time: sight.now,
            };
            let tell = told(author, &rate)?;
            author.queue.push_back(tell);
            Say::Behave(Behaviour::Answer)
        }
    };
    author.queue.push_back(refresh);
    told(author, &say)
}

fn told(author: &Author, say: &bulwark_test_sources::msg::ExecuteMsg) -> Option<Act> {
    Some(Act::Other {
        sender: author.cast.stranger.clone(),
        contract: author.cast.sources.clone(),
        message: serde_json::to_value(say).ok()?,
        funds: vec![],
    })
}

fn set_feed(author: &mut Author, sight: &Sight<'_>) -> Option<Act> {
    let asset = author.dice.pick(&author.cast.assets)?.name.clone();
    let mut feed: Feed = feed(sight, &asset)?.feed;
    match author.dice.between(0, 2) {
        0 => feed.ema_tau = author.dice.between(60, 300),
        1 => feed.jump_wait = author.dice.between(10, 30),
        _ => feed.sample_interval = author.dice.between(600, 7_200),
    }
    of_owner(sight, ExecuteMsg::SetFeed { asset, feed })
}

/// The same feeders: who stays keeps its posts.
fn update_feeders(author: &mut Author, sight: &Sight<'_>) -> Option<Act> {
    let message = ExecuteMsg::UpdateFeeders {
        feeders: author.cast.feeders.clone(),
        quorum: 2,
    };
    of_owner(sight, message)
}

fn update_config(author: &mut Author, sight: &Sight<'_>) -> Option<Act> {
    let message = ExecuteMsg::UpdateConfig {
        guardian: author.dice.chance(50).then(|| author.cast.guardian.clone()),
        owner_delay: author
            .dice
            .chance(50)
            .then(|| author.dice.between(1_800, 7_200)),
    };
    of_owner(sight, message)
}

fn propose_owner(author: &mut Author, sight: &Sight<'_>) -> Option<Act> {
    let owner = author.dice.pick(&author.cast.governors)?.clone();
    let propose = OwnershipAction::Propose { owner };
    of_owner(sight, ExecuteMsg::UpdateOwnership(propose))
}

fn accept(_: &mut Author, sight: &Sight<'_>) -> Option<Act> {
    let successor = owner(sight)?.pending_owner?;
    let accept = ExecuteMsg::UpdateOwnership(OwnershipAction::Accept {});
    Some(Author::to_oracle(successor, accept))
}

/// A halt; most are lifted soon.
fn halt(author: &mut Author, sight: &Sight<'_>) -> Option<Act> {
    let asset = author.dice.pick(&author.cast.assets)?.name.clone();
    let guardian = author.cast.guardian.clone();
    if author.dice.chance(80) {
        let resume = ExecuteMsg::Resume {
            asset: asset.clone(),
        };
        let resume = Author::to_oracle(guardian.clone(), resume);
        author.queue.push_back(Act::Wait(5));
        author.queue.push_back(resume);
        super::time::post_confirmed(author, sight.now + 5);
    }
    Some(Author::to_oracle(guardian, ExecuteMsg::Halt { asset }))
}

fn resume(author: &mut Author, sight: &Sight<'_>) -> Option<Act> {
    let halted: Vec<String> = author
        .cast
        .assets
        .iter()
        .map(|asset| asset.name.clone())
        .filter(|asset| feed(sight, asset).is_some_and(|feed| feed.halted_until.is_some()))
        .collect();
    let asset = author.dice.pick(&halted)?.clone();
    let guardian = author.cast.guardian.clone();
    Some(Author::to_oracle(guardian, ExecuteMsg::Resume { asset }))
}

fn cancel(author: &mut Author, sight: &Sight<'_>) -> Option<Act> {
    let pending = changes(sight);
    let change = author.dice.pick(&pending)?.id;
    let message = ExecuteMsg::Cancel { change };
    if author.dice.chance(50) {
        return Some(Author::to_oracle(author.cast.guardian.clone(), message));
    }
    of_owner(sight, message)
}

fn apply(author: &mut Author, sight: &Sight<'_>) -> Option<Act> {
    let mut pending = changes(sight);
    pending.retain(|change| change.ready_at <= sight.now);
    let change = author.dice.pick(&pending)?.id;
    let sender = author.cast.stranger.clone();
    Some(Author::to_oracle(sender, ExecuteMsg::Apply { change }))
}
