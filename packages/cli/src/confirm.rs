//! Asks before anything is done.

use std::io::{self, IsTerminal, Write, stdin, stdout};

/// Whether somebody at a terminal says yes; nobody can where there is none.
///
/// # Errors
/// The terminal does not answer.
pub fn asked() -> io::Result<bool> {
    if !stdin().is_terminal() {
        return Ok(false);
    }
    let mut out = stdout();
    write!(out, "\nCarry this out? [y/N] ")?;
    out.flush()?;
    let mut answer = String::new();
    stdin().read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}
