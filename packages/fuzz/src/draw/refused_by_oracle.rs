//! What the oracle has to refuse.

use bulwark_risk::ramp::RampSpeed;
use bulwark_risk::units::{Fraction, Price};
use bulwark_types::governance::OwnershipAction;
use bulwark_types::oracle::{ExecuteMsg, PRICE_LIMIT, PostedPrice, QueryMsg, Source};
use cosmwasm_std::Coin;
use serde_json::json;

use super::Row;
use super::feeds::{changes, feed, owner};
use crate::act::Act;
use crate::author::Author;
use crate::sight::Sight;
use crate::stage::SILENT;

pub const ROWS: &[Row] = &[
    (28, 8, posts),
    (28, 8, by_role_and_time),
    (10, 3, feeds),
    (6, 2, queries),
];

fn posts(author: &mut Author, sight: &Sight<'_>) -> Option<Act> {
    let feeder = author.dice.pick(&author.cast.feeders)?.clone();
    let asset = author.dice.pick(&author.cast.assets)?.name.clone();
    let post = |asset: &str, published_at: u64| PostedPrice {
        asset: asset.to_owned(),
        price: Price(1_000_000_000_000_000_000),
        conf: None,
        published_at,
    };
    let mut one = post(&asset, sight.now);
    let prices = match author.dice.between(0, 10) {
        0 => vec![],
        1 => vec![one.clone(), one],
        2 => vec![post("factory/nobody/nothing", sight.now)],
        3 => {
            one.price =
                *author
                    .dice
                    .pick(&[Price(0), Price(PRICE_LIMIT.0 + 1), Price(u128::MAX)])?;
            vec![one]
        }
        4 => {
            one.conf = Some(Price(one.price.0 + 1));
            vec![one]
        }
        5 => vec![post(&asset, sight.now + 1 + author.dice.between(0, 99))],
        6 => vec![post(&asset, sight.now - 100_000)],
        7 => {
            // The same again, or an older one after a newer one.
            let told = feed(sight, &asset)?;
            let previous = told.posts.iter().find(|post| post.feeder == feeder)?;
            let at = previous.published_at;
            if sight.now - at > 1_000 {
                return None;
            }
            vec![post(&asset, at - author.dice.between(0, 5))]
        }
        8 => {
            let prices = vec![one];
            let stranger = author.cast.stranger.clone();
            return Some(Author::to_oracle(
                stranger,
                ExecuteMsg::PostPrices { prices },
            ));
        }
        9 => vec![post(FIXED, sight.now)],
        _ => {
            let message = json!({"post_prices": {"prices": []}});
            let coin = author.cast.assets.first()?.name.clone();
            return Some(Act::Other {
                sender: author.cast.owners.first()?.clone(),
                contract: author.cast.oracle.clone(),
                message,
                funds: vec![Coin::new(1u128, coin)],
            });
        }
    };
    Some(Author::to_oracle(feeder, ExecuteMsg::PostPrices { prices }))
}

/// A feed at a fixed price, which is set up now and then and never listed.
const FIXED: &str = "factory/nobody/fixed";

fn by_role_and_time(author: &mut Author, sight: &Sight<'_>) -> Option<Act> {
    let stranger = author.cast.stranger.clone();
    let governor = owner(sight)?.owner?;
    let guardian = author.cast.guardian.clone();
    let asset = author.dice.pick(&author.cast.assets)?.name.clone();
    let feeders = author.cast.feeders.clone();
    let (sender, message) = match author.dice.between(0, 15) {
        0 => (stranger, ExecuteMsg::Halt { asset }),
        1 => (stranger, ExecuteMsg::Apply { change: u64::MAX }),
        2 => (governor, ExecuteMsg::Cancel { change: u64::MAX }),
        3 => {
            let pending = changes(sight);
            let early = pending.iter().find(|change| change.ready_at > sight.now)?;
            (stranger, ExecuteMsg::Apply { change: early.id })
        }
        4 => (
            stranger,
            ExecuteMsg::UpdateOwnership(OwnershipAction::Accept {}),
        ),
        5 => (guardian, ExecuteMsg::Resume { asset }),
        6 => (
            guardian,
            ExecuteMsg::Halt {
                asset: "factory/nobody/nothing".into(),
            },
        ),
        7 => {
            let assets = vec![asset];
            (stranger, ExecuteMsg::Refresh { assets })
        }
        8 => {
            let assets = vec![asset.clone(), asset];
            (stranger, ExecuteMsg::Refresh { assets })
        }
        9 => (stranger, ExecuteMsg::Refresh { assets: vec![] }),
        10 => {
            let assets = vec![asset; 31];
            (stranger, ExecuteMsg::Refresh { assets })
        }
        11 => {
            let feeders = vec![feeders.first()?.clone(); 3];
            (governor, ExecuteMsg::UpdateFeeders { feeders, quorum: 2 })
        }
        12 => (governor, ExecuteMsg::UpdateFeeders { feeders, quorum: 0 }),
        13 => {
            let owner_delay = Some(u64::MAX);
            let guardian = None;
            let message = ExecuteMsg::UpdateConfig {
                guardian,
                owner_delay,
            };
            (governor, message)
        }
        14 => {
            let message = ExecuteMsg::UpdateConfig {
                guardian: Some("nobody".into()),
                owner_delay: None,
            };
            (governor, message)
        }
        _ => (stranger, ExecuteMsg::UpdateFeeders { feeders, quorum: 2 }),
    };
    Some(Author::to_oracle(sender, message))
}

fn feeds(author: &mut Author, sight: &Sight<'_>) -> Option<Act> {
    let governor = owner(sight)?.owner?;
    let mut asset = author.dice.pick(&author.cast.assets)?.name.clone();
    let mut told = feed(sight, &asset)?.feed;
    match author.dice.between(0, 6) {
        0 => asset = String::new(),
        1 => asset = "x".repeat(129),
        2 => told.max_age = 0,
        3 => told.sources = vec![],
        4 => {
            told.volatility_speed = RampSpeed {
                rise: Fraction(0),
                fall: Fraction(0),
            };
        }
        5 => {
            told.sources = vec![Source::Fixed {
                price: Price(1_000_000_000_000_000_000),
            }];
            told.depositable = false;
        }
        _ => {
            asset = FIXED.into();
            told.sources = vec![Source::Fixed {
                price: Price(1_000_000_000_000_000_000),
            }];
            told.depositable = false;
        }
    }
    let feed = told;
    Some(Author::to_oracle(
        governor,
        ExecuteMsg::SetFeed { asset, feed },
    ))
}

fn queries(author: &mut Author, _: &Sight<'_>) -> Option<Act> {
    let unknown = "factory/nobody/nothing".to_owned();
    let asset = author.cast.assets.first()?.name.clone();
    Some(Act::AskOracle(Box::new(match author.dice.between(0, 2) {
        0 => QueryMsg::Prices {
            assets: vec![asset; 101],
        },
        1 => QueryMsg::Price {
            asset: SILENT.into(),
        },
        _ => QueryMsg::Price { asset: unknown },
    })))
}
