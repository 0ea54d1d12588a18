//! The owner and the guardian of the vault.

use bulwark_risk::units::Fraction;
use bulwark_types::governance::{OwnershipAction, OwnershipResponse, PendingChange};
use bulwark_types::vault::{
    Change, ExecuteMsg, MarketListing, MarketUpdate, ParametersUpdate, PausableAction, QueryMsg,
};

use super::Row;
use crate::act::Act;
use crate::author::Author;
use crate::sight::Sight;

pub const ROWS: &[Row] = &[
    (15, 3, list_market),
    (15, 3, update_market),
    (13, 3, update_params),
    (26, 3, collect_reserve),
    (6, 2, propose_owner),
    (8, 2, accept),
    (44, 6, pause),
    (3, 2, unpause),
    (18, 3, cancel),
    (26, 4, apply),
];

/// Pending changes beyond this are cancelled rather than left.
const PENDING: usize = 12;

/// Who owns the vault now.
pub fn owner(sight: &Sight<'_>) -> Option<OwnershipResponse> {
    sight.world.query(&QueryMsg::Ownership {}).ok()
}

/// Changes of the vault that wait.
pub fn changes(sight: &Sight<'_>) -> Vec<PendingChange<Change>> {
    let question = QueryMsg::Changes {
        start_after: None,
        limit: Some(100),
    };
    sight.world.query(&question).unwrap_or_default()
}

fn of_owner(sight: &Sight<'_>, message: ExecuteMsg) -> Option<Act> {
    Some(Author::plain(owner(sight)?.owner?, message))
}

/// A listing like that of a market there is, for an asset that is none yet.
pub fn listing(author: &mut Author, sight: &Sight<'_>) -> Option<MarketListing> {
    let model = author.market(sight)?;
    let (market, config) = (sight.market(model)?, sight.book.configs.get(&model)?);
    let number = author.dice.between(0, 9);
    Some(MarketListing {
        asset: format!("factory/{}/new{number}", author.cast.stranger),
        decimals: 6,
        family: bulwark_types::vault::FamilyListing::Member {
            of: sight.book.asset(market.base).into(),
        },
        risk: market.risk.target,
        interest: config.interest,
        reserve_factor: market.pool.reserve_factor,
        limits: config.limits,
        deposit_enabled: true,
        borrow_enabled: true,
    })
}

fn list_market(author: &mut Author, sight: &Sight<'_>) -> Option<Act> {
    let listing = listing(author, sight)?;
    of_owner(sight, ExecuteMsg::ListMarket(listing))
}

/// Some of a market's settings, a little off what they were at the beginning: changes must not
/// add up to a market that nobody can use.
fn update_market(author: &mut Author, sight: &Sight<'_>) -> Option<Act> {
    let market = author.market(sight)?;
    let (totals, config) = (sight.market(market)?, sight.book.configs.get(&market)?);
    let mut update = MarketUpdate::default();
    match author.dice.between(0, 6) {
        0 => {
            let mut rule = totals.family.as_ref()?.haircut.target;
            rule.volatility_multiple = Fraction::percent(author.dice.between(30, 70) as u32);
            update.haircut = Some(rule);
        }
        1 => {
            let mut risk = totals.risk.target;
            risk.size_cap = Fraction::percent(author.dice.between(4, 8) as u32);
            update.risk = Some(risk);
        }
        2 => update.reserve_factor = Some(Fraction::percent(author.dice.between(5, 25) as u32)),
        3 => {
            let mut limits = config.limits;
            limits.outflow_share = Fraction::percent(author.dice.between(25, 100) as u32);
            update.limits = Some(limits);
        }
        4 => update.interest = Some(interest(author)),
        5 => update.deposit_enabled = Some(author.dice.chance(93)),
        _ => update.borrow_enabled = Some(author.dice.chance(93)),
    }
    let asset = config.asset.clone();
    of_owner(sight, ExecuteMsg::UpdateMarket { asset, update })
}

fn interest(author: &mut Author) -> bulwark_risk::interest::InterestModel {
    let mut percent = |low, high| Fraction::percent(author.dice.between(low, high) as u32);
    bulwark_risk::interest::InterestModel::Kinked {
        base: percent(0, 5),
        slope: percent(3, 40),
        steep_slope: percent(50, 300),
        optimal: percent(70, 90),
    }
}

