//! `liquidate` with a callback: seized, sold and repaid within one call, without inventory.

use bulwark_risk::units::Amount;
use bulwark_testing::{SwapPool, World, events_of};
use bulwark_tests::{
    KINDS, Mischief, Tested, assert_at_rest, falls, holding, keeper_contract, keeper_takes,
    one_holding, pay, refused, sale, swap_quote, trading,
};
use bulwark_types::events::Liquidated;
use bulwark_types::vault::{
    AssetAmount, Callback, ExecuteMsg, LiquidationResponse, QueryMsg, Receive,
};
use cosmwasm_std::{Addr, Coin, CosmosMsg};
use serde_json::json;

/// Alice holds 1,000 ATOM and owes 8,000 USDC; ATOM has fallen to 9.5 USD, in the pool, too. The
/// keeper has neither USDC nor ATOM.
fn underwater(tokens: &[&str]) -> (World, SwapPool) {
    let mut world = trading(tokens);
    world.deposit("alice", "ATOM", 1_000).unwrap();
    world.borrow("alice", "USDC", 8_000).unwrap();
    falls(&mut world, &[("ATOM", "9.5")]);
    let pool = world.open_pool("USDC", "ATOM", 10_000_000, 5).unwrap();
    for asset in ["USDC", "ATOM"] {
        let purse = world.balance("keeper", asset);
        world.send("keeper", "bob", asset, purse).unwrap();
    }
    (world, pool)
}

fn debt(world: &World, tokens: u32) -> AssetAmount {
    AssetAmount {
        asset: world.asset("USDC"),
        amount: world.units("USDC", tokens).unwrap(),
    }
}

/// The message with everything that a keeper can ask for.
struct Ask {
    debt: AssetAmount,
    callback: Callback,
    min_seized: Option<Amount>,
    receive: Option<Receive>,
    to: Option<&'static str>,
}

impl Ask {
    fn new(world: &World, callback: Callback) -> Self {
        Self {
            debt: debt(world, 2_000),
            callback,
            min_seized: None,
            receive: None,
            to: None,
        }
    }

    fn message(&self, world: &World) -> ExecuteMsg {
        ExecuteMsg::Liquidate {
            account: world.account_ref("alice"),
            seize: world.asset("ATOM"),
            min_seized: self.min_seized,
            receive: self.receive,
            to: self.to.map(|owner| world.account_ref(owner)),
            debt: Some(self.debt.clone()),
            callback: Some(self.callback.clone()),
        }
    }

    /// What the query says that this does.
    fn shown(&self, world: &World) -> LiquidationResponse {
        world
            .query(&QueryMsg::SimulateLiquidation {
                account: world.account_ref("alice"),
                debt: self.debt.clone(),
                seize: world.asset("ATOM"),
                receive: self.receive,
                to: Some(world.account_ref(self.to.unwrap_or("keeper"))),
            })
            .unwrap()
    }
}

/// A contract that pays so much USDC to the vault when it is called; it has 100,000 of its own.
fn payer(world: &mut World, payments: &[Amount]) -> Mischief {
    let mischief = Mischief::deploy(world);
    world
        .mint(mischief.address.as_str(), "USDC", 100_000)
        .unwrap();
    let pay = |amount: &Amount| pay(world, world.vault(), "USDC", *amount);
    let payments: Vec<CosmosMsg> = payments.iter().map(pay).collect();
    mischief.set(world, payments, false);
    mischief
}

