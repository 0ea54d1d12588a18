//! What is remembered of a transaction as long as its fate is not known.

use bulwark_risk::units::Usd;
use bulwark_types::vault::{AccountRef, AssetAmount};
use serde::{Deserialize, Serialize};

use crate::plan::{Action, Means};

/// A transaction that is, or is about to be, on its way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Its number in the journal.
    pub id: u64,
    /// Height of the block whose state it was planned on.
    pub height: u64,
    /// How it liquidates.
    pub kind: Kind,
    /// What it is about.
    pub accounts: Vec<AccountRef>,
    /// Tokens of the keeper's that go with it.
    pub sends: Option<AssetAmount>,
    /// Gas that it may use.
    pub gas_limit: u64,
    /// Its fee, smallest units of the chain's coin for fees.
    pub fee: u128,
    /// The last block that may have it.
    pub timeout_height: u64,
    /// What it was planned to earn, USD.
    pub planned_profit: Usd,
}

/// How a transaction liquidates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// With tokens of the keeper's.
    Inventory,
    /// By a callback.
    Callback,
    /// It writes an account off.
    WriteOff,
}

impl Entry {
    /// Of an action that is not sent yet.
    pub(super) fn of(action: &Action, id: u64, height: u64) -> Self {
        let (kind, sends) = match &action.means {
            Means::Inventory(sent) => (Kind::Inventory, Some(sent.clone())),
            Means::Callback => (Kind::Callback, None),
            Means::WriteOff(_) => (Kind::WriteOff, None),
        };
        Self {
            id,
            height,
            kind,
            accounts: action.accounts().cloned().collect(),
            sends,
            gas_limit: 0,
            fee: 0,
            timeout_height: 0,
            planned_profit: action.profit,
        }
    }
}
