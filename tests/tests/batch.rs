//! `batch`: what is in hand, what an outside call brings, one margin check at the end, and
//! every refusal. What people do with it is in `batch_positions`, its limits in `batch_limits`.

use bulwark_risk::account::Status;
use bulwark_risk::units::{AMOUNT_LIMIT, Amount};
use bulwark_testing::{World, events_of};
use bulwark_tests::{
    KINDS, Mischief, Purses, Tested, assert_at_rest, assert_books_balance, batch_with, borrow,
    borrow_to, call, deposit, deposit_all, falls, holding, lend, one_holding, pay, recall, refused,
    repay, repay_all, trading, withdraw, withdraw_all, withdraw_to,
};
use bulwark_types::events::{Borrowed, Called, Deposited, Lent, Recalled, Repaid, Withdrawn};
use bulwark_types::vault::{Action, AssetAmount, ExecuteMsg};
use serde_json::json;

/// Alice holds 1,000 ATOM and owes 4,000 USDC; everything is a coin.
fn in_debt() -> World {
    let mut world = trading(&[]);
    world.deposit("alice", "ATOM", 1_000).unwrap();
    world.borrow("alice", "USDC", 4_000).unwrap();
    world
}

/// In smallest units of an asset with 6 decimals.
const fn tokens(whole: u128) -> Amount {
    Amount(whole * 1_000_000)
}

#[test]
fn what_is_in_hand_at_the_end_goes_to_the_sender() -> Tested {
    let mut world = in_debt();
    let purses = Purses::of(&world);
    let actions = vec![
        repay(&world, "USDC", 60),
        withdraw(&world, "ATOM", 10),
        borrow(&world, "ETH", "0.5"),
    ];
    batch_with(&mut world, "alice", &[("USDC", "100")], actions)?;
    purses.assert_moved(
        &world,
        &[
            ("alice", "USDC", -60_000_000),
            ("vault", "USDC", 60_000_000),
            ("alice", "ATOM", 10_000_000),
            ("vault", "ATOM", -10_000_000),
            ("alice", "ETH", 500_000_000_000_000_000),
            ("vault", "ETH", -500_000_000_000_000_000),
        ],
    );
    assert_at_rest(&world);
    Ok(())
}

#[test]
fn withdrawn_and_borrowed_tokens_can_go_to_somebody_at_once() -> Tested {
    for kind in KINDS {
        let mut world = trading(kind);
        world.deposit("alice", "ATOM", 1_000)?;
        let purses = Purses::of(&world);
        let actions = vec![
            withdraw_to(&world, "ATOM", 10, "bob"),
            borrow_to(&world, "USDC", 100, "carol"),
        ];
        let response = world.batch("alice", actions, Vec::new())?;
        purses.assert_moved(
            &world,
            &[
                ("bob", "ATOM", 10_000_000),
                ("vault", "ATOM", -10_000_000),
                ("carol", "USDC", 100_000_000),
                ("vault", "USDC", -100_000_000),
            ],
        );
        let [withdrawn]: [Withdrawn; 1] = events_of(&response).try_into().unwrap();
        assert_eq!(withdrawn.recipient, world.address("bob").as_str());
        let [borrowed]: [Borrowed; 1] = events_of(&response).try_into().unwrap();
        assert_eq!(borrowed.recipient, world.address("carol").as_str());
        assert_at_rest(&world);

        // What has gone to somebody is in nobody's hand.
        let gone = vec![
            withdraw_to(&world, "ATOM", 10, "bob"),
            deposit(&world, "ATOM", 10),
        ];
        let answer = world.batch("alice", gone, Vec::new());
        assert_eq!(answer.unwrap_err().name, "insufficient_hand");
        let vault = world.vault().to_string();
        for to_vault in [
            withdraw_to(&world, "ATOM", 10, &vault),
            borrow_to(&world, "USDC", 100, &vault),
        ] {
            let answer = world.batch("alice", vec![to_vault], Vec::new());
            refused(answer, "invalid_recipient", json!({ "recipient": vault }));
        }
    }
    Ok(())
}

