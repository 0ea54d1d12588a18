//! Carries a plan out.

use std::collections::BTreeMap;
use std::path::PathBuf;

use bulwark_chain::keys::Keyring;
use bulwark_chain::message::unsigned_transaction;
use bulwark_chain::sender::Pending;
use bulwark_chain::{ChainError, Client, Sender};
use cosmwasm_std::Coin;
use serde::Serialize;
use serde_json::Value;

use crate::addresses::{Addresses, Deployed};
use crate::artifacts::Artifacts;
use crate::desired::Desired;
use crate::error::{DeployError, DeployResult};
use crate::file::Deployment;
use crate::flight::{batches, flights, gas, gas_of};
use crate::found::Found;
use crate::messages::Writer;
use crate::plan::{Plan, plan};
use crate::read::read;
use crate::step::{Planned, Step};

/// A deployment in progress.
pub struct Deployer {
    client: Client,
    keyring: Keyring,
    artifacts: Artifacts,
    desired: Desired,
    addresses: Addresses,
    address_file: Option<PathBuf>,
    senders: BTreeMap<String, Sender>,
}

/// A step that was carried out.
#[derive(Clone, Debug, Serialize)]
pub struct Done {
    /// What was done.
    pub step: Planned,
    /// Hash of its transaction.
    pub hash: String,
    /// Gas that the transaction used, other steps in it included.
    pub gas_used: u64,
}

/// Steps that are on their way.
struct Sent {
    pending: Pending,
    steps: Vec<Planned>,
}

/// An unsigned transaction, for those whose keys are not here.
#[derive(Clone, Debug, Serialize)]
pub struct Unsigned {
    /// Who has to sign it.
    pub sender: String,
    /// What it does.
    pub steps: Vec<String>,
    /// The transaction, as the command line of a chain reads it.
    pub transaction: Value,
}

impl Deployer {
    /// Deploys what a file says. Addresses are noted in `address_file`, if there is one.
    ///
    /// # Errors
    /// Names that are neither addresses nor keys, and address files that cannot be used.
    pub fn new(
        client: Client,
        keyring: Keyring,
        artifacts: Artifacts,
        deployment: &Deployment,
        address_file: Option<PathBuf>,
    ) -> DeployResult<Self> {
        let network = client.network();
        let checksums = artifacts.checksums();
        let desired = Desired::resolve(deployment, checksums, network, &keyring)?;
        let addresses = match &address_file {
            Some(path) => Addresses::read(path, &network.chain_id)?,
            None => Addresses::new(&network.chain_id),
        };
        Ok(Self {
            client,
            keyring,
            artifacts,
            desired,
            addresses,
            address_file,
            senders: BTreeMap::new(),
        })
    }

    /// What is wanted.
    #[must_use]
    pub const fn desired(&self) -> &Desired {
        &self.desired
    }

    /// What was deployed where, as far as is known.
    #[must_use]
    pub const fn addresses(&self) -> &Addresses {
        &self.addresses
    }

    /// Looks at the chain and says what is to be done.
    ///
    /// # Errors
    /// See [`plan`], and what the chain refuses.
    pub async fn plan(&mut self) -> DeployResult<Plan> {
        let found = self.look().await?;
        plan(&self.desired, &found)
    }

    async fn look(&mut self) -> DeployResult<Found> {
        let found = read(&self.client, &self.desired, &self.addresses).await?;
        for (kind, contract) in &found.contracts {
            let deployed = Deployed {
                address: contract.address.clone(),
                code_id: contract.code_id,
                checksum: contract.checksum.clone(),
            };
            self.addresses.contracts.insert(*kind, deployed);
        }
        Ok(found)
    }

    fn write_addresses(&self) -> DeployResult<()> {
        match &self.address_file {
            Some(path) if !self.addresses.contracts.is_empty() => self.addresses.write(path),
            _ => Ok(()),
        }
    }

    /// Whether the key of a step's sender is here.
    #[must_use]
    pub fn can_send(&self, planned: &Planned) -> bool {
        self.desired.keys.contains(&planned.sender)
    }

    /// Carries out all steps whose keys are here, and looks whether the chain shows it; tells
    /// each step when it is done.
    ///
    /// # Errors
    /// [`DeployError::Step`]: what was done until then stays, and another run goes on from
    /// there. [`DeployError::NoProgress`].
    pub async fn apply(&mut self, mut done: impl FnMut(&Done)) -> DeployResult<Plan> {
        let mut found = self.look().await?;
        let plan_before = plan(&self.desired, &found)?;
        self.write_addresses()?;
        let own = plan_before
            .steps
            .iter()
            .filter(|planned| self.can_send(planned));
        for flight in flights(batches(own)) {
            let mut sent = Vec::new();
            for batch in &flight {
                sent.extend(self.submit(&found, batch).await?);
            }
            for sent in sent {
                let steps = self.wait(&mut found, sent).await?;
                steps.iter().for_each(&mut done);
            }
        }
        let plan_after = self.plan().await?;
        self.write_addresses()?;
        // Only what somebody else has to send may be left over.
        let is_left = |planned: &&Planned| {
            self.can_send(planned)
                && plan_before
                    .steps
                    .iter()
                    .any(|sent| sent.step == planned.step)
        };
        if let Some(planned) = plan_after.steps.iter().find(is_left) {
            let step = planned.step.to_string();
            return Err(DeployError::NoProgress { step });
        }
        Ok(plan_after)
    }

