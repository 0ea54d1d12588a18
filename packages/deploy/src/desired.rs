//! What is wanted, with every name turned into an address.

use std::collections::{BTreeMap, BTreeSet};

use bulwark_chain::keys::{KeyError, Keyring};
use bulwark_chain::network::Network;

use cosmrs::AccountId;

use crate::error::{DeployError, DeployResult, RoleError};
use crate::file::{Asset, Deployment, LiquidatorSettings, OracleSettings, VaultSettings};
use crate::step::Kind;

/// Bytes of an address: of a key's, of a contract's.
const LENGTHS: [usize; 2] = [20, 32];

/// What is wanted.
#[derive(Clone, Debug, PartialEq)]
pub struct Desired {
    /// What its contracts' labels begin with.
    pub name: String,
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
    /// Whether there is a liquidator.
    pub liquidator: Option<LiquidatorSettings>,
    /// Feeds and markets.
    pub assets: Vec<Asset>,
}

impl Desired {
    /// Turns names into addresses, and checks those that are written as such.
    ///
    /// # Errors
    /// [`DeployError::Role`], [`KeyError`] for a key that cannot be used.
    pub fn resolve(
        deployment: &Deployment,
        checksums: BTreeMap<Kind, String>,
        network: &Network,
        keyring: &Keyring,
    ) -> DeployResult<Self> {
        let address = |role, name: &str| address(role, name, network, keyring);
        let roles = &deployment.roles;
        let owner = address("roles.owner", &roles.owner)?;
        let guardian = roles.guardian.as_deref();
        let feeders = deployment.oracle.feeders.iter();
        let keys = keyring
            .names()
            .map(|name| address_of_key(name, network, keyring));
        Ok(Self {
            name: deployment.name.clone(),
            deployer: address("roles.deployer", &roles.deployer)?,
            guardian: guardian
                .map(|guardian| address("roles.guardian", guardian))
                .transpose()?,
            admin: match &roles.admin {
                Some(admin) => address("roles.admin", admin)?,
                None => owner.clone(),
            },
            owner,
            keys: keys.collect::<Result<_, _>>()?,
            checksums,
            oracle: OracleSettings {
                feeders: feeders
                    .map(|name| address("oracle.feeders", name))
                    .collect::<Result<_, _>>()?,
                ..deployment.oracle.clone()
            },
            vault: deployment.vault.clone(),
            liquidator: deployment.liquidator,
            assets: deployment.assets.clone(),
        })
    }
}

fn address(
    role: &'static str,
    text: &str,
    network: &Network,
    keyring: &Keyring,
) -> DeployResult<String> {
    let refused = |why| DeployError::Role {
        role,
        text: text.into(),
        why,
    };
    if keyring.contains(text) {
        return Ok(address_of_key(text, network, keyring)?);
    }
    match text.parse::<AccountId>() {
        Ok(id) if id.prefix() != network.prefix => Err(refused(RoleError::OtherChain {
            prefix: network.prefix.clone(),
        })),
        Ok(id) if LENGTHS.contains(&id.to_bytes().len()) => Ok(text.into()),
        Ok(_) => Err(refused(RoleError::Invalid)),
        Err(_) if text.starts_with(&format!("{}1", network.prefix)) => {
            Err(refused(RoleError::Invalid))
        }
        Err(_) => {
            address_of_key(text, network, keyring).map_err(|error| refused(RoleError::Key(error)))
        }
    }
}

fn address_of_key(name: &str, network: &Network, keyring: &Keyring) -> Result<String, KeyError> {
    let signer = keyring.signer(name, &network.prefix, network.coin_type)?;
    Ok(signer.address().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NETWORK: &str = r#"
        chain_id = "example-1"
        rpc = ["http://127.0.0.1:26657"]
        prefix = "wasm"
        denom = "ustake"
        gas_price = "0.025"
    "#;

    fn owned_by(owner: &str) -> DeployResult<String> {
        address(
            "roles.owner",
            owner,
            &Network::parse(NETWORK).unwrap(),
            &Keyring::default(),
        )
    }

    #[test]
    fn who_is_named_by_no_address_of_the_chain_is_refused_before_anything_is_spent() {
        let good = "wasm17kyy2k6f0j465q4jvds9lac54897ta5eaycmt4";
        assert_eq!(owned_by(good).unwrap(), good);
        let why = |text: &str| match owned_by(text).unwrap_err() {
            DeployError::Role {
                role: "roles.owner",
                why,
                ..
            } => why,
            other => panic!("{text}: {other}"),
        };
        for text in [
            "wasm1nonsense",
            "wasm17kyy2k6f0j465q4jvds9lac54897ta5eaycmt5",
        ] {
            assert!(matches!(why(text), RoleError::Invalid), "{text}");
        }
        let id = AccountId::new("cosmos", &[7; 20]).unwrap();
        assert!(matches!(
            why(id.as_ref()),
            RoleError::OtherChain { prefix } if prefix == "wasm"
        ));
        let short = AccountId::new("wasm", &[7; 5]).unwrap();
        assert!(matches!(why(short.as_ref()), RoleError::Invalid));
        assert!(matches!(why("feeder-1"), RoleError::Key(_)));
    }
}