#[test]
fn without_an_amount_an_action_takes_all_that_there_is() -> Tested {
    for kind in KINDS {
        let mut world = trading(kind);
        world.deposit("alice", "ATOM", 1_000)?;
        world.deposit_lent("alice", "ATOM", 500)?;

        // Everything lent comes back, everything idle is lent.
        world.batch("alice", vec![recall(&world, "ATOM", None)], vec![])?;
        let atom = one_holding(&world, ("alice", 0), "ATOM");
        assert_eq!((atom.idle, atom.lent), (tokens(1_500), Amount::ZERO));
        world.batch("alice", vec![lend(&world, "ATOM", None)], vec![])?;
        let atom = one_holding(&world, ("alice", 0), "ATOM");
        assert_eq!((atom.idle, atom.lent), (Amount::ZERO, tokens(1_500)));

        // Everything out and everything in again, lent as it was; the borrowed USDC repays
        // itself, all of it.
        let actions = vec![
            withdraw_all(&world, "ATOM"),
            deposit_all(&world, "ATOM", Some(true)),
            borrow(&world, "USDC", 700),
            repay_all(&world, "USDC"),
        ];
        let before = world.account("alice")?;
        world.batch("alice", actions, vec![])?;
        assert_eq!(world.account("alice")?, before);
        assert_at_rest(&world);
    }
    Ok(())
}

#[test]
fn what_a_repayment_does_not_need_stays_in_hand() -> Tested {
    let mut world = in_debt();
    let purses = Purses::of(&world);
    let actions = vec![repay_all(&world, "USDC"), deposit(&world, "USDC", 900)];
    let response = batch_with(&mut world, "alice", &[("USDC", "5000")], actions)?;
    purses.assert_moved(
        &world,
        &[
            ("alice", "USDC", -4_900_000_000),
            ("vault", "USDC", 4_900_000_000),
        ],
    );
    let [repaid]: [Repaid; 1] = events_of(&response).try_into().unwrap();
    assert_eq!(repaid.amount, tokens(4_000));
    let usdc = one_holding(&world, ("alice", 0), "USDC");
    assert_eq!(usdc.idle, tokens(900));
    assert_at_rest(&world);
    Ok(())
}

#[test]
fn what_a_call_leaves_unused_comes_back_and_is_credited() -> Tested {
    for kind in KINDS {
        let mut world = trading(kind);
        world.deposit("alice", "ATOM", 1_000)?;
        let mischief = Mischief::deploy(&mut world);
        // A CW20 stands at the caller itself, which is called with nothing to pass on; a coin
        // goes along, and some of it comes back.
        if kind.contains(&"USDC") {
            mischief.set(&mut world, vec![], false);
        } else {
            let back = pay(&world, world.caller(), "USDC", 30);
            mischief.set(&mut world, vec![back], false);
        }
        let funds = [("USDC", "100")];
        let actions = vec![
            borrow(&world, "USDC", 100),
            call(&world, &mischief.address, "{}", &funds, &[]),
        ];
        world.batch("alice", actions, Vec::new())?;
        assert!(mischief.was_called(&world));
        let owed = if kind.contains(&"USDC") { 0 } else { 70 };
        let usdc = holding(&world, ("alice", 0), "USDC").map_or(Amount::ZERO, |usdc| usdc.debt);
        assert_eq!(usdc, tokens(owed));
        assert_at_rest(&world);
    }
    Ok(())
}

#[test]
fn what_reaches_the_vault_during_a_call_is_the_accounts_or_nobodys() -> Tested {
    // A donation to the vault while the account waits for returns is a donation to the account,
    // if the asset is one that it waits for.
    for (returns, credited) in [(&["ATOM"][..], 7), (&["ETH"][..], 0)] {
        let mut world = in_debt();
        let mischief = Mischief::deploy(&mut world);
        let address = mischief.address.to_string();
        world.mint(&address, "ATOM", 7)?;
        let donation = pay(&world, world.vault(), "ATOM", 7);
        mischief.set(&mut world, vec![donation], false);
        let others = world.account("carol")?;

        let gift = vec![call(&world, &mischief.address, "{}", &[], returns)];
        world.batch("alice", gift, Vec::new())?;

        let atom = one_holding(&world, ("alice", 0), "ATOM");
        assert_eq!(atom.idle, tokens(1_000 + credited));
        assert_eq!(world.account("carol")?, others);
        let market = world.market("ATOM")?;
        let held = world.balance_of(world.vault(), &world.asset("ATOM"));
        let surplus = held.0 - (market.idle.0 + market.supplied.0 - market.borrowed.0);
        assert_eq!(Amount(surplus), tokens(7 - credited));
        // It is in nobody's name later, either.
        let again = vec![call(&world, &mischief.address, "{}", &[], &["ATOM"])];
        world.batch("alice", again, Vec::new())?;
        assert_eq!(one_holding(&world, ("alice", 0), "ATOM"), atom);
    }
    Ok(())
}

