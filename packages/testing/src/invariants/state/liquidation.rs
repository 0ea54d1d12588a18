use std::cmp::Ordering;

use bulwark_risk::account::Assessment;
use bulwark_risk::config::LiquidationParameters;
use bulwark_risk::liquidation::best_pair;
use bulwark_risk::units::{Amount, Fraction, Usd};
use bulwark_risk::wide::{ONE, mul_div_floor};
use bulwark_types::events::{BadDebtAbsorbed, Liquidated};
use bulwark_types::vault::AccountRef;
use bulwark_vault::state::{AccountRecord, Balance};

use super::View;
use crate::invariants::Findings;
use crate::world::events_of;

/// Relative slack for what rounding to smallest units may do: one part in a million.
const ROUNDING: u128 = ONE / 1_000_000;

/// A liquidation with the account around it.
struct Case {
    event: Liquidated,
    before: Assessment,
    after: Option<Assessment>,
    record_after: AccountRecord,
}

fn cases(view: &View<'_>) -> Vec<Case> {
    let events = view
        .response()
        .map(events_of::<Liquidated>)
        .unwrap_or_default();
    let case = |event: Liquidated| {
        let account = AccountRef {
            owner: event.owner.clone(),
            id: event.id,
        };
        let record_after = view.record_after(&account);
        let before = view.record_before(&account);
        Some(Case {
            before: view.before.assess(&before, view.now)?,
            after: view.after.assess_owing(&record_after, view.now),
            record_after,
            event,
        })
    };
    // Of an account that one message liquidates several times, the records show the first call
    // and the last one together: only what holds for both together can be checked.
    let twice = |event: &Liquidated| {
        let same = |other: &&Liquidated| (&other.owner, other.id) == (&event.owner, event.id);
        events.iter().filter(same).count() > 1
    };
    let cases = events.iter().cloned();
    cases
        .filter(|event| !twice(event))
        .filter_map(case)
        .collect()
}

/// Whether bad debt of one account has cost the others of the same message something before
/// their own turn came.
fn others_lost(view: &View<'_>, account: &Liquidated) -> bool {
    let losses = losses(view);
    let mut others = losses.iter();
    others.any(|loss| (&loss.owner, loss.id) != (&account.owner, account.id))
}

fn losses(view: &View<'_>) -> Vec<BadDebtAbsorbed> {
    view.response()
        .map(events_of::<BadDebtAbsorbed>)
        .unwrap_or_default()
}

/// 12: outside distress the ratio rises, no debt turns bad, and the keeper and the reserve get
/// at most the bonus; the bonus is at most what its formula allows.
pub(super) fn pays_at_most_its_bonus(view: &View<'_>, findings: &mut Findings) {
    for case in cases(view) {
        let Case {
            event,
            before,
            after,
            ..
        } = &case;
        if others_lost(view, event) {
            continue;
        }
        let told = || format!("{}: {event:?}", view.described());
        findings.check(12, before.is_liquidatable(), || {
            format!("a healthy account was liquidated: {}", told())
        });
        let Some(settings) = &view.before.settings else {
            continue;
        };
        let terms = &settings.parameters.liquidation;
        let distressed = bonus_allowed(before, terms.equity_share) < terms.base_bonus;
        let mut at_best = *before;
        if liquidations(view) > 1 {
            // What was liquidated before it in the same message has rounded for its pools.
            at_best.equity.0 += slack(view, &case, before);
        }
        let allowed = bonus_allowed(&at_best, terms.equity_share).min(terms.max_bonus);
        findings.check(12, event.bonus <= allowed.max(terms.base_bonus), || {
            format!("the bonus is above {allowed}: {}", told())
        });
        findings.check(12, seized_within_bonus(view, event), || {
            format!("more was seized than repaid with the bonus: {}", told())
        });
        if event.distressed && !distressed {
            // What no pair helps is closed as in distress.
            let hopeless = is_hopeless(view, event, terms);
            findings.check(12, hopeless, || {
                format!("some pair would have helped: {}", told())
            });
        }
        if distressed || event.distressed {
            continue;
        }
        let rises = after.as_ref().is_none_or(|after| {
            // Shares round against the account: a repayment of one smallest unit may take off less.
            let mut at_best = *after;
            at_best.equity.0 += slack(view, &case, after);
            at_best.compare_ratio(before) == Ordering::Greater
        });
        findings.check(12, rises, || format!("the ratio did not rise: {}", told()));
        findings.check(12, losses(view).is_empty(), || {
            format!("a liquidation outside distress made bad debt: {}", told())
        });
    }
}

/// Whether no pair would have raised the ratio: the best one is planned on terms of distress.
fn is_hopeless(view: &View<'_>, event: &Liquidated, terms: &LiquidationParameters) -> bool {
    let account = AccountRef {
        owner: event.owner.clone(),
        id: event.id,
    };
    let holdings = view
        .before
        .holdings(&view.record_before(&account), view.now);
    let margin = view.before.margin_parameters(view.now);
    let (Some(holdings), Some(margin)) = (holdings, margin) else {
        return false;
    };
    let best = best_pair(&holdings, &margin, terms);
    best.is_ok_and(|best| best.is_none_or(|(_, outcome)| outcome.terms.distressed))
}

/// How many accounts the message liquidated.
fn liquidations(view: &View<'_>) -> usize {
    let events = view.response().map(events_of::<Liquidated>);
    events.map_or(0, |events| events.len())
}

/// `equity_share × E / D`, rounded up by one part in 10^18; zero for a negative equity.
fn bonus_allowed(before: &Assessment, equity_share: Fraction) -> Fraction {
    let equity = before.equity.0.max(0).unsigned_abs();
    let share = mul_div_floor(equity, equity_share.0, before.debts.magnitude().max(1));
    Fraction(share.map_or(u128::MAX, |share| share.saturating_add(1)))
}

