//! Liquidation, invariants 11 to 13: every liquidatable account can be liquidated,
//! by little and to its good.

#![allow(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    missing_docs,
    reason = "tests fail loudly and compare with floating point"
)]

mod common;

use std::cmp::Ordering;

use bulwark_risk::account::{Assessment, Holding, Quote, Side, Tradable, assess};
use bulwark_risk::haircut::AssetRisk;
use bulwark_risk::liquidation::{
    LiquidationError, Outcome, Pair, Terms, best_pair, liquidate, terms,
};
use bulwark_risk::margin::FamilyFactors;
use bulwark_risk::units::{Amount, Fraction, Price, Usd};
use bulwark_risk::wide::{ONE, mul_div_floor, mul_floor};
use common::{
    Account, account, cases, config, default_config, float, for_each_of, part, strained_account,
};
use proptest::prelude::*;

/// Half in the demo's configuration, half in any that passes validation.
fn strained() -> impl Strategy<Value = Account> {
    strained_account(prop_oneof![Just(default_config()), config()].boxed())
}

fn assessed(account: &Account) -> Assessment {
    assess(&account.holdings, &account.config.margin).unwrap()
}

fn terms_of(account: &Account) -> Option<Terms> {
    terms(&assessed(account), &account.config.liquidation).unwrap()
}

fn pairs(holdings: &[Holding]) -> Vec<Pair> {
    let of = |side| (0..holdings.len()).filter(move |at| holdings[*at].side == side);
    of(Side::Debt)
        .flat_map(|debt| of(Side::Deposit).map(move |deposit| Pair { debt, deposit }))
        .collect()
}

fn attempt(account: &Account, pair: Pair, offered: Amount) -> Result<Outcome, LiquidationError> {
    let Account { config, holdings } = account;
    liquidate(holdings, &config.margin, &config.liquidation, pair, offered)
}

fn best(account: &Account) -> Option<(Pair, Outcome)> {
    let Account { config, holdings } = account;
    best_pair(holdings, &config.margin, &config.liquidation).unwrap()
}

fn settle(account: &mut Account, pair: Pair, outcome: &Outcome) {
    account.holdings[pair.debt].amount.0 -= outcome.repaid.0;
    account.holdings[pair.deposit].amount.0 -= outcome.seized.0;
}

fn value(holding: &Holding, amount: Amount) -> Usd {
    holding
        .quote
        .mid
        .value_floor(amount, holding.decimals)
        .unwrap()
}

/// `E / M` in floating point.
fn ratio(found: &Assessment) -> f64 {
    float(found.equity.0) / float(found.maintenance.0)
}

/// All that has to hold of one liquidation outside distress.
fn check_relief(account: &Account, pair: Pair, outcome: &Outcome) {
    let before = assessed(account);
    let rules = account.config.liquidation;
    assert_eq!(
        outcome.after.compare_ratio(&before),
        Ordering::Greater,
        "r must rise"
    );
    assert!(!outcome.after.equity.is_negative(), "no bad debt is made");
    assert!(outcome.terms.bonus <= rules.max_bonus);
    assert!(outcome.terms.bonus >= rules.base_bonus);
    // bonus ≤ equity_share × E / D
    let share = mul_div_floor(
        before.equity.magnitude(),
        rules.equity_share.0,
        before.debts.magnitude(),
    );
    assert!(outcome.terms.bonus.0 <= share.unwrap());
    let deposit = account.holdings[pair.deposit];
    let debt = account.holdings[pair.debt];
    // The keeper and the reserve get at most repaid × (1 + bonus).
    let seized = value(&deposit, outcome.seized);
    let repaid = value(&debt, outcome.repaid);
    assert_eq!(repaid, outcome.repaid_value);
    let most = repaid.0 + repaid.mul_ceil(outcome.terms.bonus).unwrap().0;
    assert!(seized.0 <= most, "{seized} for {repaid}");
    assert!(outcome.bonus_value <= repaid.mul_ceil(outcome.terms.bonus).unwrap());
    assert!(outcome.protocol_fee.0 <= outcome.seized.0);
    assert!(value(&deposit, outcome.protocol_fee) <= outcome.bonus_value);
    assert!(outcome.repaid <= debt.amount && outcome.seized <= deposit.amount);
}

