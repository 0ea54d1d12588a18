//! The embedded chain with both contracts, driven by names instead of addresses.

mod journal;
mod listing;
mod messages;
mod prices;
mod queries;
mod swaps;
mod tokens;

use std::collections::BTreeMap;

use bulwark_risk::units::{Amount, Price};
use bulwark_types::events::EventError;
use bulwark_types::token::TokenKind;
use bulwark_types::vault::{AccountRef, Vault};
use bulwark_types::wire::WireError;
use cosmwasm_std::{Addr, BlockInfo, Coin, Event};
use cw_multi_test::{App, AppResponse, BankKeeper, MockApiBech32};

use crate::WorldBuilder;
use crate::error::scenario_error;
use crate::market_spec::MarketSpec;
use crate::storage::{SharedStorage, Snapshot};
use crate::terms::{Account, Quantity};

pub use journal::{Outcome, Step, Target};
pub use swaps::SwapPool;
pub(crate) use tokens::Codes;
pub use tokens::hook_of;

/// The embedded chain.
pub type Embedded = App<BankKeeper, MockApiBech32, SharedStorage>;

/// Prefix of the chain's addresses.
pub(crate) const PREFIX: &str = "bulwark";

/// Actors that every world gives money to.
pub(crate) const ACTORS: [&str; 7] = [
    "owner", "guardian", "keeper", "alice", "bob", "carol", "mallory",
];

/// Seconds per block of the embedded chain.
const BLOCK_SECONDS: u64 = 6;

/// What messages answer: the chain's response, or the error as clients can parse it.
pub type Answer = Result<AppResponse, WireError>;

/// An embedded chain with both contracts, named actors and markets.
pub struct World {
    app: Embedded,
    storage: SharedStorage,
    oracle: Addr,
    vault: Vault,
    caller: Addr,
    codes: Codes,
    feeders: Vec<Addr>,
    markets: Vec<MarketSpec>,
    /// Last posted price by denom.
    posted: BTreeMap<String, Price>,
    /// Steps since an auditor looked; none while nobody audits.
    journal: Option<Vec<Step>>,
    /// The invariant that the forks of an audit break on purpose.
    interference: Option<u8>,
}

/// Addresses of the contracts of every world.
pub(crate) struct Contracts {
    pub(crate) oracle: Addr,
    pub(crate) vault: Addr,
    pub(crate) caller: Addr,
}

/// Everything that a fork puts back.
struct Checkpoint {
    state: Snapshot,
    block: BlockInfo,
    posted: BTreeMap<String, Price>,
    journal: Option<Vec<Step>>,
}

/// The typed events of one kind in a response, in their order.
#[must_use]
pub fn events_of<'a, T>(response: &'a AppResponse) -> Vec<T>
where
    T: TryFrom<&'a Event, Error = EventError>,
{
    response
        .events
        .iter()
        .filter_map(|event| T::try_from(event).ok())
        .collect()
}

impl World {
    /// Starts building a world.
    #[must_use]
    pub fn builder() -> WorldBuilder {
        WorldBuilder::default()
    }

    /// USDC at 1, ATOM at 10, BTC at 60,000 and ETH at 2,000 USD, with the defaults.
    ///
    /// # Errors
    /// None unless the contracts refuse the defaults.
    pub fn standard() -> Result<Self, WireError> {
        Self::builder()
            .with_market(MarketSpec::usd("USDC"))
            .with_market(MarketSpec::crypto("ATOM").with_price(10))
            .with_market(
                MarketSpec::crypto("BTC")
                    .with_decimals(8)
                    .with_price(60_000),
            )
            .with_market(
                MarketSpec::crypto("ETH")
                    .with_decimals(18)
                    .with_price(2_000),
            )
            .build()
    }

    pub(crate) fn new(
        app: Embedded,
        storage: SharedStorage,
        contracts: Contracts,
        codes: Codes,
        feeders: Vec<Addr>,
    ) -> Self {
        let Contracts {
            oracle,
            vault,
            caller,
        } = contracts;
        Self {
            app,
            storage,
            oracle,
            vault: Vault { address: vault },
            caller,
            codes,
            feeders,
            markets: Vec::new(),
            posted: BTreeMap::new(),
            journal: None,
            interference: None,
        }
    }

    pub(crate) fn add_market(&mut self, market: MarketSpec) {
        self.markets.push(market);
    }

    /// The embedded chain.
    #[must_use]
    pub fn app(&self) -> &Embedded {
        &self.app
    }

    /// The embedded chain, for what this world has no word for. What is done through it does
    /// not reach the journal.
    pub fn app_mut(&mut self) -> &mut Embedded {
        &mut self.app
    }

    /// Address of the vault.
    #[must_use]
    pub fn vault(&self) -> &Addr {
        &self.vault.address
    }

