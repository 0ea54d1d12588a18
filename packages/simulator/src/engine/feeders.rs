//! Feeders: they post each row twice, a minute apart, so that a jump is confirmed.

use bulwark_risk::units::Price;

use super::chain::Chain;
use super::{SimulationError, numbers};
use crate::prices::PriceTable;

/// Seconds between a row's first post and the one that confirms it.
const CONFIRMATION: u64 = 60;

/// Seconds after which the current row is posted once more while actors are busy: a price lives
/// for 120 s.
const REPOST: u64 = 90;

/// Posts rows of a path and keeps the current one fresh while something happens.
///
/// Between two rows, an hour or a day apart, nothing is posted and nothing happens: the feeds
/// go stale and come back with the next row.
#[derive(Debug, Default)]
pub struct Feeders {
    current: Vec<(String, Price)>,
    posted_at: u64,
}

impl Feeders {
    /// Waits for the row's time and posts it twice. Markets without a figure in the row are not
    /// posted: their feeds go stale.
    ///
    /// # Errors
    /// What the oracle refuses.
    pub fn post_row(
        &mut self,
        chain: &mut Chain,
        table: &PriceTable,
        row: usize,
    ) -> Result<(), SimulationError> {
        let due = table.timestamps.get(row).copied().unwrap_or_default();
        let wait = due.saturating_sub(chain.world.now()).max(1);
        chain.world.advance(wait);
        self.take(chain, table, row)?;
        self.post(chain)?;
        chain.world.advance(CONFIRMATION);
        self.post(chain)
    }

    /// Makes a row's prices the current ones, without posting them.
    ///
    /// # Errors
    /// [`SimulationError::BadPrice`].
    pub fn take(
        &mut self,
        chain: &mut Chain,
        table: &PriceTable,
        row: usize,
    ) -> Result<(), SimulationError> {
        self.current.clear();
        for market in &mut chain.markets {
            let price = table.price(&market.asset.symbol, row);
            market.priced = price.is_some();
            if let Some(price) = price {
                market.price = price;
                let posted = numbers::price(&market.asset.symbol, price)?;
                self.current.push((market.asset.denom.clone(), posted));
            }
        }
        Ok(())
    }

    /// Lets a block or a few pass, and posts the current row again before it gets old.
    ///
    /// # Errors
    /// What the oracle refuses.
    pub fn tick(&mut self, chain: &mut Chain, seconds: u64) -> Result<(), SimulationError> {
        chain.world.advance(seconds);
        if chain.world.now().saturating_sub(self.posted_at) >= REPOST {
            self.post(chain)?;
        }
        Ok(())
    }

    /// Posts the current row.
    ///
    /// # Errors
    /// What the oracle refuses.
    pub fn post(&mut self, chain: &mut Chain) -> Result<(), SimulationError> {
        let prices: Vec<(&str, Price)> = self
            .current
            .iter()
            .map(|(denom, price)| (denom.as_str(), *price))
            .collect();
        if !prices.is_empty() {
            chain.post(&prices)?;
        }
        self.posted_at = chain.world.now();
        Ok(())
    }
}