/// Whether what was seized is worth at most what was repaid and the bonus, at mid prices. A
/// decayed deposit is handed out at less than its price: that is checked where it is planned.
fn seized_within_bonus(view: &View<'_>, event: &Liquidated) -> bool {
    let value = |asset: &str, amount: Amount| {
        let market = view.before.market_of(asset)?;
        let priced = view.before.price(market)?.is_priced(view.now);
        priced.then(|| view.before.value(market, amount)).flatten()
    };
    let (Some(seized), Some(repaid)) = (
        value(&event.deposit_asset, event.seized),
        value(&event.debt_asset, event.repaid),
    ) else {
        return true;
    };
    let due = repaid.mul_ceil(Fraction(ONE + event.bonus.0));
    due.is_ok_and(|due| seized.0 <= due.0 + 1)
}

/// 13: outside distress a liquidation stops at the target ratio, unless the debt or the deposit
/// is gone or dust. (In distress the whole account may be closed, in as many calls as it takes.)
pub(super) fn stops_at_the_target(view: &View<'_>, findings: &mut Findings) {
    for case in cases(view) {
        let (Some(settings), Some(after)) = (&view.before.settings, &case.after) else {
            continue;
        };
        let terms = &settings.parameters.liquidation;
        let bonus = bonus_allowed(&case.before, terms.equity_share);
        if case.event.distressed || bonus < terms.base_bonus {
            continue;
        }
        let slack = slack(view, &case, after);
        let limit = after.maintenance.mul_ceil(terms.target_ratio);
        let within = limit.is_ok_and(|limit| after.equity.0 <= limit.0 + slack);
        let closed = [&case.event.debt_asset, &case.event.deposit_asset]
            .iter()
            .any(|asset| is_gone_or_dust(view, &case.record_after, asset, terms.dust_value));
        findings.check(13, within || closed, || {
            let target = terms.target_ratio;
            format!(
                "the ratio passed {target}: {after:?} after {:?}",
                case.event
            )
        });
    }
}

/// What may add to the equity at the target: rounding by a part of the margin, and by what one
/// smallest unit of either asset is worth; and of a pool that is wiped out the suppliers, this
/// account perhaps among them, get the reserve's fee.
fn slack(view: &View<'_>, case: &Case, after: &Assessment) -> i128 {
    let part = mul_div_floor(after.maintenance.magnitude(), ROUNDING, ONE).unwrap_or(0);
    let units = [&case.event.debt_asset, &case.event.deposit_asset].map(|asset| {
        let market = view.after.market_of(asset);
        let value = market.and_then(|market| view.after.value(market, Amount(1)));
        value.map_or(0, Usd::magnitude)
    });
    let slack = part + 2 * units.iter().sum::<u128>() + fees_of_suppliers(view);
    i128::try_from(slack).unwrap_or(i128::MAX / 2)
}

/// Reserve fees of the message that the suppliers of pools got that are wiped out.
fn fees_of_suppliers(view: &View<'_>) -> u128 {
    let events = view.response().map(events_of::<Liquidated>);
    let fee = |event: Liquidated| {
        let market = view.before.market_of(&event.deposit_asset)?;
        let pool = &view.before.markets.get(&market)?.pool;
        let fee = view.after.value(market, event.protocol_fee)?;
        pool.is_wiped_out().then_some(fee.magnitude())
    };
    events.into_iter().flatten().filter_map(fee).sum()
}

fn is_gone_or_dust(view: &View<'_>, record: &AccountRecord, asset: &str, dust: Usd) -> bool {
    let Some(market) = view.after.market_of(asset) else {
        return true;
    };
    let mut positions = record.holdings.iter();
    let Some(position) = positions.find(|position| position.market == market) else {
        return true;
    };
    view.after
        .amount(position)
        .and_then(|(_, amount)| view.after.value(market, amount))
        .is_none_or(|value| value < dust)
}

/// 14: what an account without deposits owes is written off, nothing else is, and reserve and
/// suppliers bear exactly that, the reserve first.
pub(super) fn bad_debt_is_borne(view: &View<'_>, findings: &mut Findings) {
    for change in view.changed {
        let holdings = &change.after.holdings;
        let owes_on_nothing = !holdings.is_empty()
            && holdings
                .iter()
                .all(|position| matches!(position.balance, Balance::Debt(_)));
        findings.check(14, !owes_on_nothing, || {
            let AccountRef { owner, id } = &change.account;
            format!(
                "{}, and account {id} of {owner} owes on nothing",
                view.described()
            )
        });
    }
    let losses = losses(view);
    for loss in &losses {
        let account = AccountRef {
            owner: loss.owner.clone(),
            id: loss.id,
        };
        let left = view.record_after(&account);
        findings.check(14, left.holdings.is_empty(), || {
            format!("{loss:?} while {:?} is left", left.holdings)
        });
        let borne = loss.from_reserve.0 + loss.from_suppliers.0;
        findings.check(14, borne == loss.written_off.0, || {
            format!("{loss:?}: {borne} are borne")
        });
        let market = view.after.market_of(&loss.asset);
        let pool = market
            .and_then(|id| view.after.markets.get(&id))
            .map(|market| market.pool);
        let reserve = pool.and_then(|pool| pool.supply_floor(pool.reserve_shares).ok());
        // What a later part of the message adds to the reserve came after this loss.
        let is_last = losses.len() == 1 && liquidations(view) <= 1;
        let spent =
            loss.from_suppliers.is_zero() || !is_last || reserve.is_some_and(|left| left.0 <= 1);
        findings.check(14, spent, || {
            format!("{loss:?}: the suppliers bear a part while the reserve has {reserve:?}")
        });
    }
}
