//! Generators that the property tests share: every configuration that passes validation,
//! and accounts from nothing to the largest that fit.

#![allow(
    dead_code,
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    missing_docs,
    clippy::cast_sign_loss,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests fail loudly, and each file uses a part of these generators"
)]

use bulwark_risk::account::{Holding, Quote, Side, Tradable};
use bulwark_risk::config::{Bounds, LiquidationParameters, MarginParameters};
use bulwark_risk::haircut::{AssetRisk, HaircutRule};
use bulwark_risk::margin::{Exposure, FamilyFactors, SizeTerm};
use bulwark_risk::units::{AMOUNT_LIMIT, Amount, Fraction, Price, Usd};
use bulwark_risk::wide::ONE;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{RngSeed, TestRunner};

/// The same cases on every run: a failure in CI is a failure everywhere.
pub fn cases(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        failure_persistence: None,
        max_global_rejects: 100_000,
        rng_seed: RngSeed::Fixed(0x0b01_7a4c),
        ..ProptestConfig::default()
    }
}

/// Calls `visit` with the first `count` values of a strategy, always the same ones.
pub fn for_each_of<T: std::fmt::Debug>(
    strategy: &impl Strategy<Value = T>,
    count: usize,
    mut visit: impl FnMut(T),
) {
    let mut runner = TestRunner::new(cases(1));
    for _ in 0..count {
        visit(strategy.new_tree(&mut runner).unwrap().current());
    }
}

/// Zero to one, both ends included often.
pub fn part() -> impl Strategy<Value = Fraction> {
    prop_oneof![
        1 => Just(Fraction::ZERO),
        1 => Just(Fraction::ONE),
        6 => (0..=ONE).prop_map(Fraction),
    ]
}

/// `low ..= high` with as many small values as large ones.
pub fn log_uniform(low: u128, high: u128) -> impl Strategy<Value = u128> {
    let bits = |value: u128| u128::BITS - value.leading_zeros();
    (bits(low)..=bits(high), any::<u128>()).prop_map(move |(bits, noise)| {
        let top = 1u128.checked_shl(bits).unwrap_or(0).wrapping_sub(1);
        let bottom = top >> 1;
        let span = (top - bottom).max(1);
        (bottom.wrapping_add(1) + noise % span).clamp(low, high)
    })
}

/// Prices from 10^-18 to 10^12 USD.
pub fn price() -> impl Strategy<Value = Price> {
    log_uniform(1, 1_000_000_000_000 * ONE).prop_map(Price)
}

/// `low` and `high` between them by a part of the distance.
fn between(low: u128, high: u128, part: Fraction) -> u128 {
    assert!(low <= high, "an empty range {low} ..= {high}");
    low + bulwark_risk::wide::mul_floor(high - low, part.0).unwrap()
}

/// A whole vault's risk configuration; passes every validation.
#[derive(Clone, Copy, Debug)]
pub struct Config {
    pub bounds: Bounds,
    pub margin: MarginParameters,
    pub liquidation: LiquidationParameters,
}

prop_compose! {
    /// Every configuration that validation lets through, its corners included.
    pub fn config()(parts in prop::array::uniform12(part())) -> Config {
        let initial_factor_max = Fraction(between(ONE, 2 * ONE, parts[0]));
        let room = ONE * ONE / initial_factor_max.0;
        let haircut_cap_max = Fraction(between(ONE / 10, room, parts[1]));
        let most = ONE.min(2 * haircut_cap_max.0);
        let gross_factor_max = Fraction(between(ONE / 100, most, parts[2]));
        let equity_share = Fraction(between(ONE / 10, ONE / 2, parts[3]));
        let gross_factor = Fraction(between(ONE / 100, gross_factor_max.0, parts[4]));
        let base_most = bulwark_risk::wide::mul_floor(gross_factor.0, equity_share.0 / 2).unwrap();
        let base_bonus = Fraction(between(ONE / 10_000, base_most, parts[5]));
        let bounds = Bounds {
            initial_factor_max,
            haircut_cap_max,
            extra_max: Fraction(room - haircut_cap_max.0),
            gross_factor_max,
        };
        let margin = MarginParameters {
            initial_factor: Fraction(between(ONE, initial_factor_max.0, parts[6])),
            gross_factor,
        };
        let liquidation = LiquidationParameters {
            base_bonus,
            slope: Fraction(between(0, 10 * ONE, parts[7])),
            max_bonus: Fraction(between(base_bonus.0, ONE / 2, parts[8])),
            equity_share,
            target_ratio: Fraction(between(ONE + ONE / 10_000, 2 * ONE, parts[9])),
            protocol_fee: parts[10],
            dust_value: Usd::whole(between(0, 10_000, parts[11]) as u32),
        };
        bounds.validate().unwrap();
        margin.validate(&bounds).unwrap();
        liquidation.validate(margin.gross_factor).unwrap();
        Config { bounds, margin, liquidation }
    }
}

