//! The oracle's part of a plan.

use std::collections::{BTreeMap, BTreeSet};

use bulwark_types::governance::OwnershipResponse;
use bulwark_types::oracle::{Change, ConfigResponse, MAX_REFRESHED, Source};

use crate::diff::{Difference, differences, values};
use crate::error::DeployResult;
use crate::file::Asset;
use crate::found::FoundOracle;
use crate::plan::Wait;
use crate::planner::{OraclePlace, Planner};
use crate::step::{Kind, Step};

/// The oracle as it is, or as it will be created.
pub fn current(planner: &Planner<'_>) -> FoundOracle {
    let desired = planner.desired;
    planner.found.oracle.clone().unwrap_or_else(|| FoundOracle {
        config: ConfigResponse {
            guardian: desired.guardian.clone(),
            feeders: desired.oracle.feeders.clone(),
            quorum: desired.oracle.quorum,
            owner_delay: 0,
        },
        ownership: OwnershipResponse {
            owner: Some(desired.deployer.clone()),
            pending_owner: None,
        },
        feeds: BTreeMap::new(),
        changes: Vec::new(),
    })
}

fn place(oracle: &FoundOracle) -> OraclePlace<'_> {
    OraclePlace {
        contract: Kind::Oracle,
        owner: oracle.ownership.owner.as_deref(),
        delay: oracle.config.owner_delay,
        changes: &oracle.changes,
    }
}

/// Roles, feeds and first prices; the assets that will have a price then.
pub fn feeds(planner: &mut Planner<'_>, oracle: &FoundOracle) -> DeployResult<BTreeSet<String>> {
    roles(planner, oracle)?;
    let desired = planner.desired;
    // What is redeemed for another asset comes after it.
    let mut assets: Vec<&Asset> = desired.assets.iter().collect();
    assets.sort_by_key(|asset| asset.feed.redemption_rate().is_some());
    for asset in &assets {
        let (name, feed) = (asset.asset.clone(), asset.feed.clone());
        let changes = match oracle.feeds.get(&name) {
            Some(found) if found.feed == feed => continue,
            Some(found) => differences(&found.feed, &feed)?,
            None => values(&feed)?,
        };
        let (asset, step) = (
            name.clone(),
            Step::SetFeed {
                asset: name,
                feed: feed.clone(),
            },
        );
        let change = Change::SetFeed { asset, feed };
        planner.propose(&place(oracle), &change, step, changes);
    }
    Ok(first_prices(planner, oracle, &assets))
}

fn roles(planner: &mut Planner<'_>, oracle: &FoundOracle) -> DeployResult<()> {
    let (desired, config) = (planner.desired, &oracle.config);
    let wanted: BTreeSet<_> = desired.oracle.feeders.iter().collect();
    let have: BTreeSet<_> = config.feeders.iter().collect();
    if wanted != have || desired.oracle.quorum != config.quorum {
        let (feeders, quorum) = (desired.oracle.feeders.clone(), desired.oracle.quorum);
        let from = (&config.feeders, config.quorum);
        let changes = vec![Difference {
            field: "feeders, quorum".into(),
            from: format!("{}, {}", from.0.join(" "), from.1),
            to: format!("{}, {quorum}", feeders.join(" ")),
        }];
        let step = Step::UpdateFeeders {
            feeders: feeders.clone(),
            quorum,
        };
        let change = Change::UpdateFeeders { feeders, quorum };
        planner.propose(&place(oracle), &change, step, changes);
    }
    if desired.guardian.is_some() && desired.guardian != config.guardian {
        let guardian = desired.guardian.clone();
        update(planner, oracle, guardian, None)?;
    }
    Ok(())
}

fn update(
    planner: &mut Planner<'_>,
    oracle: &FoundOracle,
    guardian: Option<String>,
    owner_delay: Option<u64>,
) -> DeployResult<()> {
    let change = Change::UpdateConfig {
        guardian: guardian.clone(),
        owner_delay,
    };
    let step = Step::UpdateOracle {
        guardian: guardian.clone(),
        owner_delay,
    };
    let config = &oracle.config;
    let before = Change::UpdateConfig {
        guardian: guardian.as_ref().and(config.guardian.clone()),
        owner_delay: owner_delay.map(|_| config.owner_delay),
    };
    let changes = differences(&before, &change)?;
    planner.propose(&place(oracle), &change, step, changes);
    Ok(())
}

