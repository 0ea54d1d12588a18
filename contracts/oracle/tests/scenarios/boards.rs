//! The public record.

use bulwark_types::oracle::{BOARDS, Board, Oracle, PriceResponse, QueryMsg, Slot};

use crate::world::{ATOM, World, assert_refused, fixed, posted, usd};

#[test]
fn what_is_read_raw_is_what_the_query_says() {
    let mut world = World::at("10");
    world.post_all(ATOM, "10.1");
    world.wait(7);
    let answer = world.price(ATOM).unwrap();
    assert_eq!(Some(answer.record), world.record_of(ATOM));
    let in_force = answer.record.volatility.at(world.now()).unwrap();
    assert_eq!(answer.volatility_in_force, in_force);
    // The key that the layout promises: two bytes of length, the name, the number.
    let key = [&[0, 6][..], b"boards", &[0, 0]].concat();
    assert_eq!(BOARDS.raw_key(&0), key);
    let bytes = world.app.wrap().query_wasm_raw(&world.oracle, key).unwrap();
    let board: Board = bulwark_types::packed::unpack(&bytes.unwrap()).unwrap();
    assert_eq!(board.record(0), Some(&answer.record));
}

#[test]
fn assets_fill_boards_in_order_and_one_message_prices_them_all() {
    let mut world = World::with_delay(0);
    let names: Vec<_> = (0..35).map(|number| format!("asset{number}")).collect();
    for (name, number) in names.iter().zip(0u8..) {
        world.set_feed(name, posted()).unwrap();
        let slot = Slot {
            board: u16::from(number / 16),
            slot: number % 16,
        };
        assert_eq!(world.feed(name).unwrap().slot, slot);
    }
    let prices: Vec<_> = (1..=35).map(|price: u8| price.to_string()).collect();
    let posts: Vec<_> = names
        .iter()
        .zip(&prices)
        .map(|(name, price)| (name.as_str(), price.as_str()))
        .collect();
    for feeder in 0..3 {
        world.post(feeder, &posts).unwrap();
    }
    let query = QueryMsg::Prices {
        assets: names.clone(),
    };
    let answers: Vec<PriceResponse> = world.query(&query).unwrap();
    for ((answer, name), price) in answers.iter().zip(&names).zip(&prices) {
        assert_eq!((&answer.asset, answer.record.mid), (name, usd(price)));
        assert_eq!(Some(answer.record), world.record_of(name));
    }
    // Changing a feed does not move it, and other records on its board stay.
    world.set_feed("asset3", posted()).unwrap();
    world.set_feed("last", fixed("1")).unwrap();
    let slot = Slot { board: 2, slot: 3 };
    assert_eq!(world.feed("last").unwrap().slot, slot);
    let again: Vec<PriceResponse> = world.query(&query).unwrap();
    assert_eq!(again, answers);
    let oracle = Oracle {
        address: &world.oracle,
    };
    assert!(oracle.board(world.app.wrap(), 3).unwrap().is_none());
}

#[test]
fn a_query_names_what_it_cannot_answer() {
    let world = World::new();
    let prices =
        |assets: Vec<String>| world.query::<Vec<PriceResponse>>(&QueryMsg::Prices { assets });
    assert_refused(
        prices(vec!["x".into(); 101]),
        "too_many_assets",
        r#"{"count":101,"limit":100}"#,
    );
    assert_refused(prices(vec!["x".into()]), "unknown_feed", r#"{"asset":"x"}"#);
    assert_refused(
        prices(vec![ATOM.into()]),
        "no_price",
        r#"{"asset":"uatom"}"#,
    );
}
