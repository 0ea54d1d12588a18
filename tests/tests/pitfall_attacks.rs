//! Attacks by every means at once: batches with calls, tokens, operators and liquidations of
//! many, in one block at fixed prices (pitfalls 1, 2, 16, 17, 23, 41).

use crate::pitfall_support::{Answer, Dice, is_liquidatable, wealth};
use bulwark_risk::units::Amount;
use bulwark_testing::{SwapPool, World, events_of};
use bulwark_tests::{
    Tested, assert_books_balance, every_account, falls, fund, interest_free, standard_markets,
    supply, world_of,
};
use bulwark_types::events::Liquidated;
use bulwark_types::token::{Cw20ExecuteMsg, TokenKind};
use bulwark_types::vault::{Action, AssetAmount, ExecuteMsg, Target};
use bulwark_types::wire::WireError;
use cosmwasm_std::{Uint128, to_json_binary};

const ASSETS: [&str; 3] = ["USDC", "ATOM", "BTC"];

/// The attackers: one is the other's operator.
const GANG: [&str; 2] = ["mallory", "bob"];

/// USDC and ATOM, one of them a token, and BTC.
fn world(funded: bool) -> Result<World, WireError> {
    let [usdc, atom, btc, _] = standard_markets();
    let mut world = world_of([usdc, atom.as_cw20(), btc]).build()?;
    if funded {
        supply(&mut world, "USDC", 10_000);
        supply(&mut world, "ATOM", 1_000);
        supply(&mut world, "BTC", 1);
        world.deposit("alice", "BTC", 1)?;
        world.borrow("alice", "USDC", 2_345)?;
        world.borrow("alice", "ATOM", 123)?;
        world.advance_and_repost(7_654_321)?;
        world.accrue(&ASSETS)?;
    }
    world.set_operator("mallory", "bob", None, None)?;
    Ok(world)
}

fn gang_wealth(world: &World) -> i128 {
    GANG.map(|name| wealth(world, name)).into_iter().sum()
}

struct Means<'a> {
    pool: &'a SwapPool,
    dice: &'a mut Dice,
}

impl Means<'_> {
    fn asset(&mut self) -> &'static str {
        ASSETS[usize::try_from(self.dice.roll(3)).unwrap()]
    }

    /// From single units to more than the pools hold.
    fn units(&mut self) -> Amount {
        let size = 10_u64.pow(u32::try_from(self.dice.roll(11)).unwrap());
        Amount(u128::from(1 + self.dice.roll(3 * size)))
    }

    fn action(&mut self, world: &World) -> Action {
        let asset = world.asset(self.asset());
        let units = self.units();
        let amount = (self.dice.roll(3) > 0).then_some(units);
        match self.dice.roll(8) {
            0 => Action::Deposit {
                asset,
                amount,
                lend: Some(self.dice.roll(2) == 0),
            },
            1 | 2 => Action::Withdraw {
                asset,
                amount,
                to: None,
            },
            3 => Action::Lend { asset, amount },
            4 => Action::Recall { asset, amount },
            5 => Action::Borrow {
                asset,
                amount: units,
                to: None,
            },
            6 => Action::Repay { asset, amount },
            _ => {
                let offer = ["USDC", "ATOM"][usize::try_from(self.dice.roll(2)).unwrap()];
                world.swap_call(self.pool, offer, units).unwrap()
            }
        }
    }

    fn step(&mut self, world: &mut World) -> Answer {
        let sender = GANG[usize::try_from(self.dice.roll(2)).unwrap()];
        let id = u16::try_from(self.dice.roll(2)).unwrap();
        let owner = GANG[usize::try_from(self.dice.roll(2)).unwrap()];
        let account = Some(world.account_ref((owner, id)));
        let asset = self.asset();
        let units = self.units();
        match self.dice.roll(8) {
            0..=2 => {
                let actions: Vec<Action> = (0..=self.dice.roll(5))
                    .map(|_| self.action(world))
                    .collect();
                let native = ["USDC", "BTC"][usize::try_from(self.dice.roll(2)).unwrap()];
                let funds = world.coins(native, units)?;
                world.execute(sender, ExecuteMsg::Batch { account, actions }, funds)
            }
            3 | 4 => {
                let lend = Some(self.dice.roll(2) == 0);
                world.pay_vault(sender, asset, units, ExecuteMsg::Deposit { account, lend })
            }
            5 => world.pay_vault(sender, asset, units, ExecuteMsg::Repay { account }),
            6 => {
                let message = ExecuteMsg::Transfer {
                    account,
                    to: world.account_ref(("mallory", 1 - id)),
                    asset: world.asset(asset),
                    amount: (self.dice.roll(2) == 0).then_some(units),
                };
                world.execute(sender, message, vec![])
            }
            _ => {
                let target = Target {
                    account: world.account_ref((owner, id)),
                    debt: AssetAmount {
                        asset: world.asset("USDC"),
                        amount: units,
                    },
                    seize: world.asset(asset),
                    min_seized: None,
                };
                let funds = world.coins("USDC", units)?;
                world.liquidate_many(sender, vec![target; 3], funds)
            }
        }
    }
}

