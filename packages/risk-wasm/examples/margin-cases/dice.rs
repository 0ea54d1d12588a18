//! Where all chance comes from.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// A seeded source of chance.
pub struct Dice(ChaCha8Rng);

impl Dice {
    /// The dice of a seed.
    pub fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    /// Whether something of so many percent happens.
    pub fn chance(&mut self, percent: u32) -> bool {
        self.0.random_range(0..100) < percent
    }

    /// A number from `low` to `high`, both included.
    pub fn between(&mut self, low: u64, high: u64) -> u64 {
        self.0.random_range(low..=high)
    }

    /// A number from `low` to `high`.
    pub fn real(&mut self, low: f64, high: f64) -> f64 {
        self.0.random_range(low..high)
    }

    /// A number from `low` to `high`, every order of magnitude as likely as any other.
    pub fn magnitude(&mut self, low: f64, high: f64) -> f64 {
        self.real(low.ln(), high.ln()).exp()
    }

    /// Some of these, in random order.
    pub fn some<'a, T>(&mut self, among: &'a [T], count: usize) -> Vec<&'a T> {
        let mut left: Vec<&T> = among.iter().collect();
        let mut taken = Vec::new();
        while taken.len() < count && !left.is_empty() {
            let at = self.0.random_range(0..left.len());
            taken.push(left.swap_remove(at));
        }
        taken
    }
}
