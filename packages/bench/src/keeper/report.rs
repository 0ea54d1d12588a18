//! What was measured, as a table and as JSON.

use std::fmt;
use std::time::Duration;

use serde::Serialize;

/// What was measured of one number of accounts.
#[derive(Clone, Debug, PartialEq)]
pub struct Measured {
    /// How many accounts.
    pub accounts: usize,
    /// From the record of a price to the complete list, the median of several.
    pub update: Duration,
    /// Everything that is kept, by the program's allocator, rounded up.
    pub bytes_per_account: usize,
    /// How many accounts are liquidatable then.
    pub liquidatable: usize,
    /// How many are called for margin.
    pub margin_calls: usize,
    /// How many hold or owe the asset that fell.
    pub holders: u64,
    /// How many were evaluated in an update.
    pub evaluated: usize,
    /// How many of them by the vault's own function.
    pub exactly: usize,
    /// The first look at everything.
    pub first_look: Duration,
    /// The vault's own evaluation of every account, with the same result; none if it was left out.
    pub full_evaluation: Option<Duration>,
}

/// What was measured.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// By number of accounts, in the order asked for.
    pub sizes: Vec<Measured>,
}

/// One size in JSON.
#[derive(Serialize)]
struct Line {
    accounts: usize,
    update_ms: f64,
    bytes_per_account: usize,
    liquidatable: usize,
}

impl Report {
    /// One line of JSON for each size.
    ///
    /// # Errors
    /// None in practice.
    pub fn json_lines(&self) -> serde_json::Result<Vec<String>> {
        let line = |measured: &Measured| {
            serde_json::to_string(&Line {
                accounts: measured.accounts,
                update_ms: milliseconds(measured.update),
                bytes_per_account: measured.bytes_per_account,
                liquidatable: measured.liquidatable,
            })
        };
        self.sizes.iter().map(line).collect()
    }
}

/// With three decimals.
fn milliseconds(time: Duration) -> f64 {
    (time.as_secs_f64() * 1e6).round() / 1e3
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:>10} {:>10} {:>8} {:>10} {:>10} {:>8} {:>8} {:>13} {:>12} {:>11}",
            "accounts",
            "update",
            "growth",
            "holders",
            "evaluated",
            "exactly",
            "bytes",
            "liquidatable",
            "first look",
            "evaluation",
        )?;
        let mut before = None;
        for measured in &self.sizes {
            let growth = before.map_or_else(
                || "-".into(),
                |before: Duration| {
                    format!(
                        "{:.1}",
                        measured.update.as_secs_f64() / before.as_secs_f64()
                    )
                },
            );
            let evaluation = measured.full_evaluation.map_or_else(
                || "-".into(),
                |time| format!("{:.0} ms", milliseconds(time)),
            );
            writeln!(
                f,
                "{:>10} {:>10} {growth:>8} {:>10} {:>10} {:>8} {:>8} {:>13} {:>12} {:>11}",
                measured.accounts,
                format!("{:.2} ms", milliseconds(measured.update)),
                measured.holders,
                measured.evaluated,
                measured.exactly,
                measured.bytes_per_account,
                measured.liquidatable,
                format!("{:.0} ms", milliseconds(measured.first_look)),
                evaluation,
            )?;
            before = Some(measured.update);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured(accounts: usize, update: u64) -> Measured {
        Measured {
            accounts,
            update: Duration::from_micros(update),
            bytes_per_account: 222,
            liquidatable: 17,
            margin_calls: 5,
            holders: 60,
            evaluated: 40,
            exactly: 1,
            first_look: Duration::from_millis(3),
            full_evaluation: Some(Duration::from_millis(70)),
        }
    }

    #[test]
    fn json_has_the_form_that_others_read() {
        let report = Report {
            sizes: vec![measured(100, 1_234)],
        };
        let expected =
            r#"{"accounts":100,"update_ms":1.234,"bytes_per_account":222,"liquidatable":17}"#;
        assert_eq!(report.json_lines().unwrap(), [expected]);
    }

    #[test]
    fn the_table_says_how_an_update_grows() {
        let report = Report {
            sizes: vec![measured(100, 1_000), measured(1_000, 12_000)],
        };
        let text = report.to_string();
        let lines: Vec<Vec<&str>> = text
            .lines()
            .map(|line| line.split_whitespace().collect())
            .collect();
        assert_eq!(lines[1][..4], ["100", "1.00", "ms", "-"]);
        assert_eq!(lines[2][..4], ["1000", "12.00", "ms", "12.0"]);
    }
}
