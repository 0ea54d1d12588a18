use proptest::prelude::*;

use super::super::csv::{Place, PriceFault, PriceFileError, parse, read};

const TWO_ROWS: &str = "timestamp,BTC,ETH\n2020-03-07T01:00:00Z,9118.06,\n\
                        2020-03-07T02:00:00Z,9092.5,242.9\n";

/// The file with one text exchanged for another.
fn with(old: &str, new: &str) -> PriceFileError {
    assert!(TWO_ROWS.contains(old));
    parse(TWO_ROWS.replacen(old, new, 1).as_bytes()).unwrap_err()
}

fn at(line: usize, column: usize) -> Place {
    Place { line, column }
}

#[test]
fn blanks_stay_blank() {
    let table = parse(TWO_ROWS.as_bytes()).unwrap();
    assert_eq!(table.timestamps, [1_583_542_800, 1_583_546_400]);
    assert_eq!(table.symbols(), ["BTC", "ETH"]);
    assert_eq!(table.columns[0].prices, [Some(9118.06), Some(9092.5)]);
    assert_eq!(table.columns[1].prices, [None, Some(242.9)]);
}

#[test]
fn line_ends_byte_order_mark_and_spaces_do_not_matter() {
    let table = parse(TWO_ROWS.as_bytes()).unwrap();
    let windows = format!(
        "\u{feff}{}\r\n\r\n",
        TWO_ROWS.trim_end().replace('\n', "\r\n")
    );
    assert_eq!(parse(windows.as_bytes()).unwrap(), table);
    assert_eq!(parse(TWO_ROWS.trim_end().as_bytes()).unwrap(), table);
    assert_eq!(
        parse(TWO_ROWS.replace(',', " , ").as_bytes()).unwrap(),
        table
    );
}

#[test]
fn a_missing_file_is_named() {
    let error = read("/nowhere/prices.csv".as_ref()).unwrap_err();
    assert!(
        matches!(&error, PriceFileError::Unreadable { path, .. } if path.ends_with("prices.csv"))
    );
    assert!(error.to_string().contains("/nowhere/prices.csv"));
}

#[test]
fn an_empty_file_is_refused() {
    for empty in ["", "\n\n", "\u{feff}", "  \r\n"] {
        assert!(matches!(
            parse(empty.as_bytes()),
            Err(PriceFileError::Empty)
        ));
    }
}

#[test]
fn a_file_of_another_kind_is_refused_at_its_first_bad_byte() {
    let mut bytes = TWO_ROWS.as_bytes().to_vec();
    let at_eth = bytes.len() - 3;
    bytes[at_eth] = 0xff;
    assert!(matches!(parse(&bytes), Err(PriceFileError::NotText { place }) if place == at(3, 3)));
}

#[test]
fn a_header_must_begin_with_timestamp() {
    let error = with("timestamp", "date");
    assert!(
        matches!(&error, PriceFileError::NoTimestampColumn { place, found } if *place == at(1, 1) && found == "date")
    );
}

#[test]
fn a_header_must_name_a_symbol() {
    let error = parse(b"timestamp\n").unwrap_err();
    assert!(matches!(error, PriceFileError::NoSymbols { place } if place == at(1, 2)));
}

#[test]
fn a_header_cell_must_be_a_symbol() {
    for bad in ["", "<b>", "a b", "_x", &"X".repeat(33)] {
        let error = with("ETH", bad);
        assert!(matches!(error, PriceFileError::BadSymbol { place, .. } if place == at(1, 3)));
    }
}

#[test]
fn a_symbol_may_come_only_once() {
    let error = with("ETH", "btc");
    assert_eq!(
        error.to_string(),
        "line 1, column 3: the symbol btc is already in column 2"
    );
}

#[test]
fn every_row_has_as_many_cells_as_the_header() {
    let short = with(
        "2020-03-07T02:00:00Z,9092.5,242.9",
        "2020-03-07T02:00:00Z,9092.5",
    );
    assert!(matches!(
        short,
        PriceFileError::WrongCellCount { place, expected: 3, found: 2 } if place == at(3, 3)
    ));
    let long = with("9118.06,", "9118.06,1,2");
    assert!(matches!(
        long,
        PriceFileError::WrongCellCount { place, expected: 3, found: 4 } if place == at(2, 4)
    ));
    let blank_line = with("\n2020-03-07T02", "\n\n2020-03-07T02");
    assert!(matches!(
        blank_line,
        PriceFileError::WrongCellCount { place, found: 1, .. } if place == at(3, 2)
    ));
}