    /// Address of the oracle.
    #[must_use]
    pub fn oracle(&self) -> &Addr {
        &self.oracle
    }

    /// Address of the caller.
    #[must_use]
    pub fn caller(&self) -> &Addr {
        &self.caller
    }

    /// Addresses of the feeders.
    #[must_use]
    pub fn feeders(&self) -> &[Addr] {
        &self.feeders
    }

    /// Markets in the order of their listing: the position is the market's number.
    #[must_use]
    pub fn markets(&self) -> &[MarketSpec] {
        &self.markets
    }

    /// The address of a name; an address stands for itself.
    #[must_use]
    pub fn address(&self, name: &str) -> Addr {
        let is_address = name
            .strip_prefix(PREFIX)
            .is_some_and(|rest| rest.starts_with('1') && rest.len() > 38);
        if is_address {
            Addr::unchecked(name)
        } else {
            self.app.api().addr_make(name)
        }
    }

    /// The account reference of a named account.
    #[must_use]
    pub fn account_ref(&self, account: impl Into<Account>) -> AccountRef {
        let account = account.into();
        AccountRef {
            owner: self.address(&account.owner).into_string(),
            id: account.id,
        }
    }

    /// The asset of a symbol; what is no symbol of this world stands for itself.
    #[must_use]
    pub fn asset(&self, symbol: &str) -> String {
        self.spec(symbol)
            .map_or_else(|_| symbol.to_owned(), |market| market.denom.clone())
    }

    fn spec(&self, asset: &str) -> Result<&MarketSpec, WireError> {
        self.markets
            .iter()
            .find(|market| market.symbol == asset || market.denom == asset)
            .ok_or_else(|| scenario_error(format_args!("{asset} is no market of this world")))
    }

    /// Smallest units of an asset. Of an asset without a market only smallest units are known.
    ///
    /// # Errors
    /// For text that is no number, or whole tokens of an asset without a market.
    pub fn units(&self, asset: &str, quantity: impl Into<Quantity>) -> Result<Amount, WireError> {
        match quantity.into() {
            Quantity::Units(amount) => Ok(amount),
            tokens @ Quantity::Tokens(_) => tokens.units(self.spec(asset)?.decimals),
        }
    }

    /// Funds of one coin.
    ///
    /// # Errors
    /// See [`Self::units`].
    pub fn coins(
        &self,
        asset: &str,
        quantity: impl Into<Quantity>,
    ) -> Result<Vec<Coin>, WireError> {
        let amount = self.units(asset, quantity)?;
        Ok(vec![Coin::new(amount.0, self.asset(asset))])
    }

    /// Block time in seconds.
    #[must_use]
    pub fn now(&self) -> u64 {
        self.app.block_info().time.seconds()
    }

    /// Lets time pass, with the blocks that belong to it.
    pub fn advance(&mut self, seconds: u64) {
        self.app.update_block(|block| {
            block.time = block.time.plus_seconds(seconds);
            block.height += seconds.div_ceil(BLOCK_SECONDS);
        });
    }

    pub(crate) fn set_time(&mut self, seconds: u64) {
        let missing = seconds.saturating_sub(self.now());
        self.advance(missing);
    }

    /// What somebody has in the wallet, smallest units.
    #[must_use]
    pub fn balance(&self, name: &str, asset: &str) -> Amount {
        self.balance_of(&self.address(name), &self.asset(asset))
    }

    /// What an address has in the wallet, smallest units.
    #[must_use]
    pub fn balance_of(&self, address: &Addr, denom: &str) -> Amount {
        TokenKind::of(denom)
            .balance(self.app.wrap(), address.as_str())
            .unwrap_or_default()
    }

    /// The state of the chain as it is now; costs next to nothing.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        self.storage.snapshot()
    }

    /// The live storage of the chain, for tests that corrupt it.
    #[must_use]
    pub fn storage(&self) -> SharedStorage {
        self.storage.clone()
    }

    /// Runs something and puts everything back: state, block and journal.
    pub fn fork<R>(&mut self, run: impl FnOnce(&mut Self) -> R) -> R {
        let checkpoint = Checkpoint {
            state: self.storage.snapshot(),
            block: self.app.block_info(),
            posted: self.posted.clone(),
            journal: self.journal.take(),
        };
        let result = run(self);
        self.storage.restore(checkpoint.state);
        self.app.set_block(checkpoint.block);
        self.posted = checkpoint.posted;
        self.journal = checkpoint.journal;
        result
    }

    /// As [`Self::fork`], from another state and block than now.
    pub(crate) fn fork_at<R>(
        &mut self,
        state: &Snapshot,
        block: &BlockInfo,
        run: impl FnOnce(&mut Self) -> R,
    ) -> R {
        self.fork(|world| {
            world.storage.restore(state.clone());
            world.app.set_block(block.clone());
            run(world)
        })
    }
}
