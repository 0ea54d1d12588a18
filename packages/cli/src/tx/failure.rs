//! Why a message is not sent, or refused, and which exit code says so.

use std::io;
use std::process::ExitCode;

use bulwark_chain::{ChainError, Refusal};
use cosmwasm_std::StdError;
use thiserror::Error;

use super::amount::AmountError;
use super::words::Words;
use crate::access;

/// Something is wrong with what the user asked for.
const USAGE: u8 = 2;

/// Why a message is not sent, or refused.
#[derive(Debug, Error)]
pub enum Failure {
    /// The network, a key, or an account.
    #[error(transparent)]
    Access(#[from] access::Failure),
    /// An amount is not understood.
    #[error(transparent)]
    Amount(#[from] AmountError),
    /// Nobody said who sends.
    #[error("who sends? Name a key: --from NAME")]
    NoSender,
    /// The chain refuses the message.
    #[error("{}", Words(.0))]
    Refused(Box<Refusal>),
    /// There is no liquidation worth doing.
    #[error("{account} is not liquidatable, or nothing in it can change hands")]
    NoPlan {
        /// The account.
        account: String,
    },
    /// A time is not understood.
    #[error("{text} is no time: Unix seconds, or like 2026-03-07T01:00:00Z")]
    Time {
        /// What was written.
        text: String,
    },
    /// Nobody said yes.
    #[error("nothing was sent: say yes, or pass --yes")]
    NotConfirmed,
    /// A message cannot be written.
    #[error("the message cannot be written: {0}")]
    Message(#[from] StdError),
    /// The terminal does not answer.
    #[error("the terminal cannot be read: {0}")]
    Terminal(io::Error),
}

impl Failure {
    /// 2 for what the user can mend on the command line, 1 for what the chain refuses or cannot
    /// be reached for.
    pub fn exit_code(&self) -> ExitCode {
        match self {
            Self::Access(failure) => failure.exit_code(),
            Self::Amount(_) | Self::NoSender | Self::Time { .. } | Self::NotConfirmed => {
                ExitCode::from(USAGE)
            }
            _ => ExitCode::FAILURE,
        }
    }
}

impl From<ChainError> for Failure {
    fn from(error: ChainError) -> Self {
        match error {
            ChainError::Refused(refusal) => Self::Refused(refusal),
            other => Self::Access(other.into()),
        }
    }
}
