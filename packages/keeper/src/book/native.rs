//! The vault's own functions, run over a book.

use bulwark_oracle::contract::query as query_oracle;
use bulwark_types::decode;
use bulwark_types::vault::QueryMsg;
use bulwark_vault::books::Books;
use bulwark_vault::contract::query as query_vault;
use cosmwasm_std::{
    Binary, BlockInfo, ContractInfo, ContractResult, Deps, Env, Order, Querier, QuerierResult,
    QuerierWrapper, QueryRequest, Record, Storage, SystemError, SystemResult, Timestamp, WasmQuery,
    from_json,
};
use serde::de::DeserializeOwned;

use super::error::{BookError, BookResult};
use super::{Book, Contract};

/// The block that something is evaluated in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment {
    /// Block time in seconds.
    pub seconds: u64,
    /// Height of the block.
    pub height: u64,
}

/// The vault over a book, at a moment.
#[derive(Debug)]
pub struct Native<'a> {
    vault: Stored<'a>,
    oracle: OracleOf<'a>,
    env: Env,
}

impl Book {
    /// The vault as it answers at a moment.
    #[must_use]
    pub fn at(&self, moment: Moment) -> Native<'_> {
        let env = |address: &cosmwasm_std::Addr| Env {
            block: BlockInfo {
                height: moment.height,
                time: Timestamp::from_seconds(moment.seconds),
                chain_id: self.deployment.chain_id.clone(),
            },
            transaction: None,
            contract: ContractInfo {
                address: address.clone(),
            },
        };
        Native {
            vault: Stored {
                book: self,
                contract: Contract::Vault,
            },
            oracle: OracleOf {
                book: self,
                env: env(&self.deployment.oracle),
            },
            env: env(&self.deployment.vault),
        }
    }
}

impl Native<'_> {
    /// The vault's books, opened.
    ///
    /// # Errors
    /// If the settings do not load.
    pub fn books(&self) -> BookResult<Books<'_>> {
        Ok(Books::open(self.deps(), &self.env)?)
    }

    /// Asks the vault.
    ///
    /// # Errors
    /// [`BookError::Vault`] as the contract answers it, [`BookError::Answer`].
    pub fn query<T: DeserializeOwned>(&self, message: QueryMsg) -> BookResult<T> {
        let answer = query_vault(self.deps(), self.env.clone(), decode::Decoded(message))?;
        from_json(answer).map_err(BookError::Answer)
    }

    /// What the vault's functions take.
    #[must_use]
    pub fn deps(&self) -> Deps<'_> {
        Deps {
            storage: &self.vault,
            api: &self.vault.book.addresses,
            querier: QuerierWrapper::new(&self.oracle),
        }
    }

    /// The block and the vault's address.
    #[must_use]
    pub const fn env(&self) -> &Env {
        &self.env
    }
}

/// What a contract has stored. Nobody can write: `Deps` lends it out shared.
#[derive(Clone, Copy, Debug)]
struct Stored<'a> {
    book: &'a Book,
    contract: Contract,
}

impl Storage for Stored<'_> {
    fn get(&self, key: &[u8]) -> Option<Vec<u8>> {
        self.book.raw(self.contract, key).map(<[u8]>::to_vec)
    }

    /// Sorts what it finds: no query that the keeper needs walks over accounts.
    fn range<'b>(
        &'b self,
        start: Option<&[u8]>,
        end: Option<&[u8]>,
        order: Order,
    ) -> Box<dyn Iterator<Item = Record> + 'b> {
        let inside =
            |key: &[u8]| start.is_none_or(|start| key >= start) && end.is_none_or(|end| key < end);
        let mut found: Vec<(Vec<u8>, &[u8])> = self
            .book
            .records(self.contract)
            .filter(|(key, _)| inside(key))
            .collect();
        found.sort_unstable();
        if order == Order::Descending {
            found.reverse();
        }
        let records = found.into_iter();
        Box::new(records.map(|(key, value)| (key, value.to_vec())))
    }

    fn set(&mut self, _key: &[u8], _value: &[u8]) {}

    fn remove(&mut self, _key: &[u8]) {}
}

/// Answers what the vault asks the oracle.
#[derive(Debug)]
struct OracleOf<'a> {
    book: &'a Book,
    env: Env,
}

impl Querier for OracleOf<'_> {
    fn raw_query(&self, request: &[u8]) -> QuerierResult {
        let query: QueryRequest = match from_json(request) {
            Ok(query) => query,
            Err(error) => {
                return SystemResult::Err(SystemError::InvalidRequest {
                    error: error.to_string(),
                    request: request.into(),
                });
            }
        };
        let own = self.env.contract.address.as_str();
        match query {
            QueryRequest::Wasm(WasmQuery::Raw { contract_addr, key }) if contract_addr == own => {
                let value = self.book.raw(Contract::Oracle, &key).unwrap_or_default();
                SystemResult::Ok(ContractResult::Ok(Binary::from(value)))
            }
            QueryRequest::Wasm(WasmQuery::Smart { contract_addr, msg }) if contract_addr == own => {
                SystemResult::Ok(self.answer(&msg).into())
            }
            QueryRequest::Wasm(
                WasmQuery::Raw {
                    contract_addr: addr,
                    ..
                }
                | WasmQuery::Smart {
                    contract_addr: addr,
                    ..
                },
            ) => SystemResult::Err(SystemError::NoSuchContract { addr }),
            _ => SystemResult::Err(SystemError::UnsupportedRequest {
                kind: "anything but the oracle's records".into(),
            }),
        }
    }
}

impl OracleOf<'_> {
    fn answer(&self, message: &[u8]) -> Result<Binary, String> {
        let storage = Stored {
            book: self.book,
            contract: Contract::Oracle,
        };
        let deps = Deps {
            storage: &storage,
            api: &self.book.addresses,
            querier: QuerierWrapper::new(self),
        };
        let message = from_json(message).map_err(|error| error.to_string())?;
        query_oracle(deps, self.env.clone(), message).map_err(|error| error.to_string())
    }
}
