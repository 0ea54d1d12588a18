//! Sends transactions from one account, many at a time.

mod pending;

use std::sync::Arc;
use std::time::{Duration, Instant};

use cosmrs::Any;
use tokio::sync::Mutex;
use tokio::time::sleep;

use crate::blocks::Blocks;
use crate::client::Client;
use crate::error::{ChainError, Refusal};
use crate::keys::Signer;
use crate::lookup::Landed;
use crate::message::Message;
use crate::sequence::{Remedy, Tracker, expected};
use crate::tx::{self, Gas, Included, SignedTx, Simulation, sign};

pub use pending::Pending;

/// How often a transaction is signed again with another sequence.
const ATTEMPTS: u32 = 10;

/// For how long a transaction is waited for unless said otherwise.
const PATIENCE: Duration = Duration::from_secs(60);

/// How often is looked whether something has happened.
const POLL: Duration = Duration::from_millis(200);

/// For how long it is waited for the block that uses a sequence which nodes say is used: nothing else
/// is sent meanwhile.
const SETTLES: Duration = Duration::from_secs(12);

/// Blocks, back from the newest one, that are searched for a transaction that was signed just now.
const SEARCHED: u64 = 50;

/// How often a transaction is handed over again after those before it.
const RESENDS: u32 = 3;

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
    blocks: Blocks,
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

impl Sender {
    /// Sends with this key.
    #[must_use]
    pub fn new(client: Client, signer: Signer) -> Self {
        let shared = Shared {
            signer,
            state: Mutex::default(),
            blocks: Blocks::default(),
        };
        Self {
            client,
            shared: Arc::new(shared),
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
        let mut sequence = self.client.account(self.address()).await?.sequence;
        for _ in 0..ATTEMPTS {
            let tried = self.client.try_out(signer, sequence, &messages, "").await;
            let Err(ChainError::Refused(refusal)) = tried else {
                return tried;
            };
            // The node counts transactions that wait for a block, and there may be more by now.
            sequence = expected(&refusal).ok_or(ChainError::Refused(refusal))?;
        }
        Err(self.unsettled())
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
                        last: terms.timeout_height,
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
        Err(self.unsettled())
    }

    fn unsettled(&self) -> ChainError {
        ChainError::SequenceUnsettled {
            address: self.address().into(),
            attempts: ATTEMPTS,
        }
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
        match self.hand_over(state, &transaction).await {
            Ok(()) => {
                state.tracker.taken(transaction.clone());
                Ok(Attempt::Taken(transaction))
            }
            // A sequence that is used may be used by this very transaction: a node may have taken
            // it and have said something else, or nothing. Signed again it would be carried out
            // twice.
            Err(ChainError::Refused(refusal)) if is_past(&refusal, transaction.sequence) => {
                let next = sequence_after(&refusal, transaction.sequence);
                if self.is_included(&transaction, refusal).await? {
                    state.tracker.taken(transaction.clone());
                    return Ok(Attempt::Taken(transaction));
                }
                Ok(Attempt::Refused(next))
            }
            Err(ChainError::Refused(refusal)) => Attempt::again(refusal),
            Err(error) => Err(error),
        }
    }

    /// Hands a transaction to the nodes. What one of them may have counts as taken: whoever waits for
    /// it finds that out. A node that lacks those before it gets them first.
    async fn hand_over(&self, state: &mut State, transaction: &SignedTx) -> Result<(), ChainError> {
        let mut may_be_taken = false;
        for _ in 0..RESENDS {
            let refusal = match self.client.broadcast(transaction).await {
                Ok(()) => return Ok(()),
                Err(ChainError::Unclear { refusal, .. }) => refusal,
                // Whoever was silent before may be set aside by now, and not be asked any more.
                Err(ChainError::Refused(_) | ChainError::Unreachable { .. }) if may_be_taken => {
                    return Ok(());
                }
                Err(error) => return Err(error),
            };
            may_be_taken = true;
            let lost = expected(&refusal).map(|sequence| state.tracker.lost(sequence));
            match lost {
                Some(lost) if !lost.is_empty() => self.resend(state, lost).await?,
                _ => break,
            }
        }
        Ok(())
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
    /// [`ChainError::Unclear`] if they do not in time.
    async fn is_included(
        &self,
        transaction: &SignedTx,
        refusal: Box<Refusal>,
    ) -> Result<bool, ChainError> {
        let start = Instant::now();
        while start.elapsed() < SETTLES {
            match self.in_block(transaction).await {
                Ok(Place::Landed(_)) => return Ok(true),
                Ok(Place::Overtaken) => return Ok(false),
                Ok(Place::Open) => {}
                Err(error) if passes(&error) => {}
                Err(error) => return Err(error),
            }
            sleep(POLL).await;
        }
        Err(ChainError::Unclear {
            hash: transaction.hash.clone(),
            failures: Vec::new(),
            refusal,
        })
    }

    /// Where a transaction is that was signed a little while ago, by the blocks themselves: an index
    /// is behind them, and not every node has one.
    async fn in_block(&self, transaction: &SignedTx) -> Result<Place, ChainError> {
        let newest = self.client.latest_block().await?.height;
        let account = self.client.at(newest).account(self.address()).await?;
        if account.sequence <= transaction.sequence {
            return Ok(Place::Open);
        }
        let first = newest.saturating_sub(SEARCHED).max(1);
        let hashes = std::slice::from_ref(&transaction.hash);
        let found = self.client.find_in_blocks(hashes, first..=newest).await?;
        let landed = found.into_iter().next();
        Ok(landed.map_or(Place::Overtaken, |(_, landed)| Place::Landed(landed)))
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
        self.resend(state, lost).await
    }

    /// Hands over again what nodes have lost, in its order.
    async fn resend(&self, state: &mut State, lost: Vec<SignedTx>) -> Result<(), ChainError> {
        for transaction in lost {
            match self.client.broadcast(&transaction).await {
                Ok(()) | Err(ChainError::Unclear { .. }) => {}
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

/// Where a transaction is.
enum Place {
    /// In a block.
    Landed(Landed),
    /// In none, and another one has its sequence.
    Overtaken,
    /// In none, and its sequence is free.
    Open,
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

/// The sequence that a node expects after one that is used: others may have used more of them.
fn sequence_after(refusal: &Refusal, sequence: u64) -> u64 {
    expected(refusal).unwrap_or_default().max(sequence + 1)
}

/// Whether an error may be gone when it is asked again.
const fn passes(error: &ChainError) -> bool {
    matches!(
        error,
        ChainError::Unreachable { .. }
            | ChainError::BlockUnavailable { .. }
            | ChainError::StateUnavailable { .. }
    )
}

/// Whether a node refuses a sequence because it has one at least as high already.
fn is_past(refusal: &Refusal, sequence: u64) -> bool {
    expected(refusal).is_some_and(|expected| expected > sequence)
}

#[cfg(test)]
mod tests;
