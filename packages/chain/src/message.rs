//! Messages as transactions carry them, and as multisigs read them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bulwark_types::{oracle, vault};
use cosmrs::Any;
use cosmrs::proto::cosmos::bank::v1beta1::MsgSend;
use cosmrs::proto::cosmos::base::v1beta1::Coin as ProtoCoin;
use cosmrs::proto::cosmwasm::wasm::v1::{
    MsgExecuteContract, MsgInstantiateContract, MsgMigrateContract, MsgStoreCode, MsgUpdateAdmin,
};
use cosmrs::proto::prost::Name;
use cosmwasm_std::{Coin, StdResult, to_json_vec};
use serde::Serialize;
use serde_json::{Value, json};

/// What a transaction can do. Contracts' messages are JSON.
#[derive(Clone, Debug, PartialEq)]
pub enum Message {
    /// Stores code that everybody may instantiate; the bytes may be compressed with gzip.
    StoreCode {
        /// Who stores it.
        sender: String,
        /// Wasm, or wasm compressed with gzip.
        wasm: Vec<u8>,
    },
    /// Creates a contract.
    Instantiate {
        /// Who creates it.
        sender: String,
        /// Its code.
        code_id: u64,
        /// What people call it.
        label: String,
        /// Who may migrate it.
        admin: Option<String>,
        /// What the contract is told.
        msg: Vec<u8>,
        /// Coins that go with it.
        funds: Vec<Coin>,
    },
    /// Sends a contract a message.
    Execute {
        /// Who sends it.
        sender: String,
        /// The contract.
        contract: String,
        /// What the contract is told.
        msg: Vec<u8>,
        /// Coins that go with it.
        funds: Vec<Coin>,
    },
    /// Gives a contract other code.
    Migrate {
        /// Its admin.
        sender: String,
        /// The contract.
        contract: String,
        /// The new code.
        code_id: u64,
        /// What the new code is told.
        msg: Vec<u8>,
    },
    /// Hands over who may migrate a contract.
    UpdateAdmin {
        /// Its admin.
        sender: String,
        /// The contract.
        contract: String,
        /// The new admin.
        admin: String,
    },
    /// Sends coins.
    Send {
        /// Whose they are.
        sender: String,
        /// Who receives them.
        to: String,
        /// The coins.
        coins: Vec<Coin>,
    },
}

impl Message {
    /// A message to any contract.
    ///
    /// # Errors
    /// If the message cannot be written as JSON.
    pub fn execute(
        sender: &str,
        contract: &str,
        msg: &impl Serialize,
        funds: Vec<Coin>,
    ) -> StdResult<Self> {
        Ok(Self::Execute {
            sender: sender.into(),
            contract: contract.into(),
            msg: to_json_vec(msg)?,
            funds,
        })
    }

    /// A message to a vault.
    ///
    /// # Errors
    /// None in practice.
    pub fn vault(
        sender: &str,
        vault: &str,
        msg: &vault::ExecuteMsg,
        funds: Vec<Coin>,
    ) -> StdResult<Self> {
        Self::execute(sender, vault, msg, funds)
    }

    /// A message to an oracle.
    ///
    /// # Errors
    /// None in practice.
    pub fn oracle(sender: &str, oracle: &str, msg: &oracle::ExecuteMsg) -> StdResult<Self> {
        Self::execute(sender, oracle, msg, Vec::new())
    }

