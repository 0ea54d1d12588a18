//! Listing markets.

use bulwark_types::oracle;
use bulwark_types::vault::ExecuteMsg;
use bulwark_types::wire::WireError;

use super::World;
use crate::market_spec::MarketSpec;

impl World {
    /// Sets up an asset's feed, posts its first price and lists its market; waits so many
    /// seconds for each change of the owner.
    ///
    /// # Errors
    /// What a contract refuses of the configuration.
    pub fn list(&mut self, mut spec: MarketSpec, owner_delay: u64) -> Result<(), WireError> {
        if spec.is_cw20 {
            spec.denom = self.make_token(&spec.symbol, spec.decimals)?;
        }
        let terms = spec.terms(self.markets())?;
        let set_feed = oracle::ExecuteMsg::SetFeed {
            asset: spec.denom.clone(),
            feed: terms.feed,
        };
        self.execute_oracle("owner", set_feed)?;
        self.settle_oracle_changes(owner_delay)?;
        // A market is listed only once its asset has had a first price.
        self.post_price(&[(spec.denom.as_str(), terms.first_price)])?;
        self.execute("owner", ExecuteMsg::ListMarket(terms.listing), Vec::new())?;
        self.settle_vault_changes(owner_delay)?;
        self.add_market(spec);
        Ok(())
    }
}
