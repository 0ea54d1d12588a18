//! Queries: accounts, balances, contracts, codes.

use bulwark_types::packed::{PackedMap, unpack};
use bulwark_types::token::{Cw20BalanceResponse, Cw20QueryMsg, TokenKind};
use cosmrs::proto::cosmos::auth::v1beta1::{QueryAccountInfoRequest, QueryAccountInfoResponse};
use cosmrs::proto::cosmos::bank::v1beta1::{QueryBalanceRequest, QueryBalanceResponse};
use cosmrs::proto::cosmos::base::query::v1beta1::{PageRequest, PageResponse};
use cosmrs::proto::cosmwasm::wasm::v1::{
    AccessType, CodeInfoResponse, ContractInfo, QueryAllContractStateRequest,
    QueryAllContractStateResponse, QueryCodesRequest, QueryCodesResponse, QueryContractInfoRequest,
    QueryContractInfoResponse, QueryContractsByCreatorRequest, QueryContractsByCreatorResponse,
    QueryPinnedCodesRequest, QueryPinnedCodesResponse, QueryRawContractStateRequest,
    QueryRawContractStateResponse, QuerySmartContractStateRequest, QuerySmartContractStateResponse,
};
use cosmrs::proto::prost::Message as Proto;
use cosmwasm_std::{StdResult, to_json_vec};
use cw_storage_plus::{KeyDeserialize, PrimaryKey};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tendermint_rpc::Client as _;

use crate::client::{Client, Word, height_of, settled};
use crate::error::{ChainError, Phase, Refusal};

/// Entries asked for at once.
const PAGE: u64 = 100;

/// Records asked for at once; nodes give fewer.
const RECORD_PAGE: u64 = 2_000;

/// The SDK's code for what does not exist, in its codespace.
const NOT_FOUND: (&str, u32) = ("sdk", 22);

/// What nodes say of a height whose state they do not have: not any more, or not yet.
const NO_STATE: [&str; 3] = [
    "failed to load state at height",
    "height in the future",
    "version does not exist",
];

/// Versions of the wasm module differ in the code for an address without a contract.
const NO_CONTRACT: &str = "no such contract";

/// Some of what a contract stores.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordPage {
    /// Keys and values.
    pub records: Vec<(Vec<u8>, Vec<u8>)>,
    /// The key after these; none if there is no more.
    pub next: Option<Vec<u8>>,
}

/// An account as the chain knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccountInfo {
    /// Its number on this chain, which signatures cover.
    pub number: u64,
    /// Transactions that it has sent so far: the sequence of the next one.
    pub sequence: u64,
}

/// A contract as the chain knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContractRecord {
    /// Its code.
    pub code_id: u64,
    /// Who created it.
    pub creator: String,
    /// Who may migrate it.
    pub admin: Option<String>,
    /// What people call it.
    pub label: String,
}

/// A code as the chain knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeRecord {
    /// Its number.
    pub code_id: u64,
    /// Who stored it.
    pub creator: String,
    /// SHA-256 of the wasm, in lower-case hexadecimal digits.
    pub checksum: String,
    /// Whether everybody may instantiate it.
    pub is_open: bool,
}

impl Client {
    /// Any query of the chain's modules, by the path of its gRPC method.
    ///
    /// # Errors
    /// [`ChainError::Refused`], [`ChainError::Unreachable`], [`ChainError::Malformed`].
    pub async fn query<Q, R>(&self, path: &str, request: &Q) -> Result<R, ChainError>
    where
        Q: Proto,
        R: Proto + Default,
    {
        let bytes = request.encode_to_vec();
        self.abci_query(path, bytes, Phase::Query, |value| decoded(path, value))
            .await
    }

    /// A query of what a contract stores: no node that is well refuses it. `check` says what cannot
    /// be in an answer.
    async fn stored<Q, R>(
        &self,
        path: &str,
        request: &Q,
        check: impl Fn(&R) -> Result<(), ChainError>,
    ) -> Result<R, ChainError>
    where
        Q: Proto,
        R: Proto + Default,
    {
        let bytes = request.encode_to_vec();
        self.abci(path, bytes, Phase::Query, |value| {
            let answer = decoded(path, &value?)?;
            check(&answer)?;
            Ok(answer)
        })
        .await
    }

    /// As [`Self::abci`], of what the application may refuse.
    pub(crate) async fn abci_query<T>(
        &self,
        path: &str,
        data: Vec<u8>,
        phase: Phase,
        decode: impl Fn(&[u8]) -> Result<T, ChainError>,
    ) -> Result<T, ChainError> {
        let answer = |value: Result<Vec<u8>, Refusal>| match value {
            Ok(value) => decode(&value).map(Ok),
            Err(refusal) => Ok(Err(refusal)),
        };
        Ok(self.abci(path, data, phase, answer).await??)
    }

