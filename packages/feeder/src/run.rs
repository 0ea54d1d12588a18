//! Round after round, until somebody says stop.

use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use bulwark_chain::ChainError;
use futures::future::{Either, select};
use tokio::time::sleep;

use crate::feeder::{Feeder, Round};

/// The longest wait after rounds that failed.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// Posts until the source has ended or `shutdown` is ready, and tells each round. A round that has
/// begun is ended first: no transaction is left behind. Rounds that fail are tried again, after
/// waits that double.
pub async fn run(
    feeder: &Feeder,
    interval: Duration,
    shutdown: impl Future<Output = ()>,
    mut tell: impl FnMut(&mut Result<Round, ChainError>),
) {
    let mut shutdown = pin!(shutdown);
    let mut failures = 0;
    loop {
        let mut round = feeder.round().await;
        tell(&mut round);
        let is_last = round
            .as_ref()
            .is_ok_and(|round| round.is_last && is_done(round));
        if is_last {
            return;
        }
        failures = if round.is_ok() { 0 } else { failures + 1 };
        let pause = pin!(sleep(wait(interval, failures)));
        match select(shutdown.as_mut(), pause).await {
            Either::Left(_) => return,
            Either::Right(_) => {}
        }
    }
}

/// Whether every feeder has said what there was to say.
fn is_done(round: &Round) -> bool {
    round.posts.iter().all(|posts| posts.failed.is_none())
}

/// How long to wait after so many failures in a row.
fn wait(interval: Duration, failures: u32) -> Duration {
    let doubled = interval.saturating_mul(2_u32.saturating_pow(failures.min(8)));
    doubled.min(LONGEST_WAIT.max(interval))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_a_limit() {
        let seconds = |interval, failures| wait(Duration::from_secs(interval), failures).as_secs();
        assert_eq!(
            [0, 1, 2, 3, 4, 99].map(|failures| seconds(5, failures)),
            [5, 10, 20, 30, 30, 30]
        );
        assert_eq!(seconds(60, 3), 60);
    }
}
