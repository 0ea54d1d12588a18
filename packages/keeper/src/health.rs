//! How the keeper is, for whoever watches it.

use std::collections::BTreeMap;
use std::time::{SystemTime, UNIX_EPOCH};

use bulwark_risk::units::Amount;
use serde::Serialize;

use crate::fault::Lasting;

/// How the keeper is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Health {
    /// Whether it can liquidate.
    pub status: Status,
    /// Height of the last block that was looked at.
    pub height: u64,
    /// Its time, Unix seconds.
    pub time: u64,
    /// How old it is, in seconds; as of the answer.
    pub lag: u64,
    /// The endpoint that answers.
    pub endpoint: String,
    /// Whether nothing is sent.
    pub dry_run: bool,
    /// The keeper's address.
    pub keeper: String,
    /// Accounts.
    pub accounts: usize,
    /// Of them below maintenance margin.
    pub liquidatable: usize,
    /// Of them between maintenance and initial margin.
    pub margin_calls: usize,
    /// Transactions without an outcome yet.
    pub in_flight: usize,
    /// When the local copy was compared with the chain last, Unix seconds.
    pub verified_at: Option<u64>,
    /// How many records differed since the start.
    pub drifted: u64,
    /// Margin calls that the webhook has not taken yet.
    pub untold: usize,
    /// What the wallet has, smallest units by asset.
    pub wallet: BTreeMap<String, Amount>,
    /// What is wrong.
    pub faults: Vec<Lasting>,
}

/// Whether the keeper can liquidate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// It does not have its copy of the chain yet.
    #[default]
    Starting,
    /// It can.
    Ok,
    /// It cannot: `faults` says why, or the last block is too old.
    Failing,
    /// It was asked to end.
    Ending,
}

impl Health {
    /// The same at a time in Unix seconds, by when the last block has aged; one older than
    /// `max_lag` seconds will not do.
    #[must_use]
    pub fn at(mut self, now: u64, max_lag: u64) -> Self {
        if self.time > 0 {
            self.lag = now.saturating_sub(self.time);
        }
        let failing = self.lag > max_lag || self.faults.iter().any(|fault| fault.grave);
        if self.status == Status::Ok && failing {
            self.status = Status::Failing;
        }
        self
    }
}

/// Unix seconds.
pub(crate) fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| since.as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn running() -> Health {
        Health {
            status: Status::Ok,
            height: 7,
            time: 1_000,
            ..Health::default()
        }
    }

    #[test]
    fn a_block_ages_while_nobody_looks() {
        assert_eq!(running().at(1_060, 60).status, Status::Ok);
        let late = running().at(1_061, 60);
        assert_eq!((late.status, late.lag), (Status::Failing, 61));
    }

    #[test]
    fn only_grave_faults_fail() {
        let with = |grave| Health {
            faults: vec![Lasting {
                fault: "stale_price uusd".into(),
                since: 1,
                detail: String::new(),
                grave,
            }],
            ..running()
        };
        assert_eq!(with(false).at(1_000, 60).status, Status::Ok);
        assert_eq!(with(true).at(1_000, 60).status, Status::Failing);
    }

    #[test]
    fn who_has_not_started_is_not_failing() {
        let health = Health::default().at(5_000, 60);
        assert_eq!((health.status, health.lag), (Status::Starting, 0));
    }
}
