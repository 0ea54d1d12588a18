//! What a message leaves behind when it has succeeded.

use cosmwasm_std::{Event, Response, Storage};

use super::StoredKey;
use super::payments::Payout;
use crate::error::ContractResult;
use crate::state::{ACCOUNTS, AccountRecord, MARKETS, Market};

/// What a closed set of books wants to be written and sent.
pub struct Closing {
    pub(super) markets: Vec<(u16, Market)>,
    pub(super) accounts: Vec<(StoredKey, AccountRecord)>,
    pub(super) events: Vec<Event>,
    pub(super) payouts: Vec<Payout>,
}

impl Closing {
    /// Writes everything back and answers with the events and payments.
    ///
    /// # Errors
    /// None in practice.
    pub fn settle(self, storage: &mut dyn Storage) -> ContractResult<Response> {
        for (id, market) in &self.markets {
            MARKETS.save(storage, *id, market)?;
        }
        for (key, record) in &self.accounts {
            if record.holdings.is_empty() {
                ACCOUNTS.remove(storage, key.key());
            } else {
                ACCOUNTS.save(storage, key.key(), record)?;
            }
        }
        let payments = self
            .payouts
            .iter()
            .map(Payout::message)
            .collect::<ContractResult<Vec<_>>>()?;
        Ok(Response::new()
            .add_events(self.events)
            .add_messages(payments))
    }
}
