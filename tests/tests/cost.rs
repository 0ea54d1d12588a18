//! Cost: no message reads or writes more because there are more accounts or more markets.
//!
//! The messages run on a copy of a world's records in a storage that counts; prices come from
//! the world's oracle, and each query of it is counted too.

use std::cell::Cell;

use bulwark_risk::units::Amount;
use bulwark_testing::{MarketSpec, World};
use bulwark_tests::{falls, interest_free, supply, world_of};
use bulwark_types::decode::Decoded;
use bulwark_types::governance::OwnershipAction;
use bulwark_types::vault::{
    AccountRef, ExecuteMsg, FamilyListing, MarketListing, MarketUpdate, ParametersUpdate,
    PausableAction,
};
use cosmwasm_std::testing::{MockStorage, message_info, mock_env};
use cosmwasm_std::{
    Addr, Coin, ContractInfo, DepsMut, Env, Order, Querier, QuerierResult, QuerierWrapper, Record,
    Storage,
};

/// What a message did with its storage and with the oracle.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Cost {
    reads: u32,
    writes: u32,
    removals: u32,
    scans: u32,
    queries: u32,
}

#[derive(Default)]
struct Counting {
    records: MockStorage,
    reads: Cell<u32>,
    scans: Cell<u32>,
    writes: u32,
    removals: u32,
}

impl Storage for Counting {
    fn get(&self, key: &[u8]) -> Option<Vec<u8>> {
        self.reads.set(self.reads.get() + 1);
        self.records.get(key)
    }

    fn range<'a>(
        &'a self,
        start: Option<&[u8]>,
        end: Option<&[u8]>,
        order: Order,
    ) -> Box<dyn Iterator<Item = Record> + 'a> {
        self.scans.set(self.scans.get() + 1);
        self.records.range(start, end, order)
    }

    fn set(&mut self, key: &[u8], value: &[u8]) {
        self.writes += 1;
        self.records.set(key, value);
    }

    fn remove(&mut self, key: &[u8]) {
        self.removals += 1;
        self.records.remove(key);
    }
}

struct CountingQuerier<'a> {
    chain: QuerierWrapper<'a>,
    queries: Cell<u32>,
}

impl Querier for CountingQuerier<'_> {
    fn raw_query(&self, request: &[u8]) -> QuerierResult {
        self.queries.set(self.queries.get() + 1);
        self.chain.raw_query(request)
    }
}

/// USDC and ATOM first, then as many other markets as wanted; the same four accounts first, then
/// as many others as wanted. Alice is under water, bob insolvent with dust, a change is ready.
fn crowded(markets: usize, accounts: u16) -> World {
    let others = (3..markets).map(|number| MarketSpec::crypto(&format!("COIN{number}")));
    let mut world = world_of(
        [
            MarketSpec::usd("USDC"),
            MarketSpec::crypto("ATOM").with_price(10),
            MarketSpec::crypto("ETH").with_price(2_000),
        ]
        .into_iter()
        .chain(others)
        .map(interest_free),
    )
    .build()
    .unwrap();
    supply(&mut world, "USDC", 1_000_000);
    world.deposit("alice", "ATOM", 60).unwrap();
    world.deposit_lent("alice", "ATOM", 40).unwrap();
    world.borrow("alice", "USDC", 800).unwrap();
    world.deposit("bob", "ETH", "0.02").unwrap();
    world.borrow("bob", "USDC", 30).unwrap();
    world.deposit("mallory", "ATOM", 60).unwrap();
    world.deposit_lent("mallory", "ATOM", 40).unwrap();
    world.borrow("mallory", "USDC", 100).unwrap();
    for id in 0..accounts.saturating_sub(4) {
        world.deposit(("keeper", id), "ATOM", 5).unwrap();
        world.borrow(("keeper", id), "USDC", 1).unwrap();
    }
    falls(&mut world, &[("ATOM", "9.5"), ("ETH", "1000")]);
    world
}

/// Runs a message on a copy of the world's records.
fn cost_of(world: &World, sender: &str, message: ExecuteMsg, funds: &[Coin]) -> Cost {
    let mut storage = Counting::default();
    for (key, value) in world.app().dump_wasm_raw(world.vault()) {
        storage.records.set(&key, &value);
    }
    let querier = CountingQuerier {
        chain: world.app().wrap(),
        queries: Cell::new(0),
    };
    let env = Env {
        block: world.app().block_info(),
        contract: ContractInfo {
            address: world.vault().clone(),
        },
        ..mock_env()
    };
    let sender: Addr = world.address(sender);
    let name = format!("{message:?}");
    let deps = DepsMut {
        storage: &mut storage,
        api: world.app().api(),
        querier: QuerierWrapper::new(&querier),
    };
    bulwark_vault::contract::execute(deps, env, message_info(&sender, funds), Decoded(message))
        .unwrap_or_else(|error| panic!("{name}: {error}"));
    Cost {
        reads: storage.reads.get(),
        writes: storage.writes,
        removals: storage.removals,
        scans: storage.scans.get(),
        queries: querier.queries.get(),
    }
}

