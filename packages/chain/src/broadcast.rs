//! Hands transactions to nodes: to all that are up, so that one that loses them, or keeps them to
//! itself, costs nothing.

use std::time::Duration;

use futures::StreamExt;
use futures::stream::FuturesUnordered;
use tendermint_rpc::endpoint::broadcast::tx_sync::Response;
use tendermint_rpc::{Client as _, Error as RpcError, HttpClient};
use tokio::time::timeout;

use crate::client::{Client, detail, silent};
use crate::error::{ChainError, EndpointFailure, Phase, Refusal};
use crate::sequence::expected;
use crate::tx::SignedTx;

/// Where there are several endpoints, one that does not answer for this long is not waited for.
const TIMEOUT: Duration = Duration::from_secs(4);

/// What one endpoint makes of a transaction.
enum Verdict {
    /// It has it.
    Taken,
    /// Its check refuses it.
    Refused(Refusal),
    /// It may have it or not; what it did instead of saying so.
    Silent(String),
}

impl Client {
    /// Hands a transaction to all nodes that are up, which check it but do not wait for a block, and
    /// answers as soon as one has taken it. That a node has it already is no error.
    ///
    /// # Errors
    /// [`ChainError::Refused`] if all refuse it; [`ChainError::Unclear`] if some do and others do not
    /// answer; [`ChainError::Unreachable`].
    pub async fn broadcast(&self, transaction: &SignedTx) -> Result<(), ChainError> {
        let endpoints = self.asked();
        let is_one_of_many = endpoints.len() > 1;
        // Each on its own: those that are slower than the first to take it get it nevertheless.
        let mut verdicts: FuturesUnordered<_> = endpoints
            .into_iter()
            .map(|endpoint| {
                let handed = tokio::spawn(hand(
                    endpoint.rpc.clone(),
                    transaction.bytes.clone(),
                    is_one_of_many,
                ));
                let hash = transaction.hash.as_str();
                async move {
                    let verdict = match handed.await {
                        Ok(answer) => verdict(hash, answer),
                        Err(error) => Verdict::Silent(error.to_string()),
                    };
                    (endpoint, verdict)
                }
            })
            .collect();
        let (mut refusals, mut failures) = (Vec::new(), Vec::new());
        while let Some((endpoint, verdict)) = verdicts.next().await {
            match verdict {
                Verdict::Taken => return Ok(()),
                Verdict::Refused(refusal) => refusals.push(refusal),
                Verdict::Silent(detail) => failures.push(endpoint.failed(detail)),
            }
        }
        Err(refused(transaction, refusals, failures))
    }
}

/// Hands a transaction to one node.
async fn hand(rpc: HttpClient, bytes: Vec<u8>, is_one_of_many: bool) -> Result<Response, String> {
    let handed = async { rpc.broadcast_tx_sync(bytes).await };
    let answer: Result<Response, RpcError> = if is_one_of_many {
        timeout(TIMEOUT, handed)
            .await
            .map_err(|_| silent(TIMEOUT))?
    } else {
        handed.await
    };
    answer.map_err(|error| detail(&error))
}

fn verdict(hash: &str, answer: Result<Response, String>) -> Verdict {
    match answer {
        Ok(answer) if answer.code.is_ok() || is_known(&answer.codespace, answer.code.value()) => {
            Verdict::Taken
        }
        Ok(answer) => {
            let code = answer.code.value();
            let refusal = Refusal::new(Phase::Check, &answer.codespace, code, &answer.log);
            Verdict::Refused(refusal.of(hash))
        }
        Err(detail) if detail.contains("tx already exists in cache") => Verdict::Taken,
        Err(detail) => Verdict::Silent(detail),
    }
}

/// A node says this of a transaction that it has in its pool.
fn is_known(codespace: &str, code: u32) -> bool {
    (codespace, code) == ("sdk", 19)
}

/// What it means that no node has taken a transaction.
fn refused(
    transaction: &SignedTx,
    refusals: Vec<Refusal>,
    failures: Vec<EndpointFailure>,
) -> ChainError {
    let Some(refusal) = weightiest(refusals, transaction.sequence).map(Box::new) else {
        return ChainError::Unreachable { failures };
    };
    if failures.is_empty() {
        return ChainError::Refused(refusal);
    }
    ChainError::Unclear {
        hash: transaction.hash.clone(),
        failures,
        refusal,
    }
}

/// The refusal that counts: that the sequence is used, since this very transaction may use it; that
/// something is wrong with it; that a node does not have those before it yet.
fn weightiest(refusals: Vec<Refusal>, sequence: u64) -> Option<Refusal> {
    let weight = |refusal: &Refusal| match expected(refusal) {
        Some(expected) if expected > sequence => 0,
        None => 1,
        Some(_) => 2,
    };
    refusals.into_iter().min_by_key(|refusal| weight(refusal))
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;
    use crate::fake::{checked, client};

    fn refusal(code: u32, log: &str) -> Refusal {
        Refusal::new(Phase::Check, "sdk", code, log)
    }

    fn expects(sequence: u64) -> Refusal {
        let log = format!("account sequence mismatch, expected {sequence}, got 5: incorrect");
        refusal(32, &log)
    }

    fn transaction() -> SignedTx {
        SignedTx {
            bytes: vec![],
            hash: "AB".into(),
            sequence: 5,
        }
    }

    #[test]
    fn a_used_sequence_outweighs_what_others_say() {
        let poor = refusal(13, "insufficient fee");
        let all = vec![expects(3), poor.clone(), expects(6)];
        assert_eq!(weightiest(all, 5), Some(expects(6)));
        assert_eq!(weightiest(vec![expects(3), poor.clone()], 5), Some(poor));
        assert_eq!(weightiest(vec![expects(3)], 5), Some(expects(3)));
    }

    #[test]
    fn it_is_refused_only_if_everybody_says_so() {
        let silent = || EndpointFailure {
            endpoint: "http://a".into(),
            detail: "no answer".into(),
        };
        let all = refused(&transaction(), vec![expects(3)], vec![]);
        assert!(matches!(all, ChainError::Refused(_)), "{all}");
        let some = refused(&transaction(), vec![expects(3)], vec![silent()]);
        assert!(matches!(some, ChainError::Unclear { .. }), "{some}");
        let none = refused(&transaction(), vec![], vec![silent()]);
        assert!(matches!(none, ChainError::Unreachable { .. }), "{none}");
    }

    /// A node that did not answer kept all others from getting a transaction.
    #[tokio::test(flavor = "multi_thread")]
    async fn whoever_takes_it_first_answers_for_all() {
        let begun = Instant::now();
        let several = client(&[|_| None, |_| Some(Ok(checked(0)))]);
        several.broadcast(&transaction()).await.unwrap();
        let several = client(&[|_| Some(Ok(checked(13))), |_| Some(Ok(checked(19)))]);
        several.broadcast(&transaction()).await.unwrap();
        assert!(begun.elapsed() < TIMEOUT, "{:?}", begun.elapsed());
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn what_a_silent_node_has_is_not_waited_for() {
        let begun = Instant::now();
        let several = client(&[|_| None, |_| Some(Ok(checked(13)))]);
        let unclear = several.broadcast(&transaction()).await.unwrap_err();
        let ChainError::Unclear {
            failures, refusal, ..
        } = unclear
        else {
            panic!("{unclear}");
        };
        assert_eq!((failures.len(), refusal.code), (1, 13));
        assert!(begun.elapsed() < TIMEOUT * 2, "{:?}", begun.elapsed());
    }
}
