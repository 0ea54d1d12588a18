//! CW20 tokens are contracts of others: one that lies, takes fees or calls back in hurts its own
//! market at most, and no user makes the vault talk to a token.

use bulwark_risk::units::Amount;
use bulwark_test_token::msg::{ExecuteMsg as TokenMsg, InitialBalance, Misbehaviour};
use bulwark_testing::{MarketSpec, World};
use bulwark_tests::{
    Tested, assert_books_balance, call, interest_free, one_holding, supply, world_of,
};
use bulwark_types::token::Cw20ReceiveMsg;
use bulwark_types::vault::{Action, Callback, Cw20Hook, ExecuteMsg, MarketResponse};
use cosmwasm_std::{CosmosMsg, Uint128, WasmMsg, to_json_binary};

/// USDC and ATOM in coins, TOK a token at 1 USD; carol has lent of each.
fn with_token() -> World {
    let mut world = world_of(
        [
            MarketSpec::usd("USDC"),
            MarketSpec::crypto("ATOM").with_price(10),
            MarketSpec::crypto("TOK").as_cw20(),
        ]
        .map(interest_free),
    )
    .build()
    .unwrap();
    supply(&mut world, "USDC", 100_000);
    supply(&mut world, "ATOM", 10_000);
    supply(&mut world, "TOK", 100_000);
    world
}

const fn tokens(whole: u128) -> Amount {
    Amount(whole * 1_000_000)
}

/// The markets that have nothing to do with the token, and what the vault holds of them.
fn others(world: &World) -> Vec<(MarketResponse, Amount)> {
    let other = |asset| {
        let market = world.market(asset).unwrap();
        let held = world.balance_of(world.vault(), &market.asset);
        (market, held)
    };
    vec![other("USDC"), other("ATOM")]
}

/// What the vault lacks of the token.
fn missing(world: &World) -> u128 {
    let market = world.market("TOK").unwrap();
    let held = world.balance_of(world.vault(), &market.asset);
    (market.idle.0 + market.supplied.0 - market.borrowed.0).saturating_sub(held.0)
}

/// What a token tells the vault of its own accord.
fn hook(world: &World, sender: &str, amount: Amount, hook: &Cw20Hook) -> CosmosMsg {
    let received = Cw20ReceiveMsg {
        sender: world.address(sender).into_string(),
        amount: Uint128::new(amount.0),
        msg: to_json_binary(hook).unwrap(),
    };
    WasmMsg::Execute {
        contract_addr: world.vault().to_string(),
        msg: to_json_binary(&ExecuteMsg::Receive(received)).unwrap(),
        funds: vec![],
    }
    .into()
}

const DEPOSIT: Cw20Hook = Cw20Hook::Deposit {
    account: None,
    lend: None,
};

#[test]
fn a_token_that_tells_a_larger_amount_deposits_nothing() -> Tested {
    let mut world = with_token();
    let before = others(&world);
    let lie = Misbehaviour {
        claimed_amount: Some(Uint128::new(50_000_000_000)),
        ..Misbehaviour::default()
    };
    world.misbehave("TOK", lie)?;
    let error = world.deposit("mallory", "TOK", 1).unwrap_err();
    assert_eq!(error.name, "token_short");
    assert!(
        error.fields.contains("\"held\":\"100001000000\""),
        "{error:?}"
    );
    assert!(
        error.fields.contains("\"owed\":\"150000000000\""),
        "{error:?}"
    );
    assert_eq!(world.account("mallory")?.holdings, []);
    assert_eq!(others(&world), before);
    assert_books_balance(&world);
    Ok(())
}

