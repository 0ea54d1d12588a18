//! Tokens of either kind, batches, operators and callbacks in a world that is audited.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that meets something unforeseen shall fail loudly"
)]

use bulwark_risk::units::Amount;
use bulwark_test_keeper::msg as keeper;
use bulwark_test_token::msg::Misbehaviour;
use bulwark_testing::{Auditor, MarketSpec, World};
use bulwark_types::vault::{Action, AssetAmount, Callback, ExecuteMsg, Target};
use bulwark_types::wire::WireError;
use cosmwasm_std::{Addr, Binary, Deps, Empty, Env, StdResult, to_json_binary};
use cw_multi_test::{ContractWrapper, Executor};

/// USDC as a coin, ATOM as a CW20 token at 10 USD; bob has lent 100,000 of each.
fn world() -> (World, Auditor) {
    let mut world = World::builder()
        .with_market(MarketSpec::usd("USDC"))
        .with_market(MarketSpec::crypto("ATOM").with_price(10).as_cw20())
        .build()
        .unwrap();
    let mut auditor = Auditor::new(&mut world);
    world.deposit_lent("bob", "USDC", 100_000).unwrap();
    world.deposit_lent("bob", "ATOM", 100_000).unwrap();
    assert_eq!(auditor.audit_forks(&mut world), []);
    (world, auditor)
}

/// The embedded chain wants to be told what a contract answers; the keeper answers nothing.
fn no_queries(_: Deps<'_>, _: Env, _: Empty) -> StdResult<Binary> {
    Ok(Binary::default())
}

fn deploy_keeper(world: &mut World) -> Addr {
    let code = ContractWrapper::new(
        bulwark_test_keeper::contract::execute,
        bulwark_test_keeper::contract::instantiate,
        no_queries,
    );
    let code = world.app_mut().store_code(Box::new(code));
    let message = keeper::InstantiateMsg {
        vault: world.vault().to_string(),
    };
    let owner = world.address("keeper");
    world
        .app_mut()
        .instantiate_contract(code, owner, &message, &[], "keeper", None)
        .unwrap()
}

fn amount(world: &World, asset: &str, tokens: u32) -> AssetAmount {
    AssetAmount {
        asset: world.asset(asset),
        amount: world.units(asset, tokens).unwrap(),
    }
}

fn target(world: &World, owner: &str, debt: (&str, u32), seize: &str) -> Target {
    Target {
        account: world.account_ref(owner),
        debt: amount(world, debt.0, debt.1),
        seize: world.asset(seize),
        min_seized: None,
    }
}

/// An account with 1,000 ATOM that owes USDC, under water at 8.
fn sink(world: &mut World, owner: &str) {
    world.deposit(owner, "ATOM", 1_000).unwrap();
    world.borrow(owner, "USDC", 7_000).unwrap();
}

#[test]
fn a_cw20_market_does_what_a_coin_does() {
    let (mut world, mut auditor) = world();
    let purse = world.balance("alice", "ATOM");
    world.deposit("alice", "ATOM", 100).unwrap();
    world.deposit("alice", "ATOM", 50).unwrap();
    world.borrow("alice", "USDC", 500).unwrap();
    world.withdraw("alice", "ATOM", 50).unwrap();
    world.repay("alice", "USDC", 600).unwrap();
    world.withdraw_all("alice", "ATOM").unwrap();
    assert_eq!(world.balance("alice", "ATOM"), purse);

    world.deposit("alice", "USDC", 1_000).unwrap();
    world.borrow("alice", "ATOM", 10).unwrap();
    world.send("alice", "mallory", "ATOM", 1).unwrap();
    world.repay_for("carol", "alice", "ATOM", 11).unwrap();
    assert_eq!(auditor.audit_forks(&mut world), []);
    assert_eq!(world.balance("alice", "ATOM").0, purse.0 + 9_000_000);
}

#[test]
fn an_audit_sees_that_tokens_are_missing() {
    let (mut world, mut auditor) = world();
    let fee = Misbehaviour {
        fee_bps: 5_000,
        ..Default::default()
    };
    world.misbehave("ATOM", fee).unwrap();
    let vault = world.vault().to_string();
    // Half of what leaves is burnt on the way, which is the recipient's loss alone.
    world.withdraw("bob", "ATOM", 10).unwrap();
    assert_eq!(auditor.audit(&mut world), []);
    // A token whose minter takes it away from the vault breaks its own market.
    world.misbehave("ATOM", Misbehaviour::default()).unwrap();
    let thief = world.address(&vault);
    let token = world.asset("ATOM").replace("cw20:", "");
    let token = world.address(&token);
    let theft = bulwark_test_token::msg::ExecuteMsg::Transfer {
        recipient: world.address("mallory").into_string(),
        amount: cosmwasm_std::Uint128::new(1),
    };
    world.execute_raw(&thief, &token, &theft, &[]).unwrap();
    let violations = auditor.audit(&mut world);
    assert!(
        violations.iter().any(|violation| violation.number == 2),
        "{violations:?}"
    );
}

