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
use crate::tx::{self, Gas, Included, SignedTx, Simulation, sign};

/// How often a transaction is signed again with another sequence.
const ATTEMPTS: u32 = 10;

/// For how long a transaction is waited for unless said otherwise.
const PATIENCE: Duration = Duration::from_secs(60);

/// How often a node is asked whether a transaction stands in a block.
const POLL: Duration = Duration::from_millis(200);

/// How often that is asked of a transaction whose sequence is used.
const POLLS_OF_INDEX: u32 = 5;

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

/// How a transaction is sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    /// Gas that it may use.
    pub gas: Gas,
    /// The last block that may have it; any may by default.
    pub timeout_height: Option<u64>,
}

/// Hears of each transaction between its signature and the first node that gets it, and may stop
/// it: whoever writes down what is on its way does so here.
pub type Witness<'a> = dyn FnMut(&SignedTx) -> Result<(), ChainError> + Send + 'a;

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
        Ok(self.try_out(messages).await?.gas_used)
    }

    /// What messages would do if they were sent now; nothing is sent.
    ///
    /// # Errors
    /// As [`Self::simulate`].
    pub async fn try_out(&self, messages: &[Message]) -> Result<Simulation, ChainError> {
        let messages: Vec<Any> = messages.iter().map(Message::to_any).collect();
        let signer = &self.shared.signer;
        let committed = self.client.account(self.address()).await?.sequence;
        match self.client.try_out(signer, committed, &messages, "").await {
            // The node counts transactions that wait for a block.
            Err(ChainError::Refused(refusal)) => match expected(&refusal) {
                Some(sequence) => self.client.try_out(signer, sequence, &messages, "").await,
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
        let terms = Terms {
            gas,
            timeout_height: None,
        };
        self.submit_witnessed(messages, terms, &mut |_| Ok(()))
            .await
    }

    /// As [`Self::submit`], with somebody who hears of the transaction before any node does. It may
    /// be signed several times, with another sequence each; at most the last of them can come into
    /// a block unless a node could not be reached.
    ///
    /// # Errors
    /// See [`Self::submit`], and what the witness answers: then nothing is sent.
    pub async fn submit_witnessed(
        &self,
        messages: &[Message],
        terms: Terms,
        witness: &mut Witness<'_>,
    ) -> Result<Pending, ChainError> {
        let messages: Vec<Any> = messages.iter().map(Message::to_any).collect();
        self.submit_any(&messages, terms, witness).await
    }

    /// Sends one transaction with messages of any of the chain's modules, and waits until it
    /// stands in a block.
    ///
    /// # Errors
    /// See [`Self::submit`] and [`Pending::wait`].
    pub async fn send_any(&self, messages: &[Any], gas: Gas) -> Result<Included, ChainError> {
        let terms = Terms {
            gas,
            timeout_height: None,
        };
        let pending = self.submit_any(messages, terms, &mut |_| Ok(())).await?;
        pending.wait().await
    }

    async fn submit_any(
        &self,
        messages: &[Any],
        terms: Terms,
        witness: &mut Witness<'_>,
    ) -> Result<Pending, ChainError> {
        // One at a time: a node takes sequences only in their order.
        let mut state = self.shared.state.lock().await;
        for _ in 0..ATTEMPTS {
            match self.attempt(&mut state, messages, terms, witness).await {
                Ok(Attempt::Taken(transaction)) => {
                    return Ok(Pending {
                        sender: self.clone(),
                        transaction,
                    });
                }
                Ok(Attempt::Refused(sequence)) => self.remedy(&mut state, sequence).await?,
                Err(ChainError::Refused(refusal)) => return Err(ChainError::Refused(refusal)),
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

    /// Signs and sends once. That a node expects another sequence is no error: it is told, after
    /// it has been made sure that no node has what was sent.
    async fn attempt(
        &self,
        state: &mut State,
        messages: &[Any],
        terms: Terms,
        witness: &mut Witness<'_>,
    ) -> Result<Attempt, ChainError> {
        let transaction = match self.signed(state, messages, terms).await {
            Err(ChainError::Refused(refusal)) => {
                return Attempt::again(refusal);
            }
            signed => signed?,
        };
        witness(&transaction)?;
        match self.client.broadcast(&transaction).await {
            Ok(()) => {
                state.tracker.taken(transaction.clone());
                Ok(Attempt::Taken(transaction))
            }
            // A sequence that is used may be used by this very transaction: a node may have taken
            // it and have said something else, or nothing. Signed again it would be carried out
            // twice.
            Err(error) if may_be_taken(&error, transaction.sequence) => {
                let next = sequence_after(&error, transaction.sequence);
                if self.is_included(&transaction, error).await? {
                    state.tracker.taken(transaction.clone());
                    return Ok(Attempt::Taken(transaction));
                }
                Ok(Attempt::Refused(next))
            }
            Err(ChainError::Refused(refusal)) => Attempt::again(refusal),
            Err(error) => Err(error),
        }
    }

    async fn signed(
        &self,
        state: &mut State,
        messages: &[Any],
        terms: Terms,
    ) -> Result<SignedTx, ChainError> {
        let signer = &self.shared.signer;
        let (account_number, sequence) = self.place(state).await?;
        let gas = match terms.gas {
            Gas::Limit(gas) => gas,
            Gas::Simulated => {
                let used = self.client.simulate(signer, sequence, messages, "").await?;
                self.client.network().adjusted(used)?
            }
        };
        let terms = tx::Terms {
            account_number,
            sequence,
            gas,
            timeout_height: terms.timeout_height,
        };
        sign(&self.client, signer, messages, "", terms)
    }

    /// Whether a block has a transaction, waited for until blocks have used its sequence.
    ///
    /// # Errors
    /// `unclear` if they do not in time.
    async fn is_included(
        &self,
        transaction: &SignedTx,
        unclear: ChainError,
    ) -> Result<bool, ChainError> {
        let start = Instant::now();
        while start.elapsed() < self.patience {
            match self.client.account(self.address()).await {
                Ok(account) if account.sequence > transaction.sequence => {
                    return self.is_indexed(transaction).await;
                }
                Ok(_) | Err(ChainError::Unreachable { .. }) => sleep(POLL).await,
                Err(error) => return Err(error),
            }
        }
        Err(unclear)
    }

    /// The same, when its sequence is used. A node's index is a little behind its state.
    async fn is_indexed(&self, transaction: &SignedTx) -> Result<bool, ChainError> {
        for _ in 0..POLLS_OF_INDEX {
            match self.client.transaction(&transaction.hash).await {
                Ok(Some(_)) | Err(ChainError::Refused(_)) => return Ok(true),
                Ok(None) => sleep(POLL).await,
                Err(error) => return Err(error),
            }
        }
        Ok(false)
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

/// What came of signing and sending once.
enum Attempt {
    /// A node has it.
    Taken(SignedTx),
    /// No node has it; this sequence is expected.
    Refused(u64),
}

impl Attempt {
    /// A refusal because of the sequence is a reason to try again; others are not.
    fn again(refusal: Box<Refusal>) -> Result<Self, ChainError> {
        match expected(&refusal) {
            Some(sequence) => Ok(Self::Refused(sequence)),
            None => Err(ChainError::Refused(refusal)),
        }
    }
}

/// Whether a transaction with this sequence may have been taken although sending it failed.
fn may_be_taken(error: &ChainError, sequence: u64) -> bool {
    match error {
        ChainError::Refused(refusal) => is_past(refusal, sequence),
        ChainError::Unclear { .. } => true,
        _ => false,
    }
}

/// The sequence that a node expects after one that is used: others may have used more of them.
fn sequence_after(error: &ChainError, sequence: u64) -> u64 {
    let refusal = match error {
        ChainError::Refused(refusal) | ChainError::Unclear { refusal, .. } => expected(refusal),
        _ => None,
    };
    refusal.unwrap_or_default().max(sequence + 1)
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
                    Ok(()) | Err(ChainError::Unreachable { .. } | ChainError::Unclear { .. }) => {}
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
            sleep(POLL * POLLS_OF_INDEX).await;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Phase;

    /// A sender that was fifteen sequences behind gave up: it went on one by one.
    #[test]
    fn a_sender_that_is_far_behind_goes_on_where_the_node_is() {
        let log = "account sequence mismatch, expected 20, got 5: incorrect account sequence";
        let refusal = ChainError::from(Refusal::new(Phase::Check, "sdk", 32, log));
        assert!(may_be_taken(&refusal, 5));
        assert_eq!(sequence_after(&refusal, 5), 20);
        assert!(!may_be_taken(&refusal, 20));

        let unclear = |log| ChainError::Unclear {
            hash: "AB".into(),
            failures: Vec::new(),
            refusal: Box::new(Refusal::new(Phase::Check, "sdk", 13, log)),
        };
        assert!(may_be_taken(&unclear(log), 20));
        assert_eq!(sequence_after(&unclear("insufficient fee"), 5), 6);
    }
}
