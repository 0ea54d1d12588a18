//! Messages of the contract.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::CosmosMsg;
use serde::Deserialize;
use serde::de::IgnoredAny;

/// Creates the contract, which then does nothing.
#[cw_serde]
pub struct InstantiateMsg {}

/// The one message that the contract knows.
#[cw_serde]
pub enum ExecuteMsg {
    /// Anyone: what to do at the next call. Forgets what came of the last one.
    Set {
        /// Messages to send, in this order.
        on_call: Vec<CosmosMsg>,
        /// Whether to go on when one of them is refused, and write down why.
        swallow: bool,
    },
}

/// Whatever the contract is called with, a CW20's `receive` and a vault's `bulwark_callback`
/// among it.
#[derive(Deserialize)]
#[serde(untagged)]
pub enum AnyMsg {
    /// The message that it knows.
    Known(ExecuteMsg),
    /// Any other JSON: the call to act on.
    Other(IgnoredAny),
}

/// Queries of the contract.
#[cw_serde]
pub enum QueryMsg {
    /// Why messages were refused, in their order: `Vec<String>`. What a chain would redact
    /// stands here in full in tests.
    Errors {},
    /// How many messages wait for a call: `usize`. None once it was called.
    Waiting {},
}
