//! The contracts of a network, and its users' keys.

use std::path::Path;

use bulwark_chain::contracts::{Oracle, Vault};
use bulwark_chain::{ChainError, Client, Keyring, Network, Sender};
use bulwark_deploy::{Addresses, Kind};

use crate::error::{LocalnetError, Result};
use crate::init;
use crate::users::User;

/// A network with its contracts.
pub(super) struct Reached {
    pub(super) network: Network,
    pub(super) addresses: Addresses,
    keyring: Keyring,
}

impl Reached {
    /// Reads the network's own files.
    pub(super) fn read(home: &Path) -> Result<Self> {
        let network = Network::read(&init::network_file(home)).map_err(ChainError::from)?;
        let addresses = Addresses::read(&init::address_file(home), &network.chain_id)?;
        let keyring = Keyring::from_file(&init::keyring_file(home))?;
        Ok(Self {
            network,
            addresses,
            keyring,
        })
    }

    pub(super) fn client(&self) -> Result<Client> {
        Ok(Client::new(self.network.clone())?)
    }

    pub(super) fn sender(&self, client: &Client, user: &User) -> Result<Sender> {
        let (prefix, coin_type) = (&self.network.prefix, self.network.coin_type);
        let signer = self.keyring.signer(user.name, prefix, coin_type)?;
        Ok(Sender::new(client.clone(), signer))
    }

    /// The address of a contract.
    pub(super) fn address(&self, kind: Kind) -> Result<String> {
        let address = self.addresses.get(kind).map(str::to_owned);
        address.ok_or_else(|| LocalnetError::NotDeployed { kind })
    }

    pub(super) fn vault(&self, client: &Client) -> Result<Vault> {
        Ok(Vault {
            client: client.clone(),
            address: self.address(Kind::Vault)?,
        })
    }

    pub(super) fn oracle(&self, client: &Client) -> Result<Oracle> {
        Ok(Oracle {
            client: client.clone(),
            address: self.address(Kind::Oracle)?,
        })
    }
}
