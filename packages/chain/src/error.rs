//! What can go wrong between a client and a chain.

use std::fmt::{self, Write as _};
use std::time::Duration;

use bulwark_types::wire::WireError;
use thiserror::Error;

use crate::keys::KeyError;
use crate::network::NetworkError;

/// At which point the chain refused something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// A query failed.
    Query,
    /// A transaction failed when it was only tried out.
    Simulate,
    /// A node did not take a transaction; it costs nothing and never runs.
    Check,
    /// A transaction stands in a block and failed; its fee is paid, nothing else happened.
    Deliver,
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Query => "query",
            Self::Simulate => "simulation",
            Self::Check => "check of the transaction",
            Self::Deliver => "transaction",
        })
    }
}

/// A refusal of the chain, with its code and, where a Bulwark contract refused, its reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// When.
    pub phase: Phase,
    /// Whose code it is: `sdk`, `wasm`, ….
    pub codespace: String,
    /// The code in that codespace; never zero.
    pub code: u32,
    /// What the chain says.
    pub log: String,
    /// The contract's own error, if one stands in the log.
    pub reason: Option<WireError>,
    /// Hash of the transaction, if there is one.
    pub hash: Option<String>,
    /// Whether it stands in a block that took its fee: not what failed before it came to that.
    pub charged: bool,
}

impl Refusal {
    /// A refusal, with the contract's own error looked up in the log.
    #[must_use]
    pub fn new(phase: Phase, codespace: &str, code: u32, log: &str) -> Self {
        Self {
            phase,
            codespace: codespace.into(),
            code,
            log: log.into(),
            reason: WireError::find(log),
            hash: None,
            charged: false,
        }
    }

    /// The same, of a transaction with this hash.
    #[must_use]
    pub fn of(mut self, hash: &str) -> Self {
        self.hash = Some(hash.into());
        self
    }

    /// Name of the contract's own error, such as `insufficient_cash`.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.reason.as_ref().map(|reason| reason.name.as_str())
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the {} was refused", self.phase)?;
        if let Some(hash) = &self.hash {
            write!(f, " ({hash})")?;
        }
        match &self.reason {
            Some(WireError {
                name,
                sentence,
                fields,
            }) => write!(f, ": {name}: {} {fields}", Told(sentence)),
            None => write!(
                f,
                " with {} {}: {}",
                Told(&self.codespace),
                self.code,
                Told(&self.log)
            ),
        }
    }
}

/// Characters of a node's words that are shown.
const SHOWN: usize = 2_000;

/// A node's words as they can be shown at a terminal: without control characters, and not without
/// end.
struct Told<'a>(&'a str);

impl fmt::Display for Told<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars().take(SHOWN) {
            f.write_char(if c.is_control() { ' ' } else { c })?;
        }
        if self.0.chars().nth(SHOWN).is_some() {
            f.write_str(" …")?;
        }
        Ok(())
    }
}

