//! Sends transactions from one account, many at a time.

use std::sync::Arc;
use std::time::{Duration, Instant};

use cosmrs::Any;
use tokio::sync::Mutex;
use tokio::time::sleep;

use crate::client::Client;
use crate::error::{ChainError, Refusal};
use crate::keys::Signer;
use crate::message::Message;
use crate::sequence::{Remedy, Tracker, expected};
use crate::tx::{Gas, Included, SignedTx, Terms, sign};

/// How often a transaction is signed again with another sequence.
const ATTEMPTS: u32 = 10;

/// For how long a transaction is waited for unless said otherwise.
const PATIENCE: Duration = Duration::from_secs(60);

/// How often a node is asked whether a transaction stands in a block.
const POLL: Duration = Duration::from_millis(200);

/// After how many of these questions it is looked into whether the transaction got lost.
const POLLS_UNTIL_LOST: u32 = 15;

/// Sends from one account. A copy shares the sequence, so that several tasks can send at once;
/// two senders of the same key get along, but slowly.
#[derive(Clone, Debug)]
pub struct Sender {
    client: Client,
    shared: Arc<Shared>,
    patience: Duration,
}

#[derive(Debug)]
struct Shared {
    signer: Signer,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    account_number: Option<u64>,
    tracker: Tracker,
}

/// A transaction that a node has taken.
#[derive(Clone, Debug)]
pub struct Pending {
    sender: Sender,
    transaction: SignedTx,
}

impl Sender {
    /// Sends with this key.
    #[must_use]
    pub fn new(client: Client, signer: Signer) -> Self {
        let state = Mutex::default();
        Self {
            client,
            shared: Arc::new(Shared { signer, state }),
            patience: PATIENCE,
        }
    }

    /// Waits so long for a block that has a transaction; a minute by default.
    #[must_use]
    pub const fn with_patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// The client that it sends through.
    #[must_use]
    pub const fn client(&self) -> &Client {
        &self.client
    }

    /// The address that it sends from.
    #[must_use]
    pub fn address(&self) -> &str {
        self.shared.signer.address()
    }

    /// Gas that messages would use if they were sent now; nothing is sent.
    ///
    /// # Errors
    /// [`ChainError::Refused`] with the reason why they would fail; [`ChainError::NoAccount`];
    /// [`ChainError::Unreachable`].
    pub async fn simulate(&self, messages: &[Message]) -> Result<u64, ChainError> {
        let messages: Vec<Any> = messages.iter().map(Message::to_any).collect();
        let signer = &self.shared.signer;
        let committed = self.client.account(self.address()).await?.sequence;
        match self.client.simulate(signer, committed, &messages, "").await {
            // The node counts transactions that wait for a block.
            Err(ChainError::Refused(refusal)) => match expected(&refusal) {
                Some(sequence) => self.client.simulate(signer, sequence, &messages, "").await,
                None => Err(ChainError::Refused(refusal)),
            },
            simulated => simulated,
        }
    }

    /// Sends one transaction and waits until it stands in a block.
    ///
    /// # Errors
    /// See [`Self::submit`] and [`Pending::wait`].
    pub async fn send(&self, messages: &[Message], gas: Gas) -> Result<Included, ChainError> {
        self.submit(messages, gas).await?.wait().await
    }

    /// Hands one transaction to a node, and does not wait for a block: the next one can be
    /// sent right away.
    ///
    /// # Errors
    /// [`ChainError::Refused`] by the simulation or the node's check, with the contract's
    /// reason; [`ChainError::NoAccount`]; [`ChainError::SequenceUnsettled`];
    /// [`ChainError::Unreachable`], after which the transaction may have been taken or not.
    pub async fn submit(&self, messages: &[Message], gas: Gas) -> Result<Pending, ChainError> {
        let messages: Vec<Any> = messages.iter().map(Message::to_any).collect();
        self.submit_any(&messages, gas).await
    }

    /// Sends one transaction with messages of any of the chain's modules, and waits until it
    /// stands in a block.
    ///
    /// # Errors
    /// See [`Self::submit`] and [`Pending::wait`].
    pub async fn send_any(&self, messages: &[Any], gas: Gas) -> Result<Included, ChainError> {
        self.submit_any(messages, gas).await?.wait().await
    }

    async fn submit_any(&self, messages: &[Any], gas: Gas) -> Result<Pending, ChainError> {
        // One at a time: a node takes sequences only in their order.
        let mut state = self.shared.state.lock().await;
        for _ in 0..ATTEMPTS {
            match self.attempt(&mut state, messages, gas).await {
                Ok(transaction) => {
                    return Ok(Pending {
                        sender: self.clone(),
                        transaction,
                    });
                }
                Err(ChainError::Refused(refusal)) => match expected(&refusal) {
                    Some(sequence) => self.remedy(&mut state, sequence).await?,
                    None => return Err(ChainError::Refused(refusal)),
                },
                Err(error) => {
                    // Whether a node has it is not known: the chain is asked anew next time.
                    state.tracker.forget();
                    return Err(error);
                }
            }
        }
        state.tracker.forget();
        Err(ChainError::SequenceUnsettled {
            address: self.address().into(),
            attempts: ATTEMPTS,
        })
    }

