//! Which deployment on which chain, and with which keys.

use std::path::PathBuf;

use bulwark_chain::contracts::{Oracle, Vault};
use bulwark_chain::{ChainError, Client, Keyring, Network, Signer};
use bulwark_deploy::{Addresses, Kind};
use bulwark_types::vault::AccountRef;
use clap::Args;
use tokio::runtime::Runtime;

use super::Failure;

/// Which deployment.
#[derive(Args)]
pub struct AccessArgs {
    /// The network file, as `bulwark deploy` reads it [default: the running local network's].
    #[arg(long, value_name = "FILE.toml", env = "BULWARK_NETWORK", global = true)]
    network: Option<PathBuf>,

    /// The contracts' addresses, as `bulwark deploy` notes them [default: where the network file
    /// says, or beside it].
    #[arg(long, value_name = "FILE.json", global = true)]
    addresses: Option<PathBuf>,

    /// Keyring file (mode 600), so that owners can be named by their keys. Keys of the
    /// environment, `BULWARK_KEY_<NAME>`, go before it [default: the local network's test keys,
    /// on that network].
    #[arg(long, value_name = "FILE.toml", env = "BULWARK_KEYRING", global = true)]
    keyring: Option<PathBuf>,
}

/// A deployment that answers.
pub struct Reached {
    /// The chain.
    pub client: Client,
    /// The vault.
    pub vault: Vault,
    /// The oracle.
    pub oracle: Oracle,
    keyring: Keyring,
}

impl AccessArgs {
    /// Reads the files and finds a node that answers.
    ///
    /// # Errors
    /// [`Failure`].
    pub async fn reach(&self) -> Result<Reached, Failure> {
        let (file, keyring) = self.files()?;
        let network = Network::read(&file).map_err(ChainError::from)?;
        let keyring = Keyring::load(keyring.as_deref()).map_err(ChainError::from)?;
        let path = self.addresses.clone().or_else(|| network.addresses.clone());
        let path = path.unwrap_or_else(|| file.with_extension("addresses.json"));
        let addresses = Addresses::read(&path, &network.chain_id)?;
        let (Some(vault), Some(oracle)) = (addresses.get(Kind::Vault), addresses.get(Kind::Oracle))
        else {
            return Err(Failure::NotDeployed { path });
        };
        let client = Client::connect(network).await?;
        Ok(Reached::new(client, vault, oracle, keyring))
    }

    /// The network file, and the keyring file if there is one.
    fn files(&self) -> Result<(PathBuf, Option<PathBuf>), Failure> {
        if let Some(network) = &self.network {
            return Ok((network.clone(), self.keyring.clone()));
        }
        let home = bulwark_localnet::default_home()?;
        let network = bulwark_localnet::network_file(&home);
        if !network.exists() {
            return Err(Failure::NoNetwork);
        }
        let keyring = self.keyring.clone();
        let keyring = keyring.unwrap_or_else(|| bulwark_localnet::keyring_file(&home));
        Ok((network, Some(keyring)))
    }
}

impl Reached {
    /// The contracts at these addresses.
    #[must_use]
    pub fn new(client: Client, vault: &str, oracle: &str, keyring: Keyring) -> Self {
        Self {
            vault: Vault {
                client: client.clone(),
                address: vault.into(),
            },
            oracle: Oracle {
                client: client.clone(),
                address: oracle.into(),
            },
            client,
            keyring,
        }
    }

    /// A key of the keyring.
    ///
    /// # Errors
    /// [`ChainError::Key`].
    pub fn signer(&self, name: &str) -> Result<Signer, Failure> {
        let network = self.client.network();
        let signer = self
            .keyring
            .signer(name, &network.prefix, network.coin_type);
        Ok(signer.map_err(ChainError::from)?)
    }

    /// An address, or that of the key of this name.
    ///
    /// # Errors
    /// [`Failure::Address`], [`ChainError::Key`].
    pub fn address(&self, text: &str) -> Result<String, Failure> {
        if self.keyring.contains(text) {
            return Ok(self.signer(text)?.address().to_owned());
        }
        // What is neither is a slip, and would look like somebody without an account.
        let prefix = format!("{}1", self.client.network().prefix);
        if !text.starts_with(&prefix) {
            return Err(Failure::Address { text: text.into() });
        }
        Ok(text.to_owned())
    }

    /// `OWNER` or `OWNER/NUMBER`.
    ///
    /// # Errors
    /// [`Failure::Account`], [`Failure::Address`], [`ChainError::Key`].
    pub fn account(&self, text: &str) -> Result<AccountRef, Failure> {
        let (owner, id) = split(text).ok_or_else(|| Failure::Account { text: text.into() })?;
        let owner = self.address(owner)?;
        Ok(AccountRef { owner, id })
    }
}

/// Owner and number.
fn split(text: &str) -> Option<(&str, u16)> {
    let (owner, id) = text.split_once('/').unwrap_or((text, "0"));
    let id = id.parse().ok().filter(|_| !owner.is_empty());
    id.map(|id| (owner, id))
}

/// # Errors
/// [`Failure::Runtime`].
pub fn runtime() -> Result<Runtime, Failure> {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    let builder = builder.worker_threads(2).enable_all();
    builder.build().map_err(Failure::Runtime)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_an_owner_and_a_number() {
        assert_eq!(split("alice"), Some(("alice", 0)));
        assert_eq!(split("wasm1abc/7"), Some(("wasm1abc", 7)));
        for refused in ["", "/1", "alice/", "alice/65536", "alice/-1", "alice/1/2"] {
            assert_eq!(split(refused), None, "{refused}");
        }
    }
}
