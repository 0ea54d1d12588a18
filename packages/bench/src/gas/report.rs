//! What was measured, as tables and as JSON.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::Serialize;

use super::Operation;

/// Gas by operation and number of deposits.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Gas(BTreeMap<Operation, BTreeMap<usize, u64>>);

impl Gas {
    /// Takes in what was measured with so many deposits.
    pub(super) fn add(&mut self, deposits: usize, measured: BTreeMap<Operation, u64>) {
        for (operation, gas) in measured {
            self.0.entry(operation).or_default().insert(deposits, gas);
        }
    }

    /// Gas of an operation with so many deposits.
    #[must_use]
    pub fn of(&self, operation: Operation, deposits: usize) -> Option<u64> {
        self.0.get(&operation)?.get(&deposits).copied()
    }

    /// What each further deposit costs, rounded towards zero: the difference between the largest
    /// and the smallest account, by the deposits between them. None if there is only one account.
    #[must_use]
    pub fn growth(&self, operation: Operation) -> Option<i64> {
        let measured = self.0.get(&operation)?;
        let ((fewest, least), (most, highest)) =
            (measured.first_key_value()?, measured.last_key_value()?);
        let further = i64::try_from(most.checked_sub(*fewest)?).ok()?;
        let more = i64::try_from(*highest).ok()? - i64::try_from(*least).ok()?;
        more.checked_div(further)
    }

    /// The numbers of deposits that something was measured with.
    fn accounts(&self) -> BTreeSet<usize> {
        let measured = self.0.values().flat_map(BTreeMap::keys);
        measured.copied().collect()
    }

    fn table(&self, f: &mut fmt::Formatter<'_>, name: &str, empty: u64) -> fmt::Result {
        let accounts = self.accounts();
        write!(f, "{:<18}", format!("gas, {name}"))?;
        for deposits in &accounts {
            let plural = if *deposits == 1 { "" } else { "s" };
            write!(f, "{:>13}", format!("{deposits} deposit{plural}"))?;
        }
        let further = accounts.len() > 1;
        writeln!(f, "{}", if further { "   each further" } else { "" })?;
        for (operation, measured) in &self.0 {
            write!(f, "{:<18}", operation.name())?;
            for deposits in &accounts {
                write!(f, "{:>13}", or_dash(measured.get(deposits)))?;
            }
            if further {
                write!(f, "{:>15}", or_dash(self.growth(*operation)))?;
            }
            writeln!(f)?;
        }
        writeln!(f, "{:<18}{empty:>13}\n", "empty execute")
    }
}

fn or_dash(value: Option<impl ToString>) -> String {
    value.map_or_else(|| "-".into(), |value| value.to_string())
}

/// What was measured. As JSON it has exactly the fields that are not skipped.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// With code that the chain loads anew in every transaction.
    pub unpinned: Gas,
    /// With code that the chain holds in memory.
    pub pinned: Gas,
    /// A call of a contract that does nothing, unpinned.
    pub empty_execute: u64,
    /// The same, pinned.
    #[serde(skip)]
    pub empty_execute_pinned: u64,
    /// What a transaction costs more that pays a fee; those that were measured pay none.
    #[serde(skip)]
    pub fee: u64,
    /// Sizes of the wasm, by contract.
    pub wasm_bytes: BTreeMap<&'static str, u64>,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.unpinned.table(f, "unpinned", self.empty_execute)?;
        self.pinned.table(f, "pinned", self.empty_execute_pinned)?;
        writeln!(
            f,
            "{:<18}{:>13} on top, whatever is sent",
            "a fee", self.fee
        )?;
        for (contract, bytes) in &self.wasm_bytes {
            writeln!(f, "{contract:<18}{bytes:>13} bytes of wasm")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gas(operation: Operation, measured: &[(usize, u64)]) -> Gas {
        let mut gas = Gas::default();
        for (deposits, used) in measured {
            gas.add(*deposits, BTreeMap::from([(operation, *used)]));
        }
        gas
    }

    #[test]
    fn growth_is_what_each_further_deposit_costs() {
        let measured = gas(Operation::Borrow, &[(1, 1_000), (3, 1_100), (16, 2_509)]);
        assert_eq!(measured.growth(Operation::Borrow), Some(100));
        assert_eq!(measured.growth(Operation::Repay), None);
        assert_eq!(measured.of(Operation::Borrow, 3), Some(1_100));
        // A cheaper asset may be the last one.
        let shrinking = gas(Operation::DepositNew, &[(1, 1_000), (3, 900)]);
        assert_eq!(shrinking.growth(Operation::DepositNew), Some(-50));
        // Nothing can be said of one account.
        assert_eq!(
            gas(Operation::Borrow, &[(10, 1_000)]).growth(Operation::Borrow),
            None
        );
    }

    fn report() -> Report {
        Report {
            unpinned: gas(Operation::DepositTopUp, &[(1, 140_001), (10, 140_002)]),
            pinned: gas(Operation::Liquidate, &[(1, 180_003)]),
            empty_execute: 98_400,
            empty_execute_pinned: 40_400,
            fee: 18_200,
            wasm_bytes: BTreeMap::from([("vault", 700_000)]),
        }
    }

    #[test]
    fn json_has_the_form_that_others_read() {
        let expected = serde_json::json!({
            "unpinned": { "deposit_top_up": { "1": 140_001, "10": 140_002 } },
            "pinned": { "liquidate": { "1": 180_003 } },
            "empty_execute": 98_400,
            "wasm_bytes": { "vault": 700_000 },
        });
        assert_eq!(serde_json::to_value(report()).unwrap(), expected);
    }

    #[test]
    fn operations_have_one_name() {
        for operation in Operation::ALL {
            assert_eq!(serde_json::to_value(operation).unwrap(), operation.name());
        }
    }

    #[test]
    fn tables_have_a_column_for_each_account() {
        let text = report().to_string();
        let lines: Vec<&str> = text.lines().collect();
        let cells =
            |line: &str| -> Vec<String> { line.split_whitespace().map(str::to_owned).collect() };
        assert!(
            lines[0].ends_with("1 deposit  10 deposits   each further"),
            "{text}"
        );
        assert_eq!(cells(lines[1]), ["deposit_top_up", "140001", "140002", "0"]);
        assert!(lines[4].ends_with("1 deposit"), "{text}");
        assert_eq!(cells(lines[5]), ["liquidate", "180003"]);
    }
}
