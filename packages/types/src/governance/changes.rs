use cosmwasm_schema::cw_serde;
use cosmwasm_std::{StdResult, Storage};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::GovernanceError;
use crate::decode::as_json;
use crate::packed::{PackedItem, PackedMap};

/// A change can be applied for this many seconds (14 days) after its wait. What nobody wanted
/// for so long shall not be there for anyone to apply at a moment of their choosing.
pub const CHANGE_LIFETIME: u64 = 14 * 86_400;

/// A change that waits in the open.
#[cw_serde]
pub struct PendingChange<C> {
    /// Its number, by which it is applied or cancelled.
    pub id: u64,
    /// What it will do.
    pub change: C,
    /// Block time in seconds from which anyone can apply it.
    pub ready_at: u64,
    /// The last block time in seconds at which it can be applied; later only cancelled.
    pub expires_at: u64,
}

/// A change as stored.
#[derive(Serialize, Deserialize)]
#[serde(bound = "C: Serialize + DeserializeOwned")]
struct Waiting<C> {
    #[serde(with = "as_json")]
    change: C,
    /// Block time in seconds from which it can be applied.
    ready_at: u64,
}

/// The pending changes of a contract: owner of their storage.
pub struct Changes<C> {
    pending: PackedMap<u64, Waiting<C>>,
    last_id: PackedItem<u64>,
}

impl<C: Serialize + DeserializeOwned> Changes<C> {
    /// Under a namespace for the changes and a key for the last number given out.
    #[must_use]
    pub const fn new(namespace: &'static str, last_id: &'static str) -> Self {
        Self {
            pending: PackedMap::new(namespace),
            last_id: PackedItem::new(last_id),
        }
    }

    /// Lets a change wait until `ready_at`; returns its number.
    ///
    /// # Errors
    /// If the storage does not unpack.
    pub fn propose(&self, storage: &mut dyn Storage, change: C, ready_at: u64) -> StdResult<u64> {
        let id = self
            .last_id
            .may_load(storage)?
            .unwrap_or(0)
            .saturating_add(1);
        self.last_id.save(storage, &id)?;
        self.pending
            .save(storage, id, &Waiting { change, ready_at })?;
        Ok(id)
    }

    /// Takes a change that has waited long enough, and not too long, to be carried out.
    ///
    /// # Errors
    /// [`GovernanceError::UnknownChange`], [`GovernanceError::ChangeNotReady`],
    /// [`GovernanceError::ChangeExpired`].
    pub fn take_ready<E>(&self, storage: &mut dyn Storage, id: u64, now: u64) -> Result<C, E>
    where
        E: From<GovernanceError> + From<cosmwasm_std::StdError>,
    {
        let Waiting { change, ready_at } = self
            .pending
            .may_load(storage, id)?
            .ok_or(GovernanceError::UnknownChange { change: id })?;
        if now < ready_at {
            return Err(GovernanceError::ChangeNotReady {
                change: id,
                ready_at,
                now,
            }
            .into());
        }
        let expires_at = expiry(ready_at);
        if now > expires_at {
            return Err(GovernanceError::ChangeExpired {
                change: id,
                expires_at,
                now,
            }
            .into());
        }
        self.pending.remove(storage, id);
        Ok(change)
    }

    /// Drops a change, whether it waits, is ready or has expired.
    ///
    /// # Errors
    /// [`GovernanceError::UnknownChange`].
    pub fn cancel<E>(&self, storage: &mut dyn Storage, id: u64) -> Result<(), E>
    where
        E: From<GovernanceError>,
    {
        if !self.pending.has(storage, id) {
            return Err(GovernanceError::UnknownChange { change: id }.into());
        }
        self.pending.remove(storage, id);
        Ok(())
    }

    /// Pending changes in the order of their numbers, those among them that have expired.
    ///
    /// # Errors
    /// If the storage does not unpack.
    pub fn page(
        &self,
        storage: &dyn Storage,
        start_after: Option<u64>,
        limit: usize,
    ) -> StdResult<Vec<PendingChange<C>>> {
        let page = self.pending.page(storage, start_after, limit)?;
        let pending = |(id, Waiting { change, ready_at })| PendingChange {
            id,
            change,
            ready_at,
            expires_at: expiry(ready_at),
        };
        Ok(page.into_iter().map(pending).collect())
    }
}

/// The last block time in seconds at which a change can be applied.
const fn expiry(ready_at: u64) -> u64 {
    ready_at.saturating_add(CHANGE_LIFETIME)
}
