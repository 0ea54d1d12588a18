//! The practice exchange beside a vault and its oracle, on an embedded chain.

#![allow(
    missing_docs,
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that meets something unforeseen shall fail loudly"
)]

use bulwark_risk::units::Amount;
use bulwark_test_exchange::contract;
use bulwark_test_exchange::msg::{ExecuteMsg, InstantiateMsg, Listed, QueryMsg, QuoteResponse};
use bulwark_testing::World;
use bulwark_types::oracle;
use bulwark_types::vault::{Action, AssetAmount};
use bulwark_types::wire::WireError;
use cosmwasm_std::{Addr, Coin, to_json_binary};
use cw_multi_test::{AppResponse, ContractWrapper, Executor};

struct Market {
    world: World,
    exchange: Addr,
}

/// USDC at 1, ATOM at 10, BTC at 60,000 and ETH at 2,000 USD; all but BTC are listed. The exchange holds
/// 100,000 USDC and 1,000 ATOM, and takes 0.3 %.
fn market() -> Market {
    let mut world = World::standard().unwrap();
    let listed = [("USDC", 6), ("ATOM", 6), ("ETH", 18)].map(|(symbol, decimals)| Listed {
        asset: world.asset(symbol),
        decimals,
    });
    let exchange = create(&mut world, listed.to_vec(), 30).unwrap();
    let mut market = Market { world, exchange };
    for (symbol, tokens) in [("USDC", 100_000), ("ATOM", 1_000)] {
        market
            .bring("carol", symbol, tokens, &ExecuteMsg::Provide {})
            .unwrap();
    }
    market
}

fn create(world: &mut World, assets: Vec<Listed>, fee_bps: u16) -> Result<Addr, WireError> {
    let code = ContractWrapper::new(contract::execute, contract::instantiate, contract::query);
    let code = world.app_mut().store_code(Box::new(code));
    let message = InstantiateMsg {
        oracle: world.oracle().to_string(),
        assets,
        fee_bps,
    };
    let owner = world.address("owner");
    let created =
        world
            .app_mut()
            .instantiate_contract(code, owner, &message, &[], "exchange", None);
    created.map_err(|error| WireError::find(&format!("{error:#}")).unwrap())
}

impl Market {
    /// Somebody comes by so many whole tokens, and sends them with a message.
    fn bring(
        &mut self,
        who: &str,
        symbol: &str,
        tokens: u32,
        message: &ExecuteMsg,
    ) -> Result<AppResponse, WireError> {
        self.world.mint(who, symbol, tokens)?;
        let units = self.world.units(symbol, tokens)?;
        let funds = [Coin::new(units.0, self.world.asset(symbol))];
        self.execute(who, message, &funds)
    }

    fn execute(
        &mut self,
        who: &str,
        message: &ExecuteMsg,
        funds: &[Coin],
    ) -> Result<AppResponse, WireError> {
        let (who, exchange) = (self.world.address(who), self.exchange.clone());
        self.world.execute_raw(&who, &exchange, message, funds)
    }

    fn swap(&self, ask: &str, min_return: Option<u128>) -> ExecuteMsg {
        ExecuteMsg::Swap {
            ask: self.world.asset(ask),
            min_return: min_return.map(Amount),
        }
    }

    fn quote(&self, offer: &str, tokens: u32, ask: &str) -> u128 {
        let query = QueryMsg::Quote {
            offer: AssetAmount {
                asset: self.world.asset(offer),
                amount: self.world.units(offer, tokens).unwrap(),
            },
            ask: self.world.asset(ask),
        };
        let querier = self.world.app().wrap();
        let answer: QuoteResponse = querier.query_wasm_smart(&self.exchange, &query).unwrap();
        answer.amount.0
    }

    fn balance(&self, who: &str, symbol: &str) -> u128 {
        self.world.balance(who, symbol).0
    }
}

#[track_caller]
fn assert_refused(result: Result<AppResponse, WireError>, name: &str) {
    assert_eq!(result.unwrap_err().name, name);
}

