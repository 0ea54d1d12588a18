//! Deploys the contracts, lists markets, and gives everybody money.

use bulwark_types::vault::{InstantiateMsg, OracleConfig, OracleMode, Parameters};
use bulwark_types::wire::WireError;
use bulwark_types::{caller, oracle};
use cosmwasm_std::{Binary, Deps, Empty, Env, StdResult, Timestamp, to_json_binary};
use cw_multi_test::{AppBuilder, ContractWrapper, Executor, MockApiBech32};

use crate::defaults;
use crate::error::wire_error;
use crate::market_spec::MarketSpec;
use crate::storage::SharedStorage;
use crate::world::{ACTORS, Codes, Contracts, PREFIX, World};

/// Whole tokens of each market that every named actor starts with.
const PURSE: u32 = 1_000_000_000;

type Edit<T> = Box<dyn FnOnce(&mut T)>;

/// Builds a [`World`].
pub struct WorldBuilder {
    markets: Vec<MarketSpec>,
    actors: Vec<String>,
    feeders: u8,
    quorum: u8,
    owner_delay: u64,
    start_time: u64,
    oracle_mode: OracleMode,
    edit_parameters: Vec<Edit<Parameters>>,
    edit_instantiate: Vec<Edit<InstantiateMsg>>,
}

impl Default for WorldBuilder {
    fn default() -> Self {
        Self {
            markets: Vec::new(),
            actors: ACTORS.map(str::to_owned).to_vec(),
            feeders: defaults::FEEDERS,
            quorum: defaults::QUORUM,
            owner_delay: 0,
            start_time: 1_600_000_000,
            oracle_mode: OracleMode::Raw,
            edit_parameters: Vec::new(),
            edit_instantiate: Vec::new(),
        }
    }
}

impl WorldBuilder {
    /// Adds a market; a member of a family comes after its base.
    #[must_use]
    pub fn with_market(mut self, market: MarketSpec) -> Self {
        self.markets.push(market);
        self
    }

    /// Adds an actor with money.
    #[must_use]
    pub fn with_actor(mut self, name: &str) -> Self {
        self.actors.push(name.into());
        self
    }

    /// How many feeders post, and how many fresh posts make a price.
    #[must_use]
    pub fn with_feeders(mut self, feeders: u8, quorum: u8) -> Self {
        (self.feeders, self.quorum) = (feeders, quorum);
        self
    }

    /// Seconds that changes of the owner wait in both contracts; 0 by default.
    #[must_use]
    pub fn with_owner_delay(mut self, seconds: u64) -> Self {
        self.owner_delay = seconds;
        self
    }

    /// Block time in seconds at which the built world stands.
    #[must_use]
    pub fn with_start_time(mut self, seconds: u64) -> Self {
        self.start_time = seconds;
        self
    }

    /// How the vault reads the oracle; raw boards by default.
    #[must_use]
    pub fn with_oracle_mode(mut self, mode: OracleMode) -> Self {
        self.oracle_mode = mode;
        self
    }

    /// Edits the parameters that the vault starts with.
    #[must_use]
    pub fn with_parameters(mut self, edit: impl FnOnce(&mut Parameters) + 'static) -> Self {
        self.edit_parameters.push(Box::new(edit));
        self
    }

    /// Edits the message that creates the vault.
    #[must_use]
    pub fn with_instantiate(mut self, edit: impl FnOnce(&mut InstantiateMsg) + 'static) -> Self {
        self.edit_instantiate.push(Box::new(edit));
        self
    }

    /// Builds the world: every market is listed and has its first price.
    ///
    /// # Errors
    /// What a contract refuses of the configuration.
    pub fn build(mut self) -> Result<World, WireError> {
        let mut world = self.deploy()?;
        // Changes wait once per feed and once per market; the world stands at its start time
        // when they have.
        for spec in self.markets.drain(..) {
            let symbol = spec.symbol.clone();
            world.list(spec, self.owner_delay)?;
            for actor in &self.actors {
                world.mint(actor, &symbol, PURSE)?;
            }
        }
        if world.now() < self.start_time {
            world.set_time(self.start_time);
            world.repost()?;
        }
        Ok(world)
    }

    fn deploy(&mut self) -> Result<World, WireError> {
        let storage = SharedStorage::default();
        let mut app = AppBuilder::new()
            .with_api(MockApiBech32::new(PREFIX))
            .with_storage(storage.clone())
            .build(|_, _, _| {});
        let changes = 2 * self.markets.len() as u64;
        // A second to spare, in which the first prices are posted anew after long delays.
        let waits = changes * self.owner_delay + u64::from(self.owner_delay > 0);
        let begin = self.start_time.saturating_sub(waits);
        app.update_block(|block| {
            block.chain_id = "bulwark-embedded".into();
            block.time = Timestamp::from_seconds(begin);
        });

        let owner = app.api().addr_make("owner");
        let guardian = app.api().addr_make("guardian").to_string();
        let feeders: Vec<_> = (0..self.feeders)
            .map(|number| app.api().addr_make(&format!("feeder-{number}")))
            .collect();
        let code = app.store_code(Box::new(ContractWrapper::new(
            bulwark_oracle::contract::execute,
            bulwark_oracle::contract::instantiate,
            bulwark_oracle::contract::query,
        )));
        let message = oracle::InstantiateMsg {
            owner: owner.to_string(),
            guardian: Some(guardian.clone()),
            feeders: feeders.iter().map(ToString::to_string).collect(),
            quorum: self.quorum,
            owner_delay: self.owner_delay,
        };
        let oracle = app
            .instantiate_contract(code, owner.clone(), &message, &[], "oracle", None)
            .map_err(|error| wire_error(&error))?;

        let code = app.store_code(Box::new(
            ContractWrapper::new(
                bulwark_caller::contract::execute,
                bulwark_caller::contract::instantiate,
                no_query,
            )
            .with_reply(bulwark_caller::contract::reply),
        ));
        let message = caller::InstantiateMsg {};
        let caller = app
            .instantiate_contract(code, owner.clone(), &message, &[], "caller", None)
            .map_err(|error| wire_error(&error))?;

        let mut message = InstantiateMsg {
            owner: owner.to_string(),
            guardian: Some(guardian),
            oracle: OracleConfig {
                address: oracle.to_string(),
                mode: self.oracle_mode,
            },
            caller: caller.to_string(),
            groups: defaults::GROUPS.map(str::to_owned).to_vec(),
            bounds: defaults::BOUNDS,
            cap_multiple: defaults::CAP_MULTIPLE,
            unpriced_grace: defaults::UNPRICED_GRACE,
            parameters: defaults::parameters(self.owner_delay),
        };
        for edit in self.edit_parameters.drain(..) {
            edit(&mut message.parameters);
        }
        for edit in self.edit_instantiate.drain(..) {
            edit(&mut message);
        }
        let code = app.store_code(Box::new(
            ContractWrapper::new(
                bulwark_vault::contract::execute,
                bulwark_vault::contract::instantiate,
                bulwark_vault::contract::query,
            )
            .with_reply(bulwark_vault::contract::reply),
        ));
        let vault = app
            .instantiate_contract(code, owner, &message, &[], "vault", None)
            .map_err(|error| wire_error(&error))?;
        let codes = Codes::store(&mut app);
        let contracts = Contracts {
            oracle,
            vault,
            caller,
        };
        Ok(World::new(app, storage, contracts, codes, feeders))
    }
}

/// The caller answers no queries; the embedded chain wants to hear that from somebody.
fn no_query(_: Deps<'_>, _: Env, query: Empty) -> StdResult<Binary> {
    to_json_binary(&query)
}
