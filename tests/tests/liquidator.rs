//! The liquidator: callbacks for keepers that have nothing, and what others could take of it.

use bulwark_risk::units::Amount;
use bulwark_testing::{SwapPool, World, events_of};
use bulwark_tests::{
    KINDS, Mischief, Tested, assert_at_rest, falls, liquidator, pay, refused, swap_quote, trading,
};
use bulwark_types::events::{Liquidated, PaidOut};
use bulwark_types::liquidator::{ExecuteMsg as LiquidatorMsg, MAX_STEPS, Route, Step};
use bulwark_types::vault::{AssetAmount, BulwarkCallback, Callback, ExecuteMsg};
use bulwark_types::wire::WireError;
use cosmwasm_std::{Addr, Binary, CosmosMsg, to_json_binary};
use cw_multi_test::AppResponse;
use serde_json::json;

/// Alice holds 1,000 ATOM and owes 8,000 USDC; ATOM has fallen to 9.5 USD. The keeper has neither.
struct Case {
    world: World,
    liquidator: Addr,
    pool: SwapPool,
}

impl Case {
    fn new(tokens: &[&str]) -> Self {
        let mut world = trading(tokens);
        world.deposit("alice", "ATOM", 1_000).unwrap();
        world.borrow("alice", "USDC", 8_000).unwrap();
        falls(&mut world, &[("ATOM", "9.5")]);
        let pool = world.open_pool("USDC", "ATOM", 10_000_000, 5).unwrap();
        for asset in ["USDC", "ATOM"] {
            let purse = world.balance("keeper", asset);
            world.send("keeper", "bob", asset, purse).unwrap();
        }
        let liquidator = liquidator(&mut world);
        Self {
            world,
            liquidator,
            pool,
        }
    }

    fn asset(&self, symbol: &str) -> String {
        self.world.asset(symbol)
    }

    fn step(&self, contract: &Addr, ask: &str) -> Step {
        Step::plain(contract.as_str(), self.asset(ask)).unwrap()
    }

    fn callback(&self, steps: Vec<Step>, min_profit: u128) -> Callback {
        let min_profit = Amount(min_profit);
        let route = Route { steps, min_profit };
        Callback {
            contract: self.liquidator.to_string(),
            data: to_json_binary(&route).unwrap(),
        }
    }

    fn message(&self, steps: Vec<Step>, min_profit: u128) -> ExecuteMsg {
        let world = &self.world;
        ExecuteMsg::Liquidate {
            account: world.account_ref("alice"),
            seize: world.asset("ATOM"),
            min_seized: None,
            receive: None,
            to: None,
            debt: Some(AssetAmount {
                asset: world.asset("USDC"),
                amount: world.units("USDC", 2_000).unwrap(),
            }),
            callback: Some(self.callback(steps, min_profit)),
        }
    }

    fn liquidate(&mut self, steps: Vec<Step>, min_profit: u128) -> Result<AppResponse, WireError> {
        let message = self.message(steps, min_profit);
        self.world.execute("keeper", message, Vec::new())
    }

    /// Through the pool, for a profit of so much at least.
    fn sell(&mut self, min_profit: u128) -> Result<AppResponse, WireError> {
        let step = self.step(&self.pool.address.clone(), "USDC");
        self.liquidate(vec![step], min_profit)
    }

    /// Nothing stands at the liquidator, and nothing is under way.
    #[track_caller]
    fn assert_at_rest(&self) {
        for symbol in ["USDC", "ATOM", "ETH"] {
            let stands = self.world.balance_of(&self.liquidator, &self.asset(symbol));
            assert_eq!(stands, Amount::ZERO, "{symbol} at the liquidator");
        }
        assert_at_rest(&self.world);
    }
}

