//! What makes variants comparable: equal average haircuts, and equal borrowing power.

use bulwark_risk::RiskResult;
use bulwark_risk::account::Side;
use bulwark_risk::haircut::HaircutRule;
use bulwark_risk::units::Fraction;

use super::config::{Settings, within_bounds};
use super::error::RunError;
use super::feeds::Feed;
use super::market::Market;
use super::owners::{FILLED, Owner, Wish};
use super::path::StudyPath;
use super::terms::{Position, Terms};
use super::variant::{Haircuts, Variant};
use crate::engine::numbers;

/// Openings that the borrowing power of a variant is measured on, at most.
pub const SAMPLE: usize = 400;

/// The span in which the scale of a variant's haircuts is looked for, and the halvings of it.
const SCALES: (f64, f64) = (0.2, 3.0);
const SCALE_STEPS: u32 = 14;

/// A row of the path as it is when nobody is forced to sell.
#[derive(Clone, Debug)]
pub struct Moment<'a> {
    /// The time, Unix seconds.
    pub now: u64,
    /// Prices and liquidity.
    pub market: Market<'a>,
    /// The volatility of every base asset.
    pub feeds: Vec<Option<Feed>>,
    /// Which assets the vault takes for new accounts.
    pub open: Vec<bool>,
}

/// A path when nobody is forced to sell. Everything that must not differ between variants is
/// read off it: haircuts to calibrate by, assets to choose from.
#[derive(Clone, Debug)]
pub struct Natural<'a> {
    path: &'a StudyPath,
    /// Row by row.
    pub moments: Vec<Moment<'a>>,
}

impl<'a> Natural<'a> {
    /// Plays the path without accounts.
    ///
    /// # Errors
    /// Prices that the contracts cannot represent.
    pub fn new(path: &'a StudyPath, settings: &Settings) -> Result<Self, RunError> {
        let mut market = Market::new(path, false);
        let mut feeds = vec![None; path.assets.len()];
        let mut moments = Vec::with_capacity(path.table.steps());
        for row in 0..path.table.steps() {
            let now = path.time(row);
            market.go_to(row)?;
            observe(&mut feeds, &market, path, settings, now)?;
            let open = (0..path.assets.len())
                .map(|asset| is_open(path, &market, &feeds, settings, asset, row))
                .collect::<RiskResult<_>>()?;
            moments.push(Moment {
                now,
                market: market.clone(),
                feeds: feeds.clone(),
                open,
            });
        }
        Ok(Self { path, moments })
    }

    /// The average haircut of every asset under its rule, over the time of the path and weighted
    /// by the price: the average that a holding of a fixed amount has. A member has its base's.
    ///
    /// # Errors
    /// None for feeds' volatilities.
    pub fn average_haircuts(&self, rules: &[HaircutRule]) -> RiskResult<Vec<f64>> {
        let mut averages = Vec::with_capacity(rules.len());
        for (asset, rule) in rules.iter().enumerate() {
            let base = self.path.assets[asset].base;
            let (mut sum, mut weights) = (0.0, 0.0);
            for (at, moment) in self.moments.iter().enumerate() {
                let Some(feed) = moment.feeds[base].as_ref() else {
                    continue;
                };
                let next = self.moments.get(at + 1).map_or(moment.now, |next| next.now);
                let weight = moment.market.price(base) * (next - moment.now) as f64;
                sum += weight * numbers::fraction(feed.haircut(rule, moment.now)?);
                weights += weight;
            }
            averages.push(if weights > 0.0 {
                sum / weights
            } else {
                numbers::fraction(rule.floor)
            });
        }
        Ok(averages)
    }

    /// The rules of every asset: volatility-driven ones with z, floor and cap times `scale`, or
    /// the constants that have the same averages.
    ///
    /// # Errors
    /// None for feeds' volatilities.
    pub fn rules(
        &self,
        settings: &Settings,
        haircuts: Haircuts,
        scale: f64,
    ) -> RiskResult<Vec<HaircutRule>> {
        let rules: Vec<HaircutRule> = self
            .path
            .assets
            .iter()
            .map(|asset| settings.scaled_rule(asset.group, scale))
            .collect();
        if haircuts == Haircuts::Volatility {
            return Ok(rules);
        }
        let averages = self.average_haircuts(&rules)?;
        Ok(rules
            .into_iter()
            .zip(averages)
            .map(|(rule, average)| {
                let constant = within_bounds(Fraction((average * 1e18) as u128));
                HaircutRule {
                    floor: constant,
                    cap: constant,
                    ..rule
                }
            })
            .collect())
    }