    /// An answer of the application; one that cannot be, as `decode` says, is asked for elsewhere.
    async fn abci<T>(
        &self,
        path: &str,
        data: Vec<u8>,
        phase: Phase,
        decode: impl Fn(Result<Vec<u8>, Refusal>) -> Result<T, ChainError>,
    ) -> Result<T, ChainError> {
        let height = self.height().map(height_of).transpose()?;
        let unavailable = |detail| match self.height() {
            Some(height) => ChainError::StateUnavailable { height, detail },
            None => ChainError::malformed(path, detail),
        };
        let decode = &decode;
        self.ask_who_knows(|rpc| {
            let (path, data) = (path.to_owned(), data.clone());
            async move {
                let asked = rpc.abci_query(Some(path.clone()), data, height, false);
                let answer = match settled(asked.await)? {
                    Ok(answer) => answer,
                    Err(words) => return Ok(Word::Doubtful(ChainError::malformed(path, words))),
                };
                if height.is_some() && has_no_state(&answer.log) {
                    return Ok(Word::Unknown(answer.log));
                }
                let value = if answer.code.is_err() {
                    let code = answer.code.value();
                    Err(Refusal::new(phase, &answer.codespace, code, &answer.log))
                } else if height.is_some_and(|height| height != answer.height) {
                    // An endpoint that answers from its newest state, whatever it is asked for;
                    // refusals tell no height.
                    let words = format!("answers as of block {}", answer.height);
                    return Ok(Word::Unknown(words));
                } else {
                    Ok(answer.value)
                };
                Ok(decode(value).map_or_else(Word::Doubtful, Word::Answer))
            }
        })
        .await?
        .map_err(unavailable)
    }

    /// Number and sequence of an account.
    ///
    /// # Errors
    /// [`ChainError::NoAccount`], and see [`Self::query`].
    pub async fn account(&self, address: &str) -> Result<AccountInfo, ChainError> {
        let request = QueryAccountInfoRequest {
            address: address.into(),
        };
        let path = "/cosmos.auth.v1beta1.Query/AccountInfo";
        let answer: Result<QueryAccountInfoResponse, _> = self.query(path, &request).await;
        let none = || ChainError::NoAccount {
            address: address.into(),
        };
        let info = found(answer)?.and_then(|answer| answer.info);
        let info = info.ok_or_else(none)?;
        Ok(AccountInfo {
            number: info.account_number,
            sequence: info.sequence,
        })
    }

    /// What an address has of a coin, smallest units.
    ///
    /// # Errors
    /// See [`Self::query`].
    pub async fn balance(&self, address: &str, denom: &str) -> Result<u128, ChainError> {
        let request = QueryBalanceRequest {
            address: address.into(),
            denom: denom.into(),
        };
        let path = "/cosmos.bank.v1beta1.Query/Balance";
        let answer: QueryBalanceResponse = self.query(path, &request).await?;
        let amount = answer
            .balance
            .map_or_else(|| "0".into(), |coin| coin.amount);
        amount
            .parse()
            .map_err(|error| ChainError::malformed(format!("balance {amount}"), error))
    }

    /// What an address has of an asset, a coin or a CW20 token, smallest units.
    ///
    /// # Errors
    /// See [`Self::query`].
    pub async fn held(&self, address: &str, asset: &str) -> Result<u128, ChainError> {
        match TokenKind::of(asset) {
            TokenKind::Native { denom } => self.balance(address, denom).await,
            TokenKind::Cw20 { contract } => {
                let message = Cw20QueryMsg::Balance {
                    address: address.into(),
                };
                let answer: Cw20BalanceResponse = self.smart(contract, &message).await?;
                Ok(answer.balance.u128())
            }
        }
    }

    /// A smart query of a contract.
    ///
    /// # Errors
    /// [`ChainError::Refused`] with the contract's reason, and see [`Self::query`].
    pub async fn smart<R: DeserializeOwned>(
        &self,
        contract: &str,
        message: &impl Serialize,
    ) -> Result<R, ChainError> {
        let what = || format!("query of {contract}");
        let query_data =
            to_json_vec(message).map_err(|error| ChainError::malformed(what(), error))?;
        let request = QuerySmartContractStateRequest {
            address: contract.into(),
            query_data,
        };
        let path = "/cosmwasm.wasm.v1.Query/SmartContractState";
        let answer: QuerySmartContractStateResponse = self.query(path, &request).await?;
        serde_json::from_slice(&answer.data)
            .map_err(|error| ChainError::malformed(format!("answer of {contract}"), error))
    }

