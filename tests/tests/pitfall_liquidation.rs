//! Pitfalls 12–21 and 43–46, 50: who can be liquidated, how far, and at whose cost.

use crate::pitfall_support::{
    Answer, Dice, Step, fraction, is_liquidatable, net, ratio, refused_as, signed, wealth,
};
use bulwark_risk::units::{Amount, Fraction, Usd};
use bulwark_testing::{MarketSpec, World, events_of};
use bulwark_tests::{
    Tested, assert_books_balance, falls, fund, funded, interest_free, levered, one_holding,
    refused, standard_markets, supply, underwater, world_of,
};
use bulwark_types::events::{BadDebtAbsorbed, Liquidated};
use bulwark_types::governance::OwnershipAction;
use bulwark_types::vault::{
    ExecuteMsg, Limits, LiquidationResponse, MarketUpdate, PausableAction, Plan, QueryMsg, Receive,
};
use serde_json::json;

/// A keeper's `liquidate` in its general form.
fn seize(
    world: &mut World,
    keeper: &str,
    account: (&str, u16),
    paid: (&str, Amount),
    asset: &str,
    receive: Option<Receive>,
    to: Option<(&str, u16)>,
) -> Answer {
    let reference = |world: &World, (owner, id): (&str, u16)| bulwark_types::vault::AccountRef {
        owner: world.address(owner).into_string(),
        id,
    };
    let message = ExecuteMsg::Liquidate {
        account: reference(world, account),
        seize: world.asset(asset),
        min_seized: None,
        receive,
        to: to.map(|account| reference(world, account)),
        debt: None,
        callback: None,
    };
    let funds = world.coins(paid.0, paid.1)?;
    world.execute(keeper, message, funds)
}

fn update(world: &mut World, asset: &str, update: MarketUpdate) -> Answer {
    let asset = world.asset(asset);
    world.execute(
        "owner",
        ExecuteMsg::UpdateMarket { asset, update },
        Vec::new(),
    )
}

/// `count` coins at 1 USD beside USDC and ATOM; accounts may hold `most` assets.
fn many_coins(count: usize, most: u8) -> World {
    let coins =
        (0..count).map(|number| interest_free(MarketSpec::crypto(&format!("COIN{number}"))));
    let mut world = world_of(
        [
            interest_free(MarketSpec::usd("USDC")),
            interest_free(MarketSpec::crypto("ATOM").with_price(10)),
        ]
        .into_iter()
        .chain(coins),
    )
    .with_parameters(move |parameters| parameters.max_holdings = most)
    .build()
    .unwrap();
    supply(&mut world, "USDC", 1_000_000);
    world
}

#[test]
fn pitfall_12_an_account_at_the_asset_limit_can_be_liquidated() -> Tested {
    for most in [20_u8, 32] {
        let coins = usize::from(most) - 1;
        let mut world = many_coins(coins + 1, most);
        for number in 0..coins {
            world.deposit("alice", &format!("COIN{number}"), 100)?;
        }
        let room = world.max_borrow("alice", "USDC")?;
        world.borrow("alice", "USDC", room)?;
        refused(
            world.deposit("alice", &format!("COIN{coins}"), 1),
            "too_many_holdings",
            json!({"asset": world.asset(&format!("COIN{coins}")), "limit": most}),
        );
        let crash: Vec<String> = (0..coins).map(|number| format!("COIN{number}")).collect();
        let prices: Vec<(&str, &str)> = crash.iter().map(|coin| (coin.as_str(), "0.93")).collect();
        falls(&mut world, &prices);
        assert!(is_liquidatable(&world, ("alice", 0)), "{most}");
        let before = ratio(&world, ("alice", 0));
        world.liquidate("keeper", "alice", "USDC", 50, "COIN7")?;
        assert!(ratio(&world, ("alice", 0)) > before);
        assert_books_balance(&world);
    }
    Ok(())
}

#[test]
fn pitfall_12_strangers_cannot_fill_an_accounts_places_nor_block_it() -> Tested {
    let mut world = many_coins(3, 2);
    world.deposit("alice", "ATOM", 100)?;
    world.deposit("mallory", "COIN0", 100)?;
    let owner = world.address("alice").into_string();
    let foreign = |world: &World, asset: &str| json!({"asset": world.asset(asset), "owner": owner.clone(), "id": 0});
    let fields = foreign(&world, "COIN0");
    refused(
        world.deposit_for("mallory", "alice", "COIN0", 1),
        "foreign_asset",
        fields.clone(),
    );
    refused(
        world.transfer("mallory", "alice", "COIN0", 1),
        "foreign_asset",
        fields,
    );

    // Nor by liquidating somebody into her account.
    world.deposit("bob", "COIN1", 100)?;
    world.borrow("bob", "USDC", 70)?;
    falls(&mut world, &[("COIN1", "0.8")]);
    let fields = foreign(&world, "COIN1");
    refused(
        seize(
            &mut world,
            "mallory",
            ("bob", 0),
            ("USDC", Amount(1_000_000)),
            "COIN1",
            Some(Receive::Account),
            Some(("alice", 0)),
        ),
        "foreign_asset",
        fields,
    );

    // What she holds or owes already, others may add to; her other place stays hers.
    world.deposit_for("mallory", "alice", "ATOM", 1)?;
    world.deposit("alice", "COIN2", 1)?;
    Ok(())
}

