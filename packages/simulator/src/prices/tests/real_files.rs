use bulwark_testing::prices_dir;

use super::super::csv::read;
use super::super::symbols::describe_all;

#[test]
fn the_files_of_real_crashes_are_read() {
    let Some(folder) = prices_dir("the_files_of_real_crashes_are_read") else {
        return;
    };
    for (file, rows, columns) in [
        ("2020-03_black_thursday_1h.csv", 240, 8),
        ("2022-05_terra_1h.csv", 456, 12),
        ("2022_steth_discount_1d.csv", 1437, 5),
        ("daily_2018_2022_coingecko.csv", 1730, 15),
    ] {
        let table = read(&folder.join(file)).unwrap();
        assert_eq!(
            (table.steps(), table.columns.len()),
            (rows, columns),
            "{file}"
        );
        assert!(
            table
                .columns
                .iter()
                .all(|column| column.prices.len() == rows),
            "{file}"
        );
    }
}

#[test]
fn luna_collapses_in_the_file_of_may_2022() {
    let Some(folder) = prices_dir("luna_collapses_in_the_file_of_may_2022") else {
        return;
    };
    let table = read(&folder.join("2022-05_terra_1h.csv")).unwrap();
    let luna = table.column("LUNA").unwrap();
    assert!(luna.first().unwrap().1 > 70.0);
    assert!(luna.lowest().unwrap() < 0.001);
    let assets = describe_all(&table);
    assert_eq!(assets.iter().filter(|asset| asset.stable).count(), 4);
    assert_eq!(table.clone().with_stablecoin(), table);
}

#[test]
fn symbols_begin_and_end_at_different_times_in_the_daily_history() {
    let Some(folder) = prices_dir("symbols_begin_and_end_at_different_times_in_the_daily_history")
    else {
        return;
    };
    let table = read(&folder.join("daily_2018_2022_coingecko.csv")).unwrap();
    let first_rows: Vec<_> = table
        .columns
        .iter()
        .map(|column| column.first().unwrap().0)
        .collect();
    assert!(first_rows.contains(&0) && first_rows.iter().any(|row| *row > 300));
}
