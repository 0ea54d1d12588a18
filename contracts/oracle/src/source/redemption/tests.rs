//! The cap on the growth of rates.

use proptest::prelude::*;

use super::*;

const CAP: Fraction = Fraction::percent(20);
const DAY: u64 = 86_400;

fn fraction(text: &str) -> Fraction {
    text.parse().unwrap()
}

/// A rate that is asked for again and again.
struct Told {
    now: u64,
    anchor: RateAnchor,
}

impl Told {
    fn first(rate: &str) -> Self {
        let now = 1_000_000;
        let (counted, anchor) = capped(None, fraction(rate), CAP, now).unwrap();
        assert_eq!(counted, fraction(rate));
        Self { now, anchor }
    }

    fn wait(&mut self, seconds: u64) -> &mut Self {
        self.now += seconds;
        self
    }

    /// What counts of a rate that is told now.
    fn tell(&mut self, rate: Fraction) -> Fraction {
        let before = self.anchor;
        let (counted, anchor) = capped(Some(before), rate, CAP, self.now).unwrap();
        assert!(counted <= rate);
        assert!(anchor == before || anchor.rate > before.rate && anchor.at == self.now);
        self.anchor = anchor;
        counted
    }
}

fn float(rate: Fraction) -> f64 {
    rate.0 as f64 / 1e18
}

#[test]
fn pitfall_26_a_rate_that_jumps_counts_up_to_the_cap() {
    let mut told = Told::first("1.2");
    // Half a year allows 10 %, and a day's headroom.
    let counted = told.wait(YEAR / 2).tell(fraction("2.4"));
    let day = 1.2 * 0.2 / 365.0;
    assert!((float(counted) - 1.32 - day).abs() < 1e-12);
    // The headroom was for once: in the same second nothing more is allowed.
    let again = told.tell(fraction("2.4"));
    assert!((float(again) - 1.32 * (1.0 + 0.2 / 365.0)).abs() < 1e-12);
    assert_eq!(told.tell(fraction("2.4")), again);
}

#[test]
fn pitfall_26_asking_often_does_not_walk_past_the_cap() {
    let mut told = Told::first("1");
    let mut counted = Fraction::ZERO;
    for _ in 0..365 * 24 {
        counted = told.wait(3_600).tell(fraction("5"));
    }
    let most = 0.2f64.exp() * (1.0 + 0.2 / 365.0);
    assert!(float(counted) <= most && float(counted) > most - 1e-3);
}

#[test]
fn pitfall_25_anchor_and_time_move_together_or_not_at_all() {
    // A rate of few units, asked for every second: growth below one unit waits, and is not lost.
    let mut told = Told {
        now: 0,
        anchor: RateAnchor {
            rate: Fraction(1_000),
            at: 0,
        },
    };
    for _ in 0..YEAR / 600 {
        told.wait(600).tell(Fraction(1_150));
    }
    assert_eq!(told.tell(Fraction(1_150)), Fraction(1_150));
    assert_eq!(told.anchor.rate, Fraction(1_150));
}

#[test]
fn pitfall_25_a_fall_counts_at_once_and_a_recovery_counts_in_full() {
    let mut told = Told::first("1.2");
    told.wait(30 * DAY);
    assert_eq!(told.tell(fraction("1.01")), fraction("1.01"));
    let anchor = told.anchor;
    for _ in 0..60 {
        told.wait(DAY);
        assert_eq!(told.tell(fraction("1.01")), fraction("1.01"));
    }
    assert_eq!(told.anchor, anchor);
    assert_eq!(told.tell(fraction("1.21")), fraction("1.21"));
}

#[test]
fn pitfall_25_who_nudges_a_rate_before_its_daily_step_takes_nothing_away() {
    let mut told = Told::first("1");
    let mut rate = fraction("1");
    for _ in 0..60 {
        told.wait(DAY - 1);
        rate.0 += 1;
        assert_eq!(told.tell(rate), rate);
        // The step of a day at 15 % a year, a second later.
        rate.0 += rate.0 * 15 / 36_500;
        assert_eq!(told.wait(1).tell(rate), rate);
    }
}

proptest! {
    /// A rate that grows slower than its cap counts in full, whenever it is asked for and
    /// however its growth is cut into steps of up to a day.
    #[test]
    fn pitfall_25_a_fair_rate_always_counts_in_full(
        waits in prop::collection::vec(prop_oneof![0u64..100, 0u64..DAY, 0u64..30 * DAY], 1..60),
        step in 1u64..=DAY,
    ) {
        let mut told = Told::first("1.2");
        let start = told.now;
        for wait in waits {
            told.wait(wait);
            let steps = (told.now - start) / step;
            let grown = 0.18 * (steps * step) as f64 / YEAR as f64;
            let rate = Fraction(1_200_000_000_000_000_000 + (1.2e18 * grown) as u128);
            prop_assert_eq!(told.tell(rate), rate);
        }
    }

    /// Whatever is told and whenever: never above the rate, never above the cap.
    #[test]
    fn pitfall_26_nothing_told_in_any_order_passes_the_cap(
        tells in prop::collection::vec((0u64..90 * DAY, 1u128..=RATE_LIMIT.0), 1..40),
    ) {
        let mut told = Told::first("1");
        let start = told.now;
        for (wait, rate) in tells {
            let counted = told.wait(wait).tell(Fraction(rate));
            let years = (told.now - start) as f64 / YEAR as f64;
            let most = (0.2 * years).exp() * (1.0 + 0.2 / 365.0);
            prop_assert!(float(counted) <= most * (1.0 + 1e-12));
        }
    }
}
