use proptest::prelude::*;

use super::super::timestamp::{calendar_day, format, parse, start_of_month};

#[test]
fn known_moments() {
    for (text, seconds) in [
        ("1970-01-01T00:00:00Z", 0),
        ("2000-02-29T23:59:59Z", 951_868_799),
        ("2020-03-12T10:00:00Z", 1_584_007_200),
        ("2100-03-01T00:00:00Z", 4_107_542_400),
    ] {
        assert_eq!(parse(text), Some(seconds), "{text}");
        assert_eq!(format(seconds), text);
    }
}

#[test]
fn anything_but_whole_seconds_of_an_existing_day_in_utc_is_refused() {
    for text in [
        "",
        "2020-03-12",
        "2020-03-12 10:00:00Z",
        "2020-03-12T10:00:00",
        "2020-03-12T10:00:00+00:00",
        "2020-03-12T10:00:00.5Z",
        "2020-03-12T24:00:00Z",
        "2020-03-12T10:60:00Z",
        "2020-03-12T10:00:60Z",
        "2020-13-12T10:00:00Z",
        "2020-00-12T10:00:00Z",
        "2020-04-31T10:00:00Z",
        "2020-04-00T10:00:00Z",
        "2021-02-29T10:00:00Z",
        "2100-02-29T10:00:00Z",
        "1969-12-31T23:59:59Z",
        "+020-03-12T10:00:00Z",
        "２020-03-12T10:00:0Z",
    ] {
        assert_eq!(parse(text), None, "{text}");
    }
}

#[test]
fn months_are_counted_on_into_the_next_year() {
    assert_eq!(
        parse("2021-02-01T00:00:00Z"),
        Some(start_of_month(2020, 14))
    );
    assert_eq!(
        parse("2020-12-01T00:00:00Z"),
        Some(start_of_month(2020, 12))
    );
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(seconds in 0..253_402_300_800_u64) {
        prop_assert_eq!(parse(&format(seconds)), Some(seconds));
    }

    #[test]
    fn any_moment_has_a_day(seconds: u64) {
        let day = calendar_day(seconds);
        prop_assert!((1970..=9999).contains(&day.year));
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,24}") {
        let _ = parse(&text);
    }
}
