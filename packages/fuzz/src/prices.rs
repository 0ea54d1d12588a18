//! Where prices go: calm days, jumps and crashes.

use bulwark_risk::units::Price;
use bulwark_types::oracle::PostedPrice;

use crate::dice::Dice;
use crate::stage::{Asset, Nature};

/// How strongly a price is drawn home at each move, so that a long run stays in bounds.
const PULL: f64 = 0.04;

/// True prices, which feeders post.
pub struct Prices {
    assets: Vec<Asset>,
    now: Vec<f64>,
}

impl Prices {
    /// Every price at home.
    #[must_use]
    pub fn of(assets: &[Asset]) -> Self {
        Self {
            assets: assets.to_vec(),
            now: assets.iter().map(|asset| asset.home).collect(),
        }
    }

    /// A calm move of everything; `spread` is what a price moves by at most, in percent.
    pub fn drift(&mut self, dice: &mut Dice, spread: f64) {
        for at in 0..self.now.len() {
            let part = match self.assets[at].nature {
                Nature::Stable => 0.05,
                Nature::Crypto | Nature::Thin => 1.0,
                Nature::Follows(_) => 0.1,
            };
            let factor = 1.0 + part * dice.real(-spread, spread) / 100.0;
            self.now[at] *= factor * (self.assets[at].home / self.now[at]).powf(PULL);
        }
        self.follow(dice);
    }

    /// One market's price is multiplied.
    pub fn jump(&mut self, dice: &mut Dice, market: usize, factor: f64) {
        if let Some(price) = self.now.get_mut(market) {
            *price *= factor;
        }
        self.follow(dice);
    }

    /// Everything that is not a stablecoin falls together.
    pub fn crash(&mut self, dice: &mut Dice, low: f64, high: f64) {
        for at in 0..self.now.len() {
            if self.assets[at].nature == Nature::Crypto {
                self.now[at] *= dice.real(low, high);
            }
        }
        self.follow(dice);
    }

    /// Everything back to where it came from.
    pub fn recover(&mut self) {
        self.now = self.assets.iter().map(|asset| asset.home).collect();
    }

    fn follow(&mut self, dice: &mut Dice) {
        for at in 0..self.now.len() {
            if let Nature::Follows(base) = self.assets[at].nature {
                let rate = self.assets[at].home / self.assets[base].home;
                self.now[at] = self.now[base] * rate * dice.real(0.97, 1.0);
            }
            self.now[at] =
                self.now[at].clamp(self.assets[at].home / 1e4, self.assets[at].home * 100.0);
        }
    }

    /// A market's true price, USD.
    #[must_use]
    pub fn of_market(&self, market: usize) -> f64 {
        self.now.get(market).copied().unwrap_or(1.0)
    }

    /// What a feeder sees of everything that is posted, off by a little of its own.
    pub fn observed(&self, dice: &mut Dice, published_at: u64) -> Vec<PostedPrice> {
        let posted = self
            .assets
            .iter()
            .zip(&self.now)
            .filter(|(asset, _)| asset.posted);
        posted
            .map(|(asset, price)| PostedPrice {
                asset: asset.name.clone(),
                price: Price((price * dice.real(0.9995, 1.0005) * 1e18) as u128),
                conf: None,
                published_at,
            })
            .collect()
    }
}
