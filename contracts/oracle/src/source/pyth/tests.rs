//! What becomes of Pyth's notation.

use super::*;

const ID: &str = "b00b60f88b03a6a625a8d1c048c3f66653edf217439983d037e7222c4e612819";

fn price(price: i64, conf: u64, expo: i32) -> Result<(u128, u128), SourceFailure> {
    let price = PythPrice {
        price: Int64::new(price),
        conf: Uint64::new(conf),
        expo,
        publish_time: 1_000,
    };
    let observation = price.observation()?;
    Ok((observation.price.0, observation.conf.0))
}

#[test]
fn prices_are_scaled_by_their_exponent_down_and_confidences_up() {
    let one = 1_000_000_000_000_000_000;
    assert_eq!(
        price(1_234, 5, -2),
        Ok((12 * one + 34 * one / 100, one / 20))
    );
    assert_eq!(price(7, 1, 0), Ok((7 * one, one)));
    assert_eq!(price(7, 1, 2), Ok((700 * one, 100 * one)));
    assert_eq!(price(19, 11, -19), Ok((1, 2)));
    assert_eq!(price(20, 10, -19), Ok((2, 1)));
    // Beyond the price: taken, and wide.
    assert_eq!(price(1, 9, 0), Ok((one, 9 * one)));
}

#[test]
fn pitfall_27_zero_negative_and_absurd_prices_are_out_of_range() {
    let out_of_range = Err(SourceFailure::OutOfRange);
    for (mantissa, expo) in [
        (0, -8),
        (-1, -8),
        (i64::MIN, 0),
        (9, -19),
        (1, 13),
        (i64::MAX, 0),
        (1, 20),
        (1, 21),
        (1, i32::MAX),
        (i64::MAX, -37),
        (i64::MAX, -57),
        (i64::MAX, i32::MIN),
    ] {
        assert_eq!(price(mantissa, 0, expo), out_of_range, "{mantissa}e{expo}");
    }
    assert!(price(1, 0, 12).is_ok());
    assert_eq!(price(1, u64::MAX, 12), out_of_range);
}

#[test]
fn only_the_price_of_the_feed_asked_for_counts() {
    let answer = |id: &str, time: &str| {
        let price = format!(r#"{{"price":"1000","conf":"1","expo":-2,"publish_time":{time}}}"#);
        let text =
            format!(r#"{{"price_feed":{{"id":"{id}","price":{price},"ema_price":{price}}}}}"#);
        understand(&Binary::from(text.as_bytes()), ID)
    };
    assert!(answer(ID, "1000").is_ok());
    assert!(answer(&ID.to_uppercase(), "1000").is_ok());
    let malformed = Err(SourceFailure::Malformed);
    assert_eq!(answer("ab", "1000"), malformed);
    assert_eq!(answer(ID, "-1"), malformed);
    assert_eq!(answer(ID, "\"soon\""), malformed);
}