#[test]
fn the_margin_is_checked_once_at_the_end() -> Tested {
    for kind in KINDS {
        let mut world = trading(kind);
        world.deposit("alice", "ATOM", 1_000)?;
        world.borrow("alice", "USDC", 7_000)?;
        let before = world.account("alice")?;

        // In between she owes everything and has nothing.
        let through = vec![
            withdraw_all(&world, "ATOM"),
            deposit_all(&world, "ATOM", None),
        ];
        world.batch("alice", through, Vec::new())?;
        assert_eq!(world.account("alice")?, before);

        // Borrowed beyond the margin, repaid in part.
        let mut late = vec![borrow(&world, "USDC", 5_000)];
        late.extend([repay(&world, "USDC", 4_500), withdraw(&world, "ATOM", 10)]);
        world.batch("alice", late, Vec::new())?;

        let before = world.account("alice")?;
        for actions in [
            vec![withdraw(&world, "ATOM", 100)],
            vec![withdraw_all(&world, "ATOM"), deposit(&world, "ATOM", 890)],
            vec![borrow(&world, "USDC", 5_000), repay(&world, "USDC", 4_000)],
        ] {
            let answer = world.batch("alice", actions, Vec::new());
            assert_eq!(answer.unwrap_err().name, "below_initial_margin");
            assert_eq!(world.account("alice")?, before);
        }
        assert_at_rest(&world);
    }
    Ok(())
}

#[test]
fn an_account_below_initial_rescues_itself_by_selling() -> Tested {
    for kind in KINDS {
        let mut world = trading(kind);
        let pool = world.open_pool("USDC", "ATOM", 10_000_000, 30)?;
        world.deposit("alice", "ATOM", 1_000)?;
        world.borrow("alice", "USDC", 8_000)?;
        falls(&mut world, &[("ATOM", "9.8")]);
        let before = world.margin("alice")?;
        assert_eq!(before.status, Status::MarginCall);
        // By itself each of these steps makes it worse.
        let alone = world.withdraw("alice", "ATOM", 100);
        assert_eq!(alone.unwrap_err().name, "below_initial_margin");

        let swap = world.swap_call(&pool, "ATOM", 100)?;
        let actions = vec![withdraw(&world, "ATOM", 100), swap];
        world.batch("alice", actions, Vec::new())?;

        let after = world.margin("alice")?;
        assert!(after.margin_ratio > before.margin_ratio);
        assert!(after.debts < before.debts);
        // Selling and keeping the money is no rescue.
        let mut keep = vec![withdraw(&world, "ATOM", 100)];
        keep.push(world.swap_call(&pool, "ATOM", 50)?);
        let answer = world.batch("alice", keep, Vec::new());
        assert_eq!(answer.unwrap_err().name, "below_initial_margin");
        assert_at_rest(&world);
    }
    Ok(())
}

#[test]
fn an_operator_carries_out_a_batch_and_gets_what_is_in_hand() -> Tested {
    let mut world = in_debt();
    let pool = world.open_pool("USDC", "ATOM", 10_000_000, 30)?;
    let batch = |world: &World| ExecuteMsg::Batch {
        account: Some(world.account_ref("alice")),
        actions: vec![
            withdraw(world, "ATOM", 101),
            world.swap_call(&pool, "ATOM", 100).unwrap(),
        ],
    };
    let message = batch(&world);
    let answer = world.execute("bob", message.clone(), Vec::new());
    assert_eq!(answer.unwrap_err().name, "not_account_owner");

    world.set_operator("alice", "bob", Some(0), None)?;
    let purses = Purses::of(&world);
    let response = world.execute("bob", message, Vec::new())?;
    let vault_gained = {
        let [credited]: [Deposited; 1] = events_of(&response).try_into().unwrap();
        assert_eq!(credited.sender, world.address("bob").as_str());
        i128::try_from(credited.amount.0).unwrap()
    };
    purses.assert_moved(
        &world,
        &[
            ("bob", "ATOM", 1_000_000),
            ("vault", "ATOM", -101_000_000),
            ("vault", "USDC", vault_gained),
        ],
    );
    let [called]: [Called; 1] = events_of(&response).try_into().unwrap();
    assert_eq!(called.owner, world.address("alice").as_str());
    assert_eq!(called.sender, world.address("bob").as_str());
    assert_at_rest(&world);
    Ok(())
}

