//! `bulwark localnet price`.

use bulwark_localnet::market::{CoinPrice, hold, price_of, prices, release};
use bulwark_risk::units::Price;
use clap::Args;

use super::{Failure, HomeArgs};
use crate::access::out::{say, say_json};
use crate::access::table::Table;

/// Which coin, and at what price.
#[derive(Args)]
pub(super) struct PriceArgs {
    /// The coin: its symbol, such as ATOM, or its denom [default: all].
    symbol: Option<String>,

    /// USD per whole token, a decimal number from 1e-12 to 1e12, such as 6.25. The feeder posts it at
    /// once and from then on, until another price or --path. Without it nothing changes: it is
    /// shown what is posted. The oracle takes it as any price: one that is further than its
    /// `max_jump` from the average waits for the post after it.
    #[arg(allow_negative_numbers = true, requires = "symbol")]
    price: Option<String>,

    /// Gives the coin, or all of them, back to the path that is replayed.
    #[arg(long, conflicts_with = "price")]
    path: bool,

    #[command(flatten)]
    home: HomeArgs,

    /// One line of JSON: what is posted of each coin.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &PriceArgs) -> Result<(), Failure> {
    let home = args.home.folder()?;
    let name = args.symbol.as_deref();
    match (name, &args.price) {
        (Some(name), Some(price)) => {
            hold(&home, name, price)?;
        }
        _ if args.path => {
            release(&home, name)?;
        }
        _ => {}
    }
    let shown = match name {
        Some(name) => vec![price_of(&home, name)?],
        None => prices(&home)?,
    };
    if args.json {
        return Ok(say_json(&shown)?);
    }
    Ok(say(table(&shown))?)
}

fn table(prices: &[CoinPrice]) -> Table {
    let mut table = Table::new(&["coin", "posted", "path", ""]);
    for coin in prices {
        let shown =
            |price: Option<Price>| price.map_or("–".to_owned(), |price| price.to_string());
        let word = if coin.held.is_some() { "held" } else { "" };
        table.row([
            coin.symbol.clone(),
            shown(coin.held.or(coin.path)),
            shown(coin.path),
            word.to_owned(),
        ]);
    }
    table
}