/// First prices of new feeds: posted with the feeders' keys, or asked of the sources.
fn first_prices(
    planner: &mut Planner<'_>,
    oracle: &FoundOracle,
    assets: &[&Asset],
) -> BTreeSet<String> {
    let desired = planner.desired;
    // A feed that has to wait has no price in this run.
    let is_set = |asset: &Asset| {
        let found = oracle.feeds.get(&asset.asset);
        found.is_some() || oracle.config.owner_delay == 0
    };
    let mut priced: BTreeSet<String> = oracle
        .feeds
        .iter()
        .filter(|(_, found)| found.has_price)
        .map(|(asset, _)| asset.clone())
        .collect();
    let fixed = assets
        .iter()
        .filter(|asset| asset.feed.fixed_price().is_some());
    priced.extend(
        fixed
            .filter(|asset| is_set(asset))
            .map(|asset| asset.asset.clone()),
    );

    let with_keys = desired.oracle.feeders.iter();
    let with_keys = with_keys.filter(|feeder| desired.keys.contains(*feeder));
    let voices: Vec<_> = with_keys.take(desired.oracle.quorum.into()).collect();
    let mut posts = Vec::new();
    for asset in assets.iter().filter(|asset| asset.feed.is_posted()) {
        let has_voices = voices.len() == usize::from(desired.oracle.quorum);
        if let Some(price) = asset.first_price
            && has_voices
            && is_set(asset)
            && priced.insert(asset.asset.clone())
        {
            posts.push((asset.asset.clone(), price));
        }
    }
    let shown = posts.iter().map(|(asset, price)| Difference {
        field: asset.clone(),
        from: String::new(),
        to: price.to_string(),
    });
    let shown: Vec<_> = shown.collect();
    for feeder in voices.iter().filter(|_| !posts.is_empty()) {
        let prices = posts.clone();
        planner.step(Step::PostPrices { prices }, feeder, 0, shown.clone());
    }
    let mut asked = Vec::new();
    for asset in assets
        .iter()
        .filter(|asset| asset.feed.sources.iter().any(Source::is_pulled))
    {
        if is_set(asset) && priced.insert(asset.asset.clone()) {
            asked.push(asset.asset.clone());
        }
    }
    for assets in asked.chunks(MAX_REFRESHED) {
        let assets = assets.to_vec();
        planner.step(Step::Refresh { assets }, &desired.deployer, 0, Vec::new());
    }
    priced
}

/// The delay, and the new owner.
pub fn seal(planner: &mut Planner<'_>, oracle: &FoundOracle, is_ready: bool) -> DeployResult<()> {
    let desired = planner.desired;
    let delay = desired.oracle.owner_delay;
    let differs = delay != oracle.config.owner_delay;
    let is_owner = oracle.ownership.owner.as_ref() == Some(&desired.owner);
    if !is_ready && (!is_owner || differs) {
        planner.wait(Wait::Setup {});
        return Ok(());
    }
    if differs {
        update(planner, oracle, None, Some(delay))?;
    }
    planner.hand_over(Kind::Oracle, &oracle.ownership);
    Ok(())
}

/// What is there and not in the file.
pub fn others(planner: &mut Planner<'_>, oracle: &FoundOracle) {
    let contract = Kind::Oracle;
    let named: BTreeSet<_> = planner
        .desired
        .assets
        .iter()
        .map(|asset| &asset.asset)
        .collect();
    for asset in oracle.feeds.keys().filter(|asset| !named.contains(asset)) {
        let asset = asset.clone();
        planner.wait(Wait::NotInFile { contract, asset });
    }
    let changes = oracle.changes.iter().map(|pending| pending.id);
    planner.other_changes(contract, changes);
}