#[test]
fn pitfall_13_repeated_calls_in_a_block_take_no_more_than_one() -> Tested {
    let mut world = underwater();
    let at_once = world.fork(|world| {
        let response = world
            .liquidate("keeper", "alice", "USDC", 800, "ATOM")
            .unwrap();
        let again = world.liquidate("keeper", "alice", "USDC", 800, "ATOM");
        refused_as(again, "not_liquidatable");
        events_of::<Liquidated>(&response).remove(0).repaid
    });
    for part in [7_000_000_u128, 31_000_001, 100_000_000] {
        let mut repaid = Amount::ZERO;
        let mut calls = 0;
        world.fork(|world| {
            while let Ok(response) =
                world.liquidate("keeper", "alice", "USDC", Amount(part), "ATOM")
            {
                repaid = repaid
                    .plus(events_of::<Liquidated>(&response).remove(0).repaid)
                    .unwrap();
                calls += 1;
                assert!(calls < 200, "it ends");
            }
        });
        assert!(
            repaid <= at_once,
            "{calls} calls of {part}: {repaid} beats {at_once}"
        );
    }
    Ok(())
}

#[test]
fn pitfall_14_no_flag_of_any_kind_blocks_liquidation() -> Tested {
    let mut world = underwater();
    // Also in the account: a third asset, whose feed may fall silent; the keeper is itself in debt.
    let expected = world.fork(|world| liquidated(world).unwrap());

    use PausableAction::{Borrow, Deposit, Withdraw};
    const ALL: [PausableAction; 3] = [Deposit, Borrow, Withdraw];
    let limits = |change: fn(&mut Limits)| {
        move |world: &mut World| {
            for asset in ["USDC", "ATOM"] {
                let mut limits = world.market(asset)?.limits;
                change(&mut limits);
                let limits = Some(limits);
                update(
                    world,
                    asset,
                    MarketUpdate {
                        limits,
                        ..MarketUpdate::default()
                    },
                )?;
            }
            Ok(())
        }
    };
    type Flag = Box<dyn Fn(&mut World) -> Tested>;
    let flags: Vec<(&str, Flag)> = vec![
        (
            "all actions of all assets paused",
            Box::new(|w| w.pause(None, &ALL).map(drop)),
        ),
        (
            "the debt paused",
            Box::new(|w| w.pause(Some("USDC"), &ALL).map(drop)),
        ),
        (
            "the deposit paused",
            Box::new(|w| w.pause(Some("ATOM"), &ALL).map(drop)),
        ),
        (
            "deposits paused",
            Box::new(|w| w.pause(None, &[Deposit]).map(drop)),
        ),
        (
            "withdrawals paused",
            Box::new(|w| w.pause(None, &[Withdraw]).map(drop)),
        ),
        (
            "delisted: neither deposits nor borrows",
            Box::new(|w| {
                for asset in ["USDC", "ATOM"] {
                    let (deposit_enabled, borrow_enabled) = (Some(false), Some(false));
                    let off = MarketUpdate {
                        deposit_enabled,
                        borrow_enabled,
                        ..Default::default()
                    };
                    update(w, asset, off)?;
                }
                Ok(())
            }),
        ),
        (
            "no room below the deposit cap",
            Box::new(limits(|l| l.deposit_cap = Amount::ZERO)),
        ),
        (
            "no room below the borrow cap",
            Box::new(limits(|l| l.borrow_cap = Amount::ZERO)),
        ),
        (
            "no utilisation allowed",
            Box::new(limits(|l| l.max_utilisation = Fraction::ZERO)),
        ),
        (
            "no share of the pool allowed",
            Box::new(limits(|l| l.counterparty_share = Fraction::ZERO)),
        ),
        (
            "no owner",
            Box::new(|w| {
                let message = ExecuteMsg::UpdateOwnership(OwnershipAction::Renounce {});
                w.execute("owner", message, Vec::new()).map(drop)
            }),
        ),
        (
            "a jump of the deposit waits",
            Box::new(|w| {
                w.advance(6);
                w.post(&[("ATOM", "12")])
            }),
        ),
        (
            "a keeper under water itself",
            Box::new(|w| {
                w.deposit("keeper", "BTC", "0.01")?;
                w.borrow("keeper", "USDC", 480)?;
                w.fork(|w| {
                    falls(w, &[("BTC", "51000")]);
                    assert!(is_liquidatable(w, ("keeper", 0)));
                    liquidated(w).map(drop)
                })
            }),
        ),
        (
            "another asset of the account without a price",
            Box::new(|w| {
                // One smallest unit, so that the sums stay those of the others.
                w.deposit("alice", "ETH", Amount(1))?;
                w.advance(200);
                w.post(&[("USDC", "1"), ("ATOM", "9.5")])?;
                assert!(w.price("ETH")?.stale);
                Ok(())
            }),
        ),
        (
            "another asset of the account halted",
            Box::new(|w| {
                w.deposit("alice", "ETH", Amount(1))?;
                let asset = w.asset("ETH");
                let halt = bulwark_types::oracle::ExecuteMsg::Halt { asset };
                w.execute_oracle("guardian", halt).map(drop)
            }),
        ),
    ];
    for (name, raise) in flags {
        world.fork(|world| {
            raise(world).unwrap_or_else(|error| panic!("{name}: {error:?}"));
            let found = liquidated(world).unwrap_or_else(|error| panic!("{name}: {error:?}"));
            assert_eq!(found, expected, "{name}");
        });
    }
    Ok(())
}