#[test]
fn a_token_that_names_another_sender_makes_him_a_gift() -> Tested {
    let mut world = with_token();
    world.deposit("alice", "ATOM", 100)?;
    let before = others(&world);
    let purse = world.balance("alice", "TOK");
    let lie = Misbehaviour {
        claimed_sender: Some(world.address("alice").into_string()),
        ..Misbehaviour::default()
    };
    world.misbehave("TOK", lie)?;
    world.pay_vault(
        "mallory",
        "TOK",
        5,
        ExecuteMsg::Deposit {
            account: None,
            lend: None,
        },
    )?;
    assert_eq!(one_holding(&world, ("alice", 0), "TOK").idle, tokens(5));
    assert_eq!(one_holding(&world, ("alice", 0), "ATOM").idle, tokens(100));
    assert_eq!(world.balance("alice", "TOK"), purse);
    assert_eq!(world.account("mallory")?.holdings, []);
    assert_eq!(others(&world), before);
    assert_books_balance(&world);
    Ok(())
}

#[test]
fn a_token_that_takes_a_fee_of_transfers_takes_no_deposits_and_hurts_itself() -> Tested {
    let mut world = with_token();
    world.deposit("alice", "ATOM", 1_000)?;
    world.borrow("alice", "TOK", 1_000)?;
    let before = others(&world);
    let fee = Misbehaviour {
        fee_bps: 100,
        ..Misbehaviour::default()
    };
    world.misbehave("TOK", fee)?;

    let refused = world.deposit("bob", "TOK", 100);
    assert_eq!(refused.unwrap_err().name, "token_short");
    assert_books_balance(&world);
    // Nor repayments: the fee would be the loss of those who lent this token.
    let refused = world.repay("alice", "TOK", 1_000);
    assert_eq!(refused.unwrap_err().name, "token_short");
    assert_eq!(missing(&world), 0);
    assert_eq!(others(&world), before);
    // Everything else goes on.
    world.deposit("bob", "USDC", 5)?;
    world.withdraw("alice", "ATOM", 5)?;
    Ok(())
}

#[test]
fn a_token_that_calls_back_in_during_a_transfer_gains_nothing_elsewhere() -> Tested {
    let mut world = with_token();
    world.deposit("mallory", "ATOM", 1_000)?;
    world.borrow("mallory", "TOK", 1_000)?;
    world.deposit("mallory", "USDC", 500)?;
    let before = others(&world);
    let wallet = |world: &World| ["USDC", "ATOM"].map(|asset| world.balance("mallory", asset));
    let purse = wallet(&world);

    // Deposits out of nothing are refused, and the transfer with them.
    let fake = hook(&world, "mallory", tokens(50_000), &DEPOSIT);
    let reenter = |message| Misbehaviour {
        on_transfer: vec![message],
        ..Misbehaviour::default()
    };
    world.misbehave("TOK", reenter(fake))?;
    let answer = world.withdraw("carol", "TOK", 100);
    assert_eq!(answer.unwrap_err().name, "token_short");
    assert_books_balance(&world);

    // So are repayments.
    let fake = hook(
        &world,
        "mallory",
        tokens(400),
        &Cw20Hook::Repay { account: None },
    );
    world.misbehave("TOK", reenter(fake))?;
    let answer = world.withdraw("carol", "TOK", 100);
    assert_eq!(answer.unwrap_err().name, "token_short");
    assert_eq!(
        one_holding(&world, ("mallory", 0), "TOK").debt,
        tokens(1_000)
    );
    assert_eq!(others(&world), before);
    assert_eq!(wallet(&world), purse);

    // As anybody else the token has no rights: not over the account of whom it names.
    for theft in [
        ExecuteMsg::Withdraw {
            account: Some(world.account_ref("mallory")),
            asset: world.asset("USDC"),
            amount: None,
            to: None,
        },
        ExecuteMsg::Batch {
            account: Some(world.account_ref("carol")),
            actions: vec![Action::Withdraw {
                asset: world.asset("USDC"),
                amount: None,
                to: None,
            }],
        },
    ] {
        let message = WasmMsg::Execute {
            contract_addr: world.vault().to_string(),
            msg: to_json_binary(&theft).unwrap(),
            funds: vec![],
        };
        world.misbehave("TOK", reenter(message.into()))?;
        let answer = world.withdraw("carol", "TOK", 100);
        assert_eq!(answer.unwrap_err().name, "not_account_owner");
        assert_eq!(others(&world), before);
    }
    Ok(())
}

