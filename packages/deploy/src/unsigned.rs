//! Transactions for those whose keys are not here.

use bulwark_chain::Message;
use bulwark_chain::message::unsigned_transaction;
use bulwark_chain::network::Network;
use cosmwasm_std::Coin;
use serde::Serialize;
use serde_json::Value;

use crate::error::DeployResult;
use crate::flight::{batches, gas_of};
use crate::messages::Writer;
use crate::order::feasible;
use crate::step::{Planned, Step};

/// An unsigned transaction, for those whose keys are not here.
#[derive(Clone, Debug, Serialize)]
pub struct Unsigned {
    /// Who has to sign it.
    pub sender: String,
    /// What it does.
    pub steps: Vec<String>,
    /// The transaction, as the command line of a chain reads it.
    pub transaction: Value,
}

/// The transactions of these steps, as far as they can be written: not what needs an address that
/// is not known yet, nor what needs that in turn, nor posts.
pub fn write(
    steps: &[Planned],
    writer: &Writer<'_>,
    network: &Network,
) -> DeployResult<Vec<Unsigned>> {
    let mut messages = Vec::new();
    for planned in steps {
        let is_post = matches!(planned.step, Step::PostPrices { .. });
        messages.push(if is_post {
            None
        } else {
            writer.message(planned)?
        });
    }
    let written = feasible(steps, |at| messages[at].is_some());
    let known = steps.iter().zip(messages).zip(written);
    let (steps, messages): (Vec<&Planned>, Vec<Message>) = known
        .filter(|(_, is_written)| *is_written)
        .filter_map(|((planned, message), _)| Some((planned, message?)))
        .unzip();
    let mut messages = messages.into_iter();
    let mut unsigned = Vec::new();
    for batch in batches(steps.into_iter()) {
        let Some(first) = batch.first() else {
            continue;
        };
        let messages: Vec<Message> = messages.by_ref().take(batch.len()).collect();
        let gas = messages.iter().map(gas_of).sum();
        let fee = [Coin::new(network.fee(gas), network.denom.clone())];
        unsigned.push(Unsigned {
            sender: first.sender.clone(),
            steps: batch.iter().map(|step| step.step.to_string()).collect(),
            transaction: unsigned_transaction(&messages, "", &fee, gas),
        });
    }
    Ok(unsigned)
}
