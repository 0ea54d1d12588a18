//! Writes what is known of the contracts' errors and events into `./schema`; called by
//! `scripts/schema`.

use std::error::Error;
use std::fs;

use bulwark_schema::{errors, events};
use serde_json::to_string_pretty;

fn main() -> Result<(), Box<dyn Error>> {
    fs::create_dir_all("schema")?;
    let (errors, events) = (errors()?, events());
    fs::write(
        "schema/bulwark-errors.json",
        to_string_pretty(&errors)? + "\n",
    )?;
    fs::write(
        "schema/bulwark-events.json",
        to_string_pretty(&events)? + "\n",
    )?;
    Ok(())
}
