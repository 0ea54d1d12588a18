//! How far the study is, on stderr: one line that moves on a terminal, a line for every tenth
//! where there is none.

use std::io::{IsTerminal, Write, stderr};

use bulwark_simulator::study::Progress;

/// The progress line.
pub struct ProgressLine {
    terminal: bool,
    shown: Option<(&'static str, usize)>,
}

impl ProgressLine {
    /// Nothing is shown yet.
    pub fn new() -> Self {
        Self {
            terminal: stderr().is_terminal(),
            shown: None,
        }
    }

    /// Shows how far the study is, where that is news.
    pub fn show(&mut self, progress: Progress) {
        let (what, done, of) = match progress {
            Progress::Calibrating { done, of } => ("calibrating variants", done, of),
            Progress::Playing { done, of } => ("playing prices", done, of),
            Progress::Sweeping { done, of } => ("changing parameters", done, of),
        };
        let parts = if self.terminal { 200 } else { 10 };
        let part = done.saturating_mul(parts).checked_div(of).unwrap_or(0);
        if self.shown == Some((what, part)) {
            return;
        }
        self.shown = Some((what, part));
        let text = format!("{what}: {done} of {of}");
        if self.terminal {
            eprint!("\r{text:<48}");
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