    /// What the owners could borrow in all under a variant, USD: the sum of the limits at a
    /// sample of their openings, at the path's own prices.
    ///
    /// # Errors
    /// Values beyond range.
    pub fn borrowing_power(
        &self,
        settings: &Settings,
        variant: Variant,
        rules: &[HaircutRule],
        sample: &[Opening],
    ) -> Result<f64, RunError> {
        let mut terms = Terms::new(self.path, settings, variant, rules);
        let (mut at, mut sum) = (None, 0.0);
        for opening in sample {
            let moment = &self.moments[opening.row];
            if at != Some(opening.row) {
                terms.update(&moment.market, &moment.feeds, moment.now)?;
                at = Some(opening.row);
            }
            let deposits = deposits(&terms, &opening.wish, opening.usd);
            sum += terms.limit(&deposits, &opening.wish.debts)?;
        }
        Ok(sum)
    }

    /// Openings to measure borrowing power on, in the order of time.
    pub fn sample(&self, owners: &[Owner]) -> Vec<Opening> {
        let mut renewals = vec![None; owners.len()];
        let mut openings = Vec::new();
        for (row, moment) in self.moments.iter().enumerate() {
            for (owner, renewal) in owners.iter().zip(&mut renewals) {
                let Some(due) = owner.due(*renewal, moment.now) else {
                    continue;
                };
                *renewal = Some(due);
                if let Some(wish) = owner.wish(self.path, &moment.open, due) {
                    let usd = deposit_usd(self.path, &moment.open, owner);
                    openings.push(Opening { row, wish, usd });
                }
            }
        }
        let every = openings.len().div_ceil(SAMPLE).max(1);
        openings.into_iter().step_by(every).collect()
    }

    /// The factor by which a variant's haircuts have to be scaled to allow the same borrowing as
    /// `power`.
    ///
    /// # Errors
    /// Values beyond range.
    pub fn scale_for(
        &self,
        settings: &Settings,
        variant: Variant,
        sample: &[Opening],
        power: f64,
    ) -> Result<f64, RunError> {
        let (mut low, mut high) = SCALES;
        for _ in 0..SCALE_STEPS {
            let middle = f64::midpoint(low, high);
            let rules = self.rules(settings, variant.haircuts, middle)?;
            if self.borrowing_power(settings, variant, &rules, sample)? > power {
                low = middle;
            } else {
                high = middle;
            }
        }
        Ok(f64::midpoint(low, high))
    }
}

/// An account that somebody wants to open.
#[derive(Clone, Debug)]
pub struct Opening {
    /// The row.
    pub row: usize,
    /// What is wanted.
    pub wish: Wish,
    /// The value of the deposits, USD.
    pub usd: f64,
}

/// What an owner deposits, USD.
pub fn deposit_usd(path: &StudyPath, open: &[bool], owner: &Owner) -> f64 {
    let volatile = path.assets.iter().zip(open);
    let depth: f64 = volatile
        .filter(|(asset, open)| **open && !asset.is_stable())
        .map(|(asset, _)| asset.liquidity_usd)
        .sum();
    owner.share * FILLED * depth
}

/// A wish's deposits worth so many USD.
pub fn deposits(terms: &Terms<'_>, wish: &Wish, usd: f64) -> Vec<Position> {
    wish.deposits
        .iter()
        .map(|(asset, part)| terms.position(*asset, Side::Deposit, usd * part))
        .collect()
}

/// Shows the fresh prices of base assets to their feeds.
///
/// # Errors
/// None for prices above zero.
pub fn observe(
    feeds: &mut [Option<Feed>],
    market: &Market<'_>,
    path: &StudyPath,
    settings: &Settings,
    now: u64,
) -> RiskResult<()> {
    for (number, asset) in path.assets.iter().enumerate() {
        let quoted = &market.quoted[number];
        if asset.is_member || !quoted.is_fresh {
            continue;
        }
        match &mut feeds[number] {
            Some(feed) => feed.observe(quoted.price, &settings.speed, now)?,
            none => *none = Some(Feed::new(asset.group, quoted.price, now)?),
        }
    }
    Ok(())
}

/// Whether the vault takes an asset for new accounts: it has a price, will have another one, and
/// is not so wild that its haircut would be at the cap.
fn is_open(
    path: &StudyPath,
    market: &Market<'_>,
    feeds: &[Option<Feed>],
    settings: &Settings,
    number: usize,
    row: usize,
) -> RiskResult<bool> {
    let asset = &path.assets[number];
    let Some(feed) = feeds[asset.base].as_ref() else {
        return Ok(false);
    };
    let rule = settings.rule(asset.group);
    let calm = feed.newest_haircut(&rule, path.time(row))? < rule.cap;
    let fresh = market.quoted[number].is_fresh && market.quoted[asset.base].is_fresh;
    Ok(fresh && calm && row < asset.last_row)
}
