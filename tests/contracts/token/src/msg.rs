//! Messages of the token. `transfer`, `send`, `increase_allowance`, `transfer_from`, `mint`,
//! `balance` and `token_info` have the form of the CW20 specification.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Binary, CosmosMsg, Uint128};

/// Creates a token.
#[cw_serde]
pub struct InstantiateMsg {
    /// Name for people.
    pub name: String,
    /// Ticker for people.
    pub symbol: String,
    /// A whole token has 10^decimals smallest units.
    pub decimals: u8,
    /// Who may mint, and switch misbehaviour on and off.
    pub minter: String,
    /// Who starts with how much.
    pub initial_balances: Vec<InitialBalance>,
}

/// What an address starts with.
#[cw_serde]
pub struct InitialBalance {
    /// Address.
    pub address: String,
    /// Smallest units.
    pub amount: Uint128,
}

/// Messages of the token; amounts are smallest units.
#[cw_serde]
pub enum ExecuteMsg {
    /// Moves the sender's tokens.
    Transfer {
        /// Who receives them.
        recipient: String,
        /// Smallest units.
        amount: Uint128,
    },
    /// Moves the sender's tokens to a contract and calls it as `receive`.
    Send {
        /// Who receives them.
        contract: String,
        /// Smallest units.
        amount: Uint128,
        /// What the contract is told.
        msg: Binary,
    },
    /// Lets somebody move more of the sender's tokens.
    IncreaseAllowance {
        /// Who may.
        spender: String,
        /// Smallest units more than before.
        amount: Uint128,
    },
    /// Moves tokens of somebody who allowed the sender to.
    TransferFrom {
        /// Whose tokens.
        owner: String,
        /// Who receives them.
        recipient: String,
        /// Smallest units.
        amount: Uint128,
    },
    /// Minter: makes new tokens.
    Mint {
        /// Who receives them.
        recipient: String,
        /// Smallest units.
        amount: Uint128,
    },
    /// Minter: from now on the token behaves like this.
    Misbehave(Misbehaviour),
}

/// How the token departs from what a token should do; not at all by default.
#[cw_serde]
#[derive(Default)]
pub struct Misbehaviour {
    /// Transfers, sends and allowances are refused.
    pub refuse_transfers: bool,
    /// This much of what is moved is burnt, in basis points, rounded up.
    pub fee_bps: u16,
    /// A hook tells of this amount, whatever was sent.
    pub claimed_amount: Option<Uint128>,
    /// A hook tells of this sender, whoever sent.
    pub claimed_sender: Option<String>,
    /// Everybody is said to hold this much.
    pub claimed_balance: Option<Uint128>,
    /// The token sends these messages whenever tokens move, before any hook.
    pub on_transfer: Vec<CosmosMsg>,
}

/// Queries of the token.
#[cw_serde]
pub enum QueryMsg {
    /// What an address holds: `bulwark_types::token::Cw20BalanceResponse`.
    Balance {
        /// Address.
        address: String,
    },
    /// Name, decimals, supply: `bulwark_types::token::Cw20TokenInfoResponse`.
    TokenInfo {},
}
