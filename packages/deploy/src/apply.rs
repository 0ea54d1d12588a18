//! Carries a plan out.

use std::collections::BTreeMap;
use std::path::PathBuf;

use bulwark_chain::keys::Keyring;
use bulwark_chain::sender::Pending;
use bulwark_chain::{ChainError, Client, Sender};
use serde::Serialize;

use crate::addresses::{Addresses, Deployed};
use crate::artifacts::Artifacts;
use crate::desired::Desired;
use crate::error::{DeployError, DeployResult};
use crate::file::Deployment;
use crate::flight::{batches, flights, gas};
use crate::found::Found;
use crate::lock::Lock;
use crate::messages::Writer;
use crate::order::{Readiness, readiness};
use crate::plan::{Plan, plan};
use crate::read::read;
use crate::step::{Planned, Step};
use crate::unsigned::{Unsigned, write};

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

    /// Notes in the address file which contracts there are; whether there is such a file now.
    fn note_addresses(&self) -> DeployResult<bool> {
        match &self.address_file {
            Some(path) if !self.addresses.contracts.is_empty() => {
                self.addresses.write(path)?;
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    /// The same for a run that does nothing else; not while another one is at work.
    ///
    /// # Errors
    /// [`DeployError::File`], and see [`Addresses::read`].
    pub fn note_found(&mut self) -> DeployResult<bool> {
        match self.lock() {
            Ok(_lock) => self.note_addresses(),
            Err(DeployError::Busy { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Whether the key of a step's sender is here.
    #[must_use]
    pub fn can_send(&self, planned: &Planned) -> bool {
        self.desired.keys.contains(&planned.sender)
    }

    /// When each step of a plan can be carried out.
    #[must_use]
    pub fn readiness(&self, plan: &Plan) -> Vec<Readiness> {
        readiness(plan, |planned| self.can_send(planned))
    }

    /// Carries out all steps whose keys are here, as far as they need nothing of others, and
    /// looks whether the chain shows it; tells each step when it is done. What is left is a plan
    /// again.
    ///
    /// # Errors
    /// [`DeployError::Step`]: what was done until then stays, and another run goes on from
    /// there. [`DeployError::NoProgress`], [`DeployError::Busy`].
    pub async fn apply(&mut self, done: impl FnMut(&Done)) -> DeployResult<Plan> {
        let _lock = self.lock()?;
        let found = self.look().await?;
        let plan = plan(&self.desired, &found)?;
        self.carry_out(found, &plan, done).await
    }

    /// The same for a plan that somebody has agreed to: nothing else is sent. Where others have
    /// carried out a part of it meanwhile, the rest is.
    ///
    /// # Errors
    /// [`DeployError::PlanChanged`], and see [`Self::apply`].
    pub async fn apply_agreed(
        &mut self,
        agreed: &Plan,
        done: impl FnMut(&Done),
    ) -> DeployResult<Plan> {
        let _lock = self.lock()?;
        let found = self.look().await?;
        let plan = plan(&self.desired, &found)?;
        if let Some(planned) = plan.first_not_in(agreed) {
            let step = planned.step.to_string();
            return Err(DeployError::PlanChanged { step });
        }
        self.carry_out(found, &plan, done).await
    }

    /// Only one run at a time notes addresses in a file; what the one before has noted counts.
    fn lock(&mut self) -> DeployResult<Option<Lock>> {
        let Some(path) = &self.address_file else {
            return Ok(None);
        };
        let lock = Lock::take(path)?;
        let noted = Addresses::read(path, &self.client.network().chain_id)?;
        self.addresses.contracts.extend(noted.contracts);
        Ok(Some(lock))
    }

    async fn carry_out(
        &mut self,
        mut found: Found,
        plan: &Plan,
        mut done: impl FnMut(&Done),
    ) -> DeployResult<Plan> {
        self.note_addresses()?;
        let known = plan.steps.iter().zip(self.readiness(plan));
        let own = known.filter(|(_, readiness)| *readiness == Readiness::Now);
        let own: Vec<&Planned> = own.map(|(planned, _)| planned).collect();
        for flight in flights(batches(own.iter().copied())) {
            let mut sent = Vec::new();
            for batch in &flight {
                sent.extend(self.submit(&found, batch).await?);
            }
            for sent in sent {
                let steps = self.wait(&mut found, sent).await?;
                steps.iter().for_each(&mut done);
            }
        }
        let left = self.plan().await?;
        self.note_addresses()?;
        let is_left = |planned: &&Planned| own.iter().any(|sent| sent.step == planned.step);
        if let Some(planned) = left.steps.iter().find(is_left) {
            let step = planned.step.to_string();
            return Err(DeployError::NoProgress { step });
        }
        Ok(left)
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
                let (event, key) = ("instantiate", "_contract_address");
                let missing = || ChainError::Malformed {
                    what: format!("{event}.{key} of {}", included.hash),
                    detail: "it is not there".into(),
                };
                let address = included.attribute(event, key).ok_or_else(missing)?;
                let checksum = self.desired.checksums.get(contract).cloned();
                let deployed = Deployed {
                    address: address.into(),
                    code_id: included.number("instantiate", "code_id")?,
                    checksum: checksum.unwrap_or_default(),
                };
                self.addresses.contracts.insert(*contract, deployed);
                self.note_addresses()?;
            }
            _ => {}
        }
        Ok(())
    }

    /// The transactions of a plan, unsigned, as far as they can be written now. What needs the
    /// address of a contract that is yet to be created comes in a later run, and so does what
    /// needs that. Posts are not among them: prices grow old while they wait for a signature.
    ///
    /// # Errors
    /// What the chain refuses.
    pub async fn unsigned(&mut self) -> DeployResult<(Plan, Vec<Unsigned>)> {
        let found = self.look().await?;
        let plan = plan(&self.desired, &found)?;
        let unsigned = write(
            &plan.steps,
            &self.writer(&found, found.now),
            self.client.network(),
        )?;
        Ok((plan, unsigned))
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
