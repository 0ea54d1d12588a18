//! The oracle as other contracts reach it.

use cosmwasm_std::{Addr, QuerierWrapper, StdResult};

use super::{BOARDS, Board, FeedResponse, PriceResponse, QueryMsg};

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

    /// A feed, by smart query.
    ///
    /// # Errors
    /// If the query fails.
    pub fn feed(&self, querier: QuerierWrapper, asset: &str) -> StdResult<FeedResponse> {
        querier.query_wasm_smart(
            self.address.as_str(),
            &QueryMsg::Feed {
                asset: asset.into(),
            },
        )
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
        querier.query_wasm_smart(self.address.as_str(), &QueryMsg::Prices { assets })
    }
}
