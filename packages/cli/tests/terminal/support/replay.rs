//! Prices that somebody replays, and what everybody does at the terminal.

use std::process::Output;

use super::Home;
use super::market::{OSMO, configuration, price_file, with_files};

pub const DOLLAR: &str = "uusdt";

pub fn tx(home: &Home, from: &str, arguments: &[&str]) -> Output {
    let sending = ["--from", from, "--yes"];
    with_files(home, &[&["tx"], arguments, &sending].concat())
}

/// One process that replays a file as all three feeders.
pub fn replay(home: &Home, osmo: &str) -> String {
    let file = price_file(home, &format!("{osmo}.csv"), osmo);
    let text = format!(
        "keys = [\"feeder-1\", \"feeder-2\", \"feeder-3\"]\n[replay]\nfile = \"{file}\"\n\
        [[assets]]\nasset = \"{OSMO}\"\nsymbol = \"OSMO\"\n\
        [[assets]]\nasset = \"{DOLLAR}\"\nsymbol = \"USDT\"\n"
    );
    configuration(home, &format!("{osmo}.toml"), &text)
}