#[test]
fn a_token_that_tells_false_balances_credits_itself_only() -> Tested {
    let mut world = with_token();
    world.deposit("mallory", "ATOM", 1_000)?;
    world.borrow("mallory", "TOK", 1_000)?;
    let before = others(&world);
    // Nobody holds anything, it says: nothing can be deposited, nor repaid.
    let nothing = Misbehaviour {
        claimed_balance: Some(Uint128::zero()),
        ..Misbehaviour::default()
    };
    world.misbehave("TOK", nothing)?;
    let answer = world.deposit("bob", "TOK", 1);
    assert_eq!(answer.unwrap_err().name, "token_short");
    let answer = world.repay("mallory", "TOK", 500);
    assert_eq!(answer.unwrap_err().name, "token_short");
    // Everybody holds everything, and sends it: no more than the cap, as if it had been minted.
    let everything = Misbehaviour {
        claimed_balance: Some(Uint128::MAX),
        claimed_amount: Some(Uint128::new(1 << 100)),
        ..Misbehaviour::default()
    };
    world.misbehave("TOK", everything)?;
    let answer = world.deposit("bob", "TOK", 1);
    assert_eq!(answer.unwrap_err().name, "deposit_cap");
    assert_eq!(others(&world), before);
    world.misbehave("TOK", Misbehaviour::default())?;
    assert_books_balance(&world);
    Ok(())
}

#[test]
fn a_token_that_ends_a_lie_during_a_call_has_returned_nothing() -> Tested {
    let mut world = with_token();
    // It misbehaves at the caller's word, so at that of anybody who has the caller say it.
    let caller = world.caller().clone();
    let carol = InitialBalance {
        address: world.address("carol").into_string(),
        amount: Uint128::new(1_000_000_000),
    };
    let rogue = world.make_token_minted_by(&caller, "ROGUE", 6, vec![carol])?;
    world.list(
        interest_free(MarketSpec::crypto("ROGUE").with_denom(&rogue)),
        0,
    )?;
    world.deposit_lent("carol", "ROGUE", 1_000)?;
    let before = others(&world);
    let token = world.token("ROGUE")?;
    let say = |world: &mut World, claimed_balance: Option<Uint128>| {
        let misbehaviour = Misbehaviour {
            claimed_balance,
            ..Misbehaviour::default()
        };
        let message = to_json_binary(&TokenMsg::Misbehave(misbehaviour)).unwrap();
        let actions = vec![Action::Call {
            contract: token.to_string(),
            msg: message,
            funds: vec![],
            returns: vec![rogue.clone()],
        }];
        world.batch("mallory", actions, Vec::new())
    };
    let tell = |world: &mut World, misbehaviour| {
        world.execute_raw(&caller, &token, &TokenMsg::Misbehave(misbehaviour), &[])
    };
    // Nobody holds anything, it says, and that is a loss; in the next call it tells the truth.
    assert_eq!(
        say(&mut world, Some(Uint128::zero())).unwrap_err().name,
        "balance_fell"
    );
    let lie = Misbehaviour {
        claimed_balance: Some(Uint128::zero()),
        ..Misbehaviour::default()
    };
    tell(&mut world, lie)?;
    assert_eq!(say(&mut world, None).unwrap_err().name, "token_short");
    tell(&mut world, Misbehaviour::default())?;
    say(&mut world, None)?;
    assert_books_balance(&world);
    assert_eq!(others(&world), before);
    Ok(())
}

#[test]
fn only_a_listed_token_is_believed() -> Tested {
    let mut world = with_token();
    let unlisted = world.make_token("FAKE", 6)?;
    let fake = world.token(&unlisted)?;
    for (sender, name) in [
        (fake, "unknown_market"),
        (world.address("mallory"), "unknown_market"),
        (world.caller().clone(), "unknown_market"),
    ] {
        let message = hook(&world, "mallory", tokens(100), &DEPOSIT);
        let answer = cw_multi_test::Executor::execute(world.app_mut(), sender, message);
        let error = bulwark_testing::error::wire_error(&answer.unwrap_err());
        assert_eq!(error.name, name);
    }
    assert_books_balance(&world);
    Ok(())
}

