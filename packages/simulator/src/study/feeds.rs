//! The oracle's volatility of every base asset, with the oracle's own arithmetic.

use bulwark_risk::RiskResult;
use bulwark_risk::haircut::HaircutRule;
use bulwark_risk::ramp::{RampSpeed, VolatilityRamp};
use bulwark_risk::units::{Fraction, Price};
use bulwark_risk::volatility::Variances;

use super::config::initial_volatility;
use crate::prices::AssetGroup;

/// Seconds between two samples of variance at least, as feeds are set by default.
const SAMPLE_INTERVAL: u64 = 3_600;

/// One feed's volatility.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Feed {
    variances: Variances,
    ramp: VolatilityRamp,
    sampled: Price,
    sampled_at: u64,
}

impl Feed {
    /// A feed at its first price.
    ///
    /// # Errors
    /// None for the volatilities that feeds start with.
    pub fn new(group: AssetGroup, price: Price, now: u64) -> RiskResult<Self> {
        let initial = initial_volatility(group);
        Ok(Self {
            variances: Variances::seeded(initial)?,
            ramp: VolatilityRamp::flat(initial, now),
            sampled: price,
            sampled_at: now,
        })
    }

    /// Takes in an accepted price.
    ///
    /// # Errors
    /// None for prices above zero.
    pub fn observe(&mut self, price: Price, speed: &RampSpeed, now: u64) -> RiskResult<()> {
        let elapsed = now.saturating_sub(self.sampled_at);
        if elapsed < SAMPLE_INTERVAL {
            return Ok(());
        }
        self.variances = self.variances.sample(self.sampled, price, elapsed)?;
        self.ramp = self.ramp.toward(self.variances.volatility()?, speed, now)?;
        (self.sampled, self.sampled_at) = (price, now);
        Ok(())
    }

    /// The haircut in force by a rule.
    ///
    /// # Errors
    /// None for ramps of a feed.
    pub fn haircut(&self, rule: &HaircutRule, now: u64) -> RiskResult<Fraction> {
        rule.haircut(self.ramp.at(now)?)
    }

    /// The haircut by a rule at the larger of the newest volatility and the one in force.
    ///
    /// # Errors
    /// None for ramps of a feed.
    pub fn newest_haircut(&self, rule: &HaircutRule, now: u64) -> RiskResult<Fraction> {
        rule.haircut(self.ramp.target.max(self.ramp.at(now)?))
    }
}
