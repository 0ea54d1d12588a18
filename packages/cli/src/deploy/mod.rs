//! `bulwark deploy`: brings a chain to what a deployment file says.

mod failure;
mod output;

use std::path::PathBuf;

use bulwark_chain::{Client, Keyring, Network};
use bulwark_deploy::{Artifacts, Deployer, Deployment};
use clap::Args;

pub use failure::Failure;

use crate::confirm;

/// What to deploy, where, and with which keys.
#[derive(Args)]
pub struct DeployArgs {
    /// The network: chain id, endpoints, prefix, denom, gas price.
    #[arg(long, value_name = "FILE.toml")]
    network: PathBuf,

    /// What is wanted: roles, oracle, vault, assets. The network file's folder may be the place.
    #[arg(long, value_name = "FILE.toml")]
    deployment: PathBuf,

    /// Folder with the contracts' wasm, as scripts/build-wasm leaves it. Needed as long as
    /// something has to be created or migrated.
    #[arg(long, value_name = "DIR", default_value = "artifacts")]
    artifacts: PathBuf,

    /// Keyring file (mode 600). Keys of the environment, `BULWARK_KEY_<NAME>`, go before it.
    #[arg(long, value_name = "FILE.toml", env = "BULWARK_KEYRING")]
    keyring: Option<PathBuf>,

    /// Where addresses are noted; by default where the network file says, or beside it.
    #[arg(long, value_name = "FILE.json")]
    addresses: Option<PathBuf>,

    /// Carries the plan out without asking.
    #[arg(long)]
    yes: bool,

    /// Shows the plan and does nothing.
    #[arg(long, conflicts_with_all = ["yes", "generate_only"])]
    plan: bool,

    /// Writes the plan's transactions unsigned into a folder, for multisigs, and does nothing.
    #[arg(long, value_name = "DIR", conflicts_with = "yes")]
    generate_only: Option<PathBuf>,

    /// Prints one JSON object instead of words. Never asks: it needs --yes to do anything.
    #[arg(long)]
    json: bool,
}

/// Plans, asks, deploys.
///
/// # Errors
/// Files that cannot be used, and what the chain refuses.
pub fn run(args: &DeployArgs) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(Failure::Runtime)?;
    runtime.block_on(deploy(args))
}

async fn deploy(args: &DeployArgs) -> Result<(), Failure> {
    let network = Network::read(&args.network).map_err(bulwark_chain::ChainError::from)?;
    let deployment = Deployment::read(&args.deployment)?;
    let keyring =
        Keyring::load(args.keyring.as_deref()).map_err(bulwark_chain::ChainError::from)?;
    let artifacts = Artifacts::read(&args.artifacts)?;
    let addresses = args.addresses.clone().or_else(|| network.addresses.clone());
    let addresses = addresses.unwrap_or_else(|| args.network.with_extension("addresses.json"));
    let client = Client::connect(network).await?;
    let file = Some(addresses.clone());
    let mut deployer = Deployer::new(client, keyring, artifacts, &deployment, file)?;

    let plan = deployer.plan().await?;
    if let Some(folder) = &args.generate_only {
        let unsigned = deployer.unsigned().await?;
        let files = output::write_unsigned(folder, &unsigned)?;
        return output::generated(&unsigned, &files, &plan, args.json);
    }
    if !args.json {
        output::tell_plan(&plan, &deployer);
    }
    let has_own = plan.steps.iter().any(|planned| deployer.can_send(planned));
    if args.plan || !has_own {
        return output::finished(&[], &plan, &deployer, &addresses, args.json);
    }
    if !args.yes && (args.json || !confirm::asked().map_err(Failure::Terminal)?) {
        return Err(Failure::NotConfirmed);
    }
    let mut done = Vec::new();
    let left = deployer
        .apply(|step| {
            if !args.json {
                output::tell_done(step);
            }
            done.push(step.clone());
        })
        .await?;
    output::finished(&done, &left, &deployer, &addresses, args.json)
}
