//! An account's equity and margins under one variant, by the contracts' own formulas.
//!
//! What the formulas need of an asset, its loadings above all, is the same for every account at
//! one moment. It is worked out once a row here; [`bulwark_risk::account::assess`] would do so
//! for every account.

use bulwark_risk::RiskResult;
use bulwark_risk::account::{Holding, Quote, Side, Tradable};
use bulwark_risk::haircut::{AssetRisk, HaircutRule};
use bulwark_risk::margin::{Exposure, FamilyFactors, Loading, SizeTerm, margin_ceil};
use bulwark_risk::search::largest_floor;
use bulwark_risk::units::{Amount, Fraction, Price, Usd};

use super::config::Settings;
use super::feeds::Feed;
use super::market::Market;
use super::path::StudyPath;
use super::variant::Variant;
use crate::engine::numbers;

/// Halvings of the span in which a borrowing limit is looked for: a part of 10^-6 is left.
const LIMIT_STEPS: u32 = 20;

/// What `f64` may lose of a sum, as a factor.
const ROUNDING: f64 = 1.000_001;

/// What an account has or owes of an asset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// The asset's number in the path.
    pub asset: usize,
    /// Owned or owed.
    pub side: Side,
    /// Smallest units.
    pub amount: Amount,
}

/// One asset's part in the formulas at one moment.
#[derive(Clone, Copy, Debug)]
struct AssetTerms {
    decimals: u8,
    price: Price,
    tradable: Tradable,
    factors: FamilyFactors,
    haircut: Fraction,
    newest_haircut: Fraction,
    risk: AssetRisk,
    in_force: Loading,
    newest: Loading,
    size: SizeTerm,
}

/// The terms of one variant: how haircuts are made, and at one moment what they are.
#[derive(Clone, Debug)]
pub struct Terms<'a> {
    path: &'a StudyPath,
    settings: &'a Settings,
    variant: Variant,
    /// One rule per asset: its base's.
    rules: &'a [HaircutRule],
    /// The largest marginal size charge.
    size_cap: f64,
    /// None for assets without a price so far.
    assets: Vec<Option<AssetTerms>>,
}

impl<'a> Terms<'a> {
    /// Terms before the first price.
    pub fn new(
        path: &'a StudyPath,
        settings: &'a Settings,
        variant: Variant,
        rules: &'a [HaircutRule],
    ) -> Self {
        Self {
            path,
            settings,
            variant,
            rules,
            size_cap: numbers::fraction(variant.size_cap(settings)),
            assets: vec![None; path.assets.len()],
        }
    }

    /// Takes over prices and volatilities of a moment.
    ///
    /// # Errors
    /// Haircuts that the formula refuses.
    pub fn update(
        &mut self,
        market: &Market<'_>,
        feeds: &[Option<Feed>],
        now: u64,
    ) -> RiskResult<()> {
        for number in 0..self.assets.len() {
            let asset = &self.path.assets[number];
            let Some(feed) = feeds[asset.base].as_ref() else {
                continue;
            };
            if market.quoted[number].price.is_zero() {
                continue;
            }
            let rule = &self.rules[number];
            let mut haircut = feed.haircut(rule, now)?;
            let mut newest_haircut = feed.newest_haircut(rule, now)?;
            let mut extra_haircut = Fraction::ZERO;
            if asset.is_member {
                extra_haircut = self.settings.member_extra;
            }
            if !self.variant.netting {
                // A group of its own bears the extra as a part of its haircut: all adds up.
                haircut = haircut.plus(extra_haircut)?;
                newest_haircut = newest_haircut.plus(extra_haircut)?;
                extra_haircut = Fraction::ZERO;
            }
            let factors = self.variant.factors(number, asset, self.settings);
            let risk = AssetRisk {
                extra_haircut,
                liquidity: market.liquidity(number),
                size_cap: self.variant.size_cap(self.settings),
            };
            let in_force = Loading::new(&factors, haircut, extra_haircut)?;
            let newest = if newest_haircut == haircut {
                in_force
            } else {
                Loading::new(&factors, newest_haircut, extra_haircut)?
            };
            self.assets[number] = Some(AssetTerms {
                decimals: asset.decimals,
                price: Price::ZERO,
                tradable: Tradable::No,
                factors,
                haircut,
                newest_haircut,
                risk,
                in_force,
                newest,
                size: SizeTerm {
                    liquidity: Usd::ZERO,
                    size_cap: risk.size_cap,
                },
            });
            self.reprice(market, number)?;
        }
        Ok(())
    }

    /// Takes over the price of one asset, after a sale has moved it.
    ///
    /// # Errors
    /// Values beyond range.
    pub fn reprice(&mut self, market: &Market<'_>, number: usize) -> RiskResult<()> {
        if let Some(terms) = &mut self.assets[number] {
            let quoted = &market.quoted[number];
            terms.price = quoted.price;
            terms.tradable = if quoted.is_fresh {
                Tradable::Yes
            } else {
                Tradable::No
            };
            terms.size.liquidity = quoted
                .price
                .value_floor(terms.risk.liquidity, terms.decimals)?;
        }
        Ok(())
    }

