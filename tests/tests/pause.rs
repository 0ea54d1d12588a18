//! Pauses by the guardian: what they stop, what they never stop, and how long they last.

use crate::pitfall_support::{Answer, Dice, Step, refused_as};
use bulwark_testing::{World, events_of};
use bulwark_tests::{Tested, levered, refused};
use bulwark_types::events::PauseMoved;
use bulwark_types::vault::{ExecuteMsg, PausableAction, PauseResponse};
use serde_json::json;

use PausableAction::{Borrow, Deposit, Withdraw};

const HOUR: u64 = 3_600;
const LENGTH: u64 = 72 * HOUR;
const REST: u64 = 7 * 24 * HOUR;

fn unpause(world: &mut World, asset: Option<&str>, actions: &[PausableAction]) -> Answer {
    let message = ExecuteMsg::Unpause {
        asset: asset.map(|asset| world.asset(asset)),
        actions: actions.to_vec(),
    };
    world.execute("guardian", message, Vec::new())
}

/// Levered, with something of bob's to move.
fn world() -> World {
    let mut world = levered();
    world.deposit("bob", "ATOM", 50).unwrap();
    world.deposit_lent("bob", "ATOM", 50).unwrap();
    world
}

#[test]
fn a_pause_stops_its_actions_and_nothing_else() -> Tested {
    let acts: [(&str, Option<PausableAction>, Step); 9] = [
        ("deposit", Some(Deposit), |w| w.deposit("bob", "ATOM", 1)),
        ("lent deposit", Some(Deposit), |w| {
            w.deposit_lent("bob", "ATOM", 1)
        }),
        ("borrow", Some(Borrow), |w| w.borrow("alice", "USDC", 1)),
        ("withdraw", Some(Withdraw), |w| w.withdraw("bob", "ATOM", 1)),
        ("transfer", Some(Withdraw), |w| {
            w.transfer("bob", ("bob", 1), "ATOM", 1)
        }),
        ("lend", None, |w| w.lend("bob", "ATOM", 1)),
        ("recall", None, |w| w.recall("bob", "ATOM", 1)),
        ("repay", None, |w| w.repay("alice", "USDC", 1)),
        ("accrue", None, |w| w.accrue(&["ATOM", "USDC"])),
    ];
    for scope in [None, Some(&["ATOM", "USDC"])] {
        for paused in [Deposit, Borrow, Withdraw] {
            let mut world = world();
            let until = world.now() + LENGTH;
            match scope {
                None => drop(world.pause(None, &[paused])?),
                Some(assets) => {
                    for asset in assets {
                        world.pause(Some(asset), &[paused])?;
                    }
                }
            }
            assert_eq!(
                world.market("ATOM")?.pauses,
                [PauseResponse {
                    action: paused,
                    until
                }]
            );
            for (name, stopped_by, act) in acts {
                let answer = world.fork(act);
                if stopped_by == Some(paused) {
                    let error = answer.expect_err(name);
                    assert_eq!(error.name, "paused", "{name}: {error:?}");
                    assert!(
                        error.fields.contains(&until.to_string()),
                        "{name}: {error:?}"
                    );
                } else {
                    answer.unwrap_or_else(|error| panic!("{name} while {paused:?}: {error:?}"));
                }
            }
        }
    }
    Ok(())
}

#[test]
fn a_pause_of_one_asset_leaves_the_others() -> Tested {
    let mut world = world();
    let response = world.pause(Some("USDC"), &[Borrow, Withdraw])?;
    let until = world.now() + LENGTH;
    assert_eq!(
        events_of::<PauseMoved>(&response),
        [PauseMoved {
            asset: world.asset("USDC"),
            actions: "borrow,withdraw".into(),
            until
        }]
    );
    world.borrow("alice", "BTC", "0.0001")?;
    world.withdraw("bob", "ATOM", 1)?;
    refused(
        world.borrow("alice", "USDC", 1),
        "paused",
        json!({"action": "borrow", "asset": world.asset("USDC"), "until": until}),
    );
    // Lifted, it is gone; lifted again, nothing happens.
    unpause(&mut world, Some("USDC"), &[Borrow])?;
    unpause(&mut world, Some("USDC"), &[Borrow])?;
    world.borrow("alice", "USDC", 1)?;
    refused_as(world.withdraw("carol", "USDC", 1), "paused");
    Ok(())
}

