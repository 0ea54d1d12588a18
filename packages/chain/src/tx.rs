//! Transactions: simulated and signed.

use std::fmt;

use cosmrs::Any;
use cosmrs::proto::cosmos::base::v1beta1::Coin as ProtoCoin;
use cosmrs::proto::cosmos::tx::signing::v1beta1::SignMode;
use cosmrs::proto::cosmos::tx::v1beta1::mode_info::{Single, Sum};
use cosmrs::proto::cosmos::tx::v1beta1::{
    AuthInfo, Fee, ModeInfo, SignDoc, SignerInfo, TxBody, TxRaw,
};
use cosmrs::proto::prost::Message as Proto;
use cosmwasm_std::Event;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::answers::RawEvent;
use crate::client::Client;
use crate::error::{ChainError, Phase};
use crate::keys::Signer;

/// Gas that a transaction may use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Gas {
    /// Exactly so much.
    Limit(u64),
    /// What a simulation used, times the network's adjustment.
    #[default]
    Simulated,
}

/// A transaction that is signed.
#[derive(Clone, PartialEq, Eq)]
pub struct SignedTx {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Its hash, in capital hexadecimal digits as chains show it.
    pub hash: String,
    /// The sequence that it was signed with.
    pub sequence: u64,
}

impl fmt::Debug for SignedTx {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SignedTx({} sequence {})", self.hash, self.sequence)
    }
}

/// A transaction that stands in a block and has done what it should.
#[derive(Clone, Debug, PartialEq)]
pub struct Included {
    /// Its hash.
    pub hash: String,
    /// Its block.
    pub height: u64,
    /// Gas that it used.
    pub gas_used: u64,
    /// Gas that it could have used.
    pub gas_wanted: u64,
    /// Its events, in their order.
    pub events: Vec<Event>,
}

impl Included {
    /// The first value of an attribute, such as `code_id` of `store_code`.
    #[must_use]
    pub fn attribute(&self, event: &str, key: &str) -> Option<&str> {
        let events = self.events.iter().filter(|found| found.ty == event);
        let mut attributes = events.flat_map(|event| &event.attributes);
        let found = attributes.find(|attribute| attribute.key == key);
        found.map(|attribute| attribute.value.as_str())
    }

    /// The same as a number.
    ///
    /// # Errors
    /// [`ChainError::Malformed`] if there is none.
    pub fn number(&self, event: &str, key: &str) -> Result<u64, ChainError> {
        let text = self.attribute(event, key).unwrap_or_default();
        let what = || format!("{event}.{key} of {}", self.hash);
        text.parse()
            .map_err(|error| ChainError::malformed(what(), error))
    }
}

/// What messages would do if they were sent now.
#[derive(Clone, Debug, PartialEq)]
pub struct Simulation {
    /// Gas that they would use.
    pub gas_used: u64,
    /// The events that they would emit, in their order.
    pub events: Vec<Event>,
}

/// Tries out a transaction; the answer is JSON.
const SIMULATE: &str = "/app/simulate";

/// What a node says of a transaction that it tried out.
#[derive(Deserialize)]
struct Simulated {
    gas_info: SimulatedGas,
    #[serde(default)]
    result: SimulatedResult,
}

/// The gas of that.
#[derive(Deserialize)]
struct SimulatedGas {
    gas_used: String,
}

/// What came of it.
#[derive(Default, Deserialize)]
struct SimulatedResult {
    #[serde(default)]
    events: Vec<RawEvent>,
}

/// What is signed besides the messages.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Terms {
    pub(crate) account_number: u64,
    pub(crate) sequence: u64,
    pub(crate) gas: u64,
    /// The last block that may have it.
    pub(crate) timeout_height: Option<u64>,
}

