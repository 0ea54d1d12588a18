//! Transactions, found again: by a node's index, or in the blocks themselves where no node has one.

use std::ops::RangeInclusive;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cosmwasm_std::Event;
use futures::future::join_all;
use futures::{StreamExt, TryStreamExt, stream};
use sha2::{Digest, Sha256};
use tendermint_rpc::{Client as _, Error as RpcError, HttpClient};
use tokio::time::timeout;

use crate::answers::{BlockRequest, BlockResultsRequest, TxAnswer, TxRequest, TxResult};
use crate::client::{Client, Word, known, settled};
use crate::error::{ChainError, Phase, Refusal};
use crate::tx::Included;

/// An endpoint that does not answer for this long is not waited for.
const TIMEOUT: Duration = Duration::from_secs(4);

/// Blocks that are asked for at the same time.
const AT_ONCE: usize = 8;

/// Where a transaction is.
#[derive(Clone, Debug, PartialEq)]
pub enum Whereabouts {
    /// It stands in a block.
    Landed(Landed),
    /// None of the nodes that keep an index has it, and the one that is furthest behind knows blocks
    /// up to this one.
    Missing(u64),
    /// None of the nodes that answer keeps an index; what one says instead.
    NotIndexed(String),
}

/// A transaction in a block: what it did, or why it failed there.
pub type Landed = Result<Included, Box<Refusal>>;

/// What one endpoint says of a transaction.
enum Told {
    Landed(Landed),
    Missing(u64),
    NotIndexed(String),
}

impl Client {
    /// A transaction that stands in a block; none if it does not, or if the node has not
    /// indexed it yet.
    ///
    /// # Errors
    /// [`ChainError::Refused`] if it failed there; [`ChainError::NotIndexed`];
    /// [`ChainError::Unreachable`].
    pub async fn transaction(&self, hash: &str) -> Result<Option<Included>, ChainError> {
        let request = request(hash)?;
        let answer = self
            .ask_who_knows(|rpc| {
                let request = request.clone();
                async move {
                    Ok(match settled(rpc.perform(request).await)? {
                        Ok(answer) => Word::Answer(Some(answer)),
                        Err(words) if is_missing(&words) => Word::Answer(None),
                        Err(words) => Word::Unknown(words),
                    })
                }
            })
            .await?;
        let answer = answer.map_err(|detail| ChainError::NotIndexed {
            hash: hash.into(),
            detail,
        })?;
        let landed = answer.map(|answer| landed(hash, answer.height, answer.tx_result));
        Ok(landed.transpose()?)
    }

    /// Where a transaction is, by all endpoints that are up: what one of them does not have, another
    /// may.
    ///
    /// # Errors
    /// [`ChainError::Unreachable`].
    pub async fn whereabouts(&self, hash: &str) -> Result<Whereabouts, ChainError> {
        let request = request(hash)?;
        let asked = self.asked().into_iter().map(|endpoint| {
            let (rpc, request) = (endpoint.rpc.clone(), request.clone());
            async move {
                let told = timeout(TIMEOUT, tell(rpc, hash, request)).await;
                (endpoint, told)
            }
        });
        let (mut told, mut failures) = (Vec::new(), Vec::new());
        for (endpoint, answer) in join_all(asked).await {
            match answer {
                Ok(Ok(answer)) => told.push(answer),
                Ok(Err(error)) => failures.push(endpoint.failed(crate::client::detail(&error))),
                Err(_) => failures.push(endpoint.failed(crate::client::silent(TIMEOUT))),
            }
        }
        together(told).ok_or(ChainError::Unreachable { failures })
    }

    /// Those of some transactions that stand in a range of blocks, by reading the blocks.
    ///
    /// # Errors
    /// [`ChainError::BlockUnavailable`], [`ChainError::Unreachable`].
    pub async fn find_in_blocks(
        &self,
        hashes: &[String],
        blocks: RangeInclusive<u64>,
    ) -> Result<Vec<(String, Landed)>, ChainError> {
        let found: Vec<Vec<(String, Landed)>> = stream::iter(blocks)
            .map(|height| self.find_in_block(hashes, height))
            .buffered(AT_ONCE)
            .try_collect()
            .await?;
        Ok(found.into_iter().flatten().collect())
    }

    async fn find_in_block(
        &self,
        hashes: &[String],
        height: u64,
    ) -> Result<Vec<(String, Landed)>, ChainError> {
        let unavailable = |detail| ChainError::BlockUnavailable { height, detail };
        let block = self
            .ask_who_knows(|rpc| {
                let height = height.to_string();
                async move { known(rpc.perform(BlockRequest { height }).await) }
            })
            .await?
            .map_err(unavailable)?;
        let mut wanted = Vec::new();
        for (place, transaction) in block.block.data.txs.iter().enumerate() {
            let bytes = STANDARD.decode(transaction);
            let bytes =
                bytes.map_err(|error| ChainError::malformed(format!("block {height}"), error))?;
            let hash = hex::encode_upper(Sha256::digest(&bytes));
            if hashes.contains(&hash) {
                wanted.push((place, hash));
            }
        }
        if wanted.is_empty() {
            return Ok(Vec::new());
        }
        let results = self
            .ask_who_knows(|rpc| {
                let height = height.to_string();
                async move { known(rpc.perform(BlockResultsRequest { height }).await) }
            })
            .await?
            .map_err(unavailable)?;
        let mut results: Vec<Option<TxResult>> =
            results.txs_results.into_iter().map(Some).collect();
        let mut found = Vec::new();
        for (place, hash) in wanted {
            let result = results.get_mut(place).and_then(Option::take);
            let result = result.ok_or_else(|| {
                ChainError::malformed(format!("results of block {height}"), "too few of them")
            })?;
            let landed = landed(&hash, height, result);
            found.push((hash, landed));
        }
        Ok(found)
    }
}

