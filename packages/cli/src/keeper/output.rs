//! What a keeper tells, for machines as it happens, and for people at the end.

use std::io::{self, Write, stdout};

use bulwark_keeper::Told;
use bulwark_keeper::execute::Totals;

use crate::access::format;

/// Where what is told goes.
pub struct Output {
    json: bool,
}

impl Output {
    pub const fn new(json: bool) -> Self {
        Self { json }
    }

    /// A line of JSON; or, for people, who have the log besides, what it all came to.
    pub fn tell(&self, told: &Told) {
        let written = match told {
            _ if self.json => line(told),
            Told::Ended {
                totals, in_flight, ..
            } => write_totals(totals, *in_flight),
            _ => Ok(()),
        };
        // Whoever has read enough does not stop a keeper.
        if let Err(error) = written {
            tracing::debug!(%error, "nobody reads what is told");
        }
    }
}

fn line(told: &Told) -> io::Result<()> {
    let mut out = stdout().lock();
    serde_json::to_writer(&mut out, told)?;
    out.write_all(b"\n")?;
    out.flush()
}

fn write_totals(totals: &Totals, in_flight: usize) -> io::Result<()> {
    let mut out = stdout().lock();
    if totals.outcomes.is_empty() && in_flight == 0 {
        return writeln!(out, "Nothing was sent so far.");
    }
    writeln!(
        out,
        "All that this keeper's journal has settled, in all of its runs:"
    )?;
    for (outcome, accounts) in &totals.outcomes {
        writeln!(out, "  {outcome}: {accounts}")?;
    }
    for (asset, flow) in &totals.flows {
        writeln!(out, "  wallet: {flow:+} {asset}")?;
    }
    writeln!(out, "  profit: {} USD", format::usd(totals.profit))?;
    if in_flight > 0 {
        writeln!(
            out,
            "  on its way, for the next run to find out: {in_flight}"
        )?;
    }
    Ok(())
}