/// What alice's liquidation moves: repaid, seized, tokens.
fn liquidated(world: &mut World) -> Result<[Amount; 3], bulwark_types::wire::WireError> {
    let response = world.liquidate("keeper", "alice", "USDC", 800, "ATOM")?;
    let event: Liquidated = events_of(&response).remove(0);
    assert_books_balance(world);
    Ok([event.repaid, event.seized, event.tokens])
}

#[test]
fn pitfall_14_an_illiquid_pool_pays_the_keeper_in_shares() -> Tested {
    let mut world = world_of(standard_markets().map(interest_free)).build()?;
    supply(&mut world, "USDC", 1_000_000);
    world.deposit_lent("alice", "ATOM", 100)?;
    world.borrow("alice", "USDC", 800)?;
    // Four others take all that the limits allow out of the ATOM pool: 5 of its 100 stay.
    for (id, tokens) in [(0, 25), (1, 25), (2, 25), (3, 20)] {
        world.deposit(("bob", id), "ETH", 10)?;
        world.borrow(("bob", id), "ATOM", tokens)?;
    }
    falls(&mut world, &[("ATOM", "9.5")]);
    let response = world.liquidate("keeper", "alice", "USDC", 200, "ATOM")?;
    let event: Liquidated = events_of(&response).remove(0);
    assert_eq!(event.tokens, Amount(5_000_000), "the cash");
    let kept = one_holding(&world, ("keeper", 0), "ATOM").lent;
    let rest = event.seized.0 - event.protocol_fee.0 - event.tokens.0;
    assert!(kept.0.abs_diff(rest) <= 1, "{kept} of {rest}");
    assert_books_balance(&world);
    Ok(())
}

/// Long ETH and USDC, short ATOM and DAI, net short in crypto, under water: the ETH is a hedge.
fn hedged() -> World {
    let markets = [
        MarketSpec::usd("USDC"),
        MarketSpec::usd("DAI"),
        MarketSpec::crypto("ATOM").with_price(10),
        MarketSpec::crypto("ETH")
            .with_decimals(18)
            .with_price(2_000),
    ];
    let mut world = world_of(markets.map(interest_free)).build().unwrap();
    supply(&mut world, "DAI", 1_000_000);
    supply(&mut world, "ATOM", 100_000);
    world.deposit("alice", "ETH", 3).unwrap();
    world.deposit("alice", "USDC", 10_000).unwrap();
    world.borrow("alice", "ATOM", 1_200).unwrap();
    world.borrow("alice", "DAI", 1_000).unwrap();
    falls(&mut world, &[("ATOM", "11.2")]);
    assert!(
        is_liquidatable(&world, ("alice", 0)),
        "{:?}",
        world.margin("alice").unwrap()
    );
    world
}

#[test]
fn pitfall_15_the_good_leg_of_a_hedge_cannot_be_seized() -> Tested {
    let mut world = hedged();
    let fields = json!({"debt": world.asset("DAI"), "seize": world.asset("ETH")});
    refused(
        world.liquidate("keeper", "alice", "DAI", 500, "ETH"),
        "ratio_not_raised",
        fields,
    );
    let before = ratio(&world, ("alice", 0));
    let plan = world.plan("alice")?.expect("some pair helps");
    world.liquidate(
        "keeper",
        "alice",
        &plan.debt.asset,
        plan.debt.amount,
        &plan.seize.asset,
    )?;
    assert!(ratio(&world, ("alice", 0)) > before);
    Ok(())
}

#[test]
fn pitfall_16_the_bonus_leaves_half_of_the_equity_at_every_price() -> Tested {
    let mut world = levered();
    let mut distressed = 0;
    for cents in (800..=958).rev().step_by(6) {
        world.fork(|world| {
            let at = format!("{}.{:02}", cents / 100, cents % 100);
            falls(world, &[("ATOM", &at)]);
            let before = world.margin("alice").unwrap();
            if !is_liquidatable(world, ("alice", 0)) {
                return;
            }
            let response = world
                .liquidate("keeper", "alice", "USDC", 800, "ATOM")
                .unwrap();
            let event: Liquidated = events_of(&response).remove(0);
            if event.distressed {
                distressed += 1;
                assert_eq!(event.bonus, Fraction::percent(1), "{at}");
                return;
            }
            // A share of equity over debts, so closing everything takes half of the equity.
            let share = before.equity.0 * 500_000_000_000_000_000 / before.debts.0;
            assert!(i128::try_from(event.bonus.0).unwrap() <= share, "{at}");
            let after = world.margin("alice").unwrap();
            assert!(after.equity.0 * 2 >= before.equity.0, "{at}");
            assert!(events_of::<BadDebtAbsorbed>(&response).is_empty(), "{at}");
        });
    }
    assert!(distressed > 0, "the sweep reaches distress");
    Ok(())
}

