//! Feeders that post. Each posts an asset at most once in a second: let time pass in between.

use bulwark_risk::units::Price;
use bulwark_types::oracle::{ExecuteMsg, PostedPrice};
use bulwark_types::wire::WireError;

use super::World;
use crate::error::scenario_error;

/// Seconds between a post and the one that confirms it.
const CONFIRMATION: u64 = 60;

impl World {
    /// All feeders post prices in USD per whole token, observed now.
    ///
    /// # Errors
    /// What the oracle refuses, and text that is no price.
    pub fn post(&mut self, prices: &[(&str, &str)]) -> Result<(), WireError> {
        let parse = |(asset, price): &(&str, &str)| {
            let parsed: Result<Price, _> = price.parse();
            let known = self.asset(asset);
            parsed
                .map(|price| (known, price))
                .map_err(|error| scenario_error(format_args!("{asset}: {error}")))
        };
        let prices: Vec<(String, Price)> = prices.iter().map(parse).collect::<Result<_, _>>()?;
        self.post_all(prices)
    }

    /// As [`Self::post`], with typed prices.
    ///
    /// # Errors
    /// What the oracle refuses.
    pub fn post_price(&mut self, prices: &[(&str, Price)]) -> Result<(), WireError> {
        let known = |(asset, price): &(&str, Price)| (self.asset(asset), *price);
        let prices = prices.iter().map(known).collect();
        self.post_all(prices)
    }

    /// All feeders post each asset's last posted price again, observed now.
    ///
    /// # Errors
    /// What the oracle refuses.
    pub fn repost(&mut self) -> Result<(), WireError> {
        let prices = self.posted.clone().into_iter().collect();
        self.post_all(prices)
    }

    /// Posts, waits a minute and posts again, so that a jump is confirmed; assets that are not
    /// named are posted again at their last price.
    ///
    /// # Errors
    /// What the oracle refuses.
    pub fn post_confirmed(&mut self, prices: &[(&str, &str)]) -> Result<(), WireError> {
        self.post(prices)?;
        self.advance(CONFIRMATION);
        self.repost()
    }

    /// Lets time pass, posting each asset's last price at the end.
    ///
    /// # Errors
    /// What the oracle refuses.
    pub fn advance_and_repost(&mut self, seconds: u64) -> Result<(), WireError> {
        self.advance(seconds);
        self.repost()
    }

    /// The price last posted for an asset.
    #[must_use]
    pub fn last_posted(&self, asset: &str) -> Option<Price> {
        self.posted.get(&self.asset(asset)).copied()
    }

    fn post_all(&mut self, prices: Vec<(String, Price)>) -> Result<(), WireError> {
        let published_at = self.now();
        let observations: Vec<PostedPrice> = prices
            .iter()
            .map(|(asset, price)| PostedPrice {
                asset: asset.clone(),
                price: *price,
                conf: None,
                published_at,
            })
            .collect();
        for feeder in self.feeders.clone() {
            let prices = observations.clone();
            self.execute_oracle(feeder.as_str(), ExecuteMsg::PostPrices { prices })?;
        }
        self.posted.extend(prices);
        Ok(())
    }
}
