//! The kinds of messages, each of which a run has to see succeed.

use bulwark_types::oracle;
use bulwark_types::vault::{Action, Cw20Hook, ExecuteMsg};
use cosmwasm_std::from_json;

use crate::act::Act;

/// Every kind that is counted, in the order in which it is reported.
pub const KINDS: [&str; 47] = [
    "deposit",
    "withdraw",
    "lend",
    "recall",
    "borrow",
    "repay",
    "transfer",
    "batch",
    "batch: deposit",
    "batch: withdraw",
    "batch: lend",
    "batch: recall",
    "batch: borrow",
    "batch: repay",
    "batch: call",
    "receive: deposit",
    "receive: repay",
    "receive: liquidate",
    "receive: liquidate_many",
    "liquidate: coin",
    "liquidate: callback",
    "liquidate_many",
    "write_off",
    "accrue",
    "set_operator: grant",
    "set_operator: revoke",
    "list_market",
    "update_market",
    "update_params",
    "collect_reserve",
    "update_ownership",
    "pause",
    "unpause",
    "cancel",
    "apply",
    "oracle: post_prices",
    "oracle: refresh",
    "oracle: set_feed",
    "oracle: update_feeders",
    "oracle: update_config",
    "oracle: update_ownership",
    "oracle: apply",
    "oracle: cancel",
    "oracle: halt",
    "oracle: resume",
    "by an operator",
    "a transfer to the vault",
];

/// The kinds of an act: of a batch also those of its actions.
#[must_use]
pub fn kinds(act: &Act) -> Vec<&'static str> {
    match act {
        Act::Vault { message, .. } => of_vault(message),
        Act::Oracle { message, .. } => vec![of_oracle(message)],
        Act::Donate { .. } => vec!["a transfer to the vault"],
        Act::AskOracle(_) | Act::Other { .. } | Act::Wait(_) => vec![],
    }
}

fn of_hook(hook: &[u8]) -> Option<&'static str> {
    Some(match from_json(hook).ok()? {
        Cw20Hook::Deposit { .. } => "receive: deposit",
        Cw20Hook::Repay { .. } => "receive: repay",
        Cw20Hook::Liquidate { .. } => "receive: liquidate",
        Cw20Hook::LiquidateMany { .. } => "receive: liquidate_many",
    })
}

fn of_vault(message: &ExecuteMsg) -> Vec<&'static str> {
    vec![match message {
        ExecuteMsg::Deposit { .. } => "deposit",
        ExecuteMsg::Withdraw { .. } => "withdraw",
        ExecuteMsg::Lend { .. } => "lend",
        ExecuteMsg::Recall { .. } => "recall",
        ExecuteMsg::Borrow { .. } => "borrow",
        ExecuteMsg::Repay { .. } => "repay",
        ExecuteMsg::Transfer { .. } => "transfer",
        ExecuteMsg::Batch { actions, .. } => {
            let mut kinds: Vec<_> = actions.iter().map(of_action).collect();
            kinds.sort_unstable();
            kinds.dedup();
            kinds.push("batch");
            return kinds;
        }
        ExecuteMsg::Receive(received) => {
            return of_hook(received.msg.as_slice()).into_iter().collect();
        }
        ExecuteMsg::Liquidate { callback: None, .. } => "liquidate: coin",
        ExecuteMsg::Liquidate { .. } => "liquidate: callback",
        ExecuteMsg::LiquidateMany { .. } => "liquidate_many",
        ExecuteMsg::SetOperator {
            revoke: Some(true), ..
        } => "set_operator: revoke",
        ExecuteMsg::SetOperator { .. } => "set_operator: grant",
        ExecuteMsg::WriteOff { .. } => "write_off",
        ExecuteMsg::Accrue { .. } => "accrue",
        ExecuteMsg::ListMarket(_) => "list_market",
        ExecuteMsg::UpdateMarket { .. } => "update_market",
        ExecuteMsg::UpdateParams(_) => "update_params",
        ExecuteMsg::CollectReserve { .. } => "collect_reserve",
        ExecuteMsg::UpdateOwnership(_) => "update_ownership",
        ExecuteMsg::Pause { .. } => "pause",
        ExecuteMsg::Unpause { .. } => "unpause",
        ExecuteMsg::Cancel { .. } => "cancel",
        ExecuteMsg::Apply { .. } => "apply",
    }]
}

const fn of_action(action: &Action) -> &'static str {
    match action {
        Action::Deposit { .. } => "batch: deposit",
        Action::Withdraw { .. } => "batch: withdraw",
        Action::Lend { .. } => "batch: lend",
        Action::Recall { .. } => "batch: recall",
        Action::Borrow { .. } => "batch: borrow",
        Action::Repay { .. } => "batch: repay",
        Action::Call { .. } => "batch: call",
    }
}

const fn of_oracle(message: &oracle::ExecuteMsg) -> &'static str {
    use oracle::ExecuteMsg;
    match message {
        ExecuteMsg::PostPrices { .. } => "oracle: post_prices",
        ExecuteMsg::Refresh { .. } => "oracle: refresh",
        ExecuteMsg::SetFeed { .. } => "oracle: set_feed",
        ExecuteMsg::UpdateFeeders { .. } => "oracle: update_feeders",
        ExecuteMsg::UpdateConfig { .. } => "oracle: update_config",
        ExecuteMsg::UpdateOwnership(_) => "oracle: update_ownership",
        ExecuteMsg::Apply { .. } => "oracle: apply",
        ExecuteMsg::Cancel { .. } => "oracle: cancel",
        ExecuteMsg::Halt { .. } => "oracle: halt",
        ExecuteMsg::Resume { .. } => "oracle: resume",
    }
}
