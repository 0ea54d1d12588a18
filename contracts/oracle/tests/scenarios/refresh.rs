//! Feeds of several sources, and who has them asked.

use bulwark_test_sources::msg::Behaviour;
use bulwark_types::events::{PriceMoved, SourceAsked};
use bulwark_types::oracle::{ExecuteMsg, PriceStatus, Source};
use cosmwasm_std::Addr;

use crate::stand_ins::{feed_of, pyth};
use crate::world::{ATOM, World, assert_refused, events, posted, usd};

/// ATOM at 10 USD, by posts and two contracts of Pyth's kind.
fn combined() -> (World, [Addr; 2]) {
    let mut world = World::with_delay(0);
    let contracts = [world.stand_in(), world.stand_in()];
    let sources = [Source::Posted {}, pyth(&contracts[0]), pyth(&contracts[1])];
    world.set_feed(ATOM, feed_of(true, sources)).unwrap();
    all_say(&mut world, &contracts, ["10", "10", "10"]);
    world.wait(60);
    (world, contracts)
}

/// Posts and contracts say prices of whole cents, observed now.
fn all_say(world: &mut World, contracts: &[Addr; 2], prices: [&str; 3]) {
    for (contract, price) in contracts.iter().zip(&prices[1..]) {
        let cents = i64::try_from(usd(price).0 / 10u128.pow(16)).unwrap();
        world.pyth_says(contract, cents, 1, 0);
    }
    world.refresh(&[ATOM]).unwrap();
    world.post_all(ATOM, prices[0]);
}

#[test]
fn several_sources_come_to_their_median_and_half_their_range() {
    let (mut world, contracts) = combined();
    assert_eq!(world.record().status, PriceStatus::Ok);
    all_say(&mut world, &contracts, ["10.1", "10.2", "10.3"]);
    let record = world.record();
    // In the block of the refresh the posts were a minute old: 10, 10.2, 10.3.
    assert_eq!((record.mid, record.high), (usd("10.2"), usd("10.35")));
    world.wait(60);
    all_say(&mut world, &contracts, ["10.3", "10.2", "10.1"]);
    let record = world.record();
    // Again the posts of the round before: 10.1, 10.2, 10.1.
    assert_eq!((record.mid, record.high), (usd("10.1"), usd("10.15")));
    let fresh: Vec<_> = world.reports(ATOM).iter().map(|r| r.fresh).collect();
    assert_eq!(fresh, [true, true, true]);
}

#[test]
fn a_dead_source_holds_nothing_up_and_is_seen_to_be_dead() {
    let (mut world, contracts) = combined();
    world.behave(&contracts[0], Behaviour::Refuse);
    for price in ["10.2", "10.4", "10.6"] {
        all_say(&mut world, &contracts, [price, "10", price]);
        world.wait(60);
    }
    let record = world.record();
    assert_eq!((record.mid, record.status), (usd("10.6"), PriceStatus::Ok));
    let reports = world.reports(ATOM);
    let fresh: Vec<_> = reports.iter().map(|report| report.fresh).collect();
    assert_eq!(fresh, [true, false, true]);
    assert!(reports[1].failure.is_some() && reports[1].last.is_some());
}

#[test]
fn pitfall_23_one_crazy_source_of_three_moves_no_price_and_stops_opening() {
    let (mut world, contracts) = combined();
    for crazy in ["100", "0.01", "90000"] {
        all_say(&mut world, &contracts, ["10.1", "10.2", crazy]);
        let record = world.record();
        assert!(record.mid >= usd("10") && record.mid <= usd("10.2"));
        assert_eq!(record.status, PriceStatus::Wide);
        world.wait(60);
    }
}

#[test]
fn pitfall_23_one_crazy_source_of_two_does_not_move_the_price_either() {
    let mut world = World::at("10");
    let contract = world.stand_in();
    let sources = [Source::Posted {}, pyth(&contract)];
    world.set_feed(ATOM, feed_of(true, sources)).unwrap();
    for cents in [5_000, 1, 1_200] {
        world.wait(60);
        world.post_all(ATOM, "10");
        world.pyth_says(&contract, cents, 1, 0);
        world.refresh(&[ATOM]).unwrap();
        let record = world.record();
        assert_eq!(record.mid, usd("10"), "{cents}");
    }
}

