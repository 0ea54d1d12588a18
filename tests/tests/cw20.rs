//! Markets of CW20 tokens: whatever coins can do, tokens can, to the unit; and what only tokens
//! can get wrong.

use crate::pitfall_support::{net, refused_as, wealth};
use bulwark_risk::units::{Amount, Usd};
use bulwark_test_token::msg::Misbehaviour;
use bulwark_testing::{MarketSpec, World};
use bulwark_tests::{
    Tested, assert_books_balance, every_account, falls, interest_free, one_holding, refused,
    standard_markets, supply, world_of,
};
use bulwark_types::token::{Cw20ReceiveMsg, TokenKind};
use bulwark_types::vault::{
    Cw20Hook, ExecuteMsg, FamilyListing, MarketListing, Receive, SolvencyResponse, Target,
};
use bulwark_types::wire::WireError;
use cosmwasm_std::{Addr, Binary, Coin, Uint128, to_json_binary};
use cw_multi_test::{AppResponse, BankSudo, SudoMsg};
use serde_json::json;

type Answer = Result<AppResponse, WireError>;
type Step = fn(&mut World) -> Answer;

/// A day in the life of two markets: every message, from deposits to bad debt.
const DAY: [(&str, Step); 38] = [
    ("carol lends USDC", |w| {
        w.deposit_lent("carol", "USDC", 100_000)
    }),
    ("carol lends ATOM", |w| {
        w.deposit_lent("carol", "ATOM", 10_000)
    }),
    ("alice deposits", |w| w.deposit("alice", "ATOM", 100)),
    ("bob adds to hers", |w| {
        w.deposit_for("bob", "alice", "ATOM", 5)
    }),
    ("not a new asset", |w| {
        w.deposit_for("bob", "alice", "USDC", 5)
    }),
    ("alice lends more", |w| w.deposit_lent("alice", "ATOM", 20)),
    ("lend", |w| w.lend("alice", "ATOM", "10.000001")),
    ("recall", |w| w.recall("alice", "ATOM", "3.5")),
    ("withdraw", |w| w.withdraw("alice", "ATOM", 7)),
    ("too much", |w| w.withdraw("alice", "ATOM", 7_000)),
    ("borrow", |w| w.borrow("alice", "USDC", 700)),
    ("too much debt", |w| w.borrow("alice", "USDC", 700)),
    ("bob deposits", |w| w.deposit("bob", "ATOM", 200)),
    ("to her next account", |w| {
        w.transfer("alice", ("alice", 1), "ATOM", 2)
    }),
    ("bob gives", |w| w.transfer("bob", "alice", "ATOM", 1)),
    ("a year", |w| {
        w.advance(31_536_000);
        w.repost()?;
        w.accrue(&["USDC", "ATOM"])
    }),
    ("bob repays for alice", |w| {
        w.repay_for("bob", "alice", "USDC", 100)
    }),
    ("mallory deposits", |w| w.deposit("mallory", "ATOM", 50)),
    ("mallory borrows", |w| w.borrow("mallory", "USDC", 50)),
    ("and repays too much", |w| w.repay("mallory", "USDC", 80)),
    ("twice", |w| w.repay("mallory", "USDC", 80)),
    ("mallory leaves", |w| w.withdraw_all("mallory", "ATOM")),
    ("a small account", |w| w.deposit(("alice", 2), "ATOM", 10)),
    ("in debt", |w| w.borrow(("alice", 2), "USDC", 10)),
    ("deposits past its debt", |w| {
        w.deposit(("alice", 2), "USDC", 15)
    }),
    ("mallory again", |w| w.deposit("mallory", "ATOM", 100)),
    ("at the limit", |w| w.borrow("mallory", "USDC", 800)),
    ("short", |w| w.deposit(("mallory", 1), "USDC", 10_000)),
    ("of ATOM", |w| w.borrow(("mallory", 1), "ATOM", 700)),
    ("a tiny account", |w| w.deposit(("bob", 5), "ATOM", 10)),
    ("with a debt", |w| w.borrow(("bob", 5), "USDC", 80)),
    ("a fall, and a keeper", |w| {
        falls(w, &[("ATOM", "9.5")]);
        w.liquidate("keeper", "mallory", "USDC", 300, "ATOM")
    }),
    ("a healthy one", |w| {
        w.liquidate("keeper", "bob", "USDC", 300, "ATOM")
    }),
    ("a rise, and a keeper", |w| {
        falls(w, &[("ATOM", "12.3")]);
        w.liquidate("keeper", ("mallory", 1), "ATOM", 90, "USDC")
    }),
    ("not yet", |w| w.write_off("bob", ("bob", 5))),
    ("a crash", |w| {
        falls(w, &[("ATOM", "0.01")]);
        w.write_off("bob", ("bob", 5))
    }),
    ("the rest as bad debt", |w| {
        w.liquidate("keeper", "alice", "USDC", 500, "ATOM")
    }),
    ("the owner collects", |w| {
        let message = ExecuteMsg::CollectReserve {
            asset: w.asset("ATOM"),
            amount: None,
            to: w.address("owner").into_string(),
        };
        w.execute("owner", message, vec![])
    }),
];

