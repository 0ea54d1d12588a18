//! What each operation costs on a real chain: `gas_used` of transactions with one message, on a
//! local network with one node.
//!
//! Every account has the named number of deposits, of different assets, and one debt open. Half
//! of the denoms are those of coins from other chains, which are long. Prices are fresh, on the
//! oracle's boards, by a quorum of three; caps and limits are set, margins are checked. No sender
//! sends its first transaction, which costs 13,000 more, and none pays a fee, which costs the same
//! whatever is sent: [`Report::fee`]. Each operation is measured once: gas varies by a few hundred
//! only, with the lengths of amounts.

mod assets;
mod deployment;
mod operation;
mod operations;
mod pinning;
mod report;
mod setting;

use std::path::Path;

use bulwark_localnet::Localnet;
use bulwark_localnet::wasmd::Wasmd;

pub use assets::MOST_DEPOSITS;
pub use operation::Operation;
pub use report::{Gas, Report};

use crate::error::{BenchError, BenchResult};
use operations::measure;
use setting::Setting;

/// Numbers of deposits that operations are measured with, unless others are asked for.
pub const DEPOSITS: [usize; 5] = [1, 3, 5, 10, 16];

/// Accounts with pinned code have numbers from here on.
const PINNED: usize = 100;

/// Builds what the network needs, if it is not there: the first time this takes minutes.
///
/// # Errors
/// [`BenchError::Localnet`].
pub fn provide(mut progress: impl FnMut(&str)) -> BenchResult<()> {
    Wasmd::find_or_build(&mut |step| progress(&step.to_string()))?;
    Ok(())
}

/// Measures everything on a network of its own, with wasm as `scripts/build-wasm` leaves it in a
/// folder, and with so many deposits in the account. Tells what it is about to do.
///
/// # Errors
/// [`BenchError::Deposits`], wasm that is not there, and whatever goes wrong on the way.
pub async fn run(
    artifacts: &Path,
    deposits: &[usize],
    mut progress: impl FnMut(&str),
) -> BenchResult<Report> {
    if let Some(refused) = deposits
        .iter()
        .find(|deposits| !(1..=MOST_DEPOSITS).contains(*deposits))
    {
        return Err(BenchError::Deposits { refused: *refused });
    }
    provide(&mut progress)?;
    progress("starting a network of one node");
    let network = Localnet::temporary_with(|spec| spec.is_free = true)?;
    progress("deploying");
    let mut setting = Setting::new(&network, artifacts).await?;
    let mut report = Report {
        wasm_bytes: setting.wasm_bytes.clone(),
        empty_execute: setting.empty_execute().await?,
        ..Report::default()
    };
    report.fee = setting
        .paid_execute()
        .await?
        .saturating_sub(report.empty_execute);
    for deposits in deposits {
        progress(&format!("measuring with {deposits} deposit(s), unpinned"));
        let measured = measure(&mut setting, *deposits, *deposits).await?;
        report.unpinned.add(*deposits, measured);
    }
    progress("pinning the code");
    pinning::pin(&setting).await?;
    report.empty_execute_pinned = setting.empty_execute().await?;
    for deposits in deposits {
        progress(&format!("measuring with {deposits} deposit(s), pinned"));
        let measured = measure(&mut setting, PINNED + deposits, *deposits).await?;
        report.pinned.add(*deposits, measured);
    }
    Ok(report)
}