/// Every message, by name, with its cost in a world.
fn costs(world: &mut World) -> Vec<(&'static str, Cost)> {
    let account = |name: &str| AccountRef {
        owner: world.address(name).into_string(),
        id: 0,
    };
    let (atom, usdc) = (world.asset("ATOM"), world.asset("USDC"));
    let amount = Some(Amount(1_000_000));
    let coin = |asset: &str| vec![Coin::new(1_000_000_u128, asset)];
    let market = world.market("ATOM").unwrap();
    let listing = MarketListing {
        asset: "factory/new".into(),
        decimals: 6,
        family: FamilyListing::Member { of: atom.clone() },
        risk: market.risk,
        interest: market.interest,
        reserve_factor: market.reserve_factor,
        limits: market.limits,
        deposit_enabled: true,
        borrow_enabled: true,
    };
    let actions = vec![PausableAction::Borrow];
    let liquidate = ExecuteMsg::Liquidate {
        account: account("alice"),
        seize: atom.clone(),
        min_seized: None,
        receive: None,
        to: None,
        debt: None,
        callback: None,
    };
    let transfer = ExecuteMsg::Transfer {
        account: None,
        to: AccountRef {
            id: 7,
            ..account("mallory")
        },
        asset: atom.clone(),
        amount,
    };
    let update = MarketUpdate {
        borrow_enabled: Some(false),
        ..MarketUpdate::default()
    };
    let none = Vec::new;
    let sent: Vec<(&str, &str, ExecuteMsg, Vec<Coin>)> = vec![
        (
            "deposit",
            "mallory",
            ExecuteMsg::Deposit {
                account: None,
                lend: None,
            },
            coin(&atom),
        ),
        (
            "lent deposit",
            "mallory",
            ExecuteMsg::Deposit {
                account: None,
                lend: Some(true),
            },
            coin(&atom),
        ),
        (
            "withdraw",
            "mallory",
            ExecuteMsg::Withdraw {
                account: None,
                asset: atom.clone(),
                amount,
                to: None,
            },
            none(),
        ),
        (
            "lend",
            "mallory",
            ExecuteMsg::Lend {
                account: None,
                asset: atom.clone(),
                amount,
            },
            none(),
        ),
        (
            "recall",
            "mallory",
            ExecuteMsg::Recall {
                account: None,
                asset: atom.clone(),
                amount,
            },
            none(),
        ),
        (
            "borrow",
            "mallory",
            ExecuteMsg::Borrow {
                account: None,
                asset: usdc.clone(),
                amount: Amount(1_000_000),
                to: None,
            },
            none(),
        ),
        (
            "repay",
            "mallory",
            ExecuteMsg::Repay { account: None },
            coin(&usdc),
        ),
        ("transfer", "mallory", transfer, none()),
        ("liquidate", "carol", liquidate, coin(&usdc)),
        (
            "write_off",
            "carol",
            ExecuteMsg::WriteOff {
                account: account("bob"),
            },
            none(),
        ),
        (
            "accrue",
            "carol",
            ExecuteMsg::Accrue {
                assets: vec![atom.clone()],
            },
            none(),
        ),
        (
            "update_market",
            "owner",
            ExecuteMsg::UpdateMarket {
                asset: atom.clone(),
                update,
            },
            none(),
        ),
        (
            "update_params",
            "owner",
            ExecuteMsg::UpdateParams(ParametersUpdate::default()),
            none(),
        ),
        (
            "update_ownership",
            "owner",
            ExecuteMsg::UpdateOwnership(OwnershipAction::Propose {
                owner: world.address("bob").into(),
            }),
            none(),
        ),
        (
            "pause",
            "guardian",
            ExecuteMsg::Pause {
                asset: None,
                actions: actions.clone(),
            },
            none(),
        ),
        (
            "unpause",
            "guardian",
            ExecuteMsg::Unpause {
                asset: Some(atom),
                actions,
            },
            none(),
        ),
    ];
    let mut found: Vec<(&'static str, Cost)> = sent
        .into_iter()
        .map(|(name, sender, message, funds)| (name, cost_of(world, sender, message, &funds)))
        .collect();

    // A listing needs a feed with a first price.
    let feed: bulwark_types::oracle::FeedResponse = world
        .query_oracle(&bulwark_types::oracle::QueryMsg::Feed {
            asset: world.asset("ATOM"),
        })
        .unwrap();
    let set_feed = bulwark_types::oracle::ExecuteMsg::SetFeed {
        asset: "factory/new".into(),
        feed: feed.feed,
    };
    world.execute_oracle("owner", set_feed).unwrap();
    world.post(&[("factory/new", "9.5")]).unwrap();
    found.push((
        "list_market",
        cost_of(world, "owner", ExecuteMsg::ListMarket(listing), &[]),
    ));
    found
}

/// The cost of waiting: proposing, applying and cancelling.
fn costs_of_changes(markets: usize) -> [Cost; 3] {
    let specs = (0..markets).map(|number| MarketSpec::crypto(&format!("COIN{number}")));
    let mut world = world_of(specs).with_owner_delay(3_600).build().unwrap();
    let update = MarketUpdate {
        deposit_enabled: Some(true),
        ..MarketUpdate::default()
    };
    let message = ExecuteMsg::UpdateMarket {
        asset: world.asset("COIN0"),
        update,
    };
    let proposed = cost_of(&world, "owner", message.clone(), &[]);
    let response = world.execute("owner", message, Vec::new()).unwrap();
    let moved: bulwark_types::events::ChangeMoved = bulwark_testing::events_of(&response).remove(0);
    let change = moved.change;
    world.advance(3_600);
    let applied = cost_of(&world, "carol", ExecuteMsg::Apply { change }, &[]);
    let cancelled = cost_of(&world, "guardian", ExecuteMsg::Cancel { change }, &[]);
    [proposed, applied, cancelled]
}

#[test]
fn pitfall_12_no_message_costs_more_for_more_accounts_or_markets() {
    let small = costs(&mut crowded(3, 4));
    let many_markets = costs(&mut crowded(40, 4));
    let many_accounts = costs(&mut crowded(3, 300));
    for (number, (name, cost)) in small.iter().enumerate() {
        assert_eq!(cost.scans, 0, "{name} scans");
        assert_eq!(
            many_accounts[number],
            (*name, *cost),
            "{name}: 300 accounts instead of 4"
        );
        assert_eq!(
            many_markets[number],
            (*name, *cost),
            "{name}: 40 markets instead of 3"
        );
    }
    assert_eq!(costs_of_changes(3), costs_of_changes(40));
}

#[test]
fn a_borrow_reads_each_record_that_it_needs_once() {
    let world = crowded(3, 4);
    let message = ExecuteMsg::Borrow {
        account: None,
        asset: world.asset("USDC"),
        amount: Amount(1_000_000),
        to: None,
    };
    let cost = cost_of(&world, "mallory", message, &[]);
    // The lock, settings, one configuration, account, two markets; account and market written; one
    // board of prices.
    let expected = Cost {
        reads: 6,
        writes: 2,
        removals: 0,
        scans: 0,
        queries: 1,
    };
    assert_eq!(cost, expected);
}

#[test]
fn a_liquidation_at_the_asset_limit_grows_only_with_the_assets_of_the_account() {
    let cost_with = |assets: usize| {
        let coins =
            (0..assets).map(|number| interest_free(MarketSpec::crypto(&format!("COIN{number}"))));
        let mut world = world_of(
            [interest_free(MarketSpec::usd("USDC"))]
                .into_iter()
                .chain(coins),
        )
        .with_parameters(|parameters| parameters.max_holdings = 32)
        .build()
        .unwrap();
        supply(&mut world, "USDC", 1_000_000);
        let names: Vec<String> = (0..assets).map(|number| format!("COIN{number}")).collect();
        for name in &names {
            world.deposit("alice", name, 100).unwrap();
        }
        let room = world.max_borrow("alice", "USDC").unwrap();
        world.borrow("alice", "USDC", room).unwrap();
        let crash: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "0.92")).collect();
        falls(&mut world, &crash);
        let message = ExecuteMsg::Liquidate {
            account: AccountRef {
                owner: world.address("alice").into_string(),
                id: 0,
            },
            seize: world.asset("COIN0"),
            min_seized: None,
            receive: None,
            to: None,
            debt: None,
            callback: None,
        };
        let funds = world.coins("USDC", 1).unwrap();
        cost_of(&world, "keeper", message, &funds)
    };
    let (few, many) = (cost_with(1), cost_with(31));
    assert_eq!(many.reads - few.reads, 30, "one market each");
    assert_eq!((many.writes, many.removals), (few.writes, few.removals));
    // 32 assets lie on two boards of 16.
    assert_eq!((few.queries, many.queries), (1, 2));
}