/// An account under water but not in distress, and a pair that works on it.
fn relievable() -> impl Strategy<Value = (Account, Pair, Outcome)> {
    strained().prop_filter_map("not liquidatable outside distress", |account| {
        let terms = terms_of(&account).filter(|terms| !terms.distressed);
        terms
            .and_then(|_| best(&account))
            .map(|(pair, outcome)| (account, pair, outcome))
    })
}

/// `r` after so much has been repaid of one debt for one deposit, by the documented formula.
fn ratio_at(account: &Account, pair: Pair, terms: Terms, repaid: Amount) -> f64 {
    let mut after = account.clone();
    let (debt, deposit) = (account.holdings[pair.debt], account.holdings[pair.deposit]);
    let paid = float(value(&debt, repaid).0) * (1.0 + float(terms.bonus.0 as i128));
    let unit = float(deposit.quote.mid.0 as i128) / 10f64.powi(i32::from(deposit.decimals));
    after.holdings[pair.debt].amount.0 -= repaid.0;
    let seized = ((paid / unit) as u128).min(deposit.amount.0);
    after.holdings[pair.deposit].amount.0 -= seized;
    ratio(&assessed(&after))
}

/// The largest repayment that debt and deposit allow.
fn limit(account: &Account, pair: Pair, terms: Terms) -> Amount {
    let (debt, deposit) = (account.holdings[pair.debt], account.holdings[pair.deposit]);
    let price = mul_div_floor(
        value(&deposit, deposit.amount).magnitude(),
        ONE,
        ONE + terms.bonus.0,
    );
    let by_deposit = debt
        .quote
        .mid
        .amount_floor(Usd(price.unwrap() as i128), debt.decimals);
    debt.amount.min(by_deposit.unwrap_or(Amount(u128::MAX)))
}

/// Every liquidatable account with prices has a pair that works: of so many random ones,
/// mixed and tightly netted, with up to five debts and sizes up to the caps, none is stuck.
#[test]
fn none_is_stuck() {
    let (mut under_water, mut outside_distress) = (0, 0);
    for_each_of(&strained(), 5_500, |account| {
        let Some(terms) = terms_of(&account) else {
            return;
        };
        under_water += 1;
        let Some((pair, outcome)) = best(&account) else {
            panic!("stuck: {account:#?} {:?}", assessed(&account));
        };
        if !terms.distressed {
            outside_distress += 1;
            check_relief(&account, pair, &outcome);
        }
    });
    println!("{under_water} under water, {outside_distress} of them outside distress, none stuck");
    assert!(under_water >= 5_000 && outside_distress >= 3_000);
}

/// Keepers who always take the largest bonus need a few calls until an account is sound or
/// has nothing left to seize or to repay.
#[test]
fn greedy_keepers_need_few_calls() {
    let mut calls = Vec::new();
    let demo = strained_account(Just(default_config()).boxed());
    for_each_of(&demo, 1_200, |mut account| {
        if terms_of(&account).is_none_or(|terms| terms.distressed) {
            return;
        }
        let mut count = 0;
        while terms_of(&account).is_some() {
            let Some((pair, outcome)) = best(&account) else {
                panic!("stuck after {count} calls: {account:#?}");
            };
            settle(&mut account, pair, &outcome);
            count += 1;
            assert!(count <= 25, "{account:#?}");
        }
        calls.push(count);
    });
    calls.sort_unstable();
    let (median, most) = (calls[calls.len() / 2], calls[calls.len() - 1]);
    println!(
        "{} accounts: a median of {median} calls, at most {most}",
        calls.len()
    );
    assert!(
        calls.len() >= 500 && median <= 2,
        "{median} of {}",
        calls.len()
    );
}

/// Where a liquidation stopped, as a fine scan of the whole way sees it.
#[derive(Debug, PartialEq, Eq)]
enum Stop {
    /// At the target, which the ratio keeps from there on.
    Crossing,
    /// At the target, below which the ratio falls again later.
    FirstOfTwoCrossings,
    /// Where the ratio is largest, although more could be repaid.
    InnerPeak,
    /// Where the debt or the deposit ends.
    End,
}

