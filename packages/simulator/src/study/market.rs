//! What the outside market does: the path's prices, and how forced sales move them.
//!
//! A market absorbs `L` tokens within a day. Selling `q` tokens at once moves the logarithm of the
//! price by `−2 q / L`, so that the average price of the sale lies `q / L` below the first: the
//! price that the size term `v² / L` charges. Buying moves it up alike. What was moved comes back
//! by `e^(−t / 1 day)`. Stablecoins are taken to absorb every sale at the path's price.

use bulwark_risk::units::{Amount, Price};

use super::error::RunError;
use super::path::StudyPath;
use crate::engine::numbers;

/// Seconds in which a moved price comes back to 1/e of its distance.
const RECOVERY: f64 = 86_400.0;

/// The part by which sales move the logarithm of a price, per part of the liquidity sold.
const STEEPNESS: f64 = 2.0;

/// A price is never moved further than to a tenth or to tenfold.
const LARGEST_MOVE: f64 = std::f64::consts::LN_10;

/// Seconds after which what a market absorbs is measured anew, on paths that are longer.
pub const REVIEW: u64 = 60 * 86_400;

/// A falling price raises the measured liquidity in tokens at most by this factor per review.
const LARGEST_RAISE: f64 = 2.0;

/// One asset in the outside market.
#[derive(Clone, Copy, Debug, Default)]
pub struct Quoted {
    /// The price, USD per whole token; zero before the first figure.
    pub price: Price,
    /// Whether the current row has a figure.
    pub is_fresh: bool,
    /// What the market absorbs within a day, in whole tokens.
    pub liquidity: f64,
    /// The path's price, USD per whole token.
    path_price: f64,
    /// How far sales have moved the logarithm of the price.
    moved: f64,
}

/// All assets of a path.
#[derive(Clone, Debug)]
pub struct Market<'a> {
    path: &'a StudyPath,
    /// The assets, in the path's order.
    pub quoted: Vec<Quoted>,
    with_impact: bool,
    now: u64,
    reviewed_at: u64,
    /// The furthest that sales have moved any price down, as a fraction of the price.
    pub deepest: f64,
}

impl<'a> Market<'a> {
    /// Before the first row.
    pub fn new(path: &'a StudyPath, with_impact: bool) -> Self {
        Self {
            path,
            quoted: vec![Quoted::default(); path.assets.len()],
            with_impact,
            now: path.time(0),
            reviewed_at: path.time(0),
            deepest: 0.0,
        }
    }

    /// Goes on to a row.
    ///
    /// # Errors
    /// [`RunError::Price`].
    pub fn go_to(&mut self, row: usize) -> Result<(), RunError> {
        let elapsed = self.path.time(row).saturating_sub(self.now);
        self.now = self.path.time(row);
        let review = self.now.saturating_sub(self.reviewed_at) >= REVIEW;
        if review {
            self.reviewed_at = self.now;
        }
        let path = self.path;
        for (number, asset) in path.assets.iter().enumerate() {
            let quoted = &mut self.quoted[number];
            quoted.moved *= (-(elapsed as f64) / RECOVERY).exp();
            let traded = row >= asset.first_row && row <= asset.last_row;
            let price = path.price(number, row).filter(|_| traded);
            quoted.is_fresh = price.is_some();
            let Some(price) = price else { continue };
            quoted.path_price = price;
            let depth = asset.liquidity_usd / price;
            if quoted.liquidity == 0.0 {
                quoted.liquidity = depth;
            } else if review {
                quoted.liquidity = depth.min(quoted.liquidity * LARGEST_RAISE);
            }
            self.reprice(number)?;
        }
        Ok(())
    }

    /// Somebody sells so many units of an asset; a negative number is bought.
    ///
    /// # Errors
    /// [`RunError::Price`].
    pub fn sell(&mut self, asset: usize, tokens: f64) -> Result<(), RunError> {
        if !self.moves(asset) {
            return Ok(());
        }
        let quoted = &mut self.quoted[asset];
        let moved = quoted.moved - STEEPNESS * tokens / quoted.liquidity;
        quoted.moved = moved.clamp(-LARGEST_MOVE, LARGEST_MOVE);
        self.deepest = self.deepest.max(1.0 - quoted.moved.exp());
        self.reprice(asset)
    }

    /// Whether sales move the price of an asset.
    pub fn moves(&self, asset: usize) -> bool {
        self.with_impact && !self.path.assets[asset].is_stable()
    }

    /// What the market absorbs within a day, in smallest units.
    pub fn liquidity(&self, asset: usize) -> Amount {
        let decimals = self.path.assets[asset].decimals;
        numbers::units(self.quoted[asset].liquidity, decimals.into()).max(Amount(1))
    }

    /// The price of an asset, USD per whole token.
    pub fn price(&self, asset: usize) -> f64 {
        self.quoted[asset].price.0 as f64 / 1e18
    }

    fn reprice(&mut self, number: usize) -> Result<(), RunError> {
        let quoted = &mut self.quoted[number];
        let price = quoted.path_price * quoted.moved.exp();
        quoted.price = numbers::price(&self.path.assets[number].symbol, price)?;
        Ok(())
    }
}
