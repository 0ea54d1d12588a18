//! Random accounts in real contracts, with what the contracts answer about them: what a client's
//! margin engine is compared with.
//!
//! ```text
//! cargo run -p bulwark-risk-wasm --example margin-cases -- FILE [ACCOUNTS] [SEED]
//! ```
//!
//! Writes one JSON document a line. A line `{"world": …}` has time, configuration, markets and prices;
//! the lines `{"account": …}` after it are accounts of that world, with the vault's answers. Nothing in
//! them is computed here. The same seed writes the same file.

// A test tool: it draws by floating point, far below the limits of its types.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "see above"
)]

mod dice;
mod people;
mod record;
mod stage;
mod twist;

use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Write};

use bulwark_types::wire::WireError;

use dice::Dice;

/// Accounts of one world: few enough that a run sees many different markets, prices and times.
const ACCOUNTS_A_WORLD: u16 = 64;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let usage = "usage: margin-cases FILE [ACCOUNTS] [SEED]";
    let file = arguments.next().ok_or(usage)?;
    let mut number = |otherwise: u64| match arguments.next() {
        None => Ok(otherwise),
        Some(text) => text.parse().map_err(|_| format!("{text}: {usage}")),
    };
    let (accounts, seed) = (number(3_200)?, number(1)?);
    let mut out = BufWriter::new(File::create(&file).map_err(|error| format!("{file}: {error}"))?);
    for world in 0..accounts.div_ceil(ACCOUNTS_A_WORLD.into()) {
        let lines = lines_of(world, seed).map_err(|error| {
            let WireError {
                name,
                sentence,
                fields,
            } = error;
            format!("world {world}: {name}: {sentence} {fields}")
        })?;
        for line in lines {
            serde_json::to_writer(&mut out, &line)?;
            out.write_all(b"\n")?;
        }
    }
    out.flush()?;
    Ok(())
}

/// A world and its accounts, put on record.
fn lines_of(number: u64, seed: u64) -> Result<Vec<serde_json::Value>, WireError> {
    let mut dice = Dice::new(seed.wrapping_mul(1_000_003).wrapping_add(number));
    let mut stage = stage::Stage::new(&mut dice)?;
    for id in 0..ACCOUNTS_A_WORLD {
        people::open(&mut stage, id, &mut dice)?;
    }
    twist::happen(&mut stage, number, &mut dice)?;
    let mut lines = vec![record::world(&stage)?];
    for id in 0..ACCOUNTS_A_WORLD {
        lines.push(record::account(&stage, id, &mut dice)?);
    }
    Ok(lines)
}
