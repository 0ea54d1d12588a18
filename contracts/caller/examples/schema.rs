//! Writes the contract's JSON schema into `./schema`; called by `scripts/schema`.

use bulwark_types::caller::{ExecuteMsg, InstantiateMsg};
use cosmwasm_schema::write_api;

fn main() {
    write_api! {
        name: "bulwark-caller",
        instantiate: InstantiateMsg,
        execute: ExecuteMsg,
    }
}