/// Finds no earlier crossing of the target, and no better amount where it is not reached.
fn check_cap(account: &Account, pair: Pair, outcome: &Outcome, points: u128) -> Stop {
    let target = float(account.config.liquidation.target_ratio.0 as i128);
    let limit = limit(account, pair, outcome.terms);
    let scan: Vec<(u128, f64)> = (0..=points)
        .map(|point| mul_div_floor(limit.0, point, points).unwrap())
        .map(|repaid| {
            (
                repaid,
                ratio_at(account, pair, outcome.terms, Amount(repaid)),
            )
        })
        .collect();
    let reached = ratio(&outcome.after);
    if reached < target - 1e-6 {
        let best = scan.iter().map(|(_, r)| *r).fold(0.0, f64::max);
        assert!(best < reached + 1e-6, "{best} beats {reached}");
        let inside = outcome.cap.0 < limit.0 / 100 * 99;
        return if inside { Stop::InnerPeak } else { Stop::End };
    }
    assert!(reached < target + 1e-6, "{reached} beyond {target}");
    let mut before = scan.iter().filter(|(at, _)| *at < outcome.cap.0);
    let earlier = before.find(|(_, r)| *r > target + 1e-6);
    assert_eq!(earlier, None, "crossed before {}", outcome.cap);
    if scan[points as usize].1 < target - 1e-3 {
        Stop::FirstOfTwoCrossings
    } else {
        Stop::Crossing
    }
}

/// The cap is the first amount at which `r` reaches the target, or the one that maximises it.
#[test]
fn the_cap_is_the_first_crossing_or_the_best() {
    let (mut peaks, mut crossings) = (0, 0);
    for_each_of(&strained(), 500, |mut account| {
        account.config.liquidation.dust_value = Usd::ZERO;
        if terms_of(&account).is_none_or(|terms| terms.distressed) {
            return;
        }
        for pair in pairs(&account.holdings) {
            if let Ok(outcome) = attempt(&account, pair, Amount(u128::MAX)) {
                match check_cap(&account, pair, &outcome, 40) {
                    Stop::InnerPeak => peaks += 1,
                    Stop::Crossing | Stop::FirstOfTwoCrossings => crossings += 1,
                    Stop::End => {}
                }
            }
        }
    });
    println!("{crossings} stop at the target, {peaks} at an inner peak");
    assert!(crossings >= 50 && peaks >= 100);
}

/// A holding worth so many USD at a price of one, without a size charge.
fn leg(
    side: Side,
    usd: u128,
    (group, family): (u8, u16),
    correlation: u32,
    haircut: u32,
) -> Holding {
    let price = Price(ONE);
    Holding {
        side,
        amount: Amount(usd * 1_000_000),
        decimals: 6,
        quote: Quote {
            mid: price,
            low: price,
            high: price,
            tradable: Tradable::Yes,
        },
        factors: FamilyFactors {
            group,
            family,
            group_correlation: Fraction::percent(correlation),
            family_correlation: Fraction::percent(95),
        },
        haircut: Fraction::percent(haircut),
        newest_haircut: Fraction::percent(haircut),
        risk: AssetRisk {
            extra_haircut: Fraction::ZERO,
            liquidity: Amount(1),
            size_cap: Fraction::ZERO,
        },
    }
}

/// An account that is short of one family may buy the short back with dollars, and by buying
/// on become long: the ratio crosses the target on the way up and again on the way down.
/// The second crossing would cost it its hedge.
#[test]
fn of_two_crossings_the_first_counts() {
    let (crypto, dollars, owed_dollars) = ((0, 0), (1, 1), (1, 2));
    let mut seen = 0;
    for long in (2_500..=3_500).step_by(100) {
        for surplus in (300..=450).step_by(50) {
            let holdings = vec![
                leg(Side::Deposit, long, crypto, 80, 15),
                leg(Side::Deposit, 5_000, dollars, 80, 3),
                leg(Side::Debt, long + 3_000, crypto, 80, 15),
                leg(Side::Debt, 2_000 - surplus, owed_dollars, 80, 3),
            ];
            let mut account = Account {
                config: default_config(),
                holdings,
            };
            account.config.liquidation.dust_value = Usd::ZERO;
            let pair = Pair {
                debt: 2,
                deposit: 1,
            };
            if terms_of(&account).is_some_and(|terms| !terms.distressed) {
                let outcome = attempt(&account, pair, Amount(u128::MAX)).unwrap();
                let stop = check_cap(&account, pair, &outcome, 500);
                seen += usize::from(stop == Stop::FirstOfTwoCrossings);
            }
        }
    }
    assert!(seen >= 20, "{seen}");
}

