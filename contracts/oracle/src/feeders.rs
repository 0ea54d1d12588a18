//! Who may post. Posts name a feeder by a number that is never given out twice, because an
//! address is ten times as long, and so that who left and came back starts afresh.

use bulwark_types::oracle::MAX_FEEDERS;
use cosmwasm_std::{Addr, Api};
use serde::{Deserialize, Serialize};

use crate::error::ContractError;

/// The feeders and their quorum.
#[derive(Serialize, Deserialize, Clone, Debug, Default, PartialEq, Eq)]
pub struct Feeders {
    list: Vec<Feeder>,
    /// How many fresh posts make a price.
    pub quorum: u8,
    last_id: u32,
}

/// One feeder.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq, Eq)]
pub struct Feeder {
    /// Its number.
    pub id: u32,
    /// Its address.
    pub address: Addr,
}

/// A list of feeders that has been checked.
pub struct CheckedFeeders {
    addresses: Vec<Addr>,
    quorum: u8,
}

impl CheckedFeeders {
    /// Checks addresses and quorum.
    ///
    /// # Errors
    /// [`ContractError::InvalidConfig`], [`ContractError::DuplicateFeeder`], or an address that
    /// does not validate.
    pub fn new(api: &dyn Api, feeders: &[String], quorum: u8) -> Result<Self, ContractError> {
        if feeders.is_empty() || feeders.len() > MAX_FEEDERS {
            return Err(ContractError::InvalidConfig {
                field: "feeders",
                value: feeders.len().to_string(),
                bound: "must be 1 to 16 addresses",
            });
        }
        if quorum == 0 || usize::from(quorum) > feeders.len() {
            return Err(ContractError::InvalidConfig {
                field: "quorum",
                value: quorum.to_string(),
                bound: "must be 1 to the number of feeders",
            });
        }
        let mut addresses = Vec::with_capacity(feeders.len());
        for feeder in feeders {
            let address = api.addr_validate(feeder)?;
            if addresses.contains(&address) {
                return Err(ContractError::DuplicateFeeder {
                    feeder: address.into_string(),
                });
            }
            addresses.push(address);
        }
        Ok(Self { addresses, quorum })
    }
}

impl Feeders {
    /// The feeders after these have been replaced by others. Who stays keeps its number, and
    /// with it its posts.
    pub fn replaced(self, by: CheckedFeeders) -> Self {
        let mut last_id = self.last_id;
        let list = by
            .addresses
            .into_iter()
            .map(|address| Feeder {
                id: self.id_of(&address).unwrap_or_else(|| {
                    last_id = last_id.saturating_add(1);
                    last_id
                }),
                address,
            })
            .collect();
        Self {
            list,
            quorum: by.quorum,
            last_id,
        }
    }

    /// The feeders in the order in which they were named.
    pub fn iter(&self) -> impl Iterator<Item = &Feeder> {
        self.list.iter()
    }

    /// The number of a feeder.
    pub fn id_of(&self, address: &Addr) -> Option<u32> {
        self.iter()
            .find(|feeder| feeder.address == *address)
            .map(|feeder| feeder.id)
    }

    /// Whether a number belongs to one who may post.
    pub fn has(&self, id: u32) -> bool {
        self.iter().any(|feeder| feeder.id == id)
    }
}

#[cfg(test)]
mod tests {
    use cosmwasm_std::testing::MockApi;

    use super::*;

    fn feeders(names: &[&str]) -> CheckedFeeders {
        let api = MockApi::default();
        let addresses: Vec<_> = names
            .iter()
            .map(|name| api.addr_make(name).to_string())
            .collect();
        CheckedFeeders::new(&api, &addresses, 1).unwrap()
    }

    #[test]
    fn who_stays_keeps_its_number_and_who_comes_back_gets_another() {
        let api = MockApi::default();
        let id = |feeders: &Feeders, name: &str| feeders.id_of(&api.addr_make(name));
        let first = Feeders::default().replaced(feeders(&["ann", "bob"]));
        let second = first.clone().replaced(feeders(&["bob", "cid"]));
        let third = second.clone().replaced(feeders(&["ann", "bob"]));
        assert_eq!(id(&first, "bob"), id(&third, "bob"));
        assert_eq!(id(&second, "ann"), None);
        assert!(id(&third, "ann") > id(&second, "cid"));
        assert!(id(&second, "cid") > id(&first, "bob"));
    }
}
