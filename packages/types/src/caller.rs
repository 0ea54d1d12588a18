//! Messages of the caller, and a handle to it: a contract without rights and without state
//! that runs the outside calls of others.
//!
//! Bytes that a user chose must never run with the vault as their sender: they could move every
//! CW20 that the vault holds. The caller is the sender instead. It keeps nothing between
//! two runs, so there is nothing to be had by making it do something.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Binary, Coin, StdResult, WasmMsg, to_json_binary};

/// Assets that one run sends back at most.
pub const MAX_RETURNS: usize = 16;

/// Creates the caller.
#[cw_serde]
pub struct InstantiateMsg {}

/// Messages of the caller. Assets are bank denoms or `cw20:<address>`.
#[cw_serde]
pub enum ExecuteMsg {
    /// Anyone: passes all attached coins on with `msg` to `contract`, then sends its whole
    /// balance of each asset of `returns` to the sender. It fails as a whole if the call fails.
    ///
    /// CW20 tokens are given to the caller by a plain transfer beforehand, in the same
    /// transaction, and passed on by calling the token itself with a `send`. What is not named
    /// in `returns` stays, and belongs to whoever names it next.
    Run {
        /// Contract to call; not the caller itself.
        contract: String,
        /// What it is told, passed on byte by byte.
        msg: Binary,
        /// Assets to send back, each once, at most [`MAX_RETURNS`].
        returns: Vec<String>,
    },
    /// Only the caller itself, at the end of a run: sends its whole balance of each asset.
    Sweep {
        /// Assets to send; those of which there is nothing are passed over.
        returns: Vec<String>,
        /// Who receives them.
        to: String,
    },
}

/// The caller as another contract sees it.
#[derive(Clone, Copy, Debug)]
pub struct Caller<'a> {
    /// Its address.
    pub address: &'a Addr,
}

impl Caller<'_> {
    /// Has the caller call a contract and send back what it then holds of `returns`.
    ///
    /// # Errors
    /// None in practice.
    pub fn run(
        self,
        contract: String,
        msg: Binary,
        returns: Vec<String>,
        funds: Vec<Coin>,
    ) -> StdResult<WasmMsg> {
        let message = ExecuteMsg::Run {
            contract,
            msg,
            returns,
        };
        Ok(WasmMsg::Execute {
            contract_addr: self.address.to_string(),
            msg: to_json_binary(&message)?,
            funds,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_carries_the_call_and_the_funds() {
        let address = Addr::unchecked("caller");
        let funds = vec![Coin::new(5u128, "uatom")];
        let returns = vec!["uusd".into(), "cw20:token".into()];
        let run = Caller { address: &address }.run(
            "pool".into(),
            Binary::from(br#"{"swap":{}}"#),
            returns,
            funds.clone(),
        );
        let json = br#"{"run":{"contract":"pool","msg":"eyJzd2FwIjp7fX0=","returns":["uusd","cw20:token"]}}"#;
        let expected = WasmMsg::Execute {
            contract_addr: "caller".into(),
            msg: Binary::from(json),
            funds,
        };
        assert_eq!(run.unwrap(), expected);
    }
}