    /// What a contract stores under a key; none if nothing.
    ///
    /// # Errors
    /// See [`Self::query`].
    pub async fn raw(&self, contract: &str, key: &[u8]) -> Result<Option<Vec<u8>>, ChainError> {
        let request = QueryRawContractStateRequest {
            address: contract.into(),
            query_data: key.into(),
        };
        let path = "/cosmwasm.wasm.v1.Query/RawContractState";
        let answer: QueryRawContractStateResponse = self.stored(path, &request, |_| Ok(())).await?;
        Ok(Some(answer.data).filter(|data| !data.is_empty()))
    }

    /// An entry of a contract's packed map, by raw query; none if there is none.
    ///
    /// # Errors
    /// [`ChainError::Malformed`] for bytes of another layout, and see [`Self::query`].
    pub async fn packed<'a, K, T>(
        &self,
        contract: &str,
        map: &PackedMap<K, T>,
        key: &K,
    ) -> Result<Option<T>, ChainError>
    where
        K: PrimaryKey<'a> + KeyDeserialize,
        T: Serialize + DeserializeOwned,
    {
        let bytes = self.raw(contract, &map.raw_key(key)).await?;
        let value: StdResult<Option<T>> = bytes.as_deref().map(unpack).transpose();
        value.map_err(|error| ChainError::malformed(format!("record of {contract}"), error))
    }

    /// A page of everything that a contract stores, ascending by key, from a key on; such a key need
    /// not exist. How long a page is at most is the node's choice: 100 records for most.
    ///
    /// # Errors
    /// See [`Self::query`]; [`ChainError::StateUnavailable`].
    pub async fn records(&self, contract: &str, from: &[u8]) -> Result<RecordPage, ChainError> {
        let request = QueryAllContractStateRequest {
            address: contract.into(),
            pagination: Some(PageRequest {
                key: from.to_vec(),
                limit: RECORD_PAGE,
                ..PageRequest::default()
            }),
        };
        let path = "/cosmwasm.wasm.v1.Query/AllContractState";
        let check = |answer: &QueryAllContractStateResponse| ascends(contract, from, answer);
        let answer = self.stored(path, &request, check).await?;
        let next = next_key(&answer).map(<[u8]>::to_vec);
        let models = answer.models.into_iter();
        let records = models.map(|model| (model.key, model.value)).collect();
        Ok(RecordPage { records, next })
    }

    /// A contract; none if there is none at that address.
    ///
    /// # Errors
    /// See [`Self::query`].
    pub async fn contract(&self, address: &str) -> Result<Option<ContractRecord>, ChainError> {
        let request = QueryContractInfoRequest {
            address: address.into(),
        };
        let path = "/cosmwasm.wasm.v1.Query/ContractInfo";
        let answer: Result<QueryContractInfoResponse, _> = self.query(path, &request).await;
        let info = found(answer)?.and_then(|answer| answer.contract_info);
        Ok(info.map(ContractRecord::from))
    }

    /// Addresses of all contracts that somebody created, in the order of their creation.
    ///
    /// # Errors
    /// See [`Self::query`].
    pub async fn contracts_of(&self, creator: &str) -> Result<Vec<String>, ChainError> {
        let path = "/cosmwasm.wasm.v1.Query/ContractsByCreator";
        let mut addresses = Vec::new();
        let mut pages = Pages::new(path);
        while let Some(pagination) = pages.next() {
            let request = QueryContractsByCreatorRequest {
                creator_address: creator.into(),
                pagination: Some(pagination),
            };
            let answer: QueryContractsByCreatorResponse = self.query(path, &request).await?;
            addresses.extend(answer.contract_addresses);
            pages.follow(answer.pagination)?;
        }
        Ok(addresses)
    }

    /// A code.
    ///
    /// # Errors
    /// [`ChainError::NoCode`], and see [`Self::query`].
    pub async fn code(&self, code_id: u64) -> Result<CodeRecord, ChainError> {
        // The list from that number on, rather than the code itself with all of its bytes.
        let request = QueryCodesRequest {
            pagination: Some(PageRequest {
                limit: 1,
                ..page(code_id.to_be_bytes().to_vec())
            }),
        };
        let answer: QueryCodesResponse = self.query(CODES, &request).await?;
        let found = answer.code_infos.into_iter().map(CodeRecord::from);
        found
            .into_iter()
            .find(|code| code.code_id == code_id)
            .ok_or(ChainError::NoCode { code_id })
    }

    /// All codes with a checksum, in the order in which they were stored.
    ///
    /// # Errors
    /// See [`Self::query`].
    pub async fn codes_by_checksum(&self, checksum: &str) -> Result<Vec<CodeRecord>, ChainError> {
        let mut found = Vec::new();
        let mut pages = Pages::new(CODES);
        while let Some(pagination) = pages.next() {
            let request = QueryCodesRequest {
                pagination: Some(pagination),
            };
            let answer: QueryCodesResponse = self.query(CODES, &request).await?;
            let codes = answer.code_infos.into_iter().map(CodeRecord::from);
            found.extend(codes.filter(|code| code.checksum == checksum));
            pages.follow(answer.pagination)?;
        }
        Ok(found)
    }

    /// Whether a code is pinned: kept ready in memory by every node.
    ///
    /// # Errors
    /// See [`Self::query`].
    pub async fn is_pinned(&self, code_id: u64) -> Result<bool, ChainError> {
        let request = QueryPinnedCodesRequest { pagination: None };
        let path = "/cosmwasm.wasm.v1.Query/PinnedCodes";
        let answer: QueryPinnedCodesResponse = self.query(path, &request).await?;
        Ok(answer.code_ids.contains(&code_id))
    }
}