    async fn attempt(
        &self,
        state: &mut State,
        messages: &[Any],
        gas: Gas,
    ) -> Result<SignedTx, ChainError> {
        let signer = &self.shared.signer;
        let (account_number, sequence) = self.place(state).await?;
        let gas = match gas {
            Gas::Limit(gas) => gas,
            Gas::Simulated => {
                let used = self.client.simulate(signer, sequence, messages, "").await?;
                self.client.network().adjusted(used)?
            }
        };
        let terms = Terms {
            account_number,
            sequence,
            gas,
        };
        let transaction = sign(&self.client, signer, messages, "", terms)?;
        self.client.broadcast(&transaction).await?;
        state.tracker.taken(transaction.clone());
        Ok(transaction)
    }

    /// Number and next sequence of the account.
    async fn place(&self, state: &mut State) -> Result<(u64, u64), ChainError> {
        if let (Some(number), Some(sequence)) = (state.account_number, state.tracker.next()) {
            return Ok((number, sequence));
        }
        let account = self.client.account(self.address()).await?;
        state.account_number = Some(account.number);
        Ok((account.number, state.tracker.start(account.sequence)))
    }

    /// Brings node and sequence together again.
    async fn remedy(&self, state: &mut State, sequence: u64) -> Result<(), ChainError> {
        let Remedy::Resend(lost) = state.tracker.expects(sequence) else {
            // The chain may be just about to take a block: the node's view is settled after it.
            sleep(POLL).await;
            return Ok(());
        };
        for transaction in lost {
            match self.client.broadcast(&transaction).await {
                Ok(()) => {}
                // In the meantime it came to this node, or into a block.
                Err(ChainError::Refused(refusal)) if is_past(&refusal, transaction.sequence) => {}
                Err(ChainError::Refused(_)) => {
                    state.tracker.drop_from(transaction.sequence);
                    return Ok(());
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

/// Whether a node refuses a sequence because it has one at least as high already.
fn is_past(refusal: &Refusal, sequence: u64) -> bool {
    expected(refusal).is_some_and(|expected| expected > sequence)
}

impl Pending {
    /// Its hash, in capital hexadecimal digits.
    #[must_use]
    pub fn hash(&self) -> &str {
        &self.transaction.hash
    }

    /// Waits until a block has it. If nodes lose it (one that restarts does), it is sent again.
    ///
    /// # Errors
    /// [`ChainError::Refused`] if it failed in its block, [`ChainError::NotIncluded`],
    /// [`ChainError::Superseded`].
    pub async fn wait(self) -> Result<Included, ChainError> {
        let start = Instant::now();
        let mut polls = 0;
        while start.elapsed() < self.sender.patience {
            // A node that does not answer may be on its way back.
            match self.find().await {
                Ok(Some(included)) => return Ok(included),
                Ok(None) | Err(ChainError::Unreachable { .. }) => {}
                Err(error) => return Err(error),
            }
            polls += 1;
            if polls % POLLS_UNTIL_LOST == 0 {
                match self.look_after().await {
                    Ok(()) | Err(ChainError::Unreachable { .. }) => {}
                    Err(error) => return Err(error),
                }
            }
            sleep(POLL).await;
        }
        Err(ChainError::NotIncluded {
            hash: self.transaction.hash.clone(),
            waited: start.elapsed(),
        })
    }

    async fn find(&self) -> Result<Option<Included>, ChainError> {
        let found = self.sender.client.transaction(self.hash()).await;
        if matches!(&found, Ok(Some(_)) | Err(ChainError::Refused(_))) {
            let settled = self.transaction.sequence + 1;
            let mut state = self.sender.shared.state.lock().await;
            state.tracker.settle(settled);
        }
        found
    }

    /// Sends it again if its sequence has not been used; fails if another one used it.
    async fn look_after(&self) -> Result<(), ChainError> {
        let sender = &self.sender;
        let sequence = self.transaction.sequence;
        let account = sender.client.account(sender.address()).await?;
        if account.sequence > sequence {
            // Found after all: a node's index is a little behind its state.
            sleep(POLL * 5).await;
            return match self.find().await? {
                Some(_) => Ok(()),
                None => Err(ChainError::Superseded {
                    hash: self.transaction.hash.clone(),
                    address: sender.address().into(),
                    sequence,
                }),
            };
        }
        let mut state = sender.shared.state.lock().await;
        match sender.client.broadcast(&self.transaction).await {
            Err(ChainError::Refused(refusal)) => match expected(&refusal) {
                // Those before it are lost as well.
                Some(expected) if expected < sequence => sender.remedy(&mut state, expected).await,
                Some(_) => Ok(()),
                None => Err(ChainError::Refused(refusal)),
            },
            other => other,
        }
    }
}
