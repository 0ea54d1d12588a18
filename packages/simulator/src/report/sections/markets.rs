//! The markets and their parameters.

use crate::report::data::{MarketRow, ReportData};
use crate::report::format;
use crate::report::html::{Align, Table, escape, section};

/// Denoms longer than this are cut in the middle.
const LONGEST_DENOM: usize = 18;

pub fn render(data: &ReportData) -> String {
    use Align::{Number, Text};
    let mut table = Table::new(&[
        ("Market", Text),
        ("Group · family", Text),
        ("Decimals", Number),
        ("Haircut floor – cap", Number),
        ("z", Number),
        ("Extra", Number),
        ("Deposit cap", Number),
        ("Borrow cap", Number),
        ("First price", Number),
        ("Lowest", Number),
        ("Last price", Number),
    ]);
    for market in &data.markets {
        table.row(&row(market));
    }
    section(
        "markets",
        "The markets",
        "A haircut is the part of its value that an asset is assumed to lose while it is being \
         liquidated. It is <code>z</code> times the family’s daily volatility, never below the \
         floor nor above the cap; a derivative carries an extra on top. Caps are in whole tokens.",
        &table.finish(),
    )
}

fn row(market: &MarketRow) -> [String; 11] {
    let fell = |price: Option<f64>| match (market.initial_price, price) {
        (Some(first), Some(price)) if first > 0.0 => {
            format!("<small>{}</small>", format::percent(price / first - 1.0, 1))
        }
        _ => String::new(),
    };
    [
        format!(
            "<b>{}</b><small><code title=\"{}\">{}</code></small>",
            escape(&market.symbol),
            escape(&market.asset),
            escape(&shortened(&market.asset))
        ),
        escape(&format!("{} · {}", market.group, market.family)),
        market.decimals.to_string(),
        format!(
            "{} – {}",
            format::percent(market.floor, 0),
            format::percent(market.cap, 0)
        ),
        format::significant(market.z, 2),
        format::percent(market.extra_haircut, 0),
        format::short(market.deposit_cap),
        format::short(market.borrow_cap),
        format::price(market.initial_price),
        format::price(market.min_price) + &fell(market.min_price),
        format::price(market.final_price) + &fell(market.final_price),
    ]
}

fn shortened(denom: &str) -> String {
    let letters: Vec<char> = denom.chars().collect();
    if letters.len() <= LONGEST_DENOM {
        return denom.to_owned();
    }
    let head: String = letters.iter().take(9).collect();
    let tail: String = letters.iter().skip(letters.len() - 4).collect();
    format!("{head}…{tail}")
}
