//! Transactions: simulated, signed, broadcast, found again.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
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
use tendermint_rpc::Client as _;

use crate::answers::{RawEvent, TxAnswer, TxRequest, TxResult};
use crate::client::{Client, settled};
use crate::error::{ChainError, Phase, Refusal};
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
        let bytes = self
            .abci_query(SIMULATE, raw.encode_to_vec(), Phase::Simulate)
            .await?;
        let answer: Simulated = serde_json::from_slice(&bytes)
            .map_err(|error| ChainError::malformed(SIMULATE, error))?;
        let used = answer.gas_info.gas_used.parse();
        Ok(Simulation {
            gas_used: used.map_err(|error| ChainError::malformed(SIMULATE, error))?,
            events: answer.result.events.into_iter().map(Event::from).collect(),
        })
    }

    /// Hands a transaction to a node, which checks it but does not wait for a block. That the
    /// node has it already is no error.
    ///
    /// # Errors
    /// [`ChainError::Refused`] by the check; [`ChainError::Unclear`] if an endpoint before did not
    /// answer; [`ChainError::Unreachable`].
    pub async fn broadcast(&self, transaction: &SignedTx) -> Result<(), ChainError> {
        let (answer, failures) = self
            .ask_telling(|rpc| {
                let bytes = transaction.bytes.clone();
                async move { settled(rpc.broadcast_tx_sync(bytes).await) }
            })
            .await?;
        match answer {
            Ok(answer)
                if answer.code.is_ok() || is_known(&answer.codespace, answer.code.value()) =>
            {
                Ok(())
            }
            Ok(answer) => {
                let code = answer.code.value();
                let refusal = Refusal::new(Phase::Check, &answer.codespace, code, &answer.log);
                let refusal = refusal.of(&transaction.hash);
                if failures.is_empty() {
                    return Err(refusal.into());
                }
                Err(ChainError::Unclear {
                    hash: transaction.hash.clone(),
                    failures,
                    refusal: Box::new(refusal),
                })
            }
            Err(detail) if detail.contains("tx already exists in cache") => Ok(()),
            Err(detail) => {
                let what = format!("broadcast of {}", transaction.hash);
                Err(ChainError::malformed(what, detail))
            }
        }
    }

    /// A transaction that stands in a block; none if it does not, or if the node has not
    /// indexed it yet.
    ///
    /// # Errors
    /// [`ChainError::Refused`] if it failed there.
    pub async fn transaction(&self, hash: &str) -> Result<Option<Included>, ChainError> {
        let bytes = hex::decode(hash)
            .map_err(|error| ChainError::malformed(format!("hash {hash}"), error))?;
        let answer = self
            .ask(|rpc| {
                let hash = STANDARD.encode(&bytes);
                async move { settled(rpc.perform(TxRequest { hash, prove: false }).await) }
            })
            .await?;
        found(hash, answer)
    }

    /// The same, and the newest block of the very endpoint that says so, as it was before it looked:
    /// another one may be behind.
    ///
    /// # Errors
    /// [`ChainError::Refused`] if it failed there.
    pub async fn transaction_by(&self, hash: &str) -> Result<(Option<Included>, u64), ChainError> {
        let bytes = hex::decode(hash)
            .map_err(|error| ChainError::malformed(format!("hash {hash}"), error))?;
        let (newest, answer) = self
            .ask(|rpc| {
                let hash = STANDARD.encode(&bytes);
                async move {
                    let newest = rpc.status().await?.sync_info.latest_block_height;
                    let answer = rpc.perform(TxRequest { hash, prove: false }).await;
                    Ok((newest.value(), settled(answer)?))
                }
            })
            .await?;
        Ok((found(hash, answer)?, newest))
    }
}

/// A node says this of a transaction that it has in its pool.
fn is_known(codespace: &str, code: u32) -> bool {
    (codespace, code) == ("sdk", 19)
}

/// What a node says of a transaction.
fn found(hash: &str, answer: Result<TxAnswer, String>) -> Result<Option<Included>, ChainError> {
    match answer {
        Ok(answer) => included(hash, answer.height, answer.tx_result).map(Some),
        Err(detail) if detail.contains("not found") => Ok(None),
        Err(detail) => Err(ChainError::malformed(format!("transaction {hash}"), detail)),
    }
}

/// The chain tells this where it takes a fee, of a transaction that fails afterwards, too.
fn is_fee(event: &Event) -> bool {
    event.ty == "tx" && event.attributes.iter().any(|told| told.key == "fee")
}

fn included(hash: &str, height: u64, result: TxResult) -> Result<Included, ChainError> {
    if result.code != 0 {
        let refusal = Refusal::new(Phase::Deliver, &result.codespace, result.code, &result.log);
        let charged = result.events.into_iter().any(|event| is_fee(&event.into()));
        let refusal = Refusal {
            charged,
            ..refusal.of(hash)
        };
        return Err(refusal.into());
    }
    Ok(Included {
        hash: hash.into(),
        height,
        gas_used: result.gas_used,
        gas_wanted: result.gas_wanted,
        events: result.events.into_iter().map(Event::from).collect(),
    })
}