/// The defaults of the demo.
pub fn default_config() -> Config {
    let bounds = Bounds {
        initial_factor_max: Fraction::percent(120),
        haircut_cap_max: Fraction::percent(70),
        extra_max: Fraction::percent(13),
        gross_factor_max: Fraction::percent(5),
    };
    let margin = MarginParameters {
        initial_factor: Fraction::percent(115),
        gross_factor: Fraction::percent(4),
    };
    let liquidation = LiquidationParameters {
        base_bonus: Fraction::percent(1),
        slope: Fraction::percent(50),
        max_bonus: Fraction::percent(10),
        equity_share: Fraction::percent(50),
        target_ratio: Fraction::percent(110),
        protocol_fee: Fraction::percent(10),
        dust_value: Usd::whole(50),
    };
    bounds.validate().unwrap();
    margin.validate(&bounds).unwrap();
    liquidation.validate(margin.gross_factor).unwrap();
    Config {
        bounds,
        margin,
        liquidation,
    }
}

/// What a family fixes, and its haircuts.
#[derive(Clone, Copy, Debug)]
pub struct Family {
    pub factors: FamilyFactors,
    pub haircut: Fraction,
    pub newest_haircut: Fraction,
}

prop_compose! {
    /// A family of one of three groups, with any rule that `config` accepts.
    fn family(config: Config, id: u16)
        (group in 0u8..3, parts in prop::array::uniform6(part())) -> Family {
        let floor_least = config.bounds.gross_factor_max.0.div_ceil(2);
        let floor = Fraction(between(floor_least, config.bounds.haircut_cap_max.0, parts[0]));
        let cap = Fraction(between(floor.0, config.bounds.haircut_cap_max.0, parts[1]));
        let rule = HaircutRule { volatility_multiple: Fraction::ONE, floor, cap };
        rule.validate(&config.bounds).unwrap();
        let factors = FamilyFactors {
            group,
            family: id,
            group_correlation: parts[2],
            family_correlation: parts[3],
        };
        factors.validate().unwrap();
        let haircut = rule.haircut(parts[4]).unwrap();
        let newest_haircut = rule.haircut(parts[4].max(parts[5])).unwrap();
        Family { factors, haircut, newest_haircut }
    }
}

prop_compose! {
    /// An asset that nobody holds yet.
    fn asset(config: Config, families: Vec<Family>)(
        family in 0..families.len(),
        decimals in 0u8..=18,
        mid in price(),
        parts in prop::array::uniform4(part()),
        liquidity in log_uniform(1, AMOUNT_LIMIT - 1),
    ) -> Holding {
        let extra_haircut = Fraction(between(0, config.bounds.extra_max.0, parts[0]));
        let risk = AssetRisk {
            extra_haircut,
            liquidity: Amount(liquidity),
            size_cap: Fraction(between(0, config.bounds.extra_max.0 - extra_haircut.0, parts[1])),
        };
        risk.validate(&config.bounds).unwrap();
        let family = families[family];
        Holding {
            side: Side::Deposit,
            amount: Amount::ZERO,
            decimals,
            quote: Quote {
                mid,
                low: Price(between(mid.0 / 2, mid.0, parts[2])),
                high: Price(between(mid.0, 2 * mid.0, parts[3])),
                tradable: Tradable::Yes,
            },
            factors: family.factors,
            haircut: family.haircut,
            newest_haircut: family.newest_haircut,
            risk,
        }
    }
}

/// The largest value of one holding here, so that twelve at twice their price still fit.
pub const LARGEST_HOLDING: u128 = 40_000_000_000_000 * ONE;

prop_compose! {
    /// A holding of anything from nothing to [`LARGEST_HOLDING`], owned or owed.
    fn holding(config: Config, families: Vec<Family>)(
        asset in asset(config, families),
        owed in any::<bool>(),
        value in prop_oneof![1 => Just(0), 9 => log_uniform(1, LARGEST_HOLDING)],
    ) -> Holding {
        let side = if owed { Side::Debt } else { Side::Deposit };
        let amount = asset.quote.mid.amount_floor(Usd(value as i128), asset.decimals).unwrap_or(Amount(u128::MAX));
        Holding { side, amount: amount.min(Amount(AMOUNT_LIMIT - 1)), ..asset }
    }
}

/// An account under some configuration.
#[derive(Clone, Debug)]
pub struct Account {
    pub config: Config,
    pub holdings: Vec<Holding>,
}

/// Four families of a configuration.
pub fn families(config: Config) -> impl Strategy<Value = Vec<Family>> {
    (0u16..4).map(|id| family(config, id)).collect::<Vec<_>>()
}

/// Any account of one to ten holdings, in any configuration.
pub fn account() -> impl Strategy<Value = Account> {
    account_in(config().boxed())
}

