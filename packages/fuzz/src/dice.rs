//! Where all chance comes from: the same seed draws the same messages.

use bulwark_risk::units::Amount;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// A seeded source of chance.
pub struct Dice(ChaCha8Rng);

impl Dice {
    /// The dice of a seed.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    /// Whether something of so many percent happens.
    pub fn chance(&mut self, percent: u32) -> bool {
        self.0.random_range(0..100) < percent
    }

    /// A number from `low` to `high`, both included.
    pub fn between(&mut self, low: u64, high: u64) -> u64 {
        self.0.random_range(low..=high.max(low))
    }

    /// A number from `low` to `high`.
    pub fn real(&mut self, low: f64, high: f64) -> f64 {
        self.0.random_range(low..high)
    }

    /// One of several, if there are any.
    pub fn pick<'a, T>(&mut self, among: &'a [T]) -> Option<&'a T> {
        among.get(self.between(0, among.len().max(1) as u64 - 1) as usize)
    }

    /// A position among weights, each as likely as it is heavy.
    pub fn weighted(&mut self, weights: impl Iterator<Item = u32> + Clone) -> Option<usize> {
        let total: u32 = weights.clone().sum();
        let mut left = self.between(1, u64::from(total)) as u32;
        weights.into_iter().position(|weight| {
            let found = left <= weight;
            left = left.saturating_sub(weight);
            found
        })
    }

    /// USD from `low` to `high`, every order of magnitude as likely as any other.
    pub fn usd(&mut self, low: f64, high: f64) -> f64 {
        self.real(low.ln(), high.ln()).exp()
    }

    /// A part of an amount: all, a smallest unit, or anything between.
    pub fn part(&mut self, whole: Amount) -> Amount {
        match self.between(0, 9) {
            0 => Amount(1),
            1..=3 => whole,
            4 => Amount(whole.0.saturating_sub(1).max(1)),
            _ => self.scaled(whole, 0.01, 1.0),
        }
    }

    /// An amount times something from `low` to `high`, at least one unit.
    pub fn scaled(&mut self, whole: Amount, low: f64, high: f64) -> Amount {
        // Parts in a million: amounts go beyond what a float counts exactly.
        let millionths = (self.real(low, high) * 1e6) as u128;
        Amount(
            (whole.0 / 1_000_000 * millionths + whole.0 % 1_000_000 * millionths / 1_000_000)
                .max(1),
        )
    }
}