/// Two groups with full correlation, one of them hedged to zero: every single pair opens the
/// hedge, so no pair raises the ratio. The account can be closed at the base bonus instead.
#[test]
fn an_account_that_no_pair_helps_can_be_closed() {
    let before = assessed(&netted_to(20_000));
    let mut account = netted_to(20_000);
    assert!(terms_of(&account).is_some_and(|terms| !terms.distressed));
    let (pair, outcome) = best(&account).expect("stuck");
    assert_eq!(attempt(&account, pair, Amount(u128::MAX)), Ok(outcome));
    assert_eq!(outcome.terms.bonus, account.config.liquidation.base_bonus);
    settle(&mut account, pair, &outcome);
    assert!(
        2 * assessed(&account).equity.0 >= before.equity.0,
        "half of the equity stays"
    );
}

/// A liquidation may lead to where no pair helps any more; keepers get on from there.
#[test]
fn keepers_do_not_stall_where_no_pair_helps() {
    for long in (19_900..=20_200).step_by(10) {
        let mut account = netted_to(long);
        let mut calls = 0;
        while terms_of(&account).is_some() {
            let (pair, outcome) = best(&account).expect("stuck");
            settle(&mut account, pair, &outcome);
            calls += 1;
            assert!(calls <= 4, "{long}");
        }
    }
}

fn netted_to(long: u128) -> Account {
    let holdings = vec![
        leg(Side::Deposit, long, (0, 0), 100, 30),
        leg(Side::Debt, 10_000, (0, 1), 100, 60),
        leg(Side::Debt, long - 11_500, (1, 2), 100, 20),
    ];
    Account {
        config: default_config(),
        holdings,
    }
}

/// While a leg has no price, the pair that would help may be one of its: then the others may
/// not be closed without raising the ratio.
#[test]
fn an_unpriced_leg_does_not_open_the_others() {
    let mut hedged = leg(Side::Debt, 10_000, (0, 1), 100, 60);
    hedged.quote.tradable = Tradable::No;
    let holdings = vec![
        leg(Side::Deposit, 20_000, (0, 0), 100, 30),
        hedged,
        leg(Side::Debt, 8_500, (1, 2), 100, 20),
    ];
    let account = Account {
        config: default_config(),
        holdings,
    };
    let pair = Pair {
        debt: 2,
        deposit: 0,
    };
    let refused = attempt(&account, pair, Amount(u128::MAX));
    assert_eq!(refused, Err(LiquidationError::RatioNotRaised));
    assert_eq!(best(&account), None);
}