/// Mallory lets a batch call a token with her bytes: the transfer of what the vault holds, and an
/// allowance over it.
fn try_to_move_the_vaults_tokens(world: &mut World, asset: &str) -> Tested {
    let token = world.token(asset)?;
    let mallory = world.address("mallory");
    let transfer = format!(r#"{{"transfer":{{"recipient":"{mallory}","amount":"1"}}}}"#);
    let actions = vec![call(world, &token, &transfer, &[], &[])];
    let answer = world.batch("mallory", actions, Vec::new());
    assert_eq!(answer.unwrap_err().name, "insufficient_balance");

    let allow = format!(r#"{{"increase_allowance":{{"spender":"{mallory}","amount":"1000000"}}}}"#);
    let actions = vec![call(world, &token, &allow, &[], &[])];
    world.batch("mallory", actions, Vec::new())?;
    Ok(())
}

/// She uses what she was allowed to.
fn use_the_allowance(world: &mut World, asset: &str) -> Tested {
    let token = world.token(asset)?;
    let mallory = world.address("mallory");
    for (owner, name) in [
        (world.vault().clone(), "insufficient_allowance"),
        // The caller did allow her: of nothing.
        (world.caller().clone(), "insufficient_balance"),
    ] {
        let message = TokenMsg::TransferFrom {
            owner: owner.into_string(),
            recipient: mallory.to_string(),
            amount: Uint128::new(1),
        };
        let answer = world.execute_raw(&mallory, &token, &message, &[]);
        assert_eq!(answer.unwrap_err().name, name);
    }
    Ok(())
}

#[test]
fn bytes_of_a_user_never_run_with_the_vault_as_sender() -> Tested {
    // A token that is listed, and one that will be.
    let mut world = with_token();
    try_to_move_the_vaults_tokens(&mut world, "TOK")?;
    use_the_allowance(&mut world, "TOK")?;
    assert_books_balance(&world);

    let later = world.make_token("LATER", 6)?;
    try_to_move_the_vaults_tokens(&mut world, &later)?;
    let spec = interest_free(MarketSpec::crypto("LATER").with_denom(&later));
    world.list(spec, 0)?;
    world.mint("carol", "LATER", 1_000)?;
    supply(&mut world, "LATER", 1_000);
    use_the_allowance(&mut world, "LATER")?;
    assert_books_balance(&world);

    // While tokens pass through the caller in an honest trade nothing of them is lost.
    let pool = world.open_pool("USDC", "LATER", 100_000, 30)?;
    world.mint("alice", "LATER", 1)?;
    world.deposit("alice", "LATER", 1)?;
    let trade = vec![
        Action::Withdraw {
            asset: world.asset("LATER"),
            amount: None,
            to: None,
        },
        world.swap_call(&pool, "LATER", 1)?,
    ];
    world.batch("alice", trade, Vec::new())?;
    use_the_allowance(&mut world, "LATER")?;
    assert_books_balance(&world);
    Ok(())
}

#[test]
fn a_callback_has_a_form_that_no_token_understands() -> Tested {
    let mut world = with_token();
    world.deposit("alice", "ATOM", 100)?;
    world.borrow("alice", "USDC", 800)?;
    bulwark_tests::falls(&mut world, &[("ATOM", "9.5")]);
    let callback = Callback {
        contract: world.token("TOK")?.into_string(),
        data: to_json_binary(&TokenMsg::Transfer {
            recipient: world.address("mallory").into_string(),
            amount: Uint128::new(1),
        })
        .unwrap(),
    };
    let debt = bulwark_types::vault::AssetAmount {
        asset: world.asset("USDC"),
        amount: tokens(10),
    };
    let answer = world.liquidate_by_callback("mallory", "alice", debt, "ATOM", callback);
    assert_eq!(answer.unwrap_err().name, "chain");
    assert_books_balance(&world);
    Ok(())
}
