//! What is found on the chain.

use std::collections::BTreeMap;

use bulwark_types::governance::{OwnershipResponse, PendingChange};
use bulwark_types::{oracle, vault};

use crate::step::Kind;

/// What is found on the chain.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    /// Block time in seconds.
    pub now: u64,
    /// Codes that there are, by their checksum: numbers.
    pub codes: BTreeMap<String, u64>,
    /// The contracts that there are.
    pub contracts: BTreeMap<Kind, FoundContract>,
    /// The oracle's state, if there is one.
    pub oracle: Option<FoundOracle>,
    /// The vault's state, if there is one.
    pub vault: Option<FoundVault>,
}

/// A contract on the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundContract {
    /// Its address.
    pub address: String,
    /// Its code.
    pub code_id: u64,
    /// SHA-256 of that.
    pub checksum: String,
    /// Who may migrate it.
    pub admin: Option<String>,
}

/// An oracle's state.
#[derive(Clone, Debug, PartialEq)]
pub struct FoundOracle {
    /// Roles and delay.
    pub config: oracle::ConfigResponse,
    /// Who owns it.
    pub ownership: OwnershipResponse,
    /// Feeds by asset, and whether they have a price.
    pub feeds: BTreeMap<String, FoundFeed>,
    /// Changes that wait.
    pub changes: Vec<PendingChange<oracle::Change>>,
}

/// A feed.
#[derive(Clone, Debug, PartialEq)]
pub struct FoundFeed {
    /// Its configuration.
    pub feed: oracle::Feed,
    /// Whether it has had a first price.
    pub has_price: bool,
}

/// A vault's state.
#[derive(Clone, Debug, PartialEq)]
pub struct FoundVault {
    /// Parameters, bounds and roles.
    pub config: vault::ConfigResponse,
    /// Who owns it.
    pub ownership: OwnershipResponse,
    /// Markets by asset.
    pub markets: BTreeMap<String, vault::MarketResponse>,
    /// Changes that wait.
    pub changes: Vec<PendingChange<vault::Change>>,
}