    /// Sends steps of one sender in one transaction; none if others have to prepare all of them.
    async fn submit(&mut self, found: &Found, batch: &[&Planned]) -> DeployResult<Option<Sent>> {
        let Some(first) = batch.first() else {
            return Ok(None);
        };
        let sender = self.sender(&first.sender)?;
        let now = self.client.latest_block().await?.time;
        let mut messages = Vec::new();
        let mut steps = Vec::new();
        for planned in batch {
            // A step that others have to prepare comes in a later run.
            if let Some(message) = self.writer(found, now).message(planned)? {
                messages.push(message);
                steps.push((*planned).clone());
            }
        }
        if messages.is_empty() {
            return Ok(None);
        }
        match sender.submit(&messages, gas(&first.step)).await {
            Ok(pending) => Ok(Some(Sent { pending, steps })),
            Err(error) => Err(refused(&steps, error)),
        }
    }

    /// Waits for a block that has a transaction, and notes what later steps need.
    async fn wait(&mut self, found: &mut Found, sent: Sent) -> DeployResult<Vec<Done>> {
        let Sent { pending, steps } = sent;
        let included = match pending.wait().await {
            Ok(included) => included,
            Err(error) => return Err(refused(&steps, error)),
        };
        for planned in &steps {
            self.note(found, &planned.step, &included)?;
        }
        let (hash, gas_used) = (included.hash, included.gas_used);
        let done = steps.into_iter().map(|step| Done {
            step,
            hash: hash.clone(),
            gas_used,
        });
        Ok(done.collect())
    }

    const fn writer<'a>(&'a self, found: &'a Found, now: u64) -> Writer<'a> {
        Writer {
            desired: &self.desired,
            artifacts: &self.artifacts,
            addresses: &self.addresses,
            found,
            now,
        }
    }

    fn sender(&mut self, address: &str) -> DeployResult<Sender> {
        if let Some(sender) = self.senders.get(address) {
            return Ok(sender.clone());
        }
        let network = self.client.network().clone();
        let names: Vec<String> = self.keyring.names().map(str::to_owned).collect();
        for name in names {
            let signer = self
                .keyring
                .signer(&name, &network.prefix, network.coin_type)?;
            if signer.address() == address {
                let sender = Sender::new(self.client.clone(), signer);
                self.senders.insert(address.into(), sender.clone());
                return Ok(sender);
            }
        }
        Err(bulwark_chain::keys::KeyError::Unknown {
            name: address.into(),
            variable: "the key of this address".into(),
        }
        .into())
    }

    /// Notes what later steps need: numbers of codes, addresses of contracts.
    fn note(
        &mut self,
        found: &mut Found,
        step: &Step,
        included: &bulwark_chain::Included,
    ) -> DeployResult<()> {
        match step {
            Step::Store { checksum, .. } => {
                let code_id = included.number("store_code", "code_id")?;
                found.codes.insert(checksum.clone(), code_id);
            }
            Step::Instantiate { contract } => {
                let address = included.attribute("instantiate", "_contract_address");
                let checksum = self.desired.checksums.get(contract).cloned();
                let deployed = Deployed {
                    address: address.unwrap_or_default().into(),
                    code_id: included.number("instantiate", "code_id")?,
                    checksum: checksum.unwrap_or_default(),
                };
                self.addresses.contracts.insert(*contract, deployed);
                self.write_addresses()?;
            }
            _ => {}
        }
        Ok(())
    }

    /// The transactions of a plan, unsigned, as far as they can be written now: what needs the
    /// address of a contract that is yet to be created comes in a later run.
    ///
    /// # Errors
    /// What the chain refuses.
    pub async fn unsigned(&mut self) -> DeployResult<Vec<Unsigned>> {
        let found = self.look().await?;
        let plan = plan(&self.desired, &found)?;
        let network = self.client.network();
        let writer = self.writer(&found, found.now);
        let mut unsigned = Vec::new();
        for batch in batches(plan.steps.iter()) {
            let (mut steps, mut messages) = (Vec::new(), Vec::new());
            for planned in &batch {
                if let Some(message) = writer.message(planned)? {
                    steps.push(planned.step.to_string());
                    messages.push(message);
                }
            }
            let Some(first) = batch.first().filter(|_| !messages.is_empty()) else {
                continue;
            };
            let gas = messages.iter().map(gas_of).sum();
            let fee = [Coin::new(network.fee(gas), network.denom.clone())];
            unsigned.push(Unsigned {
                sender: first.sender.clone(),
                steps,
                transaction: unsigned_transaction(&messages, "", &fee, gas),
            });
        }
        Ok(unsigned)
    }
}

fn refused(steps: &[Planned], error: ChainError) -> DeployError {
    let steps: Vec<_> = steps
        .iter()
        .map(|planned| planned.step.to_string())
        .collect();
    let step = steps.join("; ");
    DeployError::Step { step, error }
}