#[test]
fn pitfall_17_nobody_gains_by_liquidating_himself() -> Tested {
    for (tokens, receive, to) in [
        (100, None, Some(("mallory", 1))),
        (400, None, Some(("mallory", 1))),
        (800, Some(Receive::Account), Some(("mallory", 1))),
        (55, Some(Receive::Account), Some(("mallory", 2))),
    ] {
        for price in ["9.55", "9.4", "9.2", "9", "8.7", "8.4"] {
            let mut world = world_of(standard_markets().map(interest_free)).build()?;
            fund(&mut world);
            world.deposit("mallory", "ATOM", 100)?;
            world.borrow("mallory", "USDC", 800)?;
            world.deposit(("mallory", 1), "ATOM", 1)?;
            falls(&mut world, &[("ATOM", price)]);
            let before = wealth(&world, "mallory");
            let paid = ("USDC", Amount(tokens * 1_000_000));
            let response = seize(
                &mut world,
                "mallory",
                ("mallory", 0),
                paid,
                "ATOM",
                receive,
                to,
            )?;
            assert!(
                !events_of::<Liquidated>(&response).remove(0).distressed,
                "{price}"
            );
            let after = wealth(&world, "mallory");
            assert!(after < before, "{price}: gains {}", after - before);
        }
    }
    // An account is never its own keeper's purse.
    let mut world = underwater();
    let into_itself = seize(
        &mut world,
        "keeper",
        ("alice", 0),
        ("USDC", Amount(1_000_000)),
        "ATOM",
        Some(Receive::Account),
        Some(("alice", 0)),
    );
    refused_as(into_itself, "same_account");
    Ok(())
}

#[test]
fn pitfall_18_dust_is_closed_whole_and_blocks_no_write_off() -> Tested {
    // A small account is closed by one call although a part would do.
    let mut world = world_of(standard_markets().map(interest_free)).build()?;
    fund(&mut world);
    world.deposit("alice", "ATOM", 4)?;
    world.borrow("alice", "USDC", 32)?;
    world.deposit("bob", "ATOM", 100)?;
    world.deposit("bob", "ETH", Amount(3))?;
    world.borrow("bob", "USDC", 800)?;
    falls(&mut world, &[("ATOM", "9.5")]);
    world.liquidate("keeper", "alice", "USDC", 32, "ATOM")?;
    assert!(
        !world
            .account("alice")?
            .holdings
            .iter()
            .any(|h| !h.debt.is_zero())
    );

    // Three wei of another asset keep nobody's bad debt on the books.
    falls(&mut world, &[("ATOM", "7")]);
    world.liquidate("keeper", "bob", "USDC", 800, "ATOM")?;
    let left = world.account("bob")?.holdings;
    assert_eq!(
        left.len(),
        2,
        "a debt, and dust that nobody would pay to seize: {left:?}"
    );
    let before = world.market("USDC")?;
    world.write_off("mallory", "bob")?;
    assert!(world.account("bob")?.holdings.is_empty());
    assert!(world.market("USDC")?.borrowed < before.borrowed);
    assert_books_balance(&world);
    Ok(())
}

#[test]
fn pitfall_19_a_keeper_gets_what_it_was_shown_or_nothing_happens() -> Tested {
    for lent in [false, true] {
        for price in ["9.5", "9", "8.3", "8.02", "7"] {
            for units in [1_000_u128, 55_000_000, 800_000_000] {
                for receive in [Receive::Tokens, Receive::Account] {
                    let mut world = levered();
                    if lent {
                        world.lend("alice", "ATOM", 60)?;
                    }
                    falls(&mut world, &[("ATOM", price)]);
                    shown_is_done(&mut world, Amount(units), receive);
                }
            }
        }
    }
    Ok(())
}

/// Compares `simulate_liquidation` with the event and the balances of the message.
fn shown_is_done(world: &mut World, offered: Amount, receive: Receive) {
    let account = bulwark_types::vault::AccountRef {
        owner: world.address("alice").into_string(),
        id: 0,
    };
    let debt = bulwark_types::vault::AssetAmount {
        asset: world.asset("USDC"),
        amount: offered,
    };
    let shown: LiquidationResponse = world
        .query(&QueryMsg::SimulateLiquidation {
            account: account.clone(),
            debt,
            seize: world.asset("ATOM"),
            receive: Some(receive),
            to: None,
        })
        .unwrap();
    let promised = Amount(shown.tokens.0 + shown.idle.0 + shown.lent.0);
    let message = |least: Amount| ExecuteMsg::Liquidate {
        account: account.clone(),
        seize: world.asset("ATOM"),
        min_seized: Some(least),
        receive: Some(receive),
        to: None,
        debt: None,
        callback: None,
    };
    let (exact, too_much) = (message(promised), message(Amount(promised.0 + 1)));
    let funds = world.coins("USDC", offered).unwrap();
    let keeper = |world: &World| (net(world, "keeper", "USDC"), net(world, "keeper", "ATOM"));
    let before = keeper(world);
    refused(
        world.execute("keeper", too_much, funds.clone()),
        "too_little_seized",
        json!({"min_seized": (promised.0 + 1).to_string(), "seized": promised.to_string()}),
    );
    assert_eq!(keeper(world), before, "a refusal moves nothing");
    let response = world.execute("keeper", exact, funds).unwrap();
    let event: Liquidated = events_of(&response).remove(0);
    assert_eq!(
        (
            event.repaid,
            event.seized,
            event.tokens,
            event.shares,
            event.protocol_fee
        ),
        (
            shown.repaid,
            shown.seized,
            shown.tokens,
            shown.shares,
            shown.protocol_fee
        )
    );
    let written_off: Vec<Amount> = events_of::<BadDebtAbsorbed>(&response)
        .iter()
        .map(|bad| bad.written_off)
        .collect();
    let shown_off: Vec<Amount> = shown.bad_debt.iter().map(|bad| bad.amount).collect();
    assert_eq!(written_off, shown_off);
    let after = keeper(world);
    assert_eq!(
        before.0 - after.0,
        signed(shown.repaid),
        "what is not used goes back"
    );
    assert_eq!(after.1 - before.1, signed(promised), "what it was shown");
}