#[test]
fn a_keeper_without_inventory_sells_repays_and_keeps_the_bonus() -> Tested {
    for tokens in KINDS {
        let (mut world, pool) = underwater(tokens);
        let contract = keeper_contract(&mut world, "keeper");
        let ask = Ask::new(&world, sale(&contract, &pool));
        let shown = ask.shown(&world);
        let before = world.margin("alice")?;
        let sold_for = swap_quote(
            &world,
            &pool,
            AssetAmount {
                asset: world.asset("ATOM"),
                amount: shown.tokens,
            },
        );

        let message = ask.message(&world);
        let response = world.execute("keeper", message, Vec::new())?;

        // Exactly what the query said.
        let [event]: [Liquidated; 1] = events_of(&response).try_into().unwrap();
        assert_eq!(event.keeper, world.address("keeper").as_str());
        assert_eq!(event.repaid, shown.repaid);
        assert_eq!(event.seized, shown.seized);
        assert_eq!(event.tokens, shown.tokens);
        assert_eq!(event.protocol_fee, shown.protocol_fee);
        assert_eq!(event.bonus, shown.bonus);
        let after = world.margin("alice")?;
        assert_eq!(after.margin_ratio, shown.ratio_after);
        assert!(after.margin_ratio > before.margin_ratio);
        assert_eq!(
            one_holding(&world, ("alice", 0), "USDC").debt,
            Amount(8_000_000_000 - shown.repaid.0)
        );
        assert_eq!(
            one_holding(&world, ("alice", 0), "ATOM").idle,
            Amount(1_000_000_000 - shown.seized.0)
        );

        // The bonus, less what the sale cost, is its own.
        let profit = Amount(sold_for.0 - shown.repaid.0);
        assert!(profit > Amount::ZERO);
        let denom = world.asset("USDC");
        assert_eq!(world.balance_of(&contract, &denom), profit);
        keeper_takes(&mut world, "keeper", &contract, "USDC")?;
        assert_eq!(world.balance("keeper", "USDC"), profit);
        assert_eq!(world.balance("keeper", "ATOM"), Amount::ZERO);
        assert_at_rest(&world);
    }
    Ok(())
}

#[test]
fn a_debt_that_is_not_repaid_reverts_all() -> Tested {
    for tokens in KINDS {
        let (mut world, _) = underwater(tokens);
        let account = world.account("alice")?;
        let asset = world.asset("USDC");
        let any = Mischief::deploy(&mut world).callback();
        let owed = Ask::new(&world, any).shown(&world);
        for short in [owed.repaid, Amount(1)] {
            let paid = Amount(owed.repaid.0 - short.0);
            let payments = if short == owed.repaid {
                vec![]
            } else {
                vec![paid]
            };
            let mischief = payer(&mut world, &payments);
            let message = Ask::new(&world, mischief.callback()).message(&world);
            let answer = world.execute("keeper", message, Vec::new());
            refused(
                answer,
                "not_repaid",
                json!({ "asset": asset, "owed": owed.repaid, "repaid": paid }),
            );
            assert_eq!(world.account("alice")?, account);
            let atom = world.asset("ATOM");
            assert_eq!(world.balance_of(&mischief.address, &atom), Amount::ZERO);
            assert_at_rest(&world);
        }
    }
    Ok(())
}

#[test]
fn what_is_paid_too_much_goes_back_to_the_contract() -> Tested {
    for tokens in KINDS {
        let (mut world, _) = underwater(tokens);
        let any = Mischief::deploy(&mut world).callback();
        let shown = Ask::new(&world, any).shown(&world);
        // In two payments, 500 USDC too much.
        let rest = Amount(shown.repaid.0 + 500_000_000 - 1);
        let mischief = payer(&mut world, &[Amount(1), rest]);
        let message = Ask::new(&world, mischief.callback()).message(&world);
        world.execute("keeper", message, Vec::new())?;

        let (usdc, atom) = (world.asset("USDC"), world.asset("ATOM"));
        let left = Amount(100_000_000_000 - shown.repaid.0);
        assert_eq!(world.balance_of(&mischief.address, &usdc), left);
        assert_eq!(world.balance_of(&mischief.address, &atom), shown.tokens);
        assert_eq!(world.balance("keeper", "ATOM"), Amount::ZERO);
        assert_at_rest(&world);
    }
    Ok(())
}

#[test]
fn into_an_account_nothing_is_sent_and_the_debt_is_due_all_the_same() -> Tested {
    for tokens in KINDS {
        for to in [None, Some("keeper"), Some("bob")] {
            let (mut world, _) = underwater(tokens);
            world.deposit("bob", "ATOM", 1)?;
            let any = Mischief::deploy(&mut world).callback();
            let mut ask = Ask::new(&world, any);
            (ask.receive, ask.to) = (Some(Receive::Account), to);
            let shown = ask.shown(&world);
            assert_eq!(shown.tokens, Amount::ZERO);
            let mischief = payer(&mut world, &[shown.repaid]);
            ask.callback = mischief.callback();
            let owner = to.unwrap_or("keeper");
            let before = holding(&world, (owner, 0), "ATOM").map_or(Amount::ZERO, |has| has.idle);

            let message = ask.message(&world);
            world.execute("keeper", message, Vec::new())?;

            assert!(mischief.was_called(&world));
            let after = one_holding(&world, (owner, 0), "ATOM");
            assert_eq!(after.idle, Amount(before.0 + shown.idle.0));
            let denom = world.asset("ATOM");
            assert_eq!(world.balance_of(&mischief.address, &denom), Amount::ZERO);
            assert_at_rest(&world);
        }
    }
    Ok(())
}

