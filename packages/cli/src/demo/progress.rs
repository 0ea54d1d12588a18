//! How far the run is, on stderr: one line that moves on a terminal, a line for every tenth
//! where there is none.

use std::io::{IsTerminal, Write, stderr};

use bulwark_simulator::engine::Progress;

/// The progress line.
pub struct ProgressLine {
    terminal: bool,
    shown: Option<(bool, usize)>,
    width: usize,
}

impl ProgressLine {
    /// Nothing is shown yet.
    pub fn new() -> Self {
        Self {
            terminal: stderr().is_terminal(),
            shown: None,
            width: 0,
        }
    }

    /// Shows how far the run is, where that is news.
    pub fn show(&mut self, progress: Progress) {
        let (playing, done, of) = match progress {
            Progress::Opening { done, of } => (false, done, of),
            Progress::Playing { done, of, .. } => (true, done, of),
        };
        let parts = if self.terminal { 200 } else { 10 };
        let part = done.saturating_mul(parts).checked_div(of).unwrap_or(0);
        if self.shown == Some((playing, part)) {
            return;
        }
        self.shown = Some((playing, part));
        let text = match progress {
            Progress::Opening { done, of } => format!("opening accounts: {done} of {of}"),
            Progress::Playing {
                done,
                of,
                liquidations,
            } => format!("playing prices: step {done} of {of}, {liquidations} liquidations"),
        };
        if self.terminal {
            let width = self.width;
            eprint!("\r{text:<width$}");
            self.width = text.len();
            // A terminal that cannot be written to has nobody who waits for it.
            let _ = stderr().flush();
        } else {
            eprintln!("{text}");
        }
    }

    /// Leaves the line.
    pub fn done(&self) {
        if self.terminal && self.shown.is_some() {
            eprintln!();
        }
    }
}