#[test]
fn pitfall_23_no_sequence_of_any_messages_within_a_block_enriches() -> Tested {
    let mut passed = 0;
    for seed in 0..12 {
        // Every other time the pools are empty, and the gang comes first.
        let mut world = world(seed % 2 == 0)?;
        let pool = world.open_pool("USDC", "ATOM", 100_000, 30)?;
        let mut dice = Dice::new(seed);
        let mut richest = gang_wealth(&world);
        for _ in 0..120 {
            let mut means = Means {
                pool: &pool,
                dice: &mut dice,
            };
            passed += usize::from(means.step(&mut world).is_ok());
            let now = gang_wealth(&world);
            // A value that rounds up by a smallest unit is worth at most 0.0006 USD here, and it
            // was another rounding's loss before.
            assert!(
                now <= richest + 1_000_000_000_000_000,
                "seed {seed}: {}",
                now - richest
            );
            richest = richest.min(now);
            for name in GANG {
                assert!(!is_liquidatable(&world, (name, 0)), "seed {seed}");
                assert!(!is_liquidatable(&world, (name, 1)), "seed {seed}");
            }
        }
        assert_books_balance(&world);
    }
    assert!(passed > 400, "{passed} passed");
    Ok(())
}

#[test]
fn pitfall_41_a_call_of_anybodys_choice_moves_no_token_of_the_vault() -> Tested {
    let mut world = world(true)?;
    let token = world.token("ATOM")?;
    let held = world.balance_of(&world.vault().clone(), &world.asset("ATOM"));
    let books = every_account(&world);
    let mallory = world.address("mallory").into_string();
    let transfer = to_json_binary(&Cw20ExecuteMsg::Transfer {
        recipient: mallory.clone(),
        amount: Uint128::new(1),
    })
    .unwrap();
    let allowance = to_json_binary(&bulwark_test_token::msg::ExecuteMsg::IncreaseAllowance {
        spender: mallory,
        amount: Uint128::MAX,
    })
    .unwrap();
    let call = |contract: &str, msg| Action::Call {
        contract: contract.into(),
        msg,
        funds: vec![],
        returns: vec![],
    };
    // As the vault it would move what is everybody's; as the caller there is nothing to move.
    let answer = world.batch("mallory", vec![call(token.as_str(), transfer)], vec![]);
    assert!(answer.is_err());
    // An allowance is the caller's own: of a listed token, and of one that is listed later.
    let later = world.make_token("LATER", 6)?;
    let TokenKind::Cw20 { contract } = TokenKind::of(&later) else {
        panic!("a token");
    };
    for contract in [token.as_str(), contract] {
        world.batch("mallory", vec![call(contract, allowance.clone())], vec![])?;
    }
    let vault = world.vault().clone();
    let theft = bulwark_test_token::msg::ExecuteMsg::TransferFrom {
        owner: vault.to_string(),
        recipient: world.address("mallory").into_string(),
        amount: Uint128::new(1),
    };
    let mallory = world.address("mallory");
    assert!(world.execute_raw(&mallory, &token, &theft, &[]).is_err());
    assert_eq!(world.balance_of(&vault, &world.asset("ATOM")), held);
    assert_eq!(every_account(&world), books);
    Ok(())
}

#[test]
fn pitfall_16_naming_an_account_often_never_eats_its_equity() -> Tested {
    let float = |value: i128| value as f64 / 1e18;
    for price in ["9.5", "9.2", "8.9", "8.6", "8.3"] {
        let mut world = world_of(standard_markets().map(interest_free)).build()?;
        fund(&mut world);
        world.deposit("alice", "ATOM", 100)?;
        world.borrow("alice", "USDC", 800)?;
        falls(&mut world, &[("ATOM", price)]);
        let margin = world.margin("alice")?;
        let (mut equity, mut debts) = (float(margin.equity.0), float(margin.debts.0));
        let target = Target {
            account: world.account_ref("alice"),
            debt: AssetAmount {
                asset: world.asset("USDC"),
                amount: world.units("USDC", 40)?,
            },
            seize: world.asset("ATOM"),
            min_seized: None,
        };
        let funds = world.coins("USDC", 1_280)?;
        let response = world.liquidate_many("keeper", vec![target; 32], funds)?;
        for event in events_of::<Liquidated>(&response) {
            // Each bonus is at most half of the equity, in proportion to what is repaid.
            let (repaid, bonus) = (float(event.repaid_value.0), float(event.bonus_value.0));
            let most = 0.5 * equity * repaid / debts;
            assert!(bonus <= most + 1e-4, "{price}: {bonus} of {most}");
            (equity, debts) = (equity - bonus, debts - repaid);
        }
        let after = world.margin("alice")?;
        assert!(
            (float(after.equity.0) - equity).abs() < 1e-3,
            "{price}: {after:?}"
        );
        assert!(after.equity.0 > 0, "{price}: {after:?}");
        assert_books_balance(&world);
    }
    Ok(())
}
