//! Puts the contracts on a network.

use std::path::{Path, PathBuf};

use bulwark_chain::{ChainError, Client, Keyring, Network};
use bulwark_deploy::apply::Done;
use bulwark_deploy::{Addresses, Artifacts, DeployError, Deployer, Deployment};

use super::deployment::deployment;
use super::replay::Replay;
use super::speed::at_speed;
use crate::error::{LocalnetError, Result};
use crate::files;
use crate::localnet::Localnet;

/// What is deployed on the network in this folder, in the form that `bulwark deploy` reads.
#[must_use]
pub fn deployment_file(home: &Path) -> PathBuf {
    home.join("deployment.toml")
}

/// Brings a network to what its deployment file says, with the contracts' wasm in `artifacts`.
/// The first time the file is written, for the path that is replayed; nothing happens when
/// everything is as it says.
///
/// # Errors
/// [`LocalnetError::Deploy`], [`LocalnetError::Unfinished`], [`LocalnetError::File`].
pub async fn deploy(
    network: &Localnet,
    replay: &Replay,
    artifacts: &Path,
    done: impl FnMut(&Done),
) -> Result<Addresses> {
    let file = deployment_file(network.home());
    if !file.exists() {
        let wanted = at_speed(&deployment(&replay.table)?, replay.speed()?);
        let text = toml::to_string(&wanted).map_err(|error| files::malformed(&file, &error))?;
        files::write(&file, introduction(replay) + &text)?;
    }
    let wanted = Deployment::read(&file)?;
    let description = Network::read(&network.network_file()).map_err(ChainError::from)?;
    let addresses = description.addresses.clone();
    let keyring = Keyring::from_file(&network.keyring_file())?;
    let artifacts = Artifacts::read(artifacts)?;
    let client = Client::connect(description).await?;
    let mut deployer = Deployer::new(client, keyring, artifacts, &wanted, addresses)?;
    let left = deployer.apply(done).await?;
    match left.steps.first() {
        None => Ok(deployer.addresses().clone()),
        Some(planned) => Err(LocalnetError::Unfinished {
            step: planned.step.to_string(),
            steps: left.steps.len(),
        }),
    }
}

/// What stands above the file: which coin is which.
fn introduction(replay: &Replay) -> String {
    let mut text = format!(
        "# What is deployed, at speed {}. Change it, and run `bulwark localnet up` again, or\n\
         # `bulwark deploy` to see the plan first. The coins (symbol, decimals, denom):\n#\n",
        replay.speed
    );
    for coin in replay.coins() {
        text.push_str(&format!(
            "#   {:<8} {:>2}  {}\n",
            coin.symbol, coin.decimals, coin.denom
        ));
    }
    text + "\n"
}

impl From<DeployError> for LocalnetError {
    fn from(error: DeployError) -> Self {
        Self::Deploy(Box::new(error))
    }
}
