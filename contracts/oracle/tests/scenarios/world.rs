//! An oracle with named actors on an embedded chain.

use bulwark_oracle::{ContractError, contract};
use bulwark_risk::ramp::RampSpeed;
use bulwark_risk::units::{Fraction, Price};
use bulwark_types::events::EventError;
use bulwark_types::oracle::{
    Change, ExecuteMsg, Feed, FeedResponse, InstantiateMsg, MigrateMsg, Oracle, PostedPrice,
    PriceRecord, PriceResponse, QueryMsg, Source,
};
use bulwark_types::wire::WireError;
use cosmwasm_std::testing::MockApi;
use cosmwasm_std::{
    Addr, Coin, DepsMut, Empty, Env, Event, MigrateInfo, Response, StdResult, coin,
};
use cw_multi_test::{App, AppBuilder, AppResponse, Contract, ContractWrapper, Executor};
use serde::de::DeserializeOwned;

/// The asset that most scenarios are about.
pub const ATOM: &str = "uatom";

pub fn usd(text: &str) -> Price {
    text.parse().unwrap()
}

/// A feed of posted prices with the defaults of the design.
pub fn posted() -> Feed {
    Feed {
        sources: vec![Source::Posted {}],
        depositable: true,
        max_age: 120,
        max_jump: Fraction::percent(15),
        jump_wait: 30,
        max_conf: Fraction::percent(3),
        min_conf: Fraction::basis_points(10),
        ema_tau: 1800,
        sample_interval: 3600,
        initial_volatility: Fraction::percent(4),
        volatility_speed: RampSpeed {
            rise: Fraction::basis_points(20),
            fall: Fraction::basis_points(5),
        },
    }
}

pub fn fixed(price: &str) -> Feed {
    Feed {
        sources: vec![Source::Fixed { price: usd(price) }],
        depositable: false,
        ..posted()
    }
}

pub fn code() -> Box<dyn Contract<Empty>> {
    Box::new(
        ContractWrapper::new(contract::execute, contract::instantiate, contract::query)
            .with_migrate(migrate),
    )
}

/// The embedded chain also tells who migrates; the contract does not ask.
fn migrate(
    deps: DepsMut,
    env: Env,
    msg: MigrateMsg,
    _info: MigrateInfo,
) -> Result<Response, ContractError> {
    contract::migrate(deps, env, msg)
}

pub struct World {
    pub app: App,
    pub oracle: Addr,
    pub owner: Addr,
    pub guardian: Addr,
    pub stranger: Addr,
    pub feeders: Vec<Addr>,
}

impl World {
    /// Five feeders, a quorum of three, no delay, a posted feed of [`ATOM`] without a price.
    pub fn new() -> Self {
        let mut world = Self::with_delay(0);
        world.set_feed(ATOM, posted()).unwrap();
        world
    }

    /// The same with [`ATOM`] at a price, a block later.
    pub fn at(price: &str) -> Self {
        let mut world = Self::new();
        world.post_all(ATOM, price);
        world.wait(60);
        world
    }

    /// Without any feed.
    pub fn with_delay(owner_delay: u64) -> Self {
        Self::instantiate(|msg| msg.owner_delay = owner_delay).unwrap()
    }

    pub fn instantiate(change: impl FnOnce(&mut InstantiateMsg)) -> Result<Self, WireError> {
        Self::instantiate_with(change, &[])
    }

    pub fn instantiate_with(
        change: impl FnOnce(&mut InstantiateMsg),
        funds: &[Coin],
    ) -> Result<Self, WireError> {
        let api = MockApi::default();
        let actor = |name: &str| api.addr_make(name);
        let mut app = AppBuilder::new().build(|router, _, storage| {
            for rich in ["owner", "feeder0"] {
                let coins = vec![coin(1_000, ATOM)];
                router
                    .bank
                    .init_balance(storage, &actor(rich), coins)
                    .unwrap();
            }
        });
        let feeders: Vec<_> = (0..5).map(|i| actor(&format!("feeder{i}"))).collect();
        let owner = actor("owner");
        let mut msg = InstantiateMsg {
            owner: owner.to_string(),
            guardian: Some(actor("guardian").to_string()),
            feeders: feeders.iter().map(Addr::to_string).collect(),
            quorum: 3,
            owner_delay: 0,
        };
        change(&mut msg);
        let code_id = app.store_code(code());
        let admin = Some(owner.to_string());
        let oracle = app
            .instantiate_contract(code_id, owner.clone(), &msg, funds, "oracle", admin)
            .map_err(wire)?;
        Ok(Self {
            oracle,
            owner,
            guardian: actor("guardian"),
            stranger: actor("stranger"),
            feeders,
            app,
        })
    }