/// What people can see of a world, with symbols for assets.
fn seen(world: &World) -> String {
    let markets: Vec<_> = ["USDC", "ATOM"].map(|symbol| world.market(symbol)).into();
    let people = [
        "owner", "keeper", "alice", "bob", "carol", "mallory", "caller",
    ];
    let purses: Vec<_> = people
        .iter()
        .flat_map(|name| ["USDC", "ATOM"].map(|symbol| world.balance(name, symbol)))
        .collect();
    let margins: Vec<_> = every_account(world)
        .iter()
        .map(|account| world.margin(&account.account))
        .collect();
    let all = format!(
        "{:#?}",
        (
            every_account(world),
            margins,
            markets,
            purses,
            world.solvency(None)
        )
    );
    named(world, &all)
}

fn named(world: &World, text: &str) -> String {
    world
        .markets()
        .iter()
        .fold(text.to_owned(), |text, market| {
            text.replace(&market.denom, &market.symbol)
        })
}

fn two_markets(usdc_is_token: bool, atom_is_token: bool) -> World {
    let as_token = |spec: MarketSpec, is_token| if is_token { spec.as_cw20() } else { spec };
    world_of([
        as_token(MarketSpec::usd("USDC"), usdc_is_token),
        as_token(
            MarketSpec::crypto("ATOM").with_price(10).with_decimals(8),
            atom_is_token,
        ),
    ])
    .build()
    .unwrap()
}

#[test]
fn tokens_can_do_to_the_unit_what_coins_can() {
    let mut coins = two_markets(false, false);
    let mut others =
        [(true, false), (false, true), (true, true)].map(|(usdc, atom)| two_markets(usdc, atom));
    let mut passed = 0;
    for (what, step) in DAY {
        let answer = step(&mut coins);
        passed += usize::from(answer.is_ok());
        let refusal = answer
            .err()
            .map(|error| named(&coins, &format!("{error:?}")));
        for world in &mut others {
            let other = step(world).err();
            let other = other.map(|error| named(world, &format!("{error:?}")));
            assert_eq!(other, refusal, "{what}");
            assert_eq!(seen(world), seen(&coins), "{what}");
            assert_books_balance(world);
        }
    }
    // Six are refused, in every world with the same words.
    assert_eq!(passed, DAY.len() - 6);
}

#[test]
fn pitfall_03_plain_transfers_of_tokens_change_nothing() -> Tested {
    let mut world = two_markets(true, true);
    supply(&mut world, "USDC", 10_000);
    world.deposit_lent("alice", "ATOM", 100)?;
    world.borrow("alice", "USDC", 500)?;
    let state = |world: &World| {
        (
            every_account(world),
            ["USDC", "ATOM"].map(|asset| world.market(asset).unwrap()),
            world.margin("alice").unwrap(),
        )
    };
    let before = state(&world);
    let vault = world.vault().to_string();
    for asset in ["USDC", "ATOM"] {
        world.send("mallory", &vault, asset, 1_000)?;
    }
    assert_eq!(state(&world), before);
    let surplus = |world: &World| world.solvency(Some("USDC")).unwrap().assets[0].surplus;
    assert_eq!(surplus(&world), Amount(1_000_000_000));
    // Nor does whoever comes next find it in his account.
    world.deposit("bob", "USDC", 1)?;
    world.withdraw_all("bob", "USDC")?;
    assert_eq!(surplus(&world), Amount(1_000_000_000));
    Ok(())
}

#[test]
fn pitfall_02_games_in_an_empty_pool_of_a_token_never_enrich() -> Tested {
    for first in [1, 2, 1_000] {
        let mut world = two_markets(true, true);
        let vault = world.vault().to_string();
        let wallet = net(&world, "mallory", "USDC");
        world.deposit_lent("mallory", "USDC", Amount(first))?;
        world.send("mallory", &vault, "USDC", 1_000_000)?;
        world.deposit_lent("bob", "USDC", 1_000)?;
        assert_eq!(
            one_holding(&world, ("bob", 0), "USDC").lent,
            Amount(1_000_000_000)
        );
        world.withdraw_all("mallory", "USDC")?;
        world.withdraw_all("bob", "USDC")?;
        let lost = wallet - net(&world, "mallory", "USDC");
        assert_eq!(lost, 1_000_000_000_000, "what was given away is gone");
    }
    Ok(())
}

