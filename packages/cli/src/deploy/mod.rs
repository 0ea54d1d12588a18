//! `bulwark deploy`: brings a chain to what a deployment file says.

mod failure;
mod output;

use std::path::{Path, PathBuf};

use bulwark_chain::{ChainError, Client, Keyring, Network};
use bulwark_deploy::{Artifacts, Deployer, Deployment, Plan, Readiness};
use clap::Args;

pub use failure::Failure;

use crate::access::out::say;
use crate::confirm;

/// Where the wasm is unless another folder is named.
const ARTIFACTS: &str = "artifacts";

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
    /// something has to be created or migrated [default: artifacts].
    #[arg(long, value_name = "DIR")]
    artifacts: Option<PathBuf>,

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

    /// Writes the plan's transactions unsigned into a folder that is new or empty, for multisigs,
    /// and does nothing else.
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
    if let Some(folder) = &args.generate_only {
        output::assert_empty(folder)?;
    }
    let network = Network::read(&args.network).map_err(ChainError::from)?;
    let deployment = Deployment::read(&args.deployment)?;
    let keyring = Keyring::load(args.keyring.as_deref()).map_err(ChainError::from)?;
    let artifacts = artifacts(args.artifacts.as_deref())?;
    let addresses = args.addresses.clone().or_else(|| network.addresses.clone());
    let addresses = addresses.unwrap_or_else(|| args.network.with_extension("addresses.json"));
    let client = Client::connect(network).await?;
    let file = Some(addresses.clone());
    let mut deployer = Deployer::new(client, keyring, artifacts, &deployment, file)?;

    if let Some(folder) = &args.generate_only {
        let (plan, unsigned) = deployer.unsigned().await?;
        deployer.note_found()?;
        let files = output::write_unsigned(folder, &unsigned)?;
        return output::generated(&unsigned, &files, &plan, args.json);
    }
    let Agreed::To(plan) = agree(args, &mut deployer, &addresses).await? else {
        return Ok(());
    };
    let mut done = Vec::new();
    // What is under way goes on, also where nobody reads any more what is told.
    let mut told = Ok(());
    let left = deployer
        .apply_agreed(&plan, |step| {
            if !args.json && told.is_ok() {
                told = output::tell_done(step);
            }
            done.push(step.clone());
        })
        .await?;
    told?;
    output::finished(&done, &left, &deployer, Some(&addresses), args.json)?;
    output::assert_all_sent(&left, &deployer)
}

/// What came of a plan before anything was done.
enum Agreed {
    /// It is to be carried out.
    To(Plan),
    /// There is nothing to do here; that was told.
    Nothing,
}

/// Shows what is to be done until somebody agrees to what is still to be done then.
async fn agree(
    args: &DeployArgs,
    deployer: &mut Deployer,
    addresses: &Path,
) -> Result<Agreed, Failure> {
    let mut plan = deployer.plan().await?;
    loop {
        if !args.json {
            output::tell_plan(&plan, deployer)?;
        }
        if args.plan {
            output::finished(&[], &plan, deployer, None, args.json)?;
            return Ok(Agreed::Nothing);
        }
        if !deployer.readiness(&plan).contains(&Readiness::Now) {
            let noted = deployer.note_found()?;
            let file = noted.then_some(addresses);
            output::finished(&[], &plan, deployer, file, args.json)?;
            output::assert_all_sent(&plan, deployer)?;
            return Ok(Agreed::Nothing);
        }
        if args.yes {
            return Ok(Agreed::To(plan));
        }
        if args.json || !confirm::asked().map_err(Failure::Terminal)? {
            return Err(Failure::NotConfirmed);
        }
        // Whoever was asked may have taken their time.
        let now = deployer.plan().await?;
        if now == plan {
            return Ok(Agreed::To(plan));
        }
        say("\nThe chain has changed meanwhile.\n")?;
        plan = now;
    }
}

/// The wasm of a folder that was named, or of the usual one if it is there.
fn artifacts(named: Option<&Path>) -> Result<Artifacts, Failure> {
    let usual = Path::new(ARTIFACTS);
    match named {
        Some(folder) => Ok(Artifacts::read(folder)?),
        None if usual.is_dir() => Ok(Artifacts::read(usual)?),
        None => Ok(Artifacts::default()),
    }
}