#[test]
fn tokens_go_to_the_contract_whoever_is_named() -> Tested {
    let (mut world, pool) = underwater(&[]);
    let contract = keeper_contract(&mut world, "keeper");
    let purse = world.balance("bob", "ATOM");
    let mut ask = Ask::new(&world, sale(&contract, &pool));
    ask.to = Some("bob");
    let message = ask.message(&world);
    world.execute("keeper", message, Vec::new())?;
    assert_eq!(world.balance("bob", "ATOM"), purse);
    assert_eq!(world.account("bob")?.holdings, []);
    assert_at_rest(&world);
    Ok(())
}

#[test]
fn less_than_the_keeper_asks_for_fails_before_the_call() -> Tested {
    for receive in [Receive::Tokens, Receive::Account] {
        let (mut world, pool) = underwater(&[]);
        let contract = keeper_contract(&mut world, "keeper");
        let mut ask = Ask::new(&world, sale(&contract, &pool));
        ask.receive = Some(receive);
        let shown = ask.shown(&world);
        let received = Amount(shown.tokens.0 + shown.idle.0 + shown.lent.0);
        ask.min_seized = Some(Amount(received.0 + 1));
        let message = ask.message(&world);
        let answer = world.execute("keeper", message, Vec::new());
        let fields = json!({ "min_seized": ask.min_seized, "seized": received });
        refused(answer, "too_little_seized", fields);
        if receive == Receive::Tokens {
            ask.min_seized = Some(received);
            let message = ask.message(&world);
            world.execute("keeper", message, Vec::new())?;
        }
        assert_at_rest(&world);
    }
    Ok(())
}

#[test]
fn a_debt_a_callback_and_funds_go_together_in_one_way_only() -> Tested {
    let (mut world, pool) = underwater(&[]);
    let contract = keeper_contract(&mut world, "keeper");
    world.mint("keeper", "USDC", 100)?;
    let funds = world.coins("USDC", 100)?;
    let full = Ask::new(&world, sale(&contract, &pool)).message(&world);
    let answer = world.execute("keeper", full.clone(), funds.clone());
    let sent = json!({ "expected": "nothing", "sent": [funds[0].to_string()] });
    refused(answer, "wrong_funds", sent);

    let ExecuteMsg::Liquidate {
        account,
        seize,
        debt,
        callback,
        ..
    } = full
    else {
        unreachable!("it is a liquidation");
    };
    for (debt, callback) in [(debt, None), (None, callback)] {
        let given = json!({ "debt": debt.is_some(), "callback": callback.is_some() });
        for funds in [Vec::<Coin>::new(), funds.clone()] {
            let message = ExecuteMsg::Liquidate {
                account: account.clone(),
                seize: seize.clone(),
                min_seized: None,
                receive: None,
                to: None,
                debt: debt.clone(),
                callback: callback.clone(),
            };
            let answer = world.execute("keeper", message, funds);
            refused(answer, "debt_without_callback", given.clone());
        }
    }
    assert_at_rest(&world);
    Ok(())
}