#[test]
fn what_is_no_token_is_not_listed() -> Tested {
    let mut world = two_markets(true, true);
    let market = world.market("ATOM")?;
    let listing = |asset: &str, decimals| {
        ExecuteMsg::ListMarket(MarketListing {
            asset: asset.into(),
            decimals,
            family: FamilyListing::Member {
                of: market.asset.clone(),
            },
            risk: market.risk,
            interest: market.interest,
            reserve_factor: market.reserve_factor,
            limits: market.limits,
            deposit_enabled: true,
            borrow_enabled: true,
        })
    };
    let token = world.make_token("NEW", 8)?;
    for decimals in [7, 9, 18] {
        refused(
            world.execute("owner", listing(&token, decimals), vec![]),
            "invalid_config",
            json!({
                "field": "decimals",
                "value": decimals.to_string(),
                "bound": "must be those that the token declares",
            }),
        );
    }
    let person = format!("cw20:{}", world.address("alice"));
    let other_contract = format!("cw20:{}", world.oracle());
    let shouted = format!("cw20:{}", token.trim_start_matches("cw20:").to_uppercase());
    for asset in [person, other_contract, shouted, "cw20:".into()] {
        refused(
            world.execute("owner", listing(&asset, 8), vec![]),
            "invalid_config",
            json!({
                "field": "asset",
                "value": asset,
                "bound": "must be a token that tells its decimals",
            }),
        );
    }
    // The same with its own decimals wants a price only.
    refused(
        world.execute("owner", listing(&token, 8), vec![]),
        "no_price",
        json!({"asset": token}),
    );
    Ok(())
}

/// Tells the vault of tokens, as whoever `token` is.
fn tell(world: &mut World, token: &Addr, amount: u128, hook: Binary, funds: &[Coin]) -> Answer {
    let received = ExecuteMsg::Receive(Cw20ReceiveMsg {
        sender: world.address("mallory").into_string(),
        amount: Uint128::new(amount),
        msg: hook,
    });
    let vault = world.vault().clone();
    world.execute_raw(token, &vault, &received, funds)
}

fn deposit_hook() -> Binary {
    to_json_binary(&Cw20Hook::Deposit {
        account: None,
        lend: None,
    })
    .unwrap()
}

#[test]
fn pitfall_31_only_a_listed_token_is_believed_and_only_a_hook_is_understood() -> Tested {
    let mut world = two_markets(true, true);
    let before = seen(&world);
    // A person, a token that is not listed, and one that is, with nothing to tell.
    let unlisted = Addr::unchecked(world.make_token("JUNK", 6)?.trim_start_matches("cw20:"));
    for stranger in [world.address("mallory"), unlisted] {
        let asset = TokenKind::Cw20 {
            contract: stranger.as_str(),
        }
        .asset();
        refused(
            tell(&mut world, &stranger, 5, deposit_hook(), &[]),
            "unknown_market",
            json!({"asset": asset}),
        );
    }
    let usdc = world.token("USDC")?;
    for bytes in ["", "{}", "null", "{\"withdraw\":{}}", "{\"deposit\":7}"] {
        let hook = Binary::new(bytes.as_bytes().to_vec());
        refused_as(tell(&mut world, &usdc, 5, hook, &[]), "malformed_hook");
    }
    let asset = world.asset("USDC");
    refused(
        tell(&mut world, &usdc, 0, deposit_hook(), &[]),
        "zero_amount",
        json!({"asset": asset}),
    );
    for amount in [1 << 104, u128::MAX] {
        refused(
            tell(&mut world, &usdc, amount, deposit_hook(), &[]),
            "amount_too_large",
            json!({"amount": amount.to_string()}),
        );
    }
    // Coins beside the tokens would be nobody's.
    let coin = Coin::new(7_u128, "ujunk");
    let mint = BankSudo::Mint {
        to_address: usdc.to_string(),
        amount: vec![coin.clone()],
    };
    world.app_mut().sudo(SudoMsg::Bank(mint)).unwrap();
    refused(
        tell(&mut world, &usdc, 5, deposit_hook(), &[coin]),
        "wrong_funds",
        json!({"expected": "nothing", "sent": ["7ujunk"]}),
    );
    // Tokens that were only told of.
    refused(
        tell(&mut world, &usdc, 5, deposit_hook(), &[]),
        "token_short",
        json!({"asset": asset, "held": "0", "owed": "5"}),
    );
    assert_eq!(seen(&world), before);
    Ok(())
}

