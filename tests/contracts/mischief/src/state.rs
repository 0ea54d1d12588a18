use cosmwasm_schema::cw_serde;
use cosmwasm_std::CosmosMsg;
use cw_storage_plus::Item;

/// What to do, and what came of it.
#[cw_serde]
#[derive(Default)]
pub struct Plan {
    /// Messages that wait for a call.
    pub on_call: Vec<CosmosMsg>,
    /// Whether to go on when one is refused.
    pub swallow: bool,
    /// Why messages were refused.
    pub errors: Vec<String>,
}

pub const PLAN: Item<Plan> = Item::new("plan");
