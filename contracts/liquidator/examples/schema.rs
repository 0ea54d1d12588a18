//! Writes the contract's JSON schema into `./schema`; called by `scripts/schema`.

use bulwark_types::liquidator::{ExecuteMsg, InstantiateMsg, QueryMsg};
use cosmwasm_schema::write_api;

fn main() {
    write_api! {
        name: "bulwark-liquidator",
        instantiate: InstantiateMsg,
        execute: ExecuteMsg,
        query: QueryMsg,
    }
}