proptest! {
    #![proptest_config(cases(400))]

    /// Healthy accounts cannot be liquidated, by any pair.
    #[test]
    fn a_healthy_account_cannot_be_liquidated(account in account()) {
        let found = assessed(&account);
        let healthy = found.debts.is_zero() || found.equity >= found.maintenance;
        prop_assert_eq!(terms_of(&account).is_none(), healthy);
        if healthy {
            prop_assert_eq!(best(&account), None);
            for pair in pairs(&account.holdings) {
                let refused = attempt(&account, pair, Amount(u128::MAX));
                prop_assert_eq!(refused, Err(LiquidationError::NotLiquidatable));
            }
        }
    }

    /// No account is born distressed: outside of validation's reach lies only `r < ½`.
    #[test]
    fn an_account_just_under_water_is_not_in_distress(account in strained()) {
        let found = assessed(&account);
        if let Some(terms) = terms_of(&account) {
            let half = 2 * found.equity.0 >= found.maintenance.0;
            prop_assert!(!(half && terms.distressed), "{found:?}");
        }
    }

    /// Whatever pair and amount a keeper offers outside distress: `r` rises, no bad debt is
    /// made, the bonus keeps its bounds, or the call fails with a reason.
    #[test]
    fn any_offer_helps_or_is_refused(account in strained(), which in any::<prop::sample::Index>(), share in part()) {
        let Some(terms) = terms_of(&account) else { return Ok(()) };
        let pair = *which.get(&pairs(&account.holdings));
        let offered = mul_floor(account.holdings[pair.debt].amount.0, share.0).unwrap();
        match attempt(&account, pair, Amount(offered)) {
            Ok(outcome) if terms.distressed => {
                // repaid × (1 + bonus) ≥ seized, in distress too.
                let (debt, deposit) = (account.holdings[pair.debt], account.holdings[pair.deposit]);
                let repaid = value(&debt, outcome.repaid);
                let most = repaid.0 + repaid.mul_ceil(terms.bonus).unwrap().0;
                prop_assert!(value(&deposit, outcome.seized).0 <= most);
                prop_assert_eq!(terms.bonus, account.config.liquidation.base_bonus);
                prop_assert!(outcome.repaid.0 == offered || outcome.repaid == outcome.cap);
            }
            Ok(outcome) => {
                check_relief(&account, pair, &outcome);
                prop_assert!(outcome.repaid.0 == offered || outcome.repaid == outcome.cap);
            }
            Err(LiquidationError::RatioNotRaised) => prop_assert!(!terms.distressed),
            Err(error) => prop_assert_eq!(error, LiquidationError::NothingSeized),
        }
    }

    /// After a liquidation up to the cap, `r ≤ target`, or the debt or the deposit is gone or dust.
    #[test]
    fn a_liquidation_stops_at_the_target((account, pair, outcome) in relievable()) {
        let mut after = account.clone();
        settle(&mut after, pair, &outcome);
        let left = |at: usize| value(&after.holdings[at], after.holdings[at].amount);
        let dust = account.config.liquidation.dust_value.max(Usd(1_000_000_000_000));
        let gone = left(pair.debt).min(left(pair.deposit)) <= dust;
        let target = float(account.config.liquidation.target_ratio.0 as i128);
        prop_assert!(gone || ratio(&outcome.after) <= target + 1e-6, "{} {target}", ratio(&outcome.after));
    }

    /// The account afterwards is what the outcome says, and offering the cap itself, or more,
    /// does the same.
    #[test]
    fn an_outcome_is_what_happens((account, pair, outcome) in relievable()) {
        let mut after = account.clone();
        settle(&mut after, pair, &outcome);
        prop_assert_eq!(assessed(&after), outcome.after);
        prop_assert_eq!(attempt(&account, pair, outcome.cap), Ok(outcome));
    }

    /// Splitting a repayment into many calls stops at the same target as one call, and pays at
    /// most the curve's bonus at the first of them. (It may pay more than one call where the
    /// share of equity binds, for `E / D` rises with every repayment.)
    #[test]
    fn many_small_liquidations_are_bounded_like_one(
        (mut account, pair, one) in relievable(), n in 2u128..=12,
    ) {
        account.config.liquidation.dust_value = Usd::ZERO;
        let rules = account.config.liquidation;
        let one = attempt(&account, pair, Amount(u128::MAX)).unwrap_or(one);
        let ratio_before = mul_div_floor(
            assessed(&account).equity.magnitude(), ONE, assessed(&account).maintenance.magnitude(),
        ).unwrap();
        let rise = mul_floor(rules.slope.0, ONE - ratio_before).unwrap();
        let curve = Fraction((rules.base_bonus.0 + rise).min(rules.max_bonus.0));
        let (mut repaid, mut bonus, mut last) = (Usd::ZERO, Usd::ZERO, None);
        for _ in 0..2 * n {
            match attempt(&account, pair, Amount(one.cap.0 / n)) {
                Ok(outcome) => {
                    repaid = repaid.plus(outcome.repaid_value).unwrap();
                    bonus = bonus.plus(outcome.bonus_value).unwrap();
                    settle(&mut account, pair, &outcome);
                    last = Some(outcome);
                }
                Err(_) => break,
            }
        }
        prop_assert!(bonus <= repaid.mul_ceil(curve).unwrap(), "{bonus} of {repaid} at {curve}");
        if let Some(last) = last {
            let target = float(rules.target_ratio.0 as i128);
            let gone = one.repaid_value.0 / 1_000_000 + 1_000_000_000_000;
            let left = |at: usize| value(&account.holdings[at], account.holdings[at].amount).0;
            let closed = left(pair.debt).min(left(pair.deposit)) <= gone;
            prop_assert!(closed || ratio(&last.after) <= target + 1e-6);
        }
    }
}

/// A debt of next to nothing in an asset of next to no price cannot block the plan: what
/// would buy the deposit with it is beyond any amount.
#[test]
fn a_worthless_debt_does_not_block_the_plan() {
    let mut account = None;
    for_each_of(&relievable(), 1, |(found, ..)| account = Some(found));
    let mut account = account.unwrap();
    let mut dust = *account
        .holdings
        .iter()
        .find(|holding| holding.side == Side::Debt)
        .unwrap();
    dust.amount = Amount(1);
    dust.decimals = 18;
    dust.quote.mid.0 = 1;
    dust.quote.low.0 = 1;
    dust.quote.high.0 = 1;
    account.holdings.push(dust);
    assert!(best(&account).is_some());
}