#[test]
fn pitfall_31_a_token_that_lies_hurts_only_its_own_market() -> Tested {
    let mut world = world_of(
        [
            MarketSpec::usd("USDC"),
            MarketSpec::crypto("ATOM").with_price(10),
            MarketSpec::crypto("LIAR").as_cw20(),
        ]
        .map(interest_free),
    )
    .build()?;
    supply(&mut world, "USDC", 10_000);
    supply(&mut world, "LIAR", 10_000);
    world.deposit("alice", "ATOM", 100)?;
    world.borrow("alice", "LIAR", 100)?;
    let lie = |world: &mut World, lie: Misbehaviour| world.misbehave("LIAR", lie);
    let missing = |world: &World| -> Vec<Amount> {
        let found: SolvencyResponse = world.solvency(None).unwrap();
        found.assets.iter().map(|asset| asset.missing).collect()
    };

    // More than was sent: a deposit is refused.
    lie(
        &mut world,
        Misbehaviour {
            claimed_amount: Some(Uint128::new(1 << 40)),
            ..Misbehaviour::default()
        },
    )?;
    refused_as(world.deposit("mallory", "LIAR", 1), "token_short");
    // A fee: so is that, and a repayment.
    lie(
        &mut world,
        Misbehaviour {
            fee_bps: 100,
            ..Misbehaviour::default()
        },
    )?;
    refused_as(world.deposit("mallory", "LIAR", 1), "token_short");
    refused_as(world.repay("alice", "LIAR", 50), "token_short");
    assert_eq!(missing(&world), [Amount(0); 3]);
    // Somebody else as the sender: that account has what mallory gave.
    let alice = world.address("alice").into_string();
    lie(
        &mut world,
        Misbehaviour {
            claimed_sender: Some(alice),
            ..Misbehaviour::default()
        },
    )?;
    let owed = one_holding(&world, ("alice", 0), "LIAR").debt;
    world.pay_vault("mallory", "LIAR", 10, ExecuteMsg::Repay { account: None })?;
    let left = one_holding(&world, ("alice", 0), "LIAR").debt;
    assert_eq!(owed.0 - left.0, 10_000_000);
    // No transfer at all: its holders wait, everybody else goes on.
    lie(
        &mut world,
        Misbehaviour {
            refuse_transfers: true,
            ..Misbehaviour::default()
        },
    )?;
    assert!(world.withdraw("carol", "LIAR", 1).is_err());
    world.withdraw("carol", "USDC", 1)?;
    world.deposit(("bob", 1), "ATOM", 1)?;
    world.withdraw("alice", "ATOM", 1)?;
    assert_eq!(missing(&world)[..2], [Amount(0), Amount(0)]);
    Ok(())
}

#[test]
fn a_deposit_whose_token_does_not_move_can_be_seized_into_an_account() -> Tested {
    let mut world = world_of(
        [
            MarketSpec::usd("USDC"),
            MarketSpec::crypto("ATOM").with_price(10).as_cw20(),
        ]
        .map(interest_free),
    )
    .build()?;
    supply(&mut world, "USDC", 10_000);
    world.deposit("alice", "ATOM", 100)?;
    world.borrow("alice", "USDC", 800)?;
    falls(&mut world, &[("ATOM", "9.5")]);
    world.misbehave(
        "ATOM",
        Misbehaviour {
            refuse_transfers: true,
            ..Misbehaviour::default()
        },
    )?;
    assert!(
        world
            .liquidate("keeper", "alice", "USDC", 100, "ATOM")
            .is_err()
    );
    let message = ExecuteMsg::Liquidate {
        account: world.account_ref("alice"),
        seize: world.asset("ATOM"),
        min_seized: None,
        receive: Some(Receive::Account),
        to: None,
        debt: None,
        callback: None,
    };
    world.pay_vault("keeper", "USDC", 100, message)?;
    assert!(one_holding(&world, ("keeper", 0), "ATOM").idle > Amount::ZERO);
    assert_books_balance(&world);
    Ok(())
}