#[test]
fn pitfall_20_a_healed_target_refuses_and_everything_goes_back() -> Tested {
    let mut world = underwater();
    world.repay_for("bob", "alice", "USDC", 300)?;
    let before = net(&world, "keeper", "USDC");
    refused_as(
        world.liquidate("keeper", "alice", "USDC", 800, "ATOM"),
        "not_liquidatable",
    );
    assert_eq!(net(&world, "keeper", "USDC"), before);

    // What a call does not use goes to who paid, not to whom the tokens go.
    let mut world = underwater();
    let (keeper, bob) = (net(&world, "keeper", "USDC"), net(&world, "bob", "USDC"));
    let paid = ("USDC", Amount(800_000_000));
    let to = Some(("bob", 0));
    let response = seize(&mut world, "keeper", ("alice", 0), paid, "ATOM", None, to)?;
    let event: Liquidated = events_of(&response).remove(0);
    assert!(event.repaid < paid.1);
    assert_eq!(keeper - net(&world, "keeper", "USDC"), signed(event.repaid));
    assert_eq!(net(&world, "bob", "USDC"), bob);
    assert_books_balance(&world);
    Ok(())
}

#[test]
fn pitfall_21_collateral_cannot_be_given_away_past_the_margin() -> Tested {
    let mut world = funded();
    world.deposit("alice", "ATOM", 50)?;
    world.deposit_lent("alice", "ATOM", 50)?;
    world.deposit("bob", "ATOM", 1)?;
    let room = world.max_borrow("alice", "USDC")?;
    world.borrow("alice", "USDC", room)?;
    let margin = world.margin("alice")?;
    let gifts: [(&str, Step); 5] = [
        ("to a stranger", |w| {
            w.transfer("alice", "bob", "ATOM", "0.1")
        }),
        ("to herself", |w| {
            w.transfer("alice", ("alice", 1), "ATOM", "0.1")
        }),
        ("all of it", |w| w.transfer("alice", "bob", "ATOM", 100)),
        ("to her wallet", |w| w.withdraw("alice", "ATOM", "0.1")),
        ("out of the pool", |w| w.borrow("alice", "USDC", 1)),
    ];
    for (name, gift) in gifts {
        let error = gift(&mut world).expect_err(name);
        assert_eq!(error.name, "below_initial_margin", "{name}: {error:?}");
    }
    assert_eq!(world.margin("alice")?, margin);
    // Lending, recalling and others' gifts leave her as healthy as she was.
    let harmless: [Step; 4] = [
        |w| w.lend_all("alice", "ATOM"),
        |w| w.recall("alice", "ATOM", Amount(7)),
        |w| w.deposit_for("mallory", "alice", "ATOM", Amount(1)),
        |w| w.repay_for("mallory", "alice", "USDC", Amount(1)),
    ];
    for act in harmless {
        // At the very edge a rounded share may be refused; if not, the margin stands.
        let _ = act(&mut world);
        let after = world.margin("alice")?;
        assert!(after.equity >= after.maintenance, "{after:?}");
        assert!(
            after.equity_open.0 + 2 * 10_i128.pow(13) >= after.initial.0,
            "{after:?}"
        );
    }
    Ok(())
}