    /// The haircut in force of an asset, its own extra included.
    pub fn haircut(&self, asset: usize) -> f64 {
        self.assets[asset].map_or(0.0, |terms| {
            numbers::fraction(terms.haircut) + numbers::fraction(terms.risk.extra_haircut)
        })
    }

    /// Signed value: deposits round down, debts round up.
    ///
    /// # Errors
    /// Values beyond range.
    fn value(&self, position: &Position) -> RiskResult<Usd> {
        let Some(terms) = &self.assets[position.asset] else {
            return Ok(Usd::ZERO);
        };
        match position.side {
            Side::Deposit => terms.price.value_floor(position.amount, terms.decimals),
            Side::Debt => terms
                .price
                .value_ceil(position.amount, terms.decimals)
                .map(Usd::negated),
        }
    }

    /// `E`.
    ///
    /// # Errors
    /// Values beyond range.
    pub fn equity(&self, positions: &[Position]) -> RiskResult<Usd> {
        positions
            .iter()
            .try_fold(Usd::ZERO, |sum, position| sum.plus(self.value(position)?))
    }

    /// `M`.
    ///
    /// # Errors
    /// Values beyond range.
    pub fn maintenance(&self, positions: &[Position]) -> RiskResult<Usd> {
        self.margin(positions, |terms| terms.in_force)
    }

    /// Whether `E ≥ Σ (h + e + size_cap) |x|`, which `M` never exceeds: most accounts pass most of
    /// the time, and need no further look.
    pub fn is_plainly_safe(&self, positions: &[Position]) -> bool {
        let mut surplus = 0.0;
        for position in positions {
            let usd = self.usd(position.asset, position.amount);
            let most = self.haircut(position.asset) + self.size_cap;
            surplus += match position.side {
                Side::Deposit => usd * (1.0 - most),
                Side::Debt => -usd * (1.0 + most) * ROUNDING,
            };
        }
        surplus > 0.0
    }

    /// `I`, at mid prices: the guards of opening prices are against posts, not against markets.
    ///
    /// # Errors
    /// Values beyond range.
    pub fn initial(&self, positions: &[Position]) -> RiskResult<Usd> {
        let in_force = self.margin(positions, |terms| terms.in_force)?;
        let newest = self.margin(positions, |terms| terms.newest)?;
        in_force
            .max(newest)
            .mul_ceil(self.settings.margin.initial_factor)
    }

    fn margin(
        &self,
        positions: &[Position],
        loading: fn(&AssetTerms) -> Loading,
    ) -> RiskResult<Usd> {
        let mut exposures = Vec::with_capacity(positions.len());
        for position in positions {
            if let Some(terms) = &self.assets[position.asset] {
                exposures.push(Exposure {
                    value: self.value(position)?,
                    loading: loading(terms),
                    size: terms.size,
                });
            }
        }
        margin_ceil(&exposures, self.settings.margin.gross_factor)
    }

    /// The positions as the liquidation takes them.
    pub fn holdings(&self, positions: &[Position]) -> Vec<Holding> {
        positions
            .iter()
            .filter_map(|position| {
                let terms = self.assets[position.asset]?;
                Some(Holding {
                    side: position.side,
                    amount: position.amount,
                    decimals: terms.decimals,
                    quote: Quote {
                        mid: terms.price,
                        low: terms.price,
                        high: terms.price,
                        tradable: terms.tradable,
                    },
                    factors: terms.factors,
                    haircut: terms.haircut,
                    newest_haircut: terms.newest_haircut,
                    risk: terms.risk,
                })
            })
            .collect()
    }

    /// The largest value that can be owed against deposits, in USD: debts in these assets and in
    /// these parts of the whole, with `E ≥ I`.
    ///
    /// # Errors
    /// Values beyond range.
    pub fn limit(&self, deposits: &[Position], debts: &[(usize, f64)]) -> RiskResult<f64> {
        let most = numbers::usd(self.equity(deposits)?);
        let mut positions = deposits.to_vec();
        // In cents, so that the search has integers.
        let found = largest_floor(0, (most * 100.0) as u128, LIMIT_STEPS, &mut |cents| {
            positions.truncate(deposits.len());
            positions.extend(self.debts(debts, cents as f64 / 100.0));
            RiskResult::Ok(self.equity(&positions)? >= self.initial(&positions)?)
        })?;
        Ok(found as f64 / 100.0)
    }

    /// Debts worth so many USD in all.
    pub fn debts(&self, parts: &[(usize, f64)], usd: f64) -> Vec<Position> {
        parts
            .iter()
            .map(|(asset, part)| self.position(*asset, Side::Debt, usd * part))
            .collect()
    }

    /// A position worth so many USD.
    pub fn position(&self, asset: usize, side: Side, usd: f64) -> Position {
        let amount = self.assets[asset].map_or(Amount::ZERO, |terms| {
            let price = terms.price.0 as f64 / 1e18;
            numbers::units(usd / price, terms.decimals.into())
        });
        Position {
            asset,
            side,
            amount,
        }
    }

    /// What an amount is worth, USD.
    pub fn usd(&self, asset: usize, amount: Amount) -> f64 {
        self.assets[asset].map_or(0.0, |terms| {
            numbers::tokens(amount, terms.decimals.into()) * (terms.price.0 as f64 / 1e18)
        })
    }
}
