//! `batch`: several actions on one account, one margin check at the end.
//!
//! A batch runs up to its first `call`, closes its books, locks the vault and calls. When the
//! call has ended, the reply credits what came back and goes on. Nothing is stored in between
//! but the books and the lock.

mod call;
mod step;

use bulwark_types::decode::as_json;
use bulwark_types::sorted::SortedMap;
use bulwark_types::vault::{AccountRef, Action};
use cosmwasm_std::{Addr, DepsMut, Env, MessageInfo, Response, Storage, WasmMsg};
use serde::{Deserialize, Serialize};

pub use call::{AwaitedReturns, resume};
pub use step::{apply, needs_margin};

use super::funds::coins;
use super::hand::Hand;
use super::list::assert_length;
use crate::books::{AccountKey, Books, Closing, Flow};
use crate::error::ContractResult;
use crate::lock;
use crate::reply::{Continuation, then};
use crate::state::AccountRecord;

/// A batch on its way: all that has to outlive an outside call.
#[derive(Serialize, Deserialize, Clone, Debug)]
pub struct Batch {
    /// Who sent it, and gets what is in hand at the end.
    pub sender: Addr,
    /// The account that it is about.
    pub account: AccountKey,
    /// Tokens in hand.
    pub hand: Hand,
    /// Whether the margin is to be checked at the end: something can lower it.
    pub needs_margin: bool,
    /// What the account held and owed when it began, if it owed anything. It is evaluated at
    /// the end: a price that a call has moved meanwhile counts for both.
    pub before: Option<AccountRecord>,
    /// Whether nothing has lowered the margin yet: a deposit may still be a rescue past caps.
    pub only_added: bool,
    /// What has moved in and out of pools so far.
    flows: SortedMap<u16, Flow>,
    /// Actions still to be carried out, the next one last.
    #[serde(with = "as_json")]
    rest: Vec<Action>,
}

/// `batch`: begins.
pub fn execute(
    deps: DepsMut<'_>,
    env: &Env,
    info: &MessageInfo,
    account: Option<AccountRef>,
    actions: Vec<Action>,
) -> ContractResult<Response> {
    assert_length(actions.len())?;
    let payments = coins(info)?;
    let key = AccountKey::checked(deps.as_ref(), account, &info.sender)?;
    let mut books = Books::open(deps.as_ref(), env)?;
    books.assert_may_act(&key, &info.sender)?;
    for payment in &payments {
        books.market_id(&payment.asset)?;
    }
    let mut batch = Batch::new(&mut books, &info.sender, key, &actions)?;
    batch.hand = Hand::of(payments)?;
    batch.rest = actions.into_iter().rev().collect();
    run(books, batch)?.settle(deps.storage)
}

impl Batch {
    /// A batch with nothing in hand and nothing to do yet.
    pub fn new(
        books: &mut Books<'_>,
        sender: &Addr,
        account: AccountKey,
        actions: &[Action],
    ) -> ContractResult<Self> {
        let needs_margin = actions.iter().any(needs_margin);
        let before = books.account(&account)?.clone();
        Ok(Self {
            sender: sender.clone(),
            account,
            hand: Hand::default(),
            needs_margin,
            before: Some(before).filter(AccountRecord::has_debts),
            only_added: true,
            flows: SortedMap::default(),
            rest: Vec::new(),
        })
    }

    /// Refuses the state that the batch led to.
    pub fn assert_allowed(&self, books: &mut Books<'_>) -> ContractResult<()> {
        if !self.needs_margin {
            return books.assert_outflow_limits();
        }
        let before = match &self.before {
            Some(record) => Some(books.assess_record(record)?),
            None => None,
        };
        books.assert_margin(&self.account, before.as_ref())?;
        books.assert_outflows(&self.account, before.as_ref())
    }
}

/// Carries actions out until the batch ends or calls another contract.
fn run(mut books: Books<'_>, mut batch: Batch) -> ContractResult<Halt> {
    while let Some(action) = batch.rest.pop() {
        match action {
            Action::Call {
                contract,
                msg,
                funds,
                returns,
            } => {
                let call = call::Call {
                    contract,
                    msg,
                    funds,
                    returns,
                };
                return call::start(books, batch, call);
            }
            action => apply(&mut books, &mut batch, action)?,
        }
    }
    batch.assert_allowed(&mut books)?;
    batch.hand.give(&mut books, &batch.sender);
    Ok(Halt {
        closing: books.close()?,
        call: None,
    })
}

/// Where a batch halts: at its end, or before a call.
struct Halt {
    closing: Closing,
    call: Option<(WasmMsg, AwaitedReturns)>,
}

impl Halt {
    /// Writes everything back; locks the vault if a call follows.
    fn settle(self, storage: &mut dyn Storage) -> ContractResult<Response> {
        let response = self.closing.settle(storage)?;
        match self.call {
            None => Ok(response),
            Some((call, awaited)) => {
                lock::lock(storage)?;
                then(response, call, &Continuation::Batch(Box::new(awaited)))
            }
        }
    }
}