#[test]
fn what_is_left_of_a_sale_is_the_keepers() -> Tested {
    for tokens in KINDS {
        let mut case = Case::new(tokens);
        let quoted = |case: &Case, tokens| {
            let offer = AssetAmount {
                asset: case.asset("ATOM"),
                amount: tokens,
            };
            swap_quote(&case.world, &case.pool, offer)
        };
        let before = Case::new(tokens);
        let response = case.sell(0)?;
        let [event]: [Liquidated; 1] = events_of(&response).try_into().unwrap();
        assert_eq!(event.keeper, case.world.address("keeper").as_str());
        let profit = Amount(quoted(&before, event.tokens).0 - event.repaid.0);
        assert!(profit > Amount::ZERO);
        assert_eq!(case.world.balance("keeper", "USDC"), profit);
        assert_eq!(case.world.balance("keeper", "ATOM"), Amount::ZERO);
        let paid: Vec<PaidOut> = events_of(&response);
        let expected = PaidOut {
            keeper: event.keeper,
            asset: case.asset("USDC"),
            amount: profit,
        };
        assert_eq!(paid, [expected]);
        case.assert_at_rest();
    }
    Ok(())
}

#[test]
fn a_route_may_lead_through_another_asset() -> Tested {
    for tokens in KINDS {
        let mut case = Case::new(tokens);
        let first = case.world.open_pool("ATOM", "ETH", 10_000_000, 5)?;
        let second = case.world.open_pool("ETH", "USDC", 10_000_000, 5)?;
        let purse = case.world.balance("keeper", "ETH");
        let steps = vec![
            case.step(&first.address, "ETH"),
            case.step(&second.address, "USDC"),
        ];
        case.liquidate(steps, 1)?;
        assert!(case.world.balance("keeper", "USDC") > Amount::ZERO);
        assert_eq!(case.world.balance("keeper", "ETH"), purse);
        case.assert_at_rest();
    }
    Ok(())
}

#[test]
fn less_profit_than_asked_for_fails_the_whole_liquidation() -> Tested {
    let mut case = Case::new(&[]);
    case.sell(0)?;
    let profit = case.world.balance("keeper", "USDC").0;

    let mut case = Case::new(&[]);
    let before = case.world.account("alice")?;
    let error = case.sell(profit + 1).unwrap_err();
    assert_eq!(error.name, "too_little_profit");
    assert_eq!(case.world.account("alice")?, before);
    case.assert_at_rest();
    case.sell(profit)?;
    assert_eq!(case.world.balance("keeper", "USDC").0, profit);
    Ok(())
}

#[test]
fn what_lies_at_the_liquidator_is_of_whoever_comes_next() -> Tested {
    let mut case = Case::new(&[]);
    case.sell(0)?;
    let profit = case.world.balance("keeper", "USDC").0;

    let mut case = Case::new(&[]);
    let gift = case.world.units("USDC", 5).unwrap();
    let to = case.liquidator.to_string();
    case.world.mint(&to, "USDC", 5)?;
    case.sell(0)?;
    assert_eq!(case.world.balance("keeper", "USDC").0, profit + gift.0);
    case.assert_at_rest();
    Ok(())
}

#[test]
fn only_the_vault_calls_it_back_and_only_it_itself_goes_on() -> Tested {
    let mut case = Case::new(&[]);
    // There is something to be had.
    let at = case.liquidator.clone();
    case.world.mint(at.as_str(), "USDC", 1_000)?;
    let debt = AssetAmount {
        asset: case.asset("USDC"),
        amount: Amount(1),
    };
    let mallory = case.world.address("mallory");
    let route = case.callback(vec![case.step(&case.pool.address, "USDC")], 0);
    let call = LiquidatorMsg::BulwarkCallback(BulwarkCallback {
        initiator: mallory.to_string(),
        seized: debt.clone(),
        debt: debt.clone(),
        data: route.data,
    });
    let sell = LiquidatorMsg::Sell {
        offer: case.asset("USDC"),
        step: case.step(&case.pool.address, "ATOM"),
    };
    let settle = LiquidatorMsg::Settle {
        debt,
        min_profit: Amount::ZERO,
        assets: vec![case.asset("USDC")],
        keeper: mallory.to_string(),
    };
    let sender = json!({ "sender": mallory });
    for (message, name) in [
        (call, "only_vault"),
        (sell, "only_itself"),
        (settle, "only_itself"),
    ] {
        let answer = case.world.execute_raw(&mallory, &at, &message, &[]);
        refused(answer, name, sender.clone());
    }
    Ok(())
}