    /// As a transaction carries it.
    #[must_use]
    pub fn to_any(&self) -> Any {
        match self.clone() {
            Self::StoreCode { sender, wasm } => any(&MsgStoreCode {
                sender,
                wasm_byte_code: wasm,
                instantiate_permission: None,
            }),
            Self::Instantiate {
                sender,
                code_id,
                label,
                admin,
                msg,
                funds,
            } => any(&MsgInstantiateContract {
                sender,
                admin: admin.unwrap_or_default(),
                code_id,
                label,
                msg,
                funds: coins(&funds),
            }),
            Self::Execute {
                sender,
                contract,
                msg,
                funds,
            } => any(&MsgExecuteContract {
                sender,
                contract,
                msg,
                funds: coins(&funds),
            }),
            Self::Migrate {
                sender,
                contract,
                code_id,
                msg,
            } => any(&MsgMigrateContract {
                sender,
                contract,
                code_id,
                msg,
            }),
            Self::UpdateAdmin {
                sender,
                contract,
                admin,
            } => any(&MsgUpdateAdmin {
                sender,
                new_admin: admin,
                contract,
            }),
            Self::Send { sender, to, coins } => any(&MsgSend {
                from_address: sender,
                to_address: to,
                amount: self::coins(&coins),
            }),
        }
    }

    /// As the command lines of chains read it, in an unsigned transaction.
    #[must_use]
    pub fn to_json(&self) -> Value {
        // What contracts are told was written as JSON by this crate's callers; other bytes
        // cannot be shown in this form and are no message of any contract.
        let told = |msg: &[u8]| serde_json::from_slice(msg).unwrap_or(Value::Null);
        match self {
            Self::StoreCode { sender, wasm } => json!({
                "@type": "/cosmwasm.wasm.v1.MsgStoreCode",
                "sender": sender,
                "wasm_byte_code": STANDARD.encode(wasm),
                "instantiate_permission": null,
            }),
            Self::Instantiate {
                sender,
                code_id,
                label,
                admin,
                msg,
                funds,
            } => json!({
                "@type": "/cosmwasm.wasm.v1.MsgInstantiateContract",
                "sender": sender,
                "admin": admin.as_deref().unwrap_or_default(),
                "code_id": code_id.to_string(),
                "label": label,
                "msg": told(msg),
                "funds": funds,
            }),
            Self::Execute {
                sender,
                contract,
                msg,
                funds,
            } => json!({
                "@type": "/cosmwasm.wasm.v1.MsgExecuteContract",
                "sender": sender,
                "contract": contract,
                "msg": told(msg),
                "funds": funds,
            }),
            Self::Migrate {
                sender,
                contract,
                code_id,
                msg,
            } => json!({
                "@type": "/cosmwasm.wasm.v1.MsgMigrateContract",
                "sender": sender,
                "contract": contract,
                "code_id": code_id.to_string(),
                "msg": told(msg),
            }),
            Self::UpdateAdmin {
                sender,
                contract,
                admin,
            } => json!({
                "@type": "/cosmwasm.wasm.v1.MsgUpdateAdmin",
                "sender": sender,
                "new_admin": admin,
                "contract": contract,
            }),
            Self::Send { sender, to, coins } => json!({
                "@type": "/cosmos.bank.v1beta1.MsgSend",
                "from_address": sender,
                "to_address": to,
                "amount": coins,
            }),
        }
    }
}

/// An unsigned transaction of several messages, as the command lines of chains read it for
/// multisigs.
#[must_use]
pub fn unsigned_transaction(messages: &[Message], memo: &str, fee: &[Coin], gas: u64) -> Value {
    json!({
        "body": {
            "messages": messages.iter().map(Message::to_json).collect::<Vec<_>>(),
            "memo": memo,
            "timeout_height": "0",
            "extension_options": [],
            "non_critical_extension_options": [],
        },
        "auth_info": {
            "signer_infos": [],
            "fee": { "amount": fee, "gas_limit": gas.to_string(), "payer": "", "granter": "" },
        },
        "signatures": [],
    })
}

fn any<M: Name>(message: &M) -> Any {
    Any {
        type_url: M::type_url(),
        value: message.encode_to_vec(),
    }
}

pub(crate) fn coins(coins: &[Coin]) -> Vec<ProtoCoin> {
    let mut coins: Vec<_> = coins
        .iter()
        .map(|coin| ProtoCoin {
            denom: coin.denom.clone(),
            amount: coin.amount.to_string(),
        })
        .collect();
    // A chain takes lists of coins in the order of their denoms only.
    coins.sort_by(|one, two| one.denom.cmp(&two.denom));
    coins
}