/// Random baskets over six assets, opened near their limit, and random prices after it.
fn random_baskets(seed: u64, accounts: u16) -> World {
    let coins =
        ["ATOM", "BTC", "ETH"].map(|coin| interest_free(MarketSpec::crypto(coin).with_price(10)));
    let mut world = world_of(
        ["USDC", "DAI"]
            .map(|coin| interest_free(MarketSpec::usd(coin)))
            .into_iter()
            .chain(coins)
            .chain([interest_free(
                MarketSpec::member("stATOM", "ATOM").with_price(12),
            )]),
    )
    .build()
    .unwrap();
    let assets = ["USDC", "DAI", "ATOM", "BTC", "ETH", "stATOM"];
    for asset in assets {
        supply(&mut world, asset, 1_000_000);
    }
    let mut dice = Dice::new(seed);
    for id in 0..accounts {
        for asset in assets {
            if dice.roll(2) == 0 {
                let tokens = u32::try_from(1 + dice.roll(500)).unwrap();
                world.deposit(("alice", id), asset, tokens).unwrap();
            }
        }
        for _ in 0..2 {
            let asset = assets[usize::try_from(dice.roll(6)).unwrap()];
            let room = world.max_borrow(("alice", id), asset).unwrap();
            let part = Amount(room.0 * u128::from(60 + dice.roll(41)) / 100);
            let _ = world.borrow(("alice", id), asset, part);
        }
    }
    // Within what the oracle takes without confirmation, 85 % to 115 %.
    let moved: Vec<(&str, String)> = ["ATOM", "BTC", "ETH", "stATOM"]
        .map(|asset| {
            let first = if asset == "stATOM" { 12.0 } else { 10.0 };
            (
                asset,
                format!("{:.2}", first * (0.86 + dice.roll(28) as f64 / 100.0)),
            )
        })
        .to_vec();
    let moved: Vec<(&str, &str)> = moved.iter().map(|(a, p)| (*a, p.as_str())).collect();
    falls(&mut world, &moved);
    world
}

/// Asserts that a plan stops at the first amount that reaches the target: what is worth less by
/// more than dust does not reach it.
fn assert_no_less_would_do(world: &World, account: (&str, u16), plan: &Plan, target: Usd) {
    let dust = Usd::whole(60).0;
    if plan.distressed || plan.repaid_value.0 <= 2 * dust {
        return;
    }
    let (part, whole) = (plan.repaid_value.0 - dust, plan.repaid_value.0);
    let thousandth = u128::try_from(part / (whole / 1_000)).unwrap();
    let less = Amount(plan.debt.amount.0 * thousandth / 1_000);
    let shown = world
        .simulate_liquidation(account, &plan.debt.asset, less, &plan.seize.asset)
        .unwrap();
    let reached = shown.ratio_after.is_none_or(|ratio| ratio > target);
    assert!(!reached, "{shown:?} instead of {plan:?}");
}

#[test]
fn pitfall_43_where_no_amount_reaches_the_target_the_best_one_is_taken() -> Tested {
    let markets = [
        MarketSpec::usd("USDC"),
        MarketSpec::usd("DAI"),
        MarketSpec::crypto("ATOM").with_price(10),
        MarketSpec::crypto("ETH")
            .with_decimals(18)
            .with_price(2_000),
    ];
    let mut world = world_of(markets.map(interest_free)).build()?;
    supply(&mut world, "USDC", 1_000_000);
    supply(&mut world, "ATOM", 100_000);
    // The ETH hedges the ATOM: seizing some of it helps, seizing more of it hurts.
    world.deposit("alice", "ETH", 5)?;
    world.deposit("alice", "DAI", 8_000)?;
    world.borrow("alice", "ATOM", 800)?;
    world.borrow("alice", "USDC", 8_450)?;
    falls(&mut world, &[("ATOM", "11")]);
    let best = world.simulate_liquidation("alice", "USDC", 8_450, "ETH")?;
    let reached = best.ratio_after.unwrap();
    assert!(
        !best.distressed && reached < Usd(1_100_000_000_000_000_000),
        "{best:?}"
    );
    assert!(
        best.repaid < Amount(8_000_000_000),
        "both legs stay: {best:?}"
    );
    for percent in [10, 50, 80, 95, 99] {
        let less = Amount(best.repaid.0 * percent / 100);
        let found = world.simulate_liquidation("alice", "USDC", less, "ETH")?;
        assert!(
            found.ratio_after.unwrap() <= reached,
            "{percent} % would be better: {found:?}"
        );
    }
    Ok(())
}

#[test]
fn pitfall_43_every_liquidatable_account_has_a_pair_and_stops_at_the_target() -> Tested {
    let target = Usd(1_100_000_000_000_000_000);
    let mut found = 0;
    for seed in 0..16 {
        let mut world = random_baskets(seed, 16);
        for id in 0..16 {
            let mut calls = 0;
            while is_liquidatable(&world, ("alice", id)) {
                found += u32::from(calls == 0);
                calls += 1;
                assert!(calls <= 8, "seed {seed}, account {id}: healed by now");
                let before = world.margin(("alice", id))?;
                let plan = world.plan(("alice", id))?;
                let plan = plan.unwrap_or_else(|| panic!("no pair for {before:?}"));
                assert_no_less_would_do(&world, ("alice", id), &plan, target);
                let (debt, seized) = (plan.debt.asset, plan.seize.asset);
                world.liquidate("keeper", ("alice", id), &debt, plan.debt.amount, &seized)?;
                let after = world.margin(("alice", id))?;
                if plan.distressed {
                    continue;
                }
                assert!(after.margin_ratio > before.margin_ratio || after.margin_ratio.is_none());
                // The first crossing: at the target, or a leg is gone, or dust was closed whole.
                let gone = |asset: &str| !after.holdings.iter().any(|h| h.asset == asset);
                assert!(
                    after
                        .margin_ratio
                        .is_none_or(|r| r.0 <= target.0 + 10_i128.pow(14))
                        || gone(&debt)
                        || gone(&seized),
                    "seed {seed}, account {id}: {after:?}"
                );
            }
        }
        assert_books_balance(&world);
    }
    assert!(
        found >= 20,
        "{found} accounts under water are enough to say something"
    );
    Ok(())
}