/// Any account of one to ten holdings, in a configuration of `configs`.
pub fn account_in(configs: BoxedStrategy<Config>) -> impl Strategy<Value = Account> {
    configs
        .prop_flat_map(|config| (Just(config), families(config)))
        .prop_flat_map(|(config, families)| {
            let holdings = prop::collection::vec(holding(config, families), 1..=10);
            (Just(config), holdings)
        })
        .prop_map(|(config, holdings)| Account { config, holdings })
}

/// The exposures without what size adds: the norm alone.
pub fn without_size(exposures: &[Exposure]) -> Vec<Exposure> {
    let size = SizeTerm {
        liquidity: Usd::ZERO,
        size_cap: Fraction::ZERO,
    };
    exposures
        .iter()
        .map(|exposure| Exposure { size, ..*exposure })
        .collect()
}

/// What rounding up adds to the margin of so many holdings at most, in 10^-18 USD: one unit
/// in each component of the root grows the root by its square root at most, and every size
/// term rounds up once.
pub fn slack(holdings: usize) -> i128 {
    let holdings = i128::try_from(holdings).unwrap();
    holdings + (2 * holdings + 1).isqrt() + 3
}

/// 18 decimals as floating point.
pub fn float(value: i128) -> f64 {
    value as f64 / 1e18
}

/// How an account came under water.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Any mix of families and sizes.
    Mixed,
    /// Debts of the same families as the deposits, of nearly the same value each.
    Netted,
}

/// Accounts with debts for nearly all of their deposits, of 100 USD to 10^14 USD, in assets
/// whose smallest unit is worth next to nothing: most of them are under water.
pub fn strained_account(configs: BoxedStrategy<Config>) -> impl Strategy<Value = Account> {
    let shape = prop_oneof![2 => Just(Shape::Mixed), 1 => Just(Shape::Netted)];
    configs
        .prop_flat_map(|config| (Just(config), families(config)))
        .prop_flat_map(move |(config, families)| {
            // Weights of the legs lie within a factor of 10^4.
            let legs = || {
                let leg = (asset(config, families.clone()), log_uniform(1, 10_000));
                prop::collection::vec(leg, 1..=5)
            };
            (
                Just(config),
                legs(),
                legs(),
                log_uniform(100, 100_000_000_000_000),
                // Equity as a part of the debts, mostly small.
                (0u32..=100, 0u32..=10_000),
                log_uniform(1, 1_000_000),
                shape.clone(),
            )
        })
        .prop_map(|(config, deposits, debts, usd, equity, size, shape)| {
            let equity_part = f64::from(equity.1) / 1e4 * 10f64.powf(-f64::from(equity.0) / 50.0);
            let total = usd as f64;
            let deposit_sum: f64 = deposits.iter().map(|leg| leg.1 as f64).sum();
            let debt_sum: f64 = debts.iter().map(|leg| leg.1 as f64).sum();
            let mut holdings = Vec::new();
            for (asset, weight) in &deposits {
                let value = total * (*weight as f64) / deposit_sum;
                holdings.push(sized(*asset, Side::Deposit, value, size));
            }
            let owed = total / (1.0 + equity_part);
            match shape {
                Shape::Mixed => {
                    for (asset, weight) in &debts {
                        let value = owed * (*weight as f64) / debt_sum;
                        holdings.push(sized(*asset, Side::Debt, value, size));
                    }
                }
                Shape::Netted => {
                    for ((asset, weight), (other, _)) in deposits.iter().zip(debts.iter().cycle()) {
                        let value = owed * (*weight as f64) / deposit_sum;
                        let risk = other.risk;
                        holdings.push(sized(Holding { risk, ..*asset }, Side::Debt, value, size));
                    }
                }
            }
            Account { config, holdings }
        })
}

/// A holding worth about `usd` whose smallest unit is worth at most 10^-6 USD, in a market
/// that takes between a hundredth and ten thousand times as much.
fn sized(asset: Holding, side: Side, usd: f64, size: u128) -> Holding {
    let unit_price =
        |usd_per_unit: f64| (usd_per_unit * 10f64.powi(18 + i32::from(asset.decimals))) as u128;
    let coarsest = unit_price(1e-6);
    let finest = unit_price(usd / 1e31).max(1).min(coarsest);
    let mid = Price(asset.quote.mid.0.clamp(finest, coarsest));
    let per_unit = mid.0 as f64 / 1e18 / 10f64.powi(i32::from(asset.decimals));
    let amount = ((usd / per_unit) as u128).min(AMOUNT_LIMIT - 1);
    let liquidity = (amount / 100)
        .saturating_mul(size)
        .clamp(1, AMOUNT_LIMIT - 1);
    let quote = Quote {
        mid,
        low: mid,
        high: mid,
        tradable: Tradable::Yes,
    };
    let risk = AssetRisk {
        liquidity: Amount(liquidity),
        ..asset.risk
    };
    Holding {
        side,
        amount: Amount(amount),
        quote,
        risk,
        ..asset
    }
}
