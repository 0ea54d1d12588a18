//! Which steps go into one transaction, which transactions are on their way together, and with
//! how much gas.

use bulwark_chain::{Gas, Message};

use crate::step::{Planned, Step};

/// Messages of one transaction at most: blocks have a limit of gas.
const BATCH: usize = 8;

/// Gas of an unsigned transaction that stores code, which nobody here can simulate: half as much
/// again as the largest of the contracts uses.
const GAS_OF_STORE: u64 = 8_000_000;

/// The same of any other message.
const GAS_OF_MESSAGE: u64 = 700_000;

/// Gas of a post without prices, and of each price in it.
const GAS_OF_POST: u64 = 200_000;
const GAS_OF_PRICE: u64 = 40_000;

/// Steps that go into one transaction: of one sender, in their order. What later steps refer
/// to stands in a transaction of its own.
pub fn batches<'a>(steps: impl Iterator<Item = &'a Planned>) -> Vec<Vec<&'a Planned>> {
    let mut batches: Vec<Vec<&Planned>> = Vec::new();
    for planned in steps {
        let fits = batches.last_mut().filter(|batch| {
            let alone = batch.iter().any(|other| makes_something(&other.step));
            let same = batch.iter().all(|other| other.sender == planned.sender);
            same && !alone && !makes_something(&planned.step) && batch.len() < BATCH
        });
        match fits {
            Some(batch) => batch.push(planned),
            None => batches.push(vec![planned]),
        }
    }
    batches
}

/// Transactions that are sent before the first of them is waited for: the posts of all feeders,
/// because a post grows old while it waits for the others.
pub fn flights(batches: Vec<Vec<&Planned>>) -> Vec<Vec<Vec<&Planned>>> {
    let is_post = |batch: &Vec<&Planned>| {
        let mut steps = batch.iter();
        steps.all(|planned| matches!(planned.step, Step::PostPrices { .. }))
    };
    let mut flights: Vec<Vec<Vec<&Planned>>> = Vec::new();
    for batch in batches {
        match flights.last_mut() {
            Some(flight) if is_post(&batch) && flight.iter().all(is_post) => flight.push(batch),
            _ => flights.push(vec![batch]),
        }
    }
    flights
}

/// Gas of a post of prices: about twice of what it uses. A simulation would know too little, for
/// the post that completes the quorum does more than those before it.
#[must_use]
pub const fn gas_of_post(prices: usize) -> u64 {
    GAS_OF_POST + GAS_OF_PRICE * prices as u64
}

/// Gas of the transaction that begins with this step.
pub fn gas(step: &Step) -> Gas {
    match step {
        Step::PostPrices { prices } => Gas::Limit(gas_of_post(prices.len())),
        _ => Gas::Simulated,
    }
}

/// Whether it makes a code or a contract, which later steps refer to.
const fn makes_something(step: &Step) -> bool {
    matches!(step, Step::Store { .. } | Step::Instantiate { .. })
}

/// Gas of a message that is not simulated.
pub const fn gas_of(message: &Message) -> u64 {
    match message {
        Message::StoreCode { .. } => GAS_OF_STORE,
        _ => GAS_OF_MESSAGE,
    }
}