#[test]
fn pitfall_36_a_pause_ends_by_itself_and_rests_for_a_week() -> Tested {
    for scope in [None, Some("ATOM")] {
        let mut world = world();
        world.pause(scope, &[Withdraw])?;
        let until = world.now() + LENGTH;
        world.advance(LENGTH - 1);
        refused_as(world.withdraw("bob", "ATOM", 1), "paused");
        world.advance(1);
        world.withdraw("bob", "ATOM", 1)?;
        let rested = until + REST;
        refused(
            world.pause(scope, &[Withdraw]),
            "cooling_down",
            json!({"until": rested, "now": world.now()}),
        );
        world.advance(REST - 1);
        refused_as(world.pause(scope, &[Withdraw]), "cooling_down");
        world.advance(1);
        world.pause(scope, &[Withdraw])?;
        refused_as(world.withdraw("bob", "ATOM", 1), "paused");
    }
    Ok(())
}

#[test]
fn pitfall_36_pauses_of_one_and_of_all_do_not_follow_each_other() -> Tested {
    // One, then all: the second passes by an asset whose own has just ended.
    let mut world = world();
    world.pause(Some("ATOM"), &[Withdraw])?;
    world.advance(LENGTH - HOUR);
    world.pause(None, &[Withdraw])?;
    world.advance(HOUR);
    world.withdraw("bob", "ATOM", 1)?;
    refused_as(world.withdraw("carol", "USDC", 1), "paused");

    // All, then one: refused while the other lasts, and while it rests.
    let mut world = self::world();
    world.pause(None, &[Withdraw])?;
    for wait in [LENGTH - HOUR, HOUR, REST - HOUR] {
        world.advance(wait);
        refused_as(world.pause(Some("ATOM"), &[Withdraw]), "cooling_down");
    }
    Ok(())
}

#[test]
fn pitfall_14_no_schedule_of_a_guardian_stops_withdrawals_for_longer() -> Tested {
    // Ten days hold at most 72 paused hours, whatever is pulled and released, and when.
    let window = usize::try_from((LENGTH + REST) / HOUR).unwrap();
    for seed in 0..6 {
        let mut world = world();
        let mut dice = Dice::new(seed);
        let mut paused = Vec::new();
        for _ in 0..(24 * 35) {
            let scope = [None, Some("ATOM")][usize::try_from(dice.roll(2)).unwrap()];
            // Eager to pause, now and then to lift: refusals are part of the game.
            let _ = match dice.roll(5) {
                0..=1 => world.pause(scope, &[Withdraw]),
                2 if seed % 2 == 0 => unpause(&mut world, scope, &[Withdraw]),
                _ => world.accrue(&["ATOM"]),
            };
            let out = world.fork(|world| world.withdraw("bob", "ATOM", 1));
            paused.push(out.is_err());
            world.advance(HOUR);
        }
        assert!(paused.contains(&true));
        for hours in paused.windows(window) {
            let stopped = hours.iter().filter(|hour| **hour).count();
            assert!(stopped <= 72, "seed {seed}: {stopped} hours of {window}");
        }
    }
    Ok(())
}

#[test]
fn a_list_of_actions_has_one_to_three() -> Tested {
    let mut world = world();
    for actions in [vec![], vec![Deposit, Borrow, Withdraw, Deposit]] {
        let length = actions.len();
        let fields = json!({"length": length, "limit": 3});
        refused(world.pause(None, &actions), "list_length", fields);
    }
    // The same one twice is said once.
    world.pause(None, &[Borrow, Borrow])?;
    assert_eq!(world.market("ATOM")?.pauses.len(), 1);
    let fields = json!({"asset": "unknown"});
    refused(
        world.pause(Some("unknown"), &[Borrow]),
        "unknown_market",
        fields,
    );
    Ok(())
}
