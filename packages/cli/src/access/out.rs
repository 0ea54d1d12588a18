//! What goes to stdout, and notes on the way to stderr.

use std::fmt::Display;
use std::io::{ErrorKind, Write, stderr, stdout};

use serde::Serialize;

use super::Failure;

/// Writes text as it is. That whoever reads has read enough, as `head` does, is no failure.
///
/// # Errors
/// [`Failure::Output`].
pub fn say(text: impl Display) -> Result<(), Failure> {
    let mut out = stdout().lock();
    match write!(out, "{text}").and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Failure::Output(error)),
        _ => Ok(()),
    }
}

/// Writes a line to stderr, as far as anybody reads it there: what goes on does not end because
/// nobody looks.
pub fn note(text: impl Display) {
    let _ = writeln!(stderr(), "{text}");
}

/// Writes one line of JSON.
///
/// # Errors
/// [`Failure::Json`], [`Failure::Output`].
pub fn say_json(answer: &impl Serialize) -> Result<(), Failure> {
    say(serde_json::to_string(answer)? + "\n")
}