#[test]
fn what_is_quoted_is_paid_and_follows_the_oracle() {
    let mut market = market();
    // 100 ATOM are 1,000 USD; 0.3 % of that stays.
    assert_eq!(market.quote("ATOM", 100, "USDC"), 997_000_000);
    let before = market.balance("alice", "USDC");
    let swap = market.swap("USDC", Some(997_000_000));
    market.bring("alice", "ATOM", 100, &swap).unwrap();
    assert_eq!(market.balance("alice", "USDC") - before, 997_000_000);

    market.world.advance(6);
    market.world.post(&[("ATOM", "9.5")]).unwrap();
    assert_eq!(market.quote("ATOM", 100, "USDC"), 947_150_000);
    // What an earlier price promised is not paid any more.
    let swap = market.swap("USDC", Some(997_000_000));
    assert_refused(market.bring("alice", "ATOM", 100, &swap), "too_little");
}

#[test]
fn a_batch_borrows_swaps_and_deposits_at_the_exchange() {
    let mut market = market();
    let world = &mut market.world;
    world.deposit_lent("carol", "USDC", 100_000).unwrap();
    world.deposit("alice", "ATOM", 100).unwrap();
    let borrowed = AssetAmount {
        asset: world.asset("USDC"),
        amount: world.units("USDC", 500).unwrap(),
    };
    let actions = vec![
        Action::Borrow {
            asset: borrowed.asset.clone(),
            amount: borrowed.amount,
            to: None,
        },
        Action::Call {
            contract: market.exchange.to_string(),
            msg: to_json_binary(&market.swap("ATOM", Some(49_000_000))).unwrap(),
            funds: vec![borrowed],
            returns: vec![market.world.asset("ATOM")],
        },
    ];
    market.world.batch("alice", actions, Vec::new()).unwrap();
    let account = market.world.account("alice").unwrap();
    let holding = |symbol: &str| {
        let asset = market.world.asset(symbol);
        let mut holdings = account.holdings.iter();
        holdings.find(|it| it.asset == asset).unwrap()
    };
    assert_eq!(holding("ATOM").idle, Amount(149_850_000));
    assert!(holding("USDC").debt >= Amount(500_000_000));
}

#[test]
fn what_cannot_be_swapped_is_refused_and_named() {
    let mut market = market();
    let to_btc = market.swap("BTC", None);
    assert_refused(market.bring("alice", "ATOM", 1, &to_btc), "not_listed");
    let to_atom = market.swap("ATOM", None);
    assert_refused(market.bring("alice", "BTC", 1, &to_atom), "not_listed");
    assert_refused(market.bring("alice", "ATOM", 1, &to_atom), "same_asset");
    assert_refused(
        market.bring("alice", "BTC", 1, &ExecuteMsg::Provide {}),
        "not_listed",
    );
    assert_refused(market.execute("alice", &to_atom, &[]), "wrong_funds");
    // It holds no ETH.
    let to_eth = market.swap("ETH", None);
    assert_refused(market.bring("alice", "ATOM", 1, &to_eth), "sold_out");
    let dust = [Coin::new(1u128, market.world.asset("USDC"))];
    market.world.mint("alice", "USDC", 1).unwrap();
    assert_refused(market.execute("alice", &to_atom, &dust), "too_little");
}

#[test]
fn nothing_is_swapped_at_a_price_that_does_not_trade() {
    let mut market = market();
    let to_usdc = market.swap("USDC", None);
    let halt = oracle::ExecuteMsg::Halt {
        asset: market.world.asset("ATOM"),
    };
    market.world.execute_oracle("guardian", halt).unwrap();
    assert_refused(market.bring("alice", "ATOM", 1, &to_usdc), "unpriced");
    market.world.advance(3_600);
    let to_atom = market.swap("ATOM", None);
    assert_refused(market.bring("alice", "USDC", 1, &to_atom), "unpriced");
}

#[test]
fn an_exchange_is_created_with_different_coins_and_a_fee_below_all() {
    let mut world = World::standard().unwrap();
    let listed = |asset: &str, decimals| Listed {
        asset: asset.into(),
        decimals,
    };
    let one = || listed("uone", 6);
    for (assets, fee_bps, name) in [
        (vec![one()], 0, "bad_listing"),
        (vec![one(), one()], 0, "bad_listing"),
        (vec![one(), listed("cw20:token", 6)], 0, "bad_listing"),
        (vec![one(), listed("uother", 31)], 0, "too_many_decimals"),
        (vec![one(), listed("uother", 6)], 10_001, "fee_too_high"),
    ] {
        assert_eq!(create(&mut world, assets, fee_bps).unwrap_err().name, name);
    }
}