#[test]
fn what_names_nothing_real_is_refused() -> Tested {
    let (mut world, pool) = underwater(&[]);
    let contract = keeper_contract(&mut world, "keeper");
    let good = Ask::new(&world, sale(&contract, &pool));
    let called = |world: &World, contract: &Addr| {
        let callback = Callback {
            contract: contract.to_string(),
            data: b"{}".into(),
        };
        Ask::new(world, callback)
    };
    let vault = world.vault().clone();
    let itself = called(&world, &vault).message(&world);
    let answer = world.execute("keeper", itself, Vec::new());
    refused(answer, "invalid_recipient", json!({ "recipient": vault }));
    // None of these knows the message: not a person, the caller, or the oracle.
    for other in [
        world.address("bob"),
        world.caller().clone(),
        world.oracle().clone(),
    ] {
        let message = called(&world, &other).message(&world);
        let answer = world.execute("keeper", message, Vec::new());
        assert_eq!(answer.unwrap_err().name, "chain");
    }
    for (debt, name) in [
        (
            AssetAmount {
                asset: "uother".into(),
                amount: Amount(1),
            },
            "unknown_market",
        ),
        (
            AssetAmount {
                asset: world.asset("ETH"),
                amount: Amount(1),
            },
            "no_debt",
        ),
        (
            AssetAmount {
                asset: world.asset("USDC"),
                amount: Amount::ZERO,
            },
            "zero_amount",
        ),
        (
            AssetAmount {
                asset: world.asset("USDC"),
                amount: Amount(u128::MAX),
            },
            "amount_too_large",
        ),
    ] {
        let ask = Ask {
            debt,
            ..Ask::new(&world, good.callback.clone())
        };
        let message = ask.message(&world);
        let answer = world.execute("keeper", message, Vec::new());
        assert_eq!(answer.unwrap_err().name, name);
    }
    assert_at_rest(&world);
    Ok(())
}

#[test]
fn an_asset_without_a_price_in_force_is_neither_seized_nor_repaid_with() -> Tested {
    let (mut world, pool) = underwater(&[]);
    let contract = keeper_contract(&mut world, "keeper");
    let message = Ask::new(&world, sale(&contract, &pool)).message(&world);
    for (stale, fresh) in [("ATOM", ("USDC", "1")), ("USDC", ("ATOM", "9.5"))] {
        world.fork(|world| {
            world.advance(150);
            world.post(&[fresh]).unwrap();
            let answer = world.execute("keeper", message.clone(), Vec::new());
            let pair = json!({ "debt": world.asset("USDC"), "seize": world.asset("ATOM") });
            refused(answer, "pair_unpriced", pair);
            world
                .post(&[(stale, if stale == "ATOM" { "9.5" } else { "1" })])
                .unwrap();
            world
                .execute("keeper", message.clone(), Vec::new())
                .unwrap();
            assert_at_rest(world);
        });
    }
    Ok(())
}

#[test]
fn a_contract_that_serves_its_own_keeper_is_not_used_by_strangers() -> Tested {
    let (mut world, pool) = underwater(&[]);
    let contract = keeper_contract(&mut world, "keeper");
    let message = Ask::new(&world, sale(&contract, &pool)).message(&world);
    let answer = world.execute("mallory", message, Vec::new());
    assert_eq!(answer.unwrap_err().name, "not_owner");
    assert_at_rest(&world);
    Ok(())
}

#[test]
fn a_write_off_inside_a_callback_does_not_cancel_the_debt() -> Tested {
    // So far down that whatever is seized, the rest is bad debt.
    let (mut world, _) = underwater(&[]);
    falls(&mut world, &[("ATOM", "8.5")]);
    falls(&mut world, &[("ATOM", "7.3")]);
    let mischief = Mischief::deploy(&mut world);
    let write_off = ExecuteMsg::WriteOff {
        account: world.account_ref("alice"),
    };
    let mut ask = Ask::new(&world, mischief.callback());
    ask.debt = debt(&world, 8_000);
    let shown = ask.shown(&world);
    assert!(shown.distressed && !shown.bad_debt.is_empty());
    let attempt = Mischief::message(world.vault(), &write_off);
    let account = world.account("alice")?;

    mischief.set(&mut world, vec![attempt.clone()], true);
    let message = ask.message(&world);
    let answer = world.execute("mallory", message.clone(), Vec::new());
    let asset = world.asset("USDC");
    refused(
        answer,
        "not_repaid",
        json!({ "asset": asset, "owed": shown.repaid, "repaid": "0" }),
    );
    assert_eq!(world.account("alice")?, account);

    // Repaid to the unit it passes, the write-off refused as before.
    world.mint(mischief.address.as_str(), "USDC", shown.repaid)?;
    let repayment = pay(&world, world.vault(), "USDC", shown.repaid);
    mischief.set(&mut world, vec![attempt, repayment], true);
    world.execute("mallory", message, Vec::new())?;
    assert_eq!(mischief.refusals(&world), ["locked"]);
    assert_at_rest(&world);
    Ok(())
}
