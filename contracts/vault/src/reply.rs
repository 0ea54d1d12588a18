//! What goes on when an outside call has ended. All that it needs travels with the call, as its
//! payload, which only the vault itself can set.

use bulwark_types::packed::{pack, unpack};
use cosmwasm_std::{Binary, DepsMut, Env, Reply, Response, SubMsg, WasmMsg};
use serde::{Deserialize, Serialize};

use crate::error::{ContractError, ContractResult};
use crate::execute::batch::{self, AwaitedReturns};
use crate::execute::liquidate::callback::{self, AwaitedRepayment};

/// The only reply that the vault ever waits for.
const AFTER_CALL: u64 = 1;

/// What waits for an outside call to end.
#[derive(Serialize, Deserialize, Debug)]
pub enum Continuation {
    /// A batch, for what its call returns.
    Batch(Box<AwaitedReturns>),
    /// A liquidation, for its repayment.
    Liquidation(AwaitedRepayment),
}

/// Adds a call after everything else in a response, and what goes on when it has succeeded. If
/// it fails, so does the whole transaction.
pub fn then(
    response: Response,
    call: WasmMsg,
    continuation: &Continuation,
) -> ContractResult<Response> {
    let payload = Binary::new(pack(continuation)?);
    let call = SubMsg::reply_on_success(call, AFTER_CALL).with_payload(payload);
    Ok(response.add_submessage(call))
}

/// Goes on after a call.
pub fn reply(deps: DepsMut<'_>, env: &Env, reply: &Reply) -> ContractResult<Response> {
    if reply.id != AFTER_CALL {
        return Err(Box::new(ContractError::UnknownReply { id: reply.id }));
    }
    match unpack(&reply.payload)? {
        Continuation::Batch(awaited) => batch::resume(deps, env, *awaited),
        Continuation::Liquidation(awaited) => callback::finish(deps, env, awaited),
    }
}
