//! `write_off`: an insolvent account with dust for deposits is closed by anyone.

use bulwark_risk::units::{Amount, SupplyShares};
use bulwark_testing::{World, events_of};
use bulwark_tests::{
    Purses, Tested, assert_books_balance, falls, levered, one_holding, refused, usd,
};
use bulwark_types::events::{BadDebtAbsorbed, DustCollected};
use bulwark_types::oracle;
use bulwark_types::vault::{ExecuteMsg, PausableAction};
use serde_json::json;

#[test]
fn dust_goes_to_the_reserve_and_the_debt_is_written_off() -> Tested {
    let mut world = insolvent_with_dust()?;
    let carol = one_holding(&world, ("carol", 0), "USDC").lent;
    let purses = Purses::of(&world);

    let response = world.write_off("mallory", "alice")?;

    purses.assert_moved(&world, &[]);
    assert_eq!(
        events_of::<DustCollected>(&response),
        [DustCollected {
            owner: world.address("alice").into_string(),
            id: 0,
            asset: world.asset("ATOM"),
            idle: Amount(100_000_000),
            shares: SupplyShares::ZERO,
        }]
    );
    let loss = events_of::<BadDebtAbsorbed>(&response).remove(0);
    assert_eq!(loss.owner, world.address("alice").as_str());
    assert_eq!((loss.id, &loss.asset), (0, &world.asset("USDC")));
    assert_eq!(loss.written_off, Amount(800_000_000));
    assert_eq!(
        (loss.from_reserve.0, loss.from_suppliers.0),
        (0, 800_000_000)
    );
    assert_eq!(world.account("alice")?.holdings, []);
    let atom = world.market("ATOM")?;
    assert_eq!(
        (atom.idle, atom.reserve),
        (Amount::ZERO, Amount(100_000_000))
    );
    let usdc = world.market("USDC")?;
    assert_eq!((usdc.borrowed, usdc.debt_shares.0), (Amount::ZERO, 0));
    let lent = one_holding(&world, ("carol", 0), "USDC").lent;
    assert_eq!(carol.0 - lent.0, 800_000_000);
    assert_books_balance(&world);
    Ok(())
}

#[test]
fn lent_dust_goes_to_the_reserve_as_shares() -> Tested {
    let mut world = levered();
    world.lend("alice", "ATOM", 60)?;
    let shares = one_holding(&world, ("alice", 0), "ATOM").lent_shares;
    falls(&mut world, &[("ATOM", "0.4")]);

    let response = world.write_off("keeper", "alice")?;

    let dust = events_of::<DustCollected>(&response).remove(0);
    assert_eq!((dust.idle, dust.shares), (Amount(40_000_000), shares));
    assert_eq!(world.market("ATOM")?.reserve, Amount(100_000_000));
    assert_books_balance(&world);
    Ok(())
}

#[test]
fn a_reserve_filled_before_bears_the_loss_first() -> Tested {
    let mut world = levered();
    // Another account in the same state, whose dust is USDC, fills the reserve.
    world.deposit("bob", "USDC", 40)?;
    world.borrow("bob", "ETH", "0.01")?;
    falls(&mut world, &[("ATOM", "0.4"), ("ETH", "4500")]);
    world.write_off("keeper", "bob")?;
    assert_eq!(world.market("USDC")?.reserve, Amount(40_000_000));

    let response = world.write_off("keeper", "alice")?;

    let loss = events_of::<BadDebtAbsorbed>(&response).remove(0);
    assert_eq!(
        (loss.from_reserve.0, loss.from_suppliers.0),
        (40_000_000, 760_000_000)
    );
    assert_books_balance(&world);
    Ok(())
}

#[test]
fn every_debt_is_written_off_each_in_its_market() -> Tested {
    let mut world = levered();
    world.deposit("alice", "ATOM", 20)?;
    world.borrow("alice", "ETH", "0.05")?;
    falls(&mut world, &[("ATOM", "0.2")]);
    let response = world.write_off("keeper", "alice")?;
    let assets: Vec<_> = events_of::<BadDebtAbsorbed>(&response)
        .into_iter()
        .map(|loss| (loss.asset, loss.written_off))
        .collect();
    let (usdc, eth) = (world.asset("USDC"), world.asset("ETH"));
    let half_a_tenth = Amount(50_000_000_000_000_000);
    assert_eq!(assets, [(usdc, Amount(800_000_000)), (eth, half_a_tenth)]);
    assert_books_balance(&world);
    Ok(())
}

#[test]
fn deposits_worth_the_dust_value_are_for_keepers() -> Tested {
    let mut world = levered();
    falls(&mut world, &[("ATOM", "0.5")]);
    let answer = world.write_off("keeper", "alice");
    let fields = json!({ "equity": "-750", "deposits": "50", "dust_value": "50" });
    refused(answer, "not_write_off", fields);
    falls(&mut world, &[("ATOM", "0.49999999")]);
    world.write_off("keeper", "alice")?;
    Ok(())
}

#[test]
fn a_solvent_account_however_small_is_its_owners() -> Tested {
    let mut world = levered();
    world.deposit("bob", "ATOM", 4)?;
    world.borrow("bob", "USDC", 30)?;
    let answer = world.write_off("keeper", "bob");
    let fields = json!({ "equity": "10", "deposits": "40", "dust_value": "50" });
    refused(answer, "not_write_off", fields);

    world.deposit("carol", "ATOM", 4)?;
    for (name, status) in [("carol", "no debts"), ("mallory", "no account")] {
        let error = world.write_off("keeper", name).unwrap_err();
        assert_eq!(error.name, "not_write_off", "{status}");
    }
    Ok(())
}

#[test]
fn what_is_unpriced_or_worthless_does_not_block_it() -> Tested {
    let mut world = insolvent_with_dust()?;
    let asset = world.asset("ATOM");
    world.execute_oracle("guardian", oracle::ExecuteMsg::Halt { asset })?;
    world.advance(86_400);
    assert!(world.price("USDC")?.stale);
    world.fork(|world| world.write_off("keeper", "alice").map(|_| ()))?;

    // After twice the grace the deposit counts nothing at all.
    world.advance(6 * 86_400);
    assert_eq!(world.margin("alice")?.deposits, usd("0"));
    world.write_off("keeper", "alice")?;
    assert_books_balance(&world);
    Ok(())
}

#[test]
fn no_pause_holds_it_up() -> Tested {
    let mut world = insolvent_with_dust()?;
    let all = [
        PausableAction::Deposit,
        PausableAction::Borrow,
        PausableAction::Withdraw,
    ];
    world.pause(None, &all)?;
    world.write_off("keeper", "alice")?;
    assert_books_balance(&world);
    Ok(())
}

#[test]
fn it_takes_no_funds_and_a_real_account() -> Tested {
    let mut world = insolvent_with_dust()?;
    let account = world.account_ref("alice");
    let funds = world.coins("USDC", 1)?;
    let sent = funds[0].to_string();
    let answer = world.execute("keeper", ExecuteMsg::WriteOff { account }, funds);
    let fields = json!({ "expected": "nothing", "sent": [sent] });
    refused(answer, "wrong_funds", fields);
    Ok(())
}

/// Alice's 100 ATOM are worth 40 USD, less than the dust value, against 800 USDC.
fn insolvent_with_dust() -> Result<World, bulwark_types::wire::WireError> {
    let mut world = levered();
    falls(&mut world, &[("ATOM", "0.4")]);
    Ok(world)
}
