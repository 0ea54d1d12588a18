//! The markets' part of a plan.

use std::collections::BTreeSet;

use bulwark_types::vault::{Change, FamilyListing, MarketResponse, MarketUpdate};

use crate::diff::{differences, values};
use crate::error::DeployResult;
use crate::file::{Asset, Market};
use crate::found::FoundVault;
use crate::plan::Wait;
use crate::planner::Planner;
use crate::step::{Kind, Step};
use crate::vault::{changed, fixed, place};

/// Lists what is not listed, and changes what differs. `priced` will have a price.
pub fn markets(
    planner: &mut Planner<'_>,
    vault: &FoundVault,
    priced: &BTreeSet<String>,
) -> DeployResult<()> {
    let is_member = |asset: &&Asset| {
        let family = asset.market.as_ref().map(|market| &market.family);
        matches!(family, Some(FamilyListing::Member { .. }))
    };
    // A family's base comes before its members.
    let mut assets: Vec<&Asset> = planner.desired.assets.iter().collect();
    assets.sort_by_key(is_member);
    for asset in assets {
        let Some(market) = &asset.market else {
            continue;
        };
        match vault.markets.get(&asset.asset) {
            Some(found) => change(planner, vault, found, market)?,
            None => list(planner, vault, asset, market, priced)?,
        }
    }
    Ok(())
}

fn list(
    planner: &mut Planner<'_>,
    vault: &FoundVault,
    asset: &Asset,
    market: &Market,
    priced: &BTreeSet<String>,
) -> DeployResult<()> {
    let listing = market.listing(&asset.asset);
    let change = Change::ListMarket(listing.clone());
    let is_ready = |ready_at| ready_at <= planner.found.now;
    let due = vault
        .changes
        .iter()
        .any(|pending| pending.change == change && is_ready(pending.ready_at));
    // Proposing needs no price yet, carrying out does.
    let needs_price = due || vault.config.parameters.owner_delay == 0;
    if needs_price && !priced.contains(&asset.asset) {
        let asset = asset.asset.clone();
        planner.wait(Wait::FirstPrice { asset });
        return Ok(());
    }
    let shown = values(&listing)?;
    planner.propose(&place(vault), &change, Step::ListMarket { listing }, shown);
    Ok(())
}

fn change(
    planner: &mut Planner<'_>,
    vault: &FoundVault,
    found: &MarketResponse,
    market: &Market,
) -> DeployResult<()> {
    let asset = &found.asset;
    let haircut = match &market.family {
        FamilyListing::Base {
            group,
            group_correlation,
            family_correlation,
            haircut,
        } => {
            let family = &found.family;
            let field = |name: &str| format!("{asset}: {name}");
            fixed(&field("family.base"), &family.base, asset)?;
            fixed(&field("family.group"), &family.group, group)?;
            let have = (family.group_correlation, family.family_correlation);
            let want = (*group_correlation, *family_correlation);
            fixed(&field("family.correlations"), &have, &want)?;
            changed(family.haircut_rule_target, *haircut)
        }
        FamilyListing::Member { of } => {
            fixed(&format!("{asset}: family.of"), &found.family.base, of)?;
            None
        }
    };
    fixed(
        &format!("{asset}: decimals"),
        &found.decimals,
        &market.decimals,
    )?;
    let update = MarketUpdate {
        haircut,
        risk: changed(found.risk_target, market.risk),
        interest: changed(found.interest, market.interest),
        reserve_factor: changed(found.reserve_factor, market.reserve_factor),
        limits: changed(found.limits, market.limits),
        deposit_enabled: changed(found.deposit_enabled, market.deposit_enabled),
        borrow_enabled: changed(found.borrow_enabled, market.borrow_enabled),
    };
    if update == MarketUpdate::default() {
        return Ok(());
    }
    let before = MarketUpdate {
        haircut: update.haircut.map(|_| found.family.haircut_rule_target),
        risk: update.risk.map(|_| found.risk_target),
        interest: update.interest.map(|_| found.interest),
        reserve_factor: update.reserve_factor.map(|_| found.reserve_factor),
        limits: update.limits.map(|_| found.limits),
        deposit_enabled: update.deposit_enabled.map(|_| found.deposit_enabled),
        borrow_enabled: update.borrow_enabled.map(|_| found.borrow_enabled),
    };
    let changes = differences(&before, &update)?;
    let change = Change::UpdateMarket {
        asset: asset.clone(),
        update: update.clone(),
    };
    let step = Step::UpdateMarket {
        asset: asset.clone(),
        update,
    };
    planner.propose(&place(vault), &change, step, changes);
    Ok(())
}

/// What is there and not in the file.
pub fn others(planner: &mut Planner<'_>, vault: &FoundVault) {
    let contract = Kind::Vault;
    let with_market = planner
        .desired
        .assets
        .iter()
        .filter(|asset| asset.market.is_some());
    let named: BTreeSet<_> = with_market.map(|asset| &asset.asset).collect();
    for asset in vault.markets.keys().filter(|asset| !named.contains(asset)) {
        let asset = asset.clone();
        planner.wait(Wait::NotInFile { contract, asset });
    }
    let changes = vault.changes.iter().map(|pending| pending.id);
    planner.other_changes(contract, changes);
}