fn update_params(author: &mut Author, sight: &Sight<'_>) -> Option<Act> {
    let now = &sight.book.settings.as_ref()?.parameters;
    let mut update = ParametersUpdate::default();
    match author.dice.between(0, 4) {
        0 => {
            let mut margin = now.margin;
            margin.initial_factor = Fraction::percent(author.dice.between(105, 125) as u32);
            update.margin = Some(margin);
        }
        1 => {
            let mut terms = now.liquidation;
            terms.max_bonus = Fraction::percent(author.dice.between(5, 15) as u32);
            terms.protocol_fee = Fraction::percent(author.dice.between(0, 30) as u32);
            update.liquidation = Some(terms);
        }
        2 => update.outflow_window = Some(author.dice.between(3_600, 2 * 86_400)),
        3 => update.ramp_time = Some(author.dice.between(3_600, 2 * 86_400)),
        _ => update.max_holdings = Some(author.dice.between(6, 8) as u8),
    }
    of_owner(sight, ExecuteMsg::UpdateParams(update))
}

fn collect_reserve(author: &mut Author, sight: &Sight<'_>) -> Option<Act> {
    let market = author.market(sight)?;
    let pool = &sight.market(market)?.pool;
    let reserve = pool.supply_floor(pool.reserve_shares).ok()?;
    if reserve.is_zero() {
        return None;
    }
    let message = ExecuteMsg::CollectReserve {
        asset: sight.book.asset(market).into(),
        amount: author
            .dice
            .chance(90)
            .then(|| author.dice.scaled(reserve, 0.01, 0.3)),
        to: author.cast.stranger.clone(),
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
    Some(Author::plain(successor, accept))
}

/// Some of what can be paused.
fn pausable(author: &mut Author) -> Vec<PausableAction> {
    let all = [
        PausableAction::Deposit,
        PausableAction::Borrow,
        PausableAction::Withdraw,
    ];
    let first = author.dice.pick(&all).copied();
    let more = all.into_iter().filter(|_| author.dice.chance(20));
    let mut actions: Vec<PausableAction> = first.into_iter().chain(more).collect();
    actions.dedup();
    actions.truncate(3);
    actions
}

fn guarded(author: &mut Author, sight: &Sight<'_>, pausing: bool) -> Option<Act> {
    let market = author.market(sight)?;
    let asset = author
        .dice
        .chance(96)
        .then(|| sight.book.asset(market).to_owned());
    let actions = pausable(author);
    let message = if pausing {
        ExecuteMsg::Pause { asset, actions }
    } else {
        ExecuteMsg::Unpause { asset, actions }
    };
    Some(Author::plain(author.cast.guardian.clone(), message))
}

/// A pause, of which most are lifted soon.
fn pause(author: &mut Author, sight: &Sight<'_>) -> Option<Act> {
    let pause = guarded(author, sight, true)?;
    let Act::Vault {
        sender, message, ..
    } = &pause
    else {
        return None;
    };
    if let (ExecuteMsg::Pause { asset, actions }, true) = (message.as_ref(), author.dice.chance(92))
    {
        let (asset, actions) = (asset.clone(), actions.clone());
        let unpause = ExecuteMsg::Unpause { asset, actions };
        author
            .queue
            .push_back(Author::plain(sender.clone(), unpause));
    }
    Some(pause)
}

fn unpause(author: &mut Author, sight: &Sight<'_>) -> Option<Act> {
    guarded(author, sight, false)
}

fn cancel(author: &mut Author, sight: &Sight<'_>) -> Option<Act> {
    let pending = changes(sight);
    let change = author.dice.pick(&pending)?;
    let can_wait = pending.len() < PENDING && author.dice.chance(50);
    let message = ExecuteMsg::Cancel { change: change.id };
    if can_wait && !matches!(change.change, Change::ListMarket(_)) {
        return None;
    }
    if author.dice.chance(50) {
        return Some(Author::plain(author.cast.guardian.clone(), message));
    }
    of_owner(sight, message)
}

/// Any change that is ready, now and then one that is not.
fn apply(author: &mut Author, sight: &Sight<'_>) -> Option<Act> {
    let mut pending = changes(sight);
    if !author.dice.chance(5) {
        pending.retain(|change| change.ready_at <= sight.now);
        // Whatever asset is listed has no price here: those stay for the cancellations.
        let may_list = author.dice.chance(20);
        pending.retain(|change| may_list || !matches!(change.change, Change::ListMarket(_)));
    }
    let change = author.dice.pick(&pending)?.id;
    let sender = author.cast.stranger.clone();
    Some(Author::plain(sender, ExecuteMsg::Apply { change }))
}