#[test]
fn pitfall_31_a_coin_that_is_named_like_a_token_is_not_that_token() -> Tested {
    let mut world = two_markets(true, true);
    supply(&mut world, "USDC", 10_000);
    for debtor in ["alice", "mallory"] {
        world.deposit(debtor, "ATOM", 100)?;
        world.borrow(debtor, "USDC", 800)?;
    }
    falls(&mut world, &[("ATOM", "9.4")]);
    // A bank lets somebody make a coin of any name with a colon.
    let [usdc, atom] = ["USDC", "ATOM"].map(|symbol| world.asset(symbol));
    let coin = Coin::new(500_000_000_u128, usdc.clone());
    let mint = BankSudo::Mint {
        to_address: world.address("mallory").into_string(),
        amount: vec![coin.clone()],
    };
    world.app_mut().sudo(SudoMsg::Bank(mint)).unwrap();
    let alice = world.account_ref("alice");
    let messages = [
        ExecuteMsg::Deposit {
            account: None,
            lend: None,
        },
        ExecuteMsg::Repay { account: None },
        ExecuteMsg::Liquidate {
            account: alice.clone(),
            seize: atom.clone(),
            min_seized: None,
            receive: None,
            to: None,
            debt: None,
            callback: None,
        },
        ExecuteMsg::LiquidateMany {
            targets: vec![Target {
                account: alice,
                debt: bulwark_types::vault::AssetAmount {
                    asset: usdc.clone(),
                    amount: Amount(100_000_000),
                },
                seize: atom,
                min_seized: None,
            }],
            receive: None,
            to: None,
        },
        ExecuteMsg::Batch {
            account: None,
            actions: vec![bulwark_types::vault::Action::Repay {
                asset: usdc.clone(),
                amount: None,
            }],
        },
    ];
    for message in messages {
        refused(
            world.execute("mallory", message.clone(), vec![coin.clone()]),
            "wrong_funds",
            json!({
                "expected": "a coin of a listed denom",
                "sent": [format!("500000000{usdc}")],
            }),
        );
    }
    assert_books_balance(&world);
    Ok(())
}

#[test]
fn pitfall_08_tokens_of_any_decimals_are_worth_the_same() -> Tested {
    let decimals = [0, 6, 8, 18];
    for deposited in decimals {
        for owed in decimals {
            let pair = format!("{deposited} decimals against {owed}");
            let mut world = world_of([
                interest_free(MarketSpec::usd("DEBT").with_decimals(owed).as_cw20()),
                interest_free(
                    MarketSpec::crypto("COIN")
                        .with_decimals(deposited)
                        .as_cw20(),
                ),
            ])
            .build()?;
            supply(&mut world, "DEBT", 100_000);
            let before = wealth(&world, "alice");
            world.deposit("alice", "COIN", 10_000)?;
            world.borrow("alice", "DEBT", 8_000)?;
            let margin = world.margin("alice")?;
            assert_eq!(margin.equity, Usd::whole(2_000), "{pair}");
            refused_as(world.borrow("alice", "DEBT", 400), "below_initial_margin");
            world.fork(|world| {
                falls(world, &[("COIN", "0.95")]);
                let keeper = wealth(world, "keeper");
                world.liquidate("keeper", "alice", "DEBT", 1_000, "COIN")?;
                assert!(wealth(world, "keeper") > keeper - Usd::whole(2).0, "{pair}");
                assert_books_balance(world);
                Ok::<_, WireError>(())
            })?;
            world.repay("alice", "DEBT", 8_000)?;
            world.withdraw_all("alice", "COIN")?;
            assert_eq!(wealth(&world, "alice"), before, "{pair}");
            assert_eq!(world.account("alice")?.holdings, []);
        }
    }
    Ok(())
}

#[test]
fn coins_and_tokens_stand_side_by_side_in_one_account() -> Tested {
    let [usdc, atom, btc, eth] = standard_markets();
    let mut world =
        world_of([usdc, atom.as_cw20(), btc, eth.as_cw20()].map(interest_free)).build()?;
    bulwark_tests::fund(&mut world);
    world.deposit("alice", "BTC", 1)?;
    world.deposit("alice", "ATOM", 1_000)?;
    world.borrow("alice", "ETH", 5)?;
    world.borrow("alice", "USDC", 5_000)?;
    assert_eq!(world.margin("alice")?.equity, Usd::whole(55_000));
    world.repay("alice", "ETH", 7)?;
    world.repay("alice", "USDC", 7_000)?;
    world.withdraw_all("alice", "BTC")?;
    world.withdraw_all("alice", "ATOM")?;
    assert_eq!(world.account("alice")?.holdings, []);
    assert_books_balance(&world);
    Ok(())
}
