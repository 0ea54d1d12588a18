//! Answers of nodes with events in them, read leniently: the library refuses a whole block for
//! one event without attributes.

use cosmwasm_std::{Attribute, Event};
use serde::{Deserialize, Deserializer, Serialize};
use tendermint_rpc::dialect::LatestDialect;
use tendermint_rpc::request::RequestMessage;
use tendermint_rpc::{Method, Request, Response, SimpleRequest};

/// What a block did.
#[derive(Serialize, Deserialize, Debug)]
pub struct BlockResultsRequest {
    pub height: String,
}

/// A block.
#[derive(Serialize, Deserialize, Debug)]
pub struct BlockRequest {
    pub height: String,
}

/// What stands in a block.
#[derive(Serialize, Deserialize, Debug)]
pub struct BlockAnswer {
    pub block: RawBlock,
}

/// A block, as far as it is looked at.
#[derive(Serialize, Deserialize, Debug)]
pub struct RawBlock {
    pub data: BlockData,
}

/// The transactions of a block, in base64.
#[derive(Serialize, Deserialize, Debug)]
pub struct BlockData {
    #[serde(default, deserialize_with = "nothing_for_null")]
    pub txs: Vec<String>,
}

/// What became of a transaction.
#[derive(Clone, Serialize, Deserialize, Debug)]
pub struct TxRequest {
    /// The hash in base64.
    pub hash: String,
    pub prove: bool,
}

/// Results of a block's transactions, and events of none of them.
#[derive(Serialize, Deserialize, Debug)]
pub struct BlockResults {
    #[serde(default, deserialize_with = "nothing_for_null")]
    pub txs_results: Vec<TxResult>,
    #[serde(default, deserialize_with = "nothing_for_null")]
    pub finalize_block_events: Vec<RawEvent>,
}

/// A transaction in a block.
#[derive(Serialize, Deserialize, Debug)]
pub struct TxAnswer {
    #[serde(with = "number")]
    pub height: u64,
    pub tx_result: TxResult,
}

/// How a transaction ended.
#[derive(Serialize, Deserialize, Debug)]
pub struct TxResult {
    #[serde(default)]
    pub code: u32,
    #[serde(default)]
    pub codespace: String,
    #[serde(default)]
    pub log: String,
    #[serde(default, with = "number")]
    pub gas_wanted: u64,
    #[serde(default, with = "number")]
    pub gas_used: u64,
    #[serde(default, deserialize_with = "nothing_for_null")]
    pub events: Vec<RawEvent>,
}

/// An event.
#[derive(Serialize, Deserialize, Debug)]
pub struct RawEvent {
    #[serde(rename = "type", default)]
    pub kind: String,
    #[serde(default, deserialize_with = "nothing_for_null")]
    pub attributes: Vec<RawAttribute>,
}

/// An attribute of an event.
#[derive(Serialize, Deserialize, Debug)]
pub struct RawAttribute {
    #[serde(default, deserialize_with = "nothing_for_null")]
    pub key: String,
    #[serde(default, deserialize_with = "nothing_for_null")]
    pub value: String,
}

fn nothing_for_null<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// 64-bit numbers stand in strings.
mod number {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub fn serialize<S: Serializer>(number: &u64, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(number)
    }

    /// Negative numbers, of which gas has some in odd blocks, count as nothing.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
        let text = String::deserialize(deserializer)?;
        let number: i64 = text.parse().map_err(D::Error::custom)?;
        Ok(u64::try_from(number).unwrap_or_default())
    }
}

impl From<RawEvent> for Event {
    fn from(event: RawEvent) -> Self {
        // Not by the constructor: it refuses names that chains have, such as an empty one.
        let mut made = Self::new(event.kind);
        let attributes = event.attributes.into_iter();
        made.attributes = attributes
            .map(|RawAttribute { key, value }| Attribute { key, value })
            .collect();
        made
    }
}

impl RequestMessage for BlockResultsRequest {
    fn method(&self) -> Method {
        Method::BlockResults
    }
}

impl Request<LatestDialect> for BlockResultsRequest {
    type Response = BlockResults;
}

impl SimpleRequest<LatestDialect> for BlockResultsRequest {
    type Output = BlockResults;
}

impl Response for BlockResults {}

impl RequestMessage for BlockRequest {
    fn method(&self) -> Method {
        Method::Block
    }
}

impl Request<LatestDialect> for BlockRequest {
    type Response = BlockAnswer;
}

impl SimpleRequest<LatestDialect> for BlockRequest {
    type Output = BlockAnswer;
}

impl Response for BlockAnswer {}

impl RequestMessage for TxRequest {
    fn method(&self) -> Method {
        Method::Tx
    }
}

impl Request<LatestDialect> for TxRequest {
    type Response = TxAnswer;
}

impl SimpleRequest<LatestDialect> for TxRequest {
    type Output = TxAnswer;
}

impl Response for TxAnswer {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_without_attributes_are_no_reason_to_refuse_a_block() {
        let text = r#"{"height":"7","txs_results":[{"code":0,"data":null,"log":"","info":"",
            "gas_wanted":"100","gas_used":"-1","codespace":"",
            "events":[{"type":"bare"},{"type":"null","attributes":null},
                {"type":"wasm","attributes":[{"key":"a","value":"b","index":true},{"key":"c","value":null}]}]}],
            "finalize_block_events":null,"validator_updates":null,"app_hash":""}"#;
        let results: BlockResults = serde_json::from_str(text).unwrap();
        let [result] = &results.txs_results[..] else {
            panic!("one transaction");
        };
        assert_eq!((result.gas_wanted, result.gas_used), (100, 0));
        assert_eq!(result.events.len(), 3);
        assert_eq!(result.events[2].attributes[1].value, "");
        let empty = r#"{"height":"7","txs_results":null}"#;
        let results: BlockResults = serde_json::from_str(empty).unwrap();
        assert!(results.txs_results.is_empty());
    }
}