#[test]
fn pitfall_44_a_larger_haircut_that_helps_a_hedge_frees_nothing() -> Tested {
    let mut world = world_of(
        [
            MarketSpec::usd("USDC"),
            MarketSpec::crypto("ATOM")
                .with_price(10)
                .with_volatility(Fraction::percent(9)),
            MarketSpec::crypto("ETH")
                .with_price(10)
                .with_volatility(fraction("0.045")),
        ]
        .map(interest_free),
    )
    .build()?;
    supply(&mut world, "ETH", 1_000_000);
    // Long ATOM at a haircut of 32 %, short ETH at one of 16 %: a larger one on ETH would net better.
    world.deposit("alice", "ATOM", 1_000)?;
    world.borrow("alice", "ETH", 500)?;
    let before = world.margin("alice")?;
    // ETH turns wild and comes back: its newest volatility is far above the one in force.
    for price in ["12", "9", "12", "10"] {
        world.advance(3_600);
        world.repost()?;
        falls(&mut world, &[("ETH", price)]);
    }
    world.advance(7 * 3_600);
    world.repost()?;
    world.advance(6);
    world.repost()?;
    let market = world.market("ETH")?;
    let (in_force, newest) = (market.haircut.unwrap(), market.newest_haircut.unwrap());
    assert!(
        newest.0 > in_force.0 + in_force.0 / 10,
        "{newest} is to be above {in_force}"
    );
    let after = world.margin("alice")?;
    // In time the larger haircut lowers what is required …
    let later = world.fork(|world| {
        world.advance(40 * 86_400);
        world.margin("alice").unwrap().maintenance
    });
    assert!(
        after.maintenance < before.maintenance || later < after.maintenance,
        "a hedge"
    );
    // … but opening needs the larger margin of both, at opening prices at least as wide as mid.
    let factor = Fraction::percent(115);
    let spread = after.equity.minus(after.equity_open).unwrap();
    let least = after.maintenance.mul_floor(factor).unwrap();
    assert!(after.initial.plus(spread).unwrap() >= least, "{after:?}");
    // That margin did not shrink although the newest haircut would let it.
    let at_newest = later.mul_ceil(factor).unwrap();
    assert!(
        after.initial.0 > at_newest.0 + spread.0,
        "{at_newest} at the newest: {after:?}"
    );
    Ok(())
}

#[test]
fn pitfall_45_a_netted_account_loses_by_every_cycle_of_liquidating_itself() -> Tested {
    let mut cycles = 0;
    // At the very edge of what the configuration accepts: c = 2 × base_bonus / equity_share.
    for (bonus, share, gross) in [
        ("0.01", "0.5", "0.04"),
        ("0.015", "0.5", "0.06"),
        ("0.005", "0.25", "0.04"),
    ] {
        for (phi, price) in [
            ("1", "11.97"),
            ("1", "11.92"),
            ("1", "11.9"),
            ("1", "11.88"),
            ("1", "11.85"),
            ("1", "11.82"),
            ("1", "11.78"),
            ("0.95", "11.7"),
            ("0.95", "11.6"),
            ("0.95", "11.5"),
        ] {
            let (bonus, share, gross, phi) = (
                fraction(bonus),
                fraction(share),
                fraction(gross),
                fraction(phi),
            );
            let mut world = world_of([
                interest_free(MarketSpec::crypto("ATOM").with_price(10)).with_listing(move |l| {
                    if let bulwark_types::vault::FamilyListing::Base {
                        family_correlation, ..
                    } = &mut l.family
                    {
                        *family_correlation = phi;
                    }
                }),
                interest_free(MarketSpec::member("stATOM", "ATOM").with_price(12))
                    .with_listing(|l| l.risk.extra_haircut = Fraction::ZERO),
            ])
            .with_parameters(move |p| {
                p.margin.gross_factor = gross;
                p.liquidation.base_bonus = bonus;
                p.liquidation.equity_share = share;
            })
            .build()?;
            supply(&mut world, "ATOM", 100_000);
            world.deposit("mallory", "stATOM", 1_000)?;
            let room = world.max_borrow("mallory", "ATOM")?;
            world.borrow("mallory", "ATOM", room)?;
            let opened = world.margin("mallory")?.margin_ratio.unwrap();
            falls(&mut world, &[("stATOM", price)]);
            let start = wealth(&world, "mallory");
            let mut previous = start;
            for _ in 0..6 {
                if !is_liquidatable(&world, ("mallory", 0)) {
                    break;
                }
                let plan = world.plan("mallory")?.expect("a pair");
                if opened > Usd::whole(1) && ratio(&world, ("mallory", 0)).0 > 9 * 10_i128.pow(17) {
                    assert!(!plan.distressed, "born distressed at {price}");
                }
                if plan.distressed {
                    break;
                }
                let paid = ("ATOM", plan.debt.amount);
                let to = Some(("mallory", 1));
                seize(
                    &mut world,
                    "mallory",
                    ("mallory", 0),
                    paid,
                    "stATOM",
                    Some(Receive::Account),
                    to,
                )?;
                let now = wealth(&world, "mallory");
                assert!(now <= previous, "gains {} at {price}", now - previous);
                previous = now;
                cycles += 1;
                // The next cycle begins where this one ended, at the limit again.
                let room = world.max_borrow("mallory", "ATOM")?;
                let _ = world.borrow("mallory", "ATOM", room);
            }
            assert!(previous <= start);
            assert_books_balance(&world);
        }
    }
    assert!(cycles > 10, "{cycles} cycles say something");
    // One step below that edge the configuration is refused.
    let refusal = World::builder()
        .with_parameters(|p| p.liquidation.base_bonus = fraction("0.0100000001"))
        .build()
        .err()
        .expect("c is too small for that bonus");
    assert_eq!(refusal.name, "config");
    Ok(())
}