fn request(hash: &str) -> Result<TxRequest, ChainError> {
    let bytes =
        hex::decode(hash).map_err(|error| ChainError::malformed(format!("hash {hash}"), error))?;
    Ok(TxRequest {
        hash: STANDARD.encode(bytes),
        prove: false,
    })
}

/// What one endpoint says. Its newest block is asked for before: what it says then holds up to there.
async fn tell(rpc: HttpClient, hash: &str, request: TxRequest) -> Result<Told, RpcError> {
    let newest = rpc.status().await?.sync_info.latest_block_height.value();
    Ok(match settled(rpc.perform(request).await)? {
        Ok(TxAnswer { height, tx_result }) => Told::Landed(landed(hash, height, tx_result)),
        Err(words) if is_missing(&words) => Told::Missing(newest),
        Err(words) => Told::NotIndexed(words),
    })
}

/// What endpoints say together; nothing if none says anything.
fn together(told: Vec<Told>) -> Option<Whereabouts> {
    let mut sum = None;
    for told in told {
        sum = Some(match (sum, told) {
            (_, Told::Landed(landed)) => return Some(Whereabouts::Landed(landed)),
            (Some(Whereabouts::Missing(one)), Told::Missing(other)) => {
                Whereabouts::Missing(one.min(other))
            }
            (_, Told::Missing(newest)) => Whereabouts::Missing(newest),
            (Some(sum), Told::NotIndexed(_)) => sum,
            (None, Told::NotIndexed(words)) => Whereabouts::NotIndexed(words),
        });
    }
    sum
}

/// Whether a node's words mean that its index does not have a transaction.
fn is_missing(words: &str) -> bool {
    words.contains("not found")
}

/// The chain tells this where it takes a fee, of a transaction that fails afterwards, too.
fn is_fee(event: &Event) -> bool {
    event.ty == "tx" && event.attributes.iter().any(|told| told.key == "fee")
}

fn landed(hash: &str, height: u64, result: TxResult) -> Landed {
    if result.code != 0 {
        let refusal = Refusal::new(Phase::Deliver, &result.codespace, result.code, &result.log);
        let charged = result.events.into_iter().any(|event| is_fee(&event.into()));
        return Err(Box::new(Refusal {
            charged,
            ..refusal.of(hash)
        }));
    }
    Ok(Included {
        hash: hash.into(),
        height,
        gas_used: result.gas_used,
        gas_wanted: result.gas_wanted,
        events: result.events.into_iter().map(Event::from).collect(),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::fake::client;

    fn included() -> Landed {
        Ok(Included {
            hash: "AB".into(),
            height: 7,
            gas_used: 1,
            gas_wanted: 2,
            events: vec![],
        })
    }

    #[test]
    fn what_one_endpoint_has_is_in_a_block_whatever_others_say() {
        let off = || Told::NotIndexed("transaction indexing is disabled".into());
        let told = vec![off(), Told::Missing(9), Told::Landed(included())];
        assert_eq!(together(told), Some(Whereabouts::Landed(included())));
        let told = vec![off(), Told::Missing(12), Told::Missing(9)];
        assert_eq!(together(told), Some(Whereabouts::Missing(9)));
        let told = together(vec![off()]);
        assert!(matches!(told, Some(Whereabouts::NotIndexed(_))), "{told:?}");
        assert_eq!(together(vec![]), None);
    }

    #[test]
    fn a_node_without_an_index_does_not_say_that_a_transaction_is_missing() {
        assert!(is_missing("tx (AB) not found"));
        assert!(!is_missing("transaction indexing is disabled"));
    }

    fn found() -> Value {
        let result = json!({ "code": 0, "gas_used": "5", "gas_wanted": "6" });
        json!({ "height": "7", "tx_result": result })
    }

    /// An endpoint without an index kept everybody from asking the next one.
    #[tokio::test(flavor = "multi_thread")]
    async fn an_endpoint_without_an_index_is_passed_over() {
        let several = client(&[
            |_| Some(Err("transaction indexing is disabled")),
            |_| Some(Ok(found())),
        ]);
        let included = several.transaction("AB").await.unwrap().unwrap();
        assert_eq!((included.height, included.gas_used), (7, 5));
        let none = client(&[|_| Some(Err("transaction indexing is disabled"))]);
        let error = none.transaction("AB").await.unwrap_err();
        assert!(matches!(error, ChainError::NotIndexed { .. }), "{error}");
        let missing = client(&[|_| Some(Err("tx (AB) not found, err: <nil>"))]);
        assert_eq!(missing.transaction("AB").await.unwrap(), None);
    }

    /// The block of a transaction is read where its hash is looked for in vain.
    #[tokio::test(flavor = "multi_thread")]
    async fn a_transaction_is_found_in_its_block() {
        let one = client(&[|asked| {
            Some(Ok(match asked.method.as_str() {
                "block" => json!({ "block": { "data": { "txs": ["AQ==", "Ag=="] } } }),
                _ => json!({ "height": "3", "txs_results": [
                    { "code": 0, "gas_used": "5" },
                    { "code": 9, "codespace": "wasm", "log": "words" },
                ] }),
            }))
        }]);
        let hash = |byte: u8| hex::encode_upper(Sha256::digest([byte]));
        let hashes = [hash(2), hash(3)];
        let found = one.find_in_blocks(&hashes, 3..=3).await.unwrap();
        let [(found, Err(refusal))] = &found[..] else {
            panic!("{found:?}");
        };
        assert_eq!((found, refusal.code), (&hash(2), 9));
        assert!(
            one.find_in_blocks(&[hash(4)], 3..=5)
                .await
                .unwrap()
                .is_empty()
        );
    }
}
