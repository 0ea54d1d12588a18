use crate::report::{BalanceRow, RATIO_BINS, format, ratio_bin};

#[test]
fn numbers_as_people_read_them() {
    assert_eq!(format::count(1_234_567), "1,234,567");
    assert_eq!(format::decimal(-1_234.567, 2), "−1,234.57");
    assert_eq!(format::decimal(-0.001, 2), "0.00");
    assert_eq!(format::decimal(f64::NAN, 2), "–");
    assert_eq!(format::short(0.0), "0");
    assert_eq!(format::short(999_999.0), "1.00M");
    assert_eq!(format::short(12_345.0), "12.3k");
    assert_eq!(format::usd(-2.5e9), "−$2.50B");
    assert_eq!(format::percent(0.1234, 1), "12.3 %");
    assert_eq!(format::price(Some(0.000_012_34)), "$0.00001234");
    assert_eq!(format::price(Some(61_234.5)), "$61,234");
    assert_eq!(format::price(None), "–");
    assert_eq!(format::moment(1_584_007_200), "12 Mar 2020 10:00");
}

#[test]
fn smallest_units_are_exact() {
    assert_eq!(format::tokens(1, 18), "0.000000000000000001");
    assert_eq!(format::tokens(1_234_500_000, 6), "1,234.5");
    assert_eq!(format::tokens(7, 0), "7");
    assert_eq!(format::tokens(0, 6), "0");
    assert_eq!(
        format::tokens(u128::MAX, 6),
        "340,282,366,920,938,463,463,374,607,431,768.211455"
    );
}

#[test]
fn a_ratio_on_a_border_is_in_the_upper_bin() {
    let bins = [0.999, 1.0, 1.1, 1.5, 2.0, 5.0].map(|ratio| ratio_bin(Some(ratio)));
    assert_eq!(bins, [0, 1, 2, 3, 4, 5]);
    assert_eq!(ratio_bin(None), RATIO_BINS.len() - 1);
    assert_eq!(ratio_bin(Some(-3.0)), 0);
}

#[test]
fn what_the_balance_sheet_cannot_explain() {
    let books = BalanceRow {
        idle: 10,
        supplied: 100,
        borrowed: 60,
        ..BalanceRow::default()
    };
    assert_eq!(
        BalanceRow {
            held: 50,
            ..books.clone()
        }
        .unexplained(),
        0
    );
    assert_eq!(
        BalanceRow {
            held: 53,
            ..books.clone()
        }
        .unexplained(),
        3
    );
    assert_eq!(BalanceRow { held: 49, ..books }.unexplained(), -1);
}