#[test]
fn a_bad_timestamp_is_quoted() {
    let error = with("2020-03-07T02:00:00Z", "07.03.2020 2:00");
    assert_eq!(
        error.to_string(),
        "line 3, column 1: `07.03.2020 2:00` is not a UTC timestamp like 2020-03-07T01:00:00Z"
    );
    assert!(matches!(error, PriceFileError::BadTimestamp { .. }));
}

#[test]
fn time_only_goes_forward() {
    for time in ["2020-03-07T01:00:00Z", "2019-03-07T02:00:00Z"] {
        let error = with("2020-03-07T02:00:00Z", time);
        assert!(
            matches!(&error, PriceFileError::NotIncreasing { place, found, previous }
            if *place == at(3, 1) && found == time && previous == "2020-03-07T01:00:00Z")
        );
    }
}

#[test]
fn a_price_is_a_sensible_number() {
    for (text, expected) in [
        ("abc", PriceFault::NotANumber),
        ("1.2.3", PriceFault::NotANumber),
        ("\"1\"", PriceFault::NotANumber),
        ("NaN", PriceFault::NotFinite),
        ("inf", PriceFault::NotFinite),
        ("1e400", PriceFault::NotFinite),
        ("0", PriceFault::Zero),
        ("-0.0", PriceFault::Zero),
        ("1e-400", PriceFault::Zero),
        ("-3", PriceFault::Negative),
        ("1000000000001", PriceFault::TooLarge),
        ("9e-13", PriceFault::TooSmall),
    ] {
        let error = with("242.9", text);
        assert!(
            matches!(&error, PriceFileError::BadPrice { place, symbol, fault, .. }
                if *place == at(3, 3) && symbol == "ETH" && *fault == expected),
            "{error}"
        );
        assert!(
            error.to_string().starts_with("line 3, column 3 (ETH): "),
            "{error}"
        );
    }
    let smallest_and_largest = TWO_ROWS
        .replacen("9118.06", "1e-12", 1)
        .replacen("242.9", "1e12", 1);
    assert!(parse(smallest_and_largest.as_bytes()).is_ok());
}

#[test]
fn an_error_shows_little_and_nothing_that_garbles_a_terminal() {
    let text = with("242.9", &format!("\u{1b}[31m{}", "9x".repeat(500))).to_string();
    assert!(text.len() < 200 && !text.contains('\u{1b}'), "{text}");
}

#[test]
fn a_symbol_without_a_price_is_refused() {
    let error = with("242.9", "");
    assert_eq!(
        error.to_string(),
        "line 1, column 3 (ETH): no row has a price of this symbol"
    );
    assert!(matches!(error, PriceFileError::NoPrices { .. }));
}

#[test]
fn one_row_is_no_path() {
    let error = parse(b"timestamp,BTC\n2020-03-07T01:00:00Z,1").unwrap_err();
    assert!(matches!(error, PriceFileError::TooFewRows { place, rows: 1 } if place == at(3, 1)));
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes: Vec<u8>) {
        let _ = parse(&bytes);
    }

    #[test]
    fn no_broken_file_panics(
        place in 0..TWO_ROWS.len(),
        bytes in proptest::collection::vec(any::<u8>(), 0..6),
        removed in 0..6_usize,
    ) {
        let mut file = TWO_ROWS.as_bytes().to_vec();
        let end = (place + removed).min(file.len());
        file.splice(place..end, bytes);
        if let Ok(table) = parse(&file) {
            prop_assert!(table.columns.iter().all(|column| column.prices.len() == table.steps()));
        }
    }

    #[test]
    fn what_is_written_is_read_again(
        prices in proptest::collection::vec(
            (proptest::option::of(1e-9..1e9_f64), 1e-9..1e9_f64), 2..20)
    ) {
        let cell = |price: Option<f64>| price.map_or(String::new(), |price| price.to_string());
        let mut file = "timestamp,A,B\n".to_owned();
        for (row, (a, b)) in prices.iter().enumerate() {
            let time = super::super::timestamp::format(1_000_000 * row as u64);
            file += &format!("{time},{},{}\n", cell(*a), cell(Some(*b)));
        }
        match parse(file.as_bytes()) {
            Ok(table) => {
                let read = table.columns[0].prices.iter().zip(&table.columns[1].prices);
                let read: Vec<_> = read.map(|(a, b)| (*a, b.unwrap())).collect();
                prop_assert_eq!(read, prices);
            }
            Err(error) => {
                prop_assert!(prices.iter().all(|(a, _)| a.is_none()), "{}", error);
            }
        }
    }
}