#[test]
fn pitfall_46_caps_hold_over_fifty_accounts_and_past_bank_sends() -> Tested {
    let mut world = world_of([
        interest_free(MarketSpec::usd("USDC").with_borrow_cap(1_000)),
        interest_free(
            MarketSpec::crypto("ATOM")
                .with_price(10)
                .with_deposit_cap(1_010),
        ),
    ])
    .build()?;
    supply(&mut world, "USDC", 100_000);
    let vault = world.vault().to_string();
    world.send("mallory", &vault, "ATOM", 500)?;
    world.send("mallory", &vault, "USDC", 500)?;
    let (mut deposits, mut loans) = (0, 0);
    for id in 0..50 {
        deposits += u32::from(world.deposit(("mallory", id), "ATOM", 25).is_ok());
        loans += u32::from(world.borrow(("mallory", id), "USDC", 24).is_ok());
    }
    assert_eq!(
        (deposits, loans),
        (40, 40),
        "what the caps leave room for, in all"
    );
    let (atom, usdc) = (world.market("ATOM")?, world.market("USDC")?);
    assert!(atom.idle <= atom.limits.deposit_cap && usdc.borrowed <= usdc.limits.borrow_cap);
    refused_as(world.deposit("bob", "ATOM", 11), "deposit_cap");
    refused_as(world.borrow("mallory", "USDC", 41), "borrow_cap");
    // Lending to the pool is a deposit like any other.
    refused_as(world.deposit_lent("bob", "ATOM", 11), "deposit_cap");
    Ok(())
}

#[test]
fn pitfall_50_an_outage_neither_liquidates_nor_shields() -> Tested {
    // Healthy when the feed falls silent: healthy at every moment of the grace.
    let mut world = world_of(standard_markets().map(interest_free)).build()?;
    fund(&mut world);
    world.deposit("alice", "ATOM", 100)?;
    world.borrow("alice", "USDC", 800)?;
    world.deposit("bob", "ATOM", 100)?;
    world.borrow("bob", "USDC", 700)?;
    let others: [(&str, &str); 3] = [("USDC", "1"), ("BTC", "60000"), ("ETH", "2000")];
    let healthy = world.margin("alice")?;
    for _ in 0..6 {
        world.advance(12 * 3_600);
        world.post(&others)?;
        assert_eq!(world.margin("alice")?.equity, healthy.equity);
        refused_as(
            world.liquidate("keeper", "alice", "USDC", 10, "ATOM"),
            "not_liquidatable",
        );
    }

    // Under water when it falls silent: its other pairs still trade, this one cannot.
    let mut sunk = underwater();
    sunk.deposit("alice", "ETH", "0.001")?;
    sunk.advance(200);
    sunk.post(&others)?;
    assert!(
        is_liquidatable(&sunk, ("alice", 0)),
        "at its last good price"
    );
    refused(
        sunk.liquidate("keeper", "alice", "USDC", 10, "ATOM"),
        "pair_unpriced",
        json!({"debt": sunk.asset("USDC"), "seize": sunk.asset("ATOM")}),
    );
    sunk.liquidate("keeper", "alice", "USDC", 10, "ETH")?;

    // A price that never comes back: after the grace the deposit decays, is seizable in distress
    // at a discount, and at the end is written off.
    let expired = world.price("ATOM")?.record.expires_at;
    let grace = 72 * 3_600;
    let missing = expired + grace + grace / 2 - world.now();
    world.advance(missing);
    world.post(&others)?;
    assert_eq!(
        world.margin("alice")?.deposits,
        Usd::whole(500),
        "half of it"
    );
    assert!(world.plan("alice")?.expect("a pair").distressed);
    let response = world.liquidate("keeper", "alice", "USDC", 10, "ATOM")?;
    let event: Liquidated = events_of(&response).remove(0);
    // 10 USD and a bonus of 1 % at 30 % of 5 USD a token.
    assert_eq!(event.seized, Amount(6_733_333));

    world.advance(grace);
    world.post(&others)?;
    assert_eq!(world.margin("bob")?.deposits, Usd::ZERO);
    world.write_off("mallory", "bob")?;
    assert!(world.account("bob")?.holdings.is_empty());
    assert_books_balance(&world);
    Ok(())
}