#[test]
fn what_a_contract_said_last_counts_beside_posts_while_it_is_fresh() {
    let mut world = World::at("10");
    let contract = world.stand_in();
    let sources = [Source::Posted {}, pyth(&contract)];
    world.set_feed(ATOM, feed_of(true, sources)).unwrap();
    world.pyth_says(&contract, 1_010, 0, 0);
    world.refresh(&[ATOM]).unwrap();
    world.wait(60).post_all(ATOM, "10.4");
    // Of two the nearer to the price in force; as old as the older one.
    let record = world.record();
    assert_eq!(record.mid, usd("10.1"));
    assert_eq!(record.published_at, world.now() - 60);
    // Once it is too old the posts count alone, those of a minute ago at the first occasion.
    world.wait(61).post(0, &[(ATOM, "10.5")]).unwrap();
    let record = world.record();
    assert_eq!(
        (record.mid, record.published_at),
        (usd("10.4"), world.now() - 61)
    );
}

#[test]
fn a_source_that_fails_does_not_hold_up_another_asset_of_the_message() {
    let (mut world, contracts) = combined();
    let dead = world.stand_in();
    world
        .set_feed("dead", feed_of(true, [pyth(&dead)]))
        .unwrap();
    world.pyth_says(&contracts[0], 1_020, 1, 0);
    world.pyth_says(&contracts[1], 1_020, 1, 0);
    let response = world.refresh(&["dead", ATOM]).unwrap();
    let asked: Vec<SourceAsked> = events(&response);
    let outcomes: Vec<_> = asked
        .iter()
        .map(|asked| (asked.asset.as_str(), asked.source, asked.outcome.as_str()))
        .collect();
    let expected = [
        ("dead", 0, "unreachable"),
        (ATOM, 1, "taken"),
        (ATOM, 2, "taken"),
    ];
    assert_eq!(outcomes, expected);
    assert_eq!(events::<PriceMoved>(&response)[0].mid, usd("10.2"));
}

#[test]
fn a_stranger_who_refreshes_again_and_again_changes_nothing() {
    let (mut world, contracts) = combined();
    all_say(&mut world, &contracts, ["10.1", "10.1", "10.1"]);
    let (record, feed) = (world.record(), world.feed(ATOM).unwrap());
    for _ in 0..10 {
        let response = world.refresh(&[ATOM]).unwrap();
        assert!(events::<PriceMoved>(&response).is_empty());
        assert_eq!(
            (world.record(), world.feed(ATOM).unwrap()),
            (record, feed.clone())
        );
        world.wait(1);
    }
}

#[test]
fn a_halted_feed_hears_its_sources_and_does_not_move() {
    let (mut world, contracts) = combined();
    let guardian = world.guardian.clone();
    let halt = ExecuteMsg::Halt { asset: ATOM.into() };
    world.execute(&guardian, &halt).unwrap();
    let halted = world.record();
    all_say(&mut world, &contracts, ["10.5", "10.5", "10.5"]);
    assert_eq!(world.record(), halted);
    let resume = ExecuteMsg::Resume { asset: ATOM.into() };
    world.execute(&guardian, &resume).unwrap();
    // What was heard counts at once.
    world.refresh(&[ATOM]).unwrap();
    let record = world.record();
    assert_eq!((record.mid, record.status), (usd("10.5"), PriceStatus::Ok));
}

#[test]
fn a_refresh_of_nothing_of_too_much_and_of_what_is_not_asked_is_refused() {
    let (mut world, contracts) = combined();
    world.set_feed("posted", posted()).unwrap();
    world
        .set_feed("pulled", feed_of(true, [pyth(&contracts[0])]))
        .unwrap();
    let before = world.feed(ATOM).unwrap();
    let many: Vec<_> = (0..31).map(|number| number.to_string()).collect();
    let many: Vec<_> = many.iter().map(String::as_str).collect();
    for (assets, name, fields) in [
        (&[][..], "nothing_refreshed", "{}"),
        (&many, "too_many_assets", r#"{"count":31,"limit":30}"#),
        (
            &[ATOM, "x", ATOM],
            "duplicate_asset",
            r#"{"asset":"uatom"}"#,
        ),
        (&[ATOM, "posted"], "not_refreshed", r#"{"asset":"posted"}"#),
        (&[ATOM, "x"], "unknown_feed", r#"{"asset":"x"}"#),
    ] {
        assert_refused(world.refresh(assets), name, fields);
    }
    assert_eq!(world.feed(ATOM).unwrap(), before);
    assert_refused(
        world.post(0, &[("pulled", "10")]),
        "not_posted",
        r#"{"asset":"pulled"}"#,
    );
}