#[test]
fn a_route_that_cannot_end_well_is_refused() -> Tested {
    let mut case = Case::new(&[]);
    let itself = case.liquidator.clone();
    let answer = case.liquidate(vec![case.step(&itself, "USDC")], 0);
    refused(answer, "calls_itself", json!({ "contract": itself }));

    let answer = case.liquidate(vec![case.step(&case.pool.address, "ETH")], 0);
    let ends = json!({ "asset": case.asset("ETH"), "owed": case.asset("USDC") });
    refused(answer, "route_end", ends);

    let step = case.step(&case.pool.address, "USDC");
    for steps in [0, MAX_STEPS + 1] {
        let answer = case.liquidate(vec![step.clone(); steps], 0);
        let length = json!({ "steps": steps, "limit": MAX_STEPS });
        refused(answer, "route_length", length);
    }
    case.assert_at_rest();
    Ok(())
}

#[test]
fn a_pool_that_keeps_what_it_gets_ends_it_all() -> Tested {
    let mut case = Case::new(&[]);
    let thief = Mischief::deploy(&mut case.world);
    thief.set(&mut case.world, vec![], false);
    let before = case.world.account("alice")?;
    let steps = vec![case.step(&thief.address, "USDC")];
    let error = case.liquidate(steps, 0).unwrap_err();
    assert_eq!(error.name, "too_little_profit");

    let steps = vec![
        case.step(&thief.address, "ETH"),
        case.step(&case.pool.address, "USDC"),
    ];
    let error = case.liquidate(steps, 0).unwrap_err();
    assert_eq!(error.name, "nothing_to_swap");
    assert_eq!(case.world.account("alice")?, before);
    case.assert_at_rest();
    Ok(())
}

/// Whoever is called in the middle finds something at the liquidator, and every way to it closed.
#[test]
fn nobody_who_is_called_in_the_middle_can_take_what_is_there() -> Tested {
    let mut case = Case::new(&[]);
    let thief = Mischief::deploy(&mut case.world);
    // It pays for what it gets, so that the route goes on.
    case.world.mint(thief.address.as_str(), "USDC", 10_000)?;
    let price = case.world.units("USDC", 2_500).unwrap();
    let payment = pay(&case.world, &case.liquidator, "USDC", price);
    let own = |message: &LiquidatorMsg| Mischief::message(&case.liquidator, message);
    let debt = AssetAmount {
        asset: case.asset("USDC"),
        amount: Amount(1),
    };
    let attempts: Vec<CosmosMsg> = vec![
        payment,
        own(&LiquidatorMsg::Sell {
            offer: case.asset("USDC"),
            step: case.step(&thief.address, "ATOM"),
        }),
        own(&LiquidatorMsg::Settle {
            debt: debt.clone(),
            min_profit: Amount::ZERO,
            assets: vec![case.asset("USDC")],
            keeper: thief.address.to_string(),
        }),
        own(&LiquidatorMsg::BulwarkCallback(BulwarkCallback {
            initiator: thief.address.to_string(),
            seized: debt.clone(),
            debt,
            data: Binary::default(),
        })),
        // Another liquidation, with itself as the keeper.
        Mischief::message(
            &case.world.vault().clone(),
            &case.message(vec![case.step(&case.pool.address, "USDC")], 0),
        ),
    ];
    thief.set(&mut case.world, attempts, true);
    let steps = vec![case.step(&thief.address, "USDC")];
    let response = case.liquidate(steps, 1)?;
    let [event]: [Liquidated; 1] = events_of(&response).try_into().unwrap();
    assert_eq!(
        thief.refusals(&case.world),
        ["only_itself", "only_itself", "only_vault", "locked"]
    );
    let earned = case.world.balance("keeper", "USDC");
    assert_eq!(earned, Amount(price.0 - event.repaid.0));
    case.assert_at_rest();
    Ok(())
}
