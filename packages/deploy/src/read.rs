//! Reads what is found on the chain.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use bulwark_chain::contracts::{Oracle, Vault};
use bulwark_chain::query::{CodeRecord, ContractRecord};
use bulwark_chain::{ChainError, Client};
use bulwark_types::governance::PendingChange;
use bulwark_types::oracle::{Board, QueryMsg as OracleQuery};
use bulwark_types::vault::QueryMsg as VaultQuery;
use serde::de::DeserializeOwned;

use crate::addresses::Addresses;
use crate::desired::Desired;
use crate::error::{DeployError, DeployResult};
use crate::found::{Found, FoundContract, FoundFeed, FoundOracle, FoundVault};
use crate::step::Kind;

/// Everything of this deployment that is on the chain. Contracts are found by the address file;
/// one that it does not name by its creator and label.
pub async fn read(client: &Client, desired: &Desired, known: &Addresses) -> DeployResult<Found> {
    // Everything from the state after one block: what is read then belongs together.
    let block = client.latest_block().await?;
    let (now, client) = (block.time, &client.at(block.height));
    let mut contracts = BTreeMap::new();
    for kind in Kind::ALL {
        let found = match known.get(kind) {
            Some(address) => named(client, kind, address).await?,
            None => searched(client, kind, desired).await?,
        };
        if let Some((address, record)) = found {
            contracts.insert(kind, described(client, address, record).await?);
        }
    }
    let codes = codes(client, desired, &contracts).await?;
    let oracle = match contracts.get(&Kind::Oracle) {
        Some(contract) => Some(oracle(client, &contract.address).await?),
        None => None,
    };
    let vault = match contracts.get(&Kind::Vault) {
        Some(contract) => Some(vault(client, &contract.address).await?),
        None => None,
    };
    Ok(Found {
        now,
        codes,
        contracts,
        oracle,
        vault,
    })
}

type Located = Option<(String, ContractRecord)>;

async fn named(client: &Client, kind: Kind, address: &str) -> DeployResult<Located> {
    let record = client.contract(address).await?;
    let record = record.ok_or_else(|| DeployError::NoContract {
        kind,
        address: address.into(),
    })?;
    Ok(Some((address.into(), record)))
}

/// The newest contract of the deployer with the label.
async fn searched(client: &Client, kind: Kind, desired: &Desired) -> DeployResult<Located> {
    let addresses = client.contracts_of(&desired.deployer).await?;
    let label = kind.label(&desired.name);
    for address in addresses.into_iter().rev() {
        let record = client.contract(&address).await?;
        if let Some(record) = record.filter(|record| record.label == label) {
            return Ok(Some((address, record)));
        }
    }
    Ok(None)
}

async fn described(
    client: &Client,
    address: String,
    record: ContractRecord,
) -> DeployResult<FoundContract> {
    let code = client.code(record.code_id).await?;
    Ok(FoundContract {
        address,
        code_id: record.code_id,
        checksum: code.checksum,
        admin: record.admin,
    })
}

/// Codes that are wanted and stored, and that the deployer may use.
async fn codes(
    client: &Client,
    desired: &Desired,
    contracts: &BTreeMap<Kind, FoundContract>,
) -> DeployResult<BTreeMap<String, u64>> {
    let in_use = contracts
        .values()
        .map(|found| (found.checksum.clone(), found.code_id));
    let mut codes: BTreeMap<String, u64> = in_use.collect();
    let is_usable = |code: &CodeRecord| code.is_open || code.creator == desired.deployer;
    for checksum in desired.checksums.values() {
        if codes.contains_key(checksum) {
            continue;
        }
        let stored = client.codes_by_checksum(checksum).await?;
        if let Some(code) = stored.into_iter().rfind(is_usable) {
            codes.insert(checksum.clone(), code.code_id);
        }
    }
    Ok(codes)
}

async fn oracle(client: &Client, address: &str) -> DeployResult<FoundOracle> {
    let oracle = Oracle {
        client: client.clone(),
        address: address.into(),
    };
    let mut boards: BTreeMap<u16, Board> = BTreeMap::new();
    let mut feeds = BTreeMap::new();
    for response in oracle.feeds().await? {
        let slot = response.slot;
        if let Entry::Vacant(entry) = boards.entry(slot.board) {
            entry.insert(oracle.board(slot.board).await?.unwrap_or_default());
        }
        let record = boards
            .get(&slot.board)
            .and_then(|board| board.record(slot.slot));
        let has_price = record.is_some();
        let feed = response.feed;
        feeds.insert(response.asset, FoundFeed { feed, has_price });
    }
    let changes = changes(client, address, |start_after| OracleQuery::Changes {
        start_after,
        limit: None,
    });
    Ok(FoundOracle {
        config: oracle.query(&OracleQuery::Config {}).await?,
        ownership: oracle.query(&OracleQuery::Ownership {}).await?,
        feeds,
        changes: changes.await?,
    })
}

async fn vault(client: &Client, address: &str) -> DeployResult<FoundVault> {
    let vault = Vault {
        client: client.clone(),
        address: address.into(),
    };
    let markets = vault.markets().await?.into_iter();
    let changes = changes(client, address, |start_after| VaultQuery::Changes {
        start_after,
        limit: None,
    });
    Ok(FoundVault {
        config: vault.query(&VaultQuery::Config {}).await?,
        ownership: vault.query(&VaultQuery::Ownership {}).await?,
        markets: markets
            .map(|market| (market.asset.clone(), market))
            .collect(),
        changes: changes.await?,
    })
}

/// All pages of changes that wait.
async fn changes<C, Q>(
    client: &Client,
    contract: &str,
    query: impl Fn(Option<u64>) -> Q,
) -> Result<Vec<PendingChange<C>>, ChainError>
where
    PendingChange<C>: DeserializeOwned,
    Q: serde::Serialize,
{
    let mut changes: Vec<PendingChange<C>> = Vec::new();
    loop {
        let after = changes.last().map(|pending| pending.id);
        let page: Vec<PendingChange<C>> = client.smart(contract, &query(after)).await?;
        if page.is_empty() {
            return Ok(changes);
        }
        let ids: Vec<u64> = page.iter().map(|pending| pending.id).collect();
        if !goes_on(after, &ids) {
            return Err(ChainError::Malformed {
                what: format!("changes of {contract}"),
                detail: format!("after {after:?} come {ids:?}"),
            });
        }
        changes.extend(page);
    }
}

/// Whether a page continues where the one before ended: numbers grow, so that pages come to an
/// end.
fn goes_on(after: Option<u64>, page: &[u64]) -> bool {
    let first = page.first().copied();
    let follows = after.is_none_or(|after| first.is_some_and(|first| first > after));
    follows && page.is_sorted_by(|one, next| one < next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_that_do_not_advance_are_no_answer() {
        assert!(goes_on(None, &[1, 2]) && goes_on(Some(2), &[3]));
        for (after, page) in [(Some(2), [2, 3]), (Some(2), [1, 3]), (None, [4, 4])] {
            assert!(!goes_on(after, &page), "{after:?} {page:?}");
        }
    }
}
