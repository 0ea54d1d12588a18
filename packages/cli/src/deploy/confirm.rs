//! Asks before anything is done.

use std::io::{IsTerminal, Write, stdin, stdout};

use super::Failure;

/// Whether somebody at a terminal says yes; nobody can where there is none.
pub fn asked() -> Result<bool, Failure> {
    if !stdin().is_terminal() {
        return Ok(false);
    }
    print!("\nCarry this out? [y/N] ");
    let mut answer = String::new();
    stdout()
        .flush()
        .and_then(|()| stdin().read_line(&mut answer))
        .map_err(Failure::Terminal)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}
