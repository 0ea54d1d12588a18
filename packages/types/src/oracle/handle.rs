//! The oracle as other contracts reach it.

use cosmwasm_std::{Addr, QuerierWrapper, StdResult};
use serde::de::DeserializeOwned;

use super::{BOARDS, Board, Placement, PriceResponse, QueryMsg};
use crate::decode::Answer;

/// The oracle as another contract sees it.
#[derive(Clone, Copy)]
pub struct Oracle<'a> {
    /// Its address.
    pub address: &'a Addr,
}

impl Oracle<'_> {
    /// A board, read raw.
    ///
    /// # Errors
    /// If the query fails or the bytes are of another layout.
    pub fn board(&self, querier: QuerierWrapper, board: u16) -> StdResult<Option<Board>> {
        BOARDS.query(querier, self.address, board)
    }

    /// Where an asset stands, by smart query.
    ///
    /// # Errors
    /// If the query fails.
    pub fn placement(&self, querier: QuerierWrapper, asset: &str) -> StdResult<Placement> {
        let query = QueryMsg::Feed {
            asset: asset.into(),
        };
        self.ask(querier, &query)
    }

    /// Records in the order of the assets, by smart query.
    ///
    /// # Errors
    /// If the query fails.
    pub fn prices(
        &self,
        querier: QuerierWrapper,
        assets: Vec<String>,
    ) -> StdResult<Vec<PriceResponse>> {
        self.ask(querier, &QueryMsg::Prices { assets })
    }

    fn ask<T: DeserializeOwned>(&self, querier: QuerierWrapper, query: &QueryMsg) -> StdResult<T> {
        let Answer(answer) = querier.query_wasm_smart(self.address.as_str(), query)?;
        Ok(answer)
    }
}