#[test]
fn leverage_goes_up_in_one_batch_through_a_pool() {
    let (mut world, mut auditor) = world();
    let pool = world.open_pool("USDC", "ATOM", 1_000_000, 30).unwrap();
    world.deposit("alice", "ATOM", 100).unwrap();
    let borrow = Action::Borrow {
        asset: world.asset("USDC"),
        amount: world.units("USDC", 1_000).unwrap(),
        to: None,
    };
    let call = world.swap_call(&pool, "USDC", 1_000).unwrap();
    world
        .batch("alice", vec![borrow, call], Vec::new())
        .unwrap();
    let account = world.account("alice").unwrap();
    let atom = &world.asset("ATOM");
    let holding = account.holdings.iter().find(|held| held.asset == *atom);
    // 1,000 USDC buy a little less than 100 ATOM.
    let held = holding.unwrap().idle.0;
    assert!((199_000_000..200_000_000).contains(&held), "{held}");
    assert_eq!(auditor.audit_forks(&mut world), []);
}

#[test]
fn an_operator_acts_until_it_no_longer_may() {
    let (mut world, mut auditor) = world();
    world.deposit("alice", "ATOM", 100).unwrap();
    let message = ExecuteMsg::Withdraw {
        account: Some(world.account_ref("alice")),
        asset: world.asset("ATOM"),
        amount: Some(Amount(1_000)),
        to: None,
    };
    let refused = |answer: Result<_, WireError>| answer.map(drop).unwrap_err().name;
    let early = world.execute("carol", message.clone(), Vec::new());
    assert_eq!(refused(early), "not_account_owner");
    world.set_operator("alice", "carol", None, None).unwrap();
    world.execute("carol", message.clone(), Vec::new()).unwrap();
    let revoke = ExecuteMsg::SetOperator {
        operator: world.address("carol").into_string(),
        id: None,
        expires: None,
        revoke: Some(true),
    };
    world.execute("alice", revoke, Vec::new()).unwrap();
    let late = world.execute("carol", message, Vec::new());
    assert_eq!(refused(late), "not_account_owner");
    assert_eq!(auditor.audit_forks(&mut world), []);
}

#[test]
fn a_keeper_liquidates_with_coins_with_tokens_and_without_either() {
    let (mut world, mut auditor) = world();
    sink(&mut world, "alice");
    sink(&mut world, "mallory");
    world.deposit("carol", "USDC", 9_600).unwrap();
    world.borrow("carol", "ATOM", 700).unwrap();
    world.advance(60);
    world.post_confirmed(&[("ATOM", "8")]).unwrap();
    let pool = world.open_pool("USDC", "ATOM", 10_000_000, 0).unwrap();

    // Two accounts at once; carol's short is healthy and is skipped.
    let targets = vec![
        target(&world, "alice", ("USDC", 100), "ATOM"),
        target(&world, "carol", ("ATOM", 1), "USDC"),
        target(&world, "mallory", ("USDC", 100), "ATOM"),
    ];
    let funds = world.coins("USDC", 300).unwrap();
    let purse = world.balance("keeper", "USDC");
    world.liquidate_many("keeper", targets, funds).unwrap();
    assert_eq!(world.balance("keeper", "USDC").0, purse.0 - 200_000_000);
    assert_eq!(auditor.audit(&mut world), []);

    // Without inventory.
    let contract = deploy_keeper(&mut world);
    let debt = amount(&world, "USDC", 100);
    let data = keeper::CallbackData {
        pool: pool.address.to_string(),
    };
    let callback = Callback {
        contract: contract.to_string(),
        data: to_json_binary(&data).unwrap(),
    };
    world
        .liquidate_by_callback("keeper", "alice", debt, "ATOM", callback)
        .unwrap();
    assert!(world.balance_of(&contract, &world.asset("USDC")).0 > 0);
    assert_eq!(auditor.audit(&mut world), []);

    // With tokens, through their hook.
    world.advance(60);
    world.post_confirmed(&[("ATOM", "13")]).unwrap();
    world
        .liquidate("keeper", "carol", "ATOM", 5, "USDC")
        .unwrap();
    assert_eq!(auditor.audit(&mut world), []);
    let many = ExecuteMsg::LiquidateMany {
        targets: vec![target(&world, "carol", ("ATOM", 5), "USDC")],
        receive: None,
        to: None,
    };
    world.pay_vault("keeper", "ATOM", 5, many).unwrap();
    assert_eq!(auditor.audit_forks(&mut world), []);
}
