//! The contracts as a client of a chain sees them.

use bulwark_types::oracle::{self, BOARDS, Board};
use bulwark_types::vault;
use cosmwasm_std::{Coin, StdResult};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::client::Client;
use crate::error::ChainError;
use crate::message::Message;

/// A vault on a chain.
#[derive(Clone, Debug)]
pub struct Vault {
    /// The chain.
    pub client: Client,
    /// Its address.
    pub address: String,
}

impl Vault {
    /// A query; the response type is the one that [`vault::QueryMsg`] names.
    ///
    /// # Errors
    /// [`ChainError::Refused`] with the vault's reason, [`ChainError::Unreachable`].
    pub async fn query<R: DeserializeOwned>(
        &self,
        message: &vault::QueryMsg,
    ) -> Result<R, ChainError> {
        self.client.smart(&self.address, message).await
    }

    /// A message to the vault.
    ///
    /// # Errors
    /// None in practice.
    pub fn message(
        &self,
        sender: &str,
        message: &vault::ExecuteMsg,
        funds: Vec<Coin>,
    ) -> StdResult<Message> {
        Message::vault(sender, &self.address, message, funds)
    }

    /// All markets, in the order in which they were listed.
    ///
    /// # Errors
    /// See [`Self::query`].
    pub async fn markets(&self) -> Result<Vec<vault::MarketResponse>, ChainError> {
        let mut markets = Vec::new();
        let mut start_after = None;
        loop {
            let message = vault::QueryMsg::Markets {
                start_after,
                limit: None,
            };
            let page: vault::MarketsResponse = self.query(&message).await?;
            markets.extend(page.markets);
            match page.next {
                Some(next) => start_after = Some(next),
                None => return Ok(markets),
            }
        }
    }
}

/// An oracle on a chain.
#[derive(Clone, Debug)]
pub struct Oracle {
    /// The chain.
    pub client: Client,
    /// Its address.
    pub address: String,
}

impl Oracle {
    /// A query; the response type is the one that [`oracle::QueryMsg`] names.
    ///
    /// # Errors
    /// [`ChainError::Refused`] with the oracle's reason, [`ChainError::Unreachable`].
    pub async fn query<R: DeserializeOwned>(
        &self,
        message: &oracle::QueryMsg,
    ) -> Result<R, ChainError> {
        self.client.smart(&self.address, message).await
    }

    /// A message to the oracle.
    ///
    /// # Errors
    /// None in practice.
    pub fn message(&self, sender: &str, message: &oracle::ExecuteMsg) -> StdResult<Message> {
        Message::oracle(sender, &self.address, message)
    }

    /// A board of price records, by raw query; none if there is none.
    ///
    /// # Errors
    /// [`ChainError::Malformed`] for bytes of another layout, [`ChainError::Unreachable`].
    pub async fn board(&self, board: u16) -> Result<Option<Board>, ChainError> {
        self.client.packed(&self.address, &BOARDS, &board).await
    }

    /// All feeds, in the order of their assets.
    ///
    /// # Errors
    /// See [`Self::query`].
    pub async fn feeds(&self) -> Result<Vec<oracle::FeedResponse>, ChainError> {
        let mut feeds = Vec::new();
        let mut start_after = None;
        loop {
            let message = oracle::QueryMsg::Feeds {
                start_after,
                limit: None,
            };
            let page: oracle::FeedsResponse = self.query(&message).await?;
            feeds.extend(page.feeds);
            match page.next {
                Some(next) => start_after = Some(next),
                None => return Ok(feeds),
            }
        }
    }
}

/// Any other contract on a chain: a token, a pool.
#[derive(Clone, Debug)]
pub struct Contract {
    /// The chain.
    pub client: Client,
    /// Its address.
    pub address: String,
}

impl Contract {
    /// A query.
    ///
    /// # Errors
    /// [`ChainError::Refused`], [`ChainError::Unreachable`], [`ChainError::Malformed`].
    pub async fn query<R: DeserializeOwned>(
        &self,
        message: &impl Serialize,
    ) -> Result<R, ChainError> {
        self.client.smart(&self.address, message).await
    }

    /// A message to the contract.
    ///
    /// # Errors
    /// If the message cannot be written as JSON.
    pub fn message(
        &self,
        sender: &str,
        message: &impl Serialize,
        funds: Vec<Coin>,
    ) -> StdResult<Message> {
        Message::execute(sender, &self.address, message, funds)
    }
}