/// Signs messages with a fee for so much gas.
pub(crate) fn sign(
    client: &Client,
    signer: &Signer,
    messages: &[Any],
    memo: &str,
    terms: Terms,
) -> Result<SignedTx, ChainError> {
    let network = client.network();
    let body_bytes = body(messages, memo, terms.timeout_height);
    let fee = ProtoCoin {
        denom: network.denom.clone(),
        amount: network.fee(terms.gas).to_string(),
    };
    let auth_info_bytes = auth_info(signer, terms.sequence, terms.gas, fee)?;
    let document = SignDoc {
        body_bytes: body_bytes.clone(),
        auth_info_bytes: auth_info_bytes.clone(),
        chain_id: network.chain_id.clone(),
        account_number: terms.account_number,
    };
    let signature = signer
        .key()
        .sign(&document.encode_to_vec())
        .map_err(|error| ChainError::malformed("signature", error))?;
    let bytes = TxRaw {
        body_bytes,
        auth_info_bytes,
        signatures: vec![signature.to_vec()],
    }
    .encode_to_vec();
    Ok(SignedTx {
        hash: hex::encode_upper(Sha256::digest(&bytes)),
        sequence: terms.sequence,
        bytes,
    })
}

fn body(messages: &[Any], memo: &str, timeout_height: Option<u64>) -> Vec<u8> {
    TxBody {
        messages: messages.to_vec(),
        memo: memo.into(),
        // Zero is none.
        timeout_height: timeout_height.unwrap_or_default(),
        ..TxBody::default()
    }
    .encode_to_vec()
}

fn auth_info(
    signer: &Signer,
    sequence: u64,
    gas: u64,
    fee: ProtoCoin,
) -> Result<Vec<u8>, ChainError> {
    let mode_info = ModeInfo {
        sum: Some(Sum::Single(Single {
            mode: SignMode::Direct.into(),
        })),
    };
    let key = signer
        .public_key()
        .to_any()
        .map_err(|error| ChainError::malformed("public key", error))?;
    let info = SignerInfo {
        public_key: Some(key),
        mode_info: Some(mode_info),
        sequence,
    };
    let fee = Fee {
        // A chain refuses coins of nothing in a list.
        amount: Some(fee)
            .into_iter()
            .filter(|coin| coin.amount != "0")
            .collect(),
        gas_limit: gas,
        payer: String::new(),
        granter: String::new(),
    };
    #[allow(
        deprecated,
        reason = "tips were never used; the field has to be filled"
    )]
    let info = AuthInfo {
        signer_infos: vec![info],
        fee: Some(fee),
        tip: None,
    };
    Ok(info.encode_to_vec())
}

impl Client {
    /// Gas that messages would use if they were sent with that sequence now.
    ///
    /// # Errors
    /// [`ChainError::Refused`] with the reason why they would fail.
    pub async fn simulate(
        &self,
        signer: &Signer,
        sequence: u64,
        messages: &[Any],
        memo: &str,
    ) -> Result<u64, ChainError> {
        let simulation = self.try_out(signer, sequence, messages, memo).await?;
        Ok(simulation.gas_used)
    }

    /// What messages would do if they were sent with that sequence now.
    ///
    /// # Errors
    /// [`ChainError::Refused`] with the reason why they would fail.
    pub async fn try_out(
        &self,
        signer: &Signer,
        sequence: u64,
        messages: &[Any],
        memo: &str,
    ) -> Result<Simulation, ChainError> {
        // Without a fee it would be left out what taking a fee costs.
        let network = self.network();
        let fee = ProtoCoin {
            denom: network.denom.clone(),
            amount: u8::from(!network.gas_price.is_zero()).to_string(),
        };
        let raw = TxRaw {
            body_bytes: body(messages, memo, None),
            auth_info_bytes: auth_info(signer, sequence, 0, fee)?,
            // Nobody checks it here, but its length counts.
            signatures: vec![vec![0; 64]],
        };
        // Not the module's own service: a node without gRPC and REST does not have it.
        let decode = |value: &[u8]| {
            serde_json::from_slice(value).map_err(|error| ChainError::malformed(SIMULATE, error))
        };
        let bytes = raw.encode_to_vec();
        let answer: Simulated = self
            .abci_query(SIMULATE, bytes, Phase::Simulate, decode)
            .await?;
        let used = answer.gas_info.gas_used.parse();
        Ok(Simulation {
            gas_used: used.map_err(|error| ChainError::malformed(SIMULATE, error))?,
            events: answer.result.events.into_iter().map(Event::from).collect(),
        })
    }
}
