//! How long the arithmetic takes: `cargo run --release -p bulwark-risk --example speed`.

#![allow(
    clippy::arithmetic_side_effects,
    reason = "an example with fixed numbers"
)]

use std::hint::black_box;
use std::time::Instant;

use bulwark_risk::account::{Holding, Quote, Side, Tradable, assess};
use bulwark_risk::config::{LiquidationParameters, MarginParameters};
use bulwark_risk::haircut::AssetRisk;
use bulwark_risk::liquidation::{LiquidationError, Pair, best_pair, liquidate};
use bulwark_risk::margin::FamilyFactors;
use bulwark_risk::units::{Amount, Fraction, Price, Usd};

/// One of many holdings: the even ones owned, the odd ones owed, two to a family.
fn holding(number: u16) -> Holding {
    let mid = Price(1_234_567_890_123_456_789);
    let owed = number % 2 == 1;
    let usd = u128::from(if owed { 960 + number } else { 1000 });
    Holding {
        side: if owed { Side::Debt } else { Side::Deposit },
        amount: Amount(usd * 1_000_000),
        decimals: 6,
        quote: Quote {
            mid,
            low: mid,
            high: mid,
            tradable: Tradable::Yes,
        },
        factors: FamilyFactors {
            group: u8::from(number % 3 == 0),
            family: number / 2,
            group_correlation: Fraction::percent(80),
            family_correlation: Fraction::percent(95),
        },
        haircut: Fraction::percent(15),
        newest_haircut: Fraction::percent(18),
        risk: AssetRisk {
            extra_haircut: Fraction::percent(2),
            liquidity: Amount(100_000_000_000),
            size_cap: Fraction::percent(8),
        },
    }
}

fn time<T>(name: &str, rounds: u32, mut run: impl FnMut() -> T) {
    let start = Instant::now();
    for _ in 0..rounds {
        black_box(run());
    }
    println!("{name}: {:?}", start.elapsed() / rounds);
}

fn main() -> Result<(), LiquidationError> {
    let margin = MarginParameters {
        initial_factor: Fraction::percent(115),
        gross_factor: Fraction::percent(4),
    };
    let rules = LiquidationParameters {
        base_bonus: Fraction::percent(1),
        slope: Fraction::percent(50),
        max_bonus: Fraction::percent(10),
        equity_share: Fraction::percent(50),
        target_ratio: Fraction::percent(110),
        protocol_fee: Fraction::percent(10),
        dust_value: Usd::whole(50),
    };
    let account = |size| (0..size).map(holding).collect::<Vec<_>>();
    let (four, ten) = (account(4), account(10));
    let pair = Pair {
        debt: 1,
        deposit: 0,
    };
    let outcome = liquidate(&ten, &margin, &rules, pair, Amount(u128::MAX))?;
    println!("{:?} {:?}", outcome.terms, outcome.cap);

    time("assess, 4 holdings", 2000, || assess(&four, &margin));
    time("assess, 10 holdings", 2000, || assess(&ten, &margin));
    time("liquidate, 10 holdings", 100, || {
        liquidate(&ten, &margin, &rules, pair, Amount(u128::MAX))
    });
    time("best_pair of 25, 10 holdings", 5, || {
        best_pair(&ten, &margin, &rules)
    });
    Ok(())
}