#[test]
fn a_failing_action_undoes_all_that_went_before() -> Tested {
    let mut world = in_debt();
    let pool = world.open_pool("USDC", "ATOM", 10_000_000, 30)?;
    let purses = Purses::of(&world);
    let accounts = ["alice", "carol"].map(|name| world.account(name).unwrap());
    let pool_before = bulwark_tests::quote(&world, &pool, "ATOM", 1);
    let mischief = Mischief::deploy(&mut world);
    // It cannot pay what it does not have.
    let impossible = pay(&world, world.vault(), "ATOM", 1);

    let last = [
        (withdraw(&world, "ETH", 1), "no_deposit"),
        (borrow(&world, "USDC", 0), "zero_amount"),
        (repay(&world, "USDC", 1), "insufficient_hand"),
        (call(&world, &mischief.address, "{}", &[], &[]), "chain"),
        (call(&world, &pool.address, "{}", &[], &[]), "chain"),
    ];
    for (action, name) in last {
        mischief.set(&mut world, vec![impossible.clone()], false);
        let swap = world.swap_call(&pool, "ATOM", 100)?;
        let actions = vec![withdraw(&world, "ATOM", 100), swap, action];
        let answer = batch_with(&mut world, "alice", &[("ETH", "1")], actions);
        assert_eq!(answer.unwrap_err().name, name);
        purses.assert_moved(&world, &[]);
        let now = ["alice", "carol"].map(|name| world.account(name).unwrap());
        assert_eq!(now, accounts);
        assert_eq!(bulwark_tests::quote(&world, &pool, "ATOM", 1), pool_before);
        assert_at_rest(&world);
    }
    Ok(())
}

#[test]
fn every_step_is_reported_in_its_order() -> Tested {
    let mut world = in_debt();
    let pool = world.open_pool("USDC", "ATOM", 10_000_000, 30)?;
    let swap = world.swap_call(&pool, "ATOM", 10)?;
    let actions = vec![
        deposit(&world, "ATOM", 5),
        lend(&world, "ATOM", Some(tokens(20))),
        recall(&world, "ATOM", Some(tokens(15))),
        borrow(&world, "USDC", 7),
        repay(&world, "USDC", 3),
        withdraw(&world, "ATOM", 10),
        swap,
    ];
    let response = batch_with(&mut world, "alice", &[("ATOM", "5")], actions)?;
    let kinds: Vec<&str> = response
        .events
        .iter()
        .filter_map(|event| event.ty.strip_prefix("wasm-bulwark-"))
        .collect();
    let expected = [
        "deposit", "lend", "recall", "borrow", "repay", "withdraw", "call", "deposit",
    ];
    assert_eq!(kinds, expected);
    let [lent]: [Lent; 1] = events_of(&response).try_into().unwrap();
    assert_eq!(lent.amount, tokens(20));
    let [recalled]: [Recalled; 1] = events_of(&response).try_into().unwrap();
    assert_eq!(recalled.amount, tokens(15));
    let [repaid]: [Repaid; 1] = events_of(&response).try_into().unwrap();
    assert_eq!(repaid.amount, tokens(3));
    let [called]: [Called; 1] = events_of(&response).try_into().unwrap();
    assert_eq!(called.contract, pool.address.as_str());
    let [given, returned]: [Deposited; 2] = events_of(&response).try_into().unwrap();
    assert_eq!((given.idle, given.repaid), (tokens(5), Amount::ZERO));
    assert_eq!(returned.asset, world.asset("USDC"));
    assert_eq!(returned.amount, returned.repaid);
    Ok(())
}

#[test]
fn lists_are_neither_empty_nor_too_long_nor_double() -> Tested {
    let mut world = in_debt();
    let mischief = Mischief::deploy(&mut world);
    let one = withdraw(&world, "ATOM", Amount(1));
    let full = vec![one.clone(); 32];
    world.batch("alice", full, Vec::new())?;
    for length in [0, 33] {
        let answer = world.batch("alice", vec![one.clone(); length], Vec::new());
        let fields = json!({ "length": length, "limit": 32 });
        refused(answer, "list_length", fields);
    }
    let returning = |returns: Vec<String>, funds: Vec<AssetAmount>| {
        vec![
            one.clone(),
            Action::Call {
                contract: mischief.address.to_string(),
                msg: b"{}".into(),
                funds,
                returns,
            },
        ]
    };
    let atom = world.asset("ATOM");
    let twice = returning(vec![atom.clone(), atom.clone()], Vec::new());
    let answer = world.batch("alice", twice, Vec::new());
    refused(answer, "duplicate_entry", json!({ "entry": atom }));
    let coin = AssetAmount {
        asset: atom.clone(),
        amount: Amount(1),
    };
    let twice = returning(Vec::new(), vec![coin.clone(), coin]);
    let answer = world.batch("alice", twice, Vec::new());
    refused(answer, "duplicate_entry", json!({ "entry": atom }));
    assert_at_rest(&world);
    Ok(())
}