/// An answer as what it has to be.
fn decoded<R: Proto + Default>(path: &str, value: &[u8]) -> Result<R, ChainError> {
    R::decode(value).map_err(|error| ChainError::malformed(path, error))
}

/// The key after a page of records; none if there is no more.
fn next_key(answer: &QueryAllContractStateResponse) -> Option<&[u8]> {
    let next = answer.pagination.as_ref()?.next_key.as_slice();
    Some(next).filter(|key| !key.is_empty())
}

/// A node that goes round in circles would be asked for ever.
fn ascends(
    contract: &str,
    from: &[u8],
    answer: &QueryAllContractStateResponse,
) -> Result<(), ChainError> {
    let next = next_key(answer);
    let models = answer.models.iter();
    let keys = models.map(|model| model.key.as_slice()).chain(next);
    let goes_on = keys.clone().is_sorted_by(|one, other| one < other)
        && keys.min().is_none_or(|first| first >= from)
        && (next.is_none() || !answer.models.is_empty());
    if goes_on {
        return Ok(());
    }
    let what = format!("page of {contract}'s records");
    Err(ChainError::malformed(what, "keys that do not ascend"))
}

fn has_no_state(log: &str) -> bool {
    NO_STATE.iter().any(|words| log.contains(words))
}

const CODES: &str = "/cosmwasm.wasm.v1.Query/Codes";

fn page(key: Vec<u8>) -> PageRequest {
    PageRequest {
        key,
        limit: PAGE,
        ..PageRequest::default()
    }
}

/// The pages of a list, one after the other. A node that leads in circles is found out.
struct Pages {
    /// What is listed.
    path: &'static str,
    /// Where the next page begins; none after the last.
    next: Option<Vec<u8>>,
    /// How many have been asked for.
    asked: usize,
}

/// Pages of one list at most.
const PAGES: usize = 10_000;

impl Pages {
    const fn new(path: &'static str) -> Self {
        Self {
            path,
            next: Some(Vec::new()),
            asked: 0,
        }
    }

    /// What to ask for next.
    fn next(&mut self) -> Option<PageRequest> {
        self.asked += 1;
        self.next.clone().map(page)
    }

    /// Takes from an answer where the next page begins: behind this one.
    fn follow(&mut self, answer: Option<PageResponse>) -> Result<(), ChainError> {
        let key = answer.map_or_else(Vec::new, |page| page.next_key);
        let before = self.next.take().unwrap_or_default();
        if key.is_empty() {
            return Ok(());
        }
        if key <= before || self.asked >= PAGES {
            let detail = "the list does not end";
            return Err(ChainError::malformed(self.path, detail));
        }
        self.next = Some(key);
        Ok(())
    }
}

/// What does not exist is no error.
fn found<T>(answer: Result<T, ChainError>) -> Result<Option<T>, ChainError> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(ChainError::Refused(refusal)) if is_missing(&refusal) => Ok(None),
        Err(error) => Err(error),
    }
}

fn is_missing(refusal: &Refusal) -> bool {
    (refusal.codespace.as_str(), refusal.code) == NOT_FOUND || refusal.log.contains(NO_CONTRACT)
}

impl From<ContractInfo> for ContractRecord {
    fn from(info: ContractInfo) -> Self {
        Self {
            code_id: info.code_id,
            creator: info.creator,
            admin: Some(info.admin).filter(|admin| !admin.is_empty()),
            label: info.label,
        }
    }
}

impl From<CodeInfoResponse> for CodeRecord {
    fn from(info: CodeInfoResponse) -> Self {
        Self {
            code_id: info.code_id,
            creator: info.creator,
            checksum: hex::encode(info.data_hash),
            is_open: info
                .instantiate_permission
                .is_none_or(|access| access.permission() == AccessType::Everybody),
        }
    }
}

#[cfg(test)]
mod tests;
