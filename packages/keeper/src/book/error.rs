//! What can be wrong with records.

use bulwark_vault::ContractError;
use cosmwasm_std::StdError;
use thiserror::Error;

use super::Contract;

/// [`std::result::Result`] with [`BookError`].
pub type BookResult<T> = Result<T, BookError>;

/// What can be wrong with records.
#[derive(Debug, Error)]
pub enum BookError {
    /// A record does not unpack: the contract has another version than this program.
    #[error("{contract}: the record {key} does not unpack: {error}")]
    Record {
        /// Whose record.
        contract: Contract,
        /// Its key, in hexadecimal digits.
        key: String,
        /// What is wrong with it.
        error: StdError,
    },
    /// A key stands among the accounts, and names none.
    #[error("vault: {key} is no key of an account")]
    Key {
        /// The key, in hexadecimal digits.
        key: String,
    },
    /// More accounts than can be counted.
    #[error("no room for more than {elements} elements")]
    Full {
        /// What is there.
        elements: usize,
    },
    /// What the vault answers.
    #[error(transparent)]
    Vault(#[from] Box<ContractError>),
    /// An answer of the vault that cannot be read.
    #[error("the vault's answer cannot be read: {0}")]
    Answer(StdError),
}

/// Bytes in hexadecimal digits.
pub fn digits(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
