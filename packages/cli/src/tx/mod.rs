//! `bulwark tx`: everyday messages, previewed, asked about, sent.

mod amount;
mod args;
mod draft;
mod failure;
mod output;
mod preview;
mod words;

use std::collections::BTreeMap;

use bulwark_chain::{Gas, Sender};

use crate::access::runtime;
use crate::confirm;
use amount::Reading;
use draft::Author;
use output::{Report, Sent};

pub use args::TxArgs;
pub use failure::Failure;

/// Shows what would happen, asks, and sends.
///
/// # Errors
/// [`Failure`].
pub fn run(args: &TxArgs) -> Result<(), Failure> {
    let ended = runtime()?.block_on(send(args));
    if let (true, Err(Failure::Refused(refusal))) = (args.json, &ended) {
        output::refused(refusal)?;
    }
    ended
}

async fn send(args: &TxArgs) -> Result<(), Failure> {
    let from = args.from.as_deref().ok_or(Failure::NoSender)?;
    let reached = args.access.reach().await?;
    let sender = Sender::new(reached.client.clone(), reached.signer(from)?);
    let markets = reached.vault.markets().await?.into_iter();
    let decimals: BTreeMap<String, u8> = markets
        .map(|market| (market.asset, market.decimals))
        .collect();
    let reading = Reading {
        whole: args.whole,
        decimals,
    };
    let author = Author {
        reached: &reached,
        reading: &reading,
        sender: sender.address(),
    };
    let draft = author.draft(&args.message).await?;
    let shown = preview::ask(&reached.vault, &draft.preview).await?;
    if !args.json {
        output::preview(&draft, &shown, &reading)?;
    }

    // What the chain itself says has the last word.
    let messages = std::slice::from_ref(&draft.message);
    let network = reached.client.network();
    let gas = network.adjusted(sender.simulate(messages).await?)?;
    let mut report = Report::new(&draft, &shown, gas, network);
    if !args.json {
        output::cost(&report)?;
    }
    if args.dry_run {
        return Ok(output::finished(&report, args.json)?);
    }
    if !args.yes && (args.json || !confirm::asked().map_err(Failure::Terminal)?) {
        return Err(Failure::NotConfirmed);
    }
    let included = sender.send(messages, Gas::Limit(gas)).await?;
    let after = preview::after(&reached.vault, &draft.preview).await?;
    report.sent = Some(Sent::new(&included, after));
    Ok(output::finished(&report, args.json)?)
}
