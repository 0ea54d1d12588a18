use bulwark_risk::units::Amount;
use bulwark_types::caller::{Caller, MAX_RETURNS};
use bulwark_types::events::Called;
use bulwark_types::sorted::SortedMap;
use bulwark_types::token::TokenKind;
use bulwark_types::vault::AssetAmount;
use cosmwasm_std::{Binary, Coin, DepsMut, Env, Response};
use serde::{Deserialize, Serialize};

use super::{Batch, Halt, run, step};
use crate::books::Books;
use crate::error::ContractResult;
use crate::execute::list::{assert_distinct, list_length};
use crate::lock;

/// An outside call of a batch.
pub struct Call {
    /// Contract to call.
    pub contract: String,
    /// What it is told.
    pub msg: Binary,
    /// What it is given out of the tokens in hand.
    pub funds: Vec<AssetAmount>,
    /// Assets that may come back.
    pub returns: Vec<String>,
}

/// A batch that waits for its call to end.
#[derive(Serialize, Deserialize, Debug)]
pub struct AwaitedReturns {
    batch: Batch,
    /// What the vault held of each asset that may come back when the call began, smallest
    /// units.
    held: SortedMap<String, Amount>,
}

/// Closes the books before a call by way of the caller.
pub(super) fn start(mut books: Books<'_>, mut batch: Batch, call: Call) -> ContractResult<Halt> {
    let contract = books.recipient(&call.contract)?;
    let named = call.returns.len().saturating_add(call.funds.len());
    if named > MAX_RETURNS {
        return Err(Box::new(list_length(named, MAX_RETURNS)));
    }
    assert_distinct(&call.returns)?;
    assert_distinct(call.funds.iter().map(|funds| &funds.asset))?;
    let caller = books.settings.caller.clone();
    let mut coins = SortedMap::default();
    for AssetAmount { asset, amount } in &call.funds {
        let amount = batch.hand.take(asset, Some(*amount))?;
        match TokenKind::of(asset) {
            TokenKind::Native { denom } => {
                coins.insert(denom, amount);
            }
            TokenKind::Cw20 { .. } => books.pay(&caller, asset, amount),
        }
    }
    // What the call leaves unused comes back, too.
    let given = call.funds.iter().map(|funds| &funds.asset);
    let mut held = SortedMap::default();
    for asset in call.returns.iter().chain(given) {
        books.market_id(asset)?;
        let sent = coins.get(&asset.as_str()).copied().unwrap_or_default();
        let kept = books.balance_after_payouts(asset)?.minus(sent)?;
        held.insert(asset.clone(), kept);
    }
    books.report(Called {
        owner: batch.account.owner.to_string(),
        id: batch.account.id,
        sender: batch.sender.to_string(),
        contract: contract.to_string(),
    });
    let message = Caller { address: &caller }.run(
        contract.into_string(),
        call.msg,
        held.iter().map(|(asset, _)| asset.clone()).collect(),
        coins
            .into_iter()
            .map(|(denom, amount)| Coin::new(amount.0, denom))
            .collect(),
    )?;
    batch.flows = books.take_flows();
    Ok(Halt {
        closing: books.close()?,
        call: Some((message, AwaitedReturns { batch, held })),
    })
}

/// The call has ended: what came back is what the vault now holds beyond what it held when the
/// call began. It is credited, and the batch goes on.
pub fn resume(deps: DepsMut<'_>, env: &Env, awaited: AwaitedReturns) -> ContractResult<Response> {
    lock::unlock(deps.storage);
    let AwaitedReturns { mut batch, held } = awaited;
    let mut books = Books::open(deps.as_ref(), env)?;
    books.resume_flows(std::mem::take(&mut batch.flows));
    for (asset, before) in held {
        let came = books.arrived_since(&asset, before)?;
        if !came.is_zero() {
            step::credit_returned(&mut books, &mut batch, &asset, came.checked()?)?;
            books.assert_received(&asset, batch.hand.amount(&asset))?;
        }
    }
    run(books, batch)?.settle(deps.storage)
}