/// Everything that can go wrong.
#[derive(Debug, Error)]
pub enum ChainError {
    /// The network file.
    #[error(transparent)]
    Network(#[from] NetworkError),
    /// Keys.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// No endpoint answered.
    #[error("no endpoint answered: {}", .failures.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Unreachable {
        /// What each endpoint did instead.
        failures: Vec<EndpointFailure>,
    },
    /// An endpoint belongs to another chain than the network file says.
    #[error("{endpoint} is a node of chain {found}, not of {expected}")]
    WrongChain {
        /// The endpoint.
        endpoint: String,
        /// The chain id of the network file.
        expected: String,
        /// The chain id that the node tells.
        found: String,
    },
    /// A node says that a transaction needs more gas than the network file allows.
    #[error(
        "a node says that the transaction needs {gas} gas: max_gas of the network file is {max_gas}"
    )]
    TooMuchGas {
        /// Gas with the network's adjustment.
        gas: u64,
        /// The most that is signed for.
        max_gas: u64,
    },
    /// The chain refused something.
    #[error("{0}")]
    Refused(Box<Refusal>),
    /// There is no such account: nothing was ever sent to it.
    #[error("account {address} does not exist on this chain: send it some coins first")]
    NoAccount {
        /// Its address.
        address: String,
    },
    /// There is no such code.
    #[error("there is no code {code_id} on this chain")]
    NoCode {
        /// Its number.
        code_id: u64,
    },
    /// A transaction was taken but did not come into a block in time. It may still.
    #[error("transaction {hash} is in no block after {} s", .waited.as_secs())]
    NotIncluded {
        /// Its hash.
        hash: String,
        /// For how long it was waited for.
        waited: Duration,
    },
    /// Another transaction with the same sequence came into a block instead.
    #[error(
        "transaction {hash} with sequence {sequence} of {address} was overtaken by another one"
    )]
    Superseded {
        /// Its hash.
        hash: String,
        /// The sender.
        address: String,
        /// Its sequence.
        sequence: u64,
    },
    /// A transaction was signed, and kept from being sent by whoever wanted to hear of it first.
    #[error("transaction {hash} was not sent: {detail}")]
    Withheld {
        /// Its hash.
        hash: String,
        /// Why.
        detail: String,
    },
    /// An endpoint refused a transaction, and another one did not answer when it got it, or the
    /// refusal may be because of this very transaction: it may come into a block yet.
    #[error("transaction {hash} may have been taken or not: {}; {refusal}", .failures.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Unclear {
        /// Its hash.
        hash: String,
        /// What the endpoints did that did not answer.
        failures: Vec<EndpointFailure>,
        /// What the one said that did.
        refusal: Box<Refusal>,
    },
    /// No node that answers keeps an index of transactions.
    #[error("no endpoint knows whether transaction {hash} is in a block: {detail}")]
    NotIndexed {
        /// Its hash.
        hash: String,
        /// In a node's words.
        detail: String,
    },
    /// The account's sequence could not be found: another process sends with the same key.
    #[error(
        "the sequence of {address} could not be settled in {attempts} attempts: does another program use this key?"
    )]
    SequenceUnsettled {
        /// The sender.
        address: String,
        /// How often it was tried.
        attempts: u32,
    },
    /// A node does not have the results of a block any more.
    #[error("no endpoint has the results of block {height}: {detail}")]
    BlockUnavailable {
        /// The block.
        height: u64,
        /// In the node's words.
        detail: String,
    },
    /// No node has the state after a block: not any more, or not yet.
    #[error("no endpoint has the state at height {height}: {detail}")]
    StateUnavailable {
        /// The block.
        height: u64,
        /// In a node's words.
        detail: String,
    },
    /// An answer of a node is not of the expected form.
    #[error("{what} is not understood: {detail}")]
    Malformed {
        /// What it is.
        what: String,
        /// What is wrong with it.
        detail: String,
    },
}

/// What an endpoint did instead of answering.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndpointFailure {
    /// The endpoint.
    pub endpoint: String,
    /// In the transport's words.
    pub detail: String,
}

impl fmt::Display for EndpointFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.endpoint, self.detail)
    }
}

impl ChainError {
    /// An answer that is not of the expected form.
    pub(crate) fn malformed(what: impl Into<String>, detail: impl fmt::Display) -> Self {
        Self::Malformed {
            what: what.into(),
            detail: detail.to_string(),
        }
    }

    /// The refusal, if it is one.
    #[must_use]
    pub fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Refused(refusal) => Some(refusal),
            _ => None,
        }
    }

    /// Name of the contract's own error, if one refused.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.refusal().and_then(Refusal::name)
    }
}

impl From<Box<Refusal>> for ChainError {
    fn from(refusal: Box<Refusal>) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Refusal> for ChainError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Box::new(refusal))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nodes_words_cannot_take_over_the_terminal() {
        let log = format!("\u{1b}[2Jowned{}", "x".repeat(5_000));
        let shown = Refusal::new(Phase::Check, "sdk\n", 5, &log).to_string();
        assert!(!shown.contains(char::is_control), "{shown}");
        assert!(shown.ends_with("xxx …") && shown.len() < 2_100, "{shown}");
    }

    #[test]
    fn a_refusal_tells_the_contracts_reason() {
        let log = r#"failed to execute message; message index: 0: no_debt: the account does not owe this asset {"asset":"uatom"}: execute wasm contract failed"#;
        let refusal = Refusal::new(Phase::Deliver, "wasm", 5, log).of("AB");
        assert_eq!(refusal.name(), Some("no_debt"));
        assert_eq!(
            refusal.to_string(),
            r#"the transaction was refused (AB): no_debt: the account does not owe this asset {"asset":"uatom"}"#
        );
    }

    #[test]
    fn a_refusal_without_a_reason_tells_the_code() {
        let refusal = Refusal::new(Phase::Check, "sdk", 13, "insufficient fee");
        assert_eq!(refusal.name(), None);
        assert_eq!(
            refusal.to_string(),
            "the check of the transaction was refused with sdk 13: insufficient fee"
        );
    }
}
