//! What a chain has done so far, block by block: times, transactions, and what came of each.

use std::collections::BTreeMap;

use bulwark_chain::{ChainError, Client, Refusal};
use cosmrs::Any;
use cosmrs::proto::cosmos::bank::v1beta1::MsgSend;
use cosmrs::proto::cosmos::base::query::v1beta1::PageRequest;
use cosmrs::proto::cosmos::base::v1beta1::Coin as ProtoCoin;
use cosmrs::proto::cosmos::tx::v1beta1::{TxBody, TxRaw};
use cosmrs::proto::cosmwasm::wasm::v1::{
    MsgExecuteContract, MsgInstantiateContract, MsgStoreCode, QueryAllContractStateRequest,
    QueryAllContractStateResponse,
};
use cosmrs::proto::prost::{Message as Proto, Name};
use cosmwasm_std::{BankMsg, BlockInfo, Coin, CosmosMsg, Event, Timestamp, WasmMsg};
use sha2::{Digest, Sha256};
use tendermint_rpc::client::CompatMode;
use tendermint_rpc::{Client as _, HttpClient};

/// A block.
pub struct Block {
    /// Height, time and chain, as contracts see them.
    pub info: BlockInfo,
    /// Its transactions, in their order.
    pub transactions: Vec<Transaction>,
}

/// A transaction that stands in a block.
pub struct Transaction {
    /// Its messages, in their order.
    pub messages: Vec<Sent>,
    /// Its events, or why nothing of it happened.
    pub outcome: Result<Vec<Event>, Refusal>,
}

/// A message of a transaction, with who sent it.
#[derive(Clone, Debug)]
pub enum Sent {
    /// Code was stored.
    Store,
    /// Anything that a contract could send as well.
    Message(String, CosmosMsg),
}

/// Reads blocks from the node that answers a client.
pub struct History {
    client: Client,
    rpc: HttpClient,
}

impl History {
    /// The history of the chain of this client.
    pub fn of(client: &Client) -> Self {
        let url = client.network().rpc[0].parse().unwrap();
        let rpc = HttpClient::builder(url).compat_mode(CompatMode::V0_38);
        Self {
            client: client.clone(),
            rpc: rpc.build().unwrap(),
        }
    }

    /// A block that the chain has.
    pub async fn block(&self, height: u64) -> Block {
        let number = u32::try_from(height).unwrap();
        let block = self.rpc.block(number).await.unwrap().block;
        let nanos = block.header.time.unix_timestamp_nanos();
        let mut transactions = Vec::new();
        for bytes in &block.data {
            let hash = hex::encode_upper(Sha256::digest(bytes));
            let outcome = match self.result(&hash).await {
                Ok(events) => Ok(events),
                Err(ChainError::Refused(refusal)) => Err(*refusal),
                Err(error) => panic!("{hash}: {error}"),
            };
            let raw = TxRaw::decode(bytes.as_slice()).unwrap();
            let body = TxBody::decode(raw.body_bytes.as_slice()).unwrap();
            transactions.push(Transaction {
                messages: body.messages.iter().map(sent).collect(),
                outcome,
            });
        }
        Block {
            info: BlockInfo {
                height,
                time: Timestamp::from_nanos(u64::try_from(nanos).unwrap()),
                chain_id: block.header.chain_id.to_string(),
            },
            transactions,
        }
    }

    /// A node's index of transactions is a little behind its blocks.
    async fn result(&self, hash: &str) -> Result<Vec<Event>, ChainError> {
        loop {
            if let Some(included) = self.client.transaction(hash).await? {
                return Ok(included.events);
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    }
}

/// Everything that a contract stores.
pub async fn state(client: &Client, contract: &str) -> BTreeMap<Vec<u8>, Vec<u8>> {
    let path = "/cosmwasm.wasm.v1.Query/AllContractState";
    let (mut state, mut key) = (BTreeMap::new(), Vec::new());
    loop {
        let request = QueryAllContractStateRequest {
            address: contract.into(),
            pagination: Some(PageRequest {
                key,
                ..PageRequest::default()
            }),
        };
        let page: QueryAllContractStateResponse = client.query(path, &request).await.unwrap();
        let models = page.models.into_iter();
        state.extend(models.map(|model| (model.key, model.value)));
        key = page.pagination.map_or_else(Vec::new, |page| page.next_key);
        if key.is_empty() {
            return state;
        }
    }
}

/// A message of one of the kinds that tests send.
fn sent(any: &Any) -> Sent {
    if any.type_url == MsgStoreCode::type_url() {
        return Sent::Store;
    }
    if let Some(sent) = read::<MsgExecuteContract>(any) {
        let message = WasmMsg::Execute {
            contract_addr: sent.contract,
            msg: sent.msg.into(),
            funds: coins(sent.funds),
        };
        return Sent::Message(sent.sender, message.into());
    }
    if let Some(sent) = read::<MsgInstantiateContract>(any) {
        let message = WasmMsg::Instantiate {
            admin: Some(sent.admin).filter(|admin| !admin.is_empty()),
            code_id: sent.code_id,
            msg: sent.msg.into(),
            funds: coins(sent.funds),
            label: sent.label,
        };
        return Sent::Message(sent.sender, message.into());
    }
    if let Some(sent) = read::<MsgSend>(any) {
        let message = BankMsg::Send {
            to_address: sent.to_address,
            amount: coins(sent.amount),
        };
        return Sent::Message(sent.from_address, message.into());
    }
    panic!("no test sends {}", any.type_url)
}

fn read<M: Proto + Name + Default>(any: &Any) -> Option<M> {
    (any.type_url == M::type_url()).then(|| M::decode(any.value.as_slice()).unwrap())
}

fn coins(coins: Vec<ProtoCoin>) -> Vec<Coin> {
    let coin = |coin: ProtoCoin| Coin::new(coin.amount.parse::<u128>().unwrap(), coin.denom);
    coins.into_iter().map(coin).collect()
}
