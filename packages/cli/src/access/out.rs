//! What goes to stdout.

use std::fmt::Display;
use std::io::{ErrorKind, Write, stdout};

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

/// Writes one line of JSON.
///
/// # Errors
/// [`Failure::Json`], [`Failure::Output`].
pub fn say_json(answer: &impl Serialize) -> Result<(), Failure> {
    say(serde_json::to_string(answer)? + "\n")
}
