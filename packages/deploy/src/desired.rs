//! What is wanted, with every name turned into an address.

use std::collections::{BTreeMap, BTreeSet};

use bulwark_chain::keys::{KeyError, Keyring};
use bulwark_chain::network::Network;

use crate::file::{Asset, Deployment, OracleSettings, VaultSettings};
use crate::step::Kind;

/// What is wanted.
#[derive(Clone, Debug, PartialEq)]
pub struct Desired {
    /// Who stores code and creates contracts.
    pub deployer: String,
    /// Who owns the contracts in the end.
    pub owner: String,
    /// Who can pause, halt and cancel.
    pub guardian: Option<String>,
    /// Who can migrate vault and oracle.
    pub admin: String,
    /// Addresses whose keys are there.
    pub keys: BTreeSet<String>,
    /// SHA-256 of the wasm of each contract, as far as it is there.
    pub checksums: BTreeMap<Kind, String>,
    /// The oracle's settings.
    pub oracle: OracleSettings,
    /// The vault's settings.
    pub vault: VaultSettings,
    /// Feeds and markets.
    pub assets: Vec<Asset>,
}

impl Desired {
    /// Turns names into addresses.
    ///
    /// # Errors
    /// [`KeyError::Unknown`] for a name that is neither an address nor a key.
    pub fn resolve(
        deployment: &Deployment,
        checksums: BTreeMap<Kind, String>,
        network: &Network,
        keyring: &Keyring,
    ) -> Result<Self, KeyError> {
        let address = |name: &str| address(name, network, keyring);
        let roles = &deployment.roles;
        let owner = address(&roles.owner)?;
        let feeders = deployment.oracle.feeders.iter();
        let keys = keyring
            .names()
            .map(|name| address_of_key(name, network, keyring));
        Ok(Self {
            deployer: address(&roles.deployer)?,
            guardian: roles.guardian.as_deref().map(address).transpose()?,
            admin: match &roles.admin {
                Some(admin) => address(admin)?,
                None => owner.clone(),
            },
            owner,
            keys: keys.collect::<Result<_, _>>()?,
            checksums,
            oracle: OracleSettings {
                feeders: feeders
                    .map(|name| address(name))
                    .collect::<Result<_, _>>()?,
                ..deployment.oracle.clone()
            },
            vault: deployment.vault.clone(),
            assets: deployment.assets.clone(),
        })
    }
}

fn address(name: &str, network: &Network, keyring: &Keyring) -> Result<String, KeyError> {
    let is_address = name
        .strip_prefix(&network.prefix)
        .is_some_and(|rest| rest.starts_with('1'));
    if is_address && !keyring.contains(name) {
        return Ok(name.into());
    }
    address_of_key(name, network, keyring)
}

fn address_of_key(name: &str, network: &Network, keyring: &Keyring) -> Result<String, KeyError> {
    let signer = keyring.signer(name, &network.prefix, network.coin_type)?;
    Ok(signer.address().into())
}