    pub fn now(&self) -> u64 {
        self.app.block_info().time.seconds()
    }

    /// The next block, this much later.
    pub fn wait(&mut self, seconds: u64) -> &mut Self {
        self.app.update_block(|block| {
            block.time = block.time.plus_seconds(seconds);
            block.height += 1;
        });
        self
    }

    pub fn execute(&mut self, sender: &Addr, msg: &ExecuteMsg) -> Result<AppResponse, WireError> {
        self.execute_with(sender, msg, &[])
    }

    pub fn execute_with(
        &mut self,
        sender: &Addr,
        msg: &ExecuteMsg,
        funds: &[Coin],
    ) -> Result<AppResponse, WireError> {
        let oracle = self.oracle.clone();
        self.app
            .execute_contract(sender.clone(), oracle, msg, funds)
            .map_err(wire)
    }

    pub fn set_feed(&mut self, asset: &str, feed: Feed) -> Result<AppResponse, WireError> {
        let (owner, asset) = (self.owner.clone(), asset.to_owned());
        self.execute(&owner, &ExecuteMsg::SetFeed { asset, feed })
    }

    /// One feeder posts prices that it observed now.
    pub fn post(
        &mut self,
        feeder: usize,
        prices: &[(&str, &str)],
    ) -> Result<AppResponse, WireError> {
        let now = self.now();
        let prices = prices
            .iter()
            .map(|(asset, price)| observed(asset, usd(price), now))
            .collect();
        self.send_prices(feeder, prices)
    }

    pub fn send_prices(
        &mut self,
        feeder: usize,
        prices: Vec<PostedPrice>,
    ) -> Result<AppResponse, WireError> {
        let feeder = self.feeders[feeder].clone();
        self.execute(&feeder, &ExecuteMsg::PostPrices { prices })
    }

    /// All feeders post the same, observed now, in this block.
    pub fn post_all(&mut self, asset: &str, price: &str) {
        for feeder in 0..self.feeders.len() {
            self.post(feeder, &[(asset, price)]).unwrap();
        }
    }

    /// The record, read as another contract does.
    pub fn record_of(&self, asset: &str) -> Option<PriceRecord> {
        let slot = self.feed(asset).unwrap().slot;
        let oracle = Oracle {
            address: &self.oracle,
        };
        let board = oracle.board(self.app.wrap(), slot.board).unwrap()?;
        board.record(slot.slot).copied()
    }

    /// The record of [`ATOM`].
    pub fn record(&self) -> PriceRecord {
        self.record_of(ATOM).unwrap()
    }

    pub fn feed(&self, asset: &str) -> Result<FeedResponse, WireError> {
        self.query(&QueryMsg::Feed {
            asset: asset.into(),
        })
    }

    pub fn price(&self, asset: &str) -> Result<PriceResponse, WireError> {
        self.query(&QueryMsg::Price {
            asset: asset.into(),
        })
    }

    pub fn query<T: DeserializeOwned>(&self, msg: &QueryMsg) -> Result<T, WireError> {
        let answer: StdResult<T> = self.app.wrap().query_wasm_smart(&self.oracle, msg);
        answer.map_err(wire)
    }

    pub fn changes(&self) -> Vec<bulwark_types::governance::PendingChange<Change>> {
        self.query(&QueryMsg::Changes {
            start_after: None,
            limit: None,
        })
        .unwrap()
    }
}

pub fn observed(asset: &str, price: Price, published_at: u64) -> PostedPrice {
    PostedPrice {
        asset: asset.into(),
        price,
        conf: None,
        published_at,
    }
}

/// The typed events of one kind in a response.
pub fn events<'a, T>(response: &'a AppResponse) -> Vec<T>
where
    T: TryFrom<&'a Event, Error = EventError>,
{
    response
        .events
        .iter()
        .filter_map(|event| T::try_from(event).ok())
        .collect()
}

/// The error that a chain's text carries.
pub fn wire(error: impl std::fmt::Display) -> WireError {
    let text = format!("{error:#}");
    WireError::find(&text).unwrap_or_else(|| panic!("not an error of the contract: {text}"))
}

/// Checks name and fields of an error.
#[track_caller]
pub fn assert_refused<T>(result: Result<T, WireError>, name: &str, fields: &str) {
    let Err(error) = result else {
        panic!("{name} was not refused");
    };
    assert_eq!((error.name.as_str(), error.fields.as_str()), (name, fields));
}
