use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Api, StdError, StdResult, Storage};

use super::GovernanceError;
use crate::events::OwnershipMoved;
use crate::packed::PackedItem;

/// A step of handing a contract over.
#[cw_serde]
pub enum OwnershipAction {
    /// The owner names a successor, replacing one named before.
    Propose {
        /// The successor.
        owner: String,
    },
    /// The successor takes over.
    Accept {},
    /// The owner leaves for good: nothing that needs an owner can be done any more.
    Renounce {},
}

/// Who owns a contract.
#[cw_serde]
pub struct OwnershipResponse {
    /// The owner; none after it has renounced.
    pub owner: Option<String>,
    /// The named successor.
    pub pending_owner: Option<String>,
}

/// Who owns a contract, as stored.
#[cw_serde]
pub struct Ownership {
    /// The owner; none after it has renounced.
    pub owner: Option<Addr>,
    /// The named successor.
    pub pending: Option<Addr>,
}

/// Owner of the stored ownership.
pub struct OwnershipStore(PackedItem<Ownership>);

impl OwnershipStore {
    /// Under a storage key.
    #[must_use]
    pub const fn new(key: &'static str) -> Self {
        Self(PackedItem::new(key))
    }

    /// Sets the first owner.
    ///
    /// # Errors
    /// None in practice.
    pub fn initialize(&self, storage: &mut dyn Storage, owner: Addr) -> StdResult<()> {
        self.0.save(
            storage,
            &Ownership {
                owner: Some(owner),
                pending: None,
            },
        )
    }

    /// The ownership.
    ///
    /// # Errors
    /// If the storage does not unpack.
    pub fn load(&self, storage: &dyn Storage) -> StdResult<Ownership> {
        self.0.load(storage)
    }

    /// Refuses everybody but the owner.
    ///
    /// # Errors
    /// [`GovernanceError::Unauthorized`].
    pub fn assert_owner<E>(&self, storage: &dyn Storage, sender: &Addr) -> Result<(), E>
    where
        E: From<GovernanceError> + From<StdError>,
    {
        if self.load(storage)?.owner.as_ref() != Some(sender) {
            return Err(unauthorized(sender, "owner").into());
        }
        Ok(())
    }

    /// Carries out a step of handing over.
    ///
    /// # Errors
    /// [`GovernanceError::Unauthorized`], [`GovernanceError::NoPendingOwner`], or an address
    /// that does not validate.
    pub fn update<E>(
        &self,
        storage: &mut dyn Storage,
        api: &dyn Api,
        sender: &Addr,
        action: OwnershipAction,
    ) -> Result<OwnershipMoved, E>
    where
        E: From<GovernanceError> + From<StdError>,
    {
        let mut ownership = self.load(storage)?;
        let action = match action {
            OwnershipAction::Propose { owner } => {
                self.assert_owner::<E>(storage, sender)?;
                ownership.pending = Some(api.addr_validate(&owner)?);
                "proposed"
            }
            OwnershipAction::Accept {} => {
                let pending = ownership
                    .pending
                    .take()
                    .ok_or(GovernanceError::NoPendingOwner {})?;
                if pending != *sender {
                    return Err(unauthorized(sender, "proposed owner").into());
                }
                ownership.owner = Some(pending);
                "accepted"
            }
            OwnershipAction::Renounce {} => {
                self.assert_owner::<E>(storage, sender)?;
                ownership = Ownership {
                    owner: None,
                    pending: None,
                };
                "renounced"
            }
        };
        self.0.save(storage, &ownership)?;
        let text = |address: Option<Addr>| address.map(Addr::into_string).unwrap_or_default();
        Ok(OwnershipMoved {
            action: action.into(),
            owner: text(ownership.owner),
            pending: text(ownership.pending),
        })
    }
}

impl From<Ownership> for OwnershipResponse {
    fn from(ownership: Ownership) -> Self {
        Self {
            owner: ownership.owner.map(Addr::into_string),
            pending_owner: ownership.pending.map(Addr::into_string),
        }
    }
}

fn unauthorized(sender: &Addr, role: &str) -> GovernanceError {
    GovernanceError::Unauthorized {
        sender: sender.to_string(),
        role: role.into(),
    }
}