#[test]
fn what_is_not_listed_is_neither_taken_nor_awaited() -> Tested {
    let mut world = in_debt();
    let mischief = Mischief::deploy(&mut world);
    let unlisted = "factory/nobody/nothing";
    let asset = json!({ "asset": unlisted });
    world.mint("alice", unlisted, Amount(5))?;
    let funds = world.coins(unlisted, Amount(5))?;

    let harmless = vec![withdraw(&world, "ATOM", 1)];
    let answer = world.batch("alice", harmless, funds);
    refused(answer, "unknown_market", asset.clone());

    let awaited = vec![call(&world, &mischief.address, "{}", &[], &[unlisted])];
    let answer = world.batch("alice", awaited, Vec::new());
    refused(answer, "unknown_market", asset);

    let amount = Some(Amount(5));
    let named = unlisted.to_owned();
    for (action, name) in [
        (
            Action::Withdraw {
                asset: named.clone(),
                amount,
                to: None,
            },
            "unknown_market",
        ),
        (
            Action::Lend {
                asset: named.clone(),
                amount,
            },
            "unknown_market",
        ),
        (
            Action::Deposit {
                asset: named,
                amount,
                lend: None,
            },
            "insufficient_hand",
        ),
    ] {
        let answer = world.batch("alice", vec![action], Vec::new());
        assert_eq!(answer.unwrap_err().name, name);
    }
    Ok(())
}

#[test]
fn nothing_and_too_much_are_refused_by_every_action() -> Tested {
    let mut world = in_debt();
    let mischief = Mischief::deploy(&mut world);
    let (contract, returns) = (mischief.address.to_string(), Vec::new());
    let each = |world: &World, amount: Amount| {
        let (asset, to) = (world.asset("USDC"), None);
        let atom = world.asset("ATOM");
        let some = Some(amount);
        [
            Action::Deposit {
                asset: asset.clone(),
                amount: some,
                lend: None,
            },
            Action::Repay {
                asset: asset.clone(),
                amount: some,
            },
            Action::Withdraw {
                asset: atom.clone(),
                amount: some,
                to: to.clone(),
            },
            Action::Lend {
                asset: atom.clone(),
                amount: some,
            },
            Action::Recall {
                asset: atom,
                amount: some,
            },
            Action::Borrow {
                asset: asset.clone(),
                amount,
                to,
            },
            Action::Call {
                contract: contract.clone(),
                msg: b"{}".into(),
                funds: vec![AssetAmount { asset, amount }],
                returns: returns.clone(),
            },
        ]
    };
    world.deposit_lent("alice", "ATOM", 1)?;
    let before = world.account("alice")?;
    let purses = Purses::of(&world);
    for action in each(&world, Amount::ZERO) {
        let answer = batch_with(&mut world, "alice", &[("USDC", "10")], vec![action]);
        assert_eq!(answer.unwrap_err().name, "zero_amount");
    }
    for amount in [AMOUNT_LIMIT - 1, AMOUNT_LIMIT, u128::MAX] {
        for action in each(&world, Amount(amount)) {
            let answer = batch_with(&mut world, "alice", &[("USDC", "10")], vec![action.clone()]);
            let name = answer.unwrap_err().name;
            let expected = match action {
                Action::Withdraw { .. } | Action::Lend { .. } | Action::Recall { .. } => {
                    "insufficient_deposit"
                }
                Action::Borrow { .. } if amount < AMOUNT_LIMIT => "borrow_cap",
                _ if amount < AMOUNT_LIMIT => "insufficient_hand",
                _ => "amount_too_large",
            };
            assert_eq!(name, expected, "{action:?}");
        }
    }
    assert_eq!(world.account("alice")?, before);
    purses.assert_moved(&world, &[]);
    assert_books_balance(&world);
    Ok(())
}
