//! The keeper at work: chain → book → scan → plan → execute → report, block by block, until somebody
//! says stop.

mod clerk;
mod log;
mod names;
mod purse;
mod start;
mod told;
mod watch;
mod work;

use std::future::Future;
use std::pin::pin;
use std::time::{Duration, Instant};

use futures::FutureExt;
use tokio::time::{Interval, MissedTickBehavior, interval, sleep, timeout};

use crate::config::Config;
use crate::error::KeeperResult;
use crate::health::Status;
use crate::mirror::Changes;
use clerk::next_report;
use start::{Crew, start};
pub use told::{Planned, Told};
use work::Worker;

/// How often is looked at what changes without blocks: lag, endpoints, what is told.
const TICK: Duration = Duration::from_secs(1);

/// How long the end waits for margin calls that the webhook has not taken.
const FAREWELL: Duration = Duration::from_secs(3);

/// What a keeper is asked to do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// It plans and reports, and sends nothing: no transaction, and nothing to the webhook.
    pub dry: bool,
    /// It ends after one look, when what it has sent has its fate.
    pub once: bool,
}

/// Hears what a keeper tells.
pub type Listener<'a> = &'a mut (dyn FnMut(&Told) + Send);

/// Liquidates until `shutdown` is ready. What goes wrong on the way is waited out and said; what is
/// on its way at the end is waited for as long as the configuration says, and found again by the next
/// run after that.
///
/// # Errors
/// [`crate::KeeperError`]: what waiting does not help against.
pub async fn run(
    config: Config,
    options: Options,
    shutdown: impl Future<Output = ()>,
    listener: Listener<'_>,
) -> KeeperResult<()> {
    let shutdown = shutdown.shared();
    let crew = tokio::select! {
        started = start(&config, options) => started?,
        () = shutdown.clone() => return Ok(()),
    };
    let Crew {
        mut worker,
        servants,
    } = crew;
    listener(&worker.started());
    let worked = work(&mut worker, options, shutdown, &mut *listener).await;
    let ended = end(&mut worker, listener).await;
    for servant in servants {
        servant.abort();
    }
    worked.and(ended)
}

/// Block after block, until somebody says stop, or once. What has begun is ended, if it does not take
/// too long.
async fn work(
    worker: &mut Worker,
    options: Options,
    shutdown: impl Future<Output = ()> + Clone,
    listener: Listener<'_>,
) -> KeeperResult<()> {
    let mut tick = interval(TICK);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let next = next(worker, &mut tick, shutdown.clone(), &mut *listener);
        let Some(changes) = next.await? else {
            return Ok(());
        };
        let patience = worker.patience;
        let too_long = async {
            shutdown.clone().await;
            sleep(patience).await;
        };
        tokio::select! {
            done = worker.block(&changes, &mut *listener) => done?,
            () = too_long => return Ok(()),
        }
        if options.once {
            return Ok(());
        }
    }
}

/// The next block; none if somebody says stop. Waiting for it is never begun anew, whatever else
/// happens: a node that takes long for a block is waited for.
async fn next(
    worker: &mut Worker,
    tick: &mut Interval,
    shutdown: impl Future<Output = ()>,
    listener: Listener<'_>,
) -> KeeperResult<Option<Changes>> {
    let clerk = &mut worker.clerk;
    let mut next = pin!(worker.mirror.next(&mut worker.book));
    let mut shutdown = pin!(shutdown);
    loop {
        tokio::select! {
            () = &mut shutdown => return Ok(None),
            changes = &mut next => return Ok(Some(changes?)),
            Some(report) = next_report(&mut clerk.executor) => {
                clerk.report(&report?, &mut *listener);
            }
            _ = tick.tick() => clerk.look(),
        }
    }
}

/// Waits for what is on its way, and leaves everything so that the next run goes on from there.
async fn end(worker: &mut Worker, listener: Listener<'_>) -> KeeperResult<()> {
    worker.clerk.watch.is(Status::Ending);
    let patience = worker.patience;
    let in_flight = worker.clerk.in_flight();
    tracing::info!(in_flight, "keeper ends");
    let until = Instant::now() + patience;
    while worker.clerk.in_flight() > 0 {
        let left = until.saturating_duration_since(Instant::now());
        match timeout(left, next_report(&mut worker.clerk.executor)).await {
            Ok(Some(report)) => worker.clerk.report(&report?, &mut *listener),
            Ok(None) => break,
            Err(_) => {
                let left = worker.clerk.in_flight();
                tracing::warn!(left, "not waited for any longer: the next run finds it out");
                break;
            }
        }
    }
    let until = Instant::now() + FAREWELL;
    while worker.clerk.desk.delivery().waiting > 0 && Instant::now() < until {
        sleep(Duration::from_millis(50)).await;
    }
    worker.leave().await?;
    listener(&worker.ended());
    Ok(())
}
